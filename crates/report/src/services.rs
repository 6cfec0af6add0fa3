//! The services that an analysis may be part of, as a table.
//!
//! Codes are identifiers; what they stand for is told in our own words. CPT is a trademark of the
//! American Medical Association, whose code book governs. Each row says what the file it was
//! taken from said on [`DATA_VERSION`]; payer policy decides.

use crate::Analysis;

/// Day on which the table was last held against its sources.
pub const DATA_VERSION: &str = "2026-11-21";

/// A service code that an analysis may belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// The analysis it belongs to.
    pub analysis: Analysis,
    /// The code, an identifier.
    pub code: &'static str,
    /// What it stands for, in our words.
    pub paraphrase: &'static str,
    /// First day on which the code exists.
    pub effective: &'static str,
    /// What must be true before a human may choose it.
    pub conditions: &'static [Requirement],
    /// What else whoever codes should look at.
    pub notes: &'static [&'static str],
}

/// Something that must be true before a service code fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// The software analysis was made and has numbers.
    SoftwareAnalysis,
    /// The analysis names a category or the probability of subtypes.
    Category,
    /// The CT was obtained earlier, none of the chest belongs to this encounter.
    CtEarlier,
    /// The CT is made in this encounter.
    CtSameEncounter,
    /// A code for the CT itself, one that this add-on is listed with, is reported too.
    PrimaryCt,
    /// A physician has interpreted the output and signed a report.
    Interpretation,
    /// A treating physician has ordered it.
    Order,
    /// The software is cleared for this use where the claim is made.
    ClearedDevice,
}

/// Where the rows come from.
pub const SOURCES: &str = "AAPC coding newsletter on the 2022 additions; CMS Physician Fee Schedule \
     RVU25D (October 2025); CMS OPPS Addendum B (April 2026); CMS NCCI edits (2024 Q3)";

/// Every service, in order of code.
pub const SERVICES: &[Service] = &[
    Service {
        analysis: Analysis::Density,
        code: "0721T",
        paraphrase: "software measures tissue on a CT that was obtained earlier; a physician interprets the result and reports it",
        effective: "2022-07-01",
        conditions: &[
            Requirement::SoftwareAnalysis,
            Requirement::CtEarlier,
            Requirement::Order,
            Requirement::Interpretation,
            Requirement::ClearedDevice,
        ],
        notes: &[
            "conflicts with a CT of the same anatomy (71250, 71260, 71270, 71271 among others) in the same encounter",
            "3-D rendering (76376, 76377) counts as part of it unless distinct and documented",
        ],
    },
    Service {
        analysis: Analysis::Density,
        code: "0722T",
        paraphrase: "the same, on a CT that is made in this encounter; an add-on to the code of that CT",
        effective: "2022-07-01",
        conditions: &[
            Requirement::SoftwareAnalysis,
            Requirement::CtSameEncounter,
            Requirement::PrimaryCt,
            Requirement::Order,
            Requirement::Interpretation,
            Requirement::ClearedDevice,
        ],
        notes: &[
            "listed with 71250, 71260, 71270 and 71271; CT angiography of the chest (71275) is not listed",
            "3-D rendering (76376, 76377) counts as part of it unless distinct and documented",
        ],
    },
    Service {
        analysis: Analysis::Ild,
        code: "0877T",
        paraphrase: "software sorts interstitial lung disease into subtypes on a chest CT that was obtained earlier; the analysis alone",
        effective: "2024-07-01",
        conditions: &[
            Requirement::SoftwareAnalysis,
            Requirement::Category,
            Requirement::CtEarlier,
            Requirement::Order,
            Requirement::ClearedDevice,
        ],
        notes: &[
            "technical only: the physician's reading is 0880T, and modifiers 26 and TC do not apply",
            "not together with 0878T on the same CT; whether 0879T may stand beside it is not settled here",
        ],
    },
    Service {
        analysis: Analysis::Ild,
        code: "0878T",
        paraphrase: "the same, on a chest CT that is made in this encounter",
        effective: "2024-07-01",
        conditions: &[
            Requirement::SoftwareAnalysis,
            Requirement::Category,
            Requirement::CtSameEncounter,
            Requirement::Order,
            Requirement::ClearedDevice,
        ],
        notes: &[
            "technical only: the physician's reading is 0880T, and modifiers 26 and TC do not apply",
            "the CT itself is coded separately; not together with 0877T on the same CT",
        ],
    },
    Service {
        analysis: Analysis::Ild,
        code: "0879T",
        paraphrase: "the data are prepared and sent for such an analysis, nothing more",
        effective: "2024-07-01",
        conditions: &[Requirement::Order, Requirement::ClearedDevice],
        notes: &["technical only; packaged for hospital outpatients"],
    },
    Service {
        analysis: Analysis::Ild,
        code: "0880T",
        paraphrase: "a physician interprets the result of such an analysis and reports it",
        effective: "2024-07-01",
        conditions: &[
            Requirement::SoftwareAnalysis,
            Requirement::Category,
            Requirement::Order,
            Requirement::Interpretation,
            Requirement::ClearedDevice,
        ],
        notes: &[
            "professional only; hospitals do not claim it, and modifiers 26 and TC do not apply",
        ],
    },
];

impl Requirement {
    /// Key in reports.
    pub const fn key(self) -> &'static str {
        match self {
            Self::SoftwareAnalysis => "software_analysis",
            Self::Category => "subtype_output",
            Self::CtEarlier => "ct_obtained_earlier",
            Self::CtSameEncounter => "ct_in_same_encounter",
            Self::PrimaryCt => "primary_ct_code",
            Self::Interpretation => "physician_interpretation",
            Self::Order => "order",
            Self::ClearedDevice => "cleared_device",
        }
    }

    /// What is required, as people say it.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::SoftwareAnalysis => "software analysis made, with numbers",
            Self::Category => "category or subtype given, not withheld",
            Self::CtEarlier => "CT obtained earlier, no CT of the chest in this encounter",
            Self::CtSameEncounter => "CT made in the same encounter",
            Self::PrimaryCt => "a listed code for that CT is reported as well",
            Self::Interpretation => "physician's interpretation and signed report",
            Self::Order => "order by the treating physician, who uses the result",
            Self::ClearedDevice => "software cleared for clinical use",
        }
    }
}
