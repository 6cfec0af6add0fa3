//! The guideline as a table. Nothing here computes: to change a rule is to change a row, and with
//! it the version.

use crate::{Category, Quantity};

/// A guideline: criteria, and in which order they decide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// Name and version, e.g. `ats-2018/1`.
    pub version: &'static str,
    /// The guideline as people cite it.
    pub source: &'static str,
    /// What is asked of the evidence.
    pub criteria: &'static [Criterion],
    /// From first to last: the first rule that holds names the category.
    pub rules: &'static [Rule],
    /// What the software does not look for and a reader must exclude.
    pub for_reader: &'static [&'static str],
}

/// One question to the evidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Criterion {
    /// Key in rules and reports.
    pub key: &'static str,
    /// The criterion as people say it.
    pub words: &'static str,
    /// The number it looks at.
    pub quantity: Quantity,
    /// Which side of the limit meets it.
    pub wanted: Wanted,
    /// Least distance to the limit, in the unit of the number, below which it is unknown; the
    /// half-width of the number's interval where that is larger.
    pub margin: f64,
    /// Where the criterion and its limit come from.
    pub source: &'static str,
}

/// On which side of a limit a number should lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wanted {
    /// This much or more.
    AtLeast(f64),
    /// This much or less.
    AtMost(f64),
}

/// When a category fits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// The category.
    pub category: Category,
    /// What must hold, no earlier rule holding.
    pub when: When,
}

/// What must hold, in logic of three values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    /// A criterion is met.
    Is(&'static str),
    /// A criterion is unmet.
    Not(&'static str),
    /// All of these.
    All(&'static [When]),
    /// At least one of these.
    Any(&'static [When]),
    /// Whatever is left.
    Otherwise,
}

use Wanted::{AtLeast, AtMost};
use When::{All, Any, Is, Not, Otherwise};

const fn ask(
    key: &'static str,
    words: &'static str,
    quantity: Quantity,
    (wanted, margin): (Wanted, f64),
    source: &'static str,
) -> Criterion {
    Criterion { key, words, quantity, wanted, margin, source }
}

const TABLE: &str = "Raghu 2018, doi:10.1164/rccm.201807-1255ST, table of HRCT patterns";
const ILA: &str = "Hatabu 2020, doi:10.1016/S2213-2600(20)30168-5, asks for 5 % of a zone (not checked); of both lungs here";
const OWN: &str =
    "the guideline names no limit; this one is a convention of hilum, tried on synthetic data only";
const LITTLE: &str = "doi:10.2214/AJR.11.8192: below 5 % is little honeycombing; that 1 % is the least to be trusted is a convention of hilum";
const HALF: &str =
    "Raghu 2011, doi:10.1164/rccm.2009-040GL: ground glass more extensive than reticulation";
const FLEISCHNER: &str =
    "Lynch 2018, doi:10.1016/S2213-2600(17)30433-2 (not checked); limit: a convention of hilum";
const GLOSSARY: &str = "Hansell 2008, doi:10.1148/radiol.2462070712: bronchi within 10 mm of the pleura or without taper (not checked); lengths: a convention of hilum";

/// Categories of the guideline of 2018, which that of 2022 keeps.
pub const ATS_2018: Rules = Rules {
    version: "ats-2018/1",
    source: "ATS/ERS/JRS/ALAT 2018: Raghu et al., Am J Respir Crit Care Med 198:e44, doi:10.1164/rccm.201807-1255ST; the update of 2022 (doi:10.1164/rccm.202202-0399ST) keeps the four categories",
    criteria: &[
        ask(
            "disease",
            "interstitial disease in at least 5 % of both lungs",
            Quantity::Ild,
            (AtLeast(5.0), 0.5),
            ILA,
        ),
        ask(
            "subpleural",
            "subpleural predominance",
            Quantity::Peripheral,
            (AtLeast(0.2), 0.05),
            TABLE,
        ),
        ask("basal", "basal predominance", Quantity::Basal, (AtLeast(0.2), 0.05), TABLE),
        ask("honeycombing", "honeycombing", Quantity::Honeycombing, (AtLeast(1.0), 0.25), LITTLE),
        ask(
            "honeycombing_strong",
            "honeycombing in at least 5 % of both lungs",
            Quantity::Honeycombing,
            (AtLeast(5.0), 0.5),
            LITTLE,
        ),
        ask(
            "reticular",
            "reticular pattern in at least 3 % of both lungs",
            Quantity::Reticular,
            (AtLeast(3.0), 0.5),
            OWN,
        ),
        ask(
            "traction",
            "traction bronchiectasis at the periphery",
            Quantity::Traction,
            (AtLeast(20.0), 10.0),
            GLOSSARY,
        ),
        ask(
            "ground_glass",
            "ground glass exceeds fibrosis",
            Quantity::GroundGlassShare,
            (AtLeast(50.0), 2.5),
            HALF,
        ),
        ask(
            "consolidation",
            "consolidation in at least 5 % of both lungs",
            Quantity::Consolidation,
            (AtLeast(5.0), 0.5),
            OWN,
        ),
        ask("upper", "upper predominance", Quantity::Basal, (AtMost(-0.2), 0.05), TABLE),
        ask("central", "central predominance", Quantity::Peripheral, (AtMost(-0.2), 0.05), TABLE),
        ask("sparing", "subpleural sparing", Quantity::Sparing, (AtLeast(0.25), 0.05), FLEISCHNER),
    ],
    rules: &[
        Rule { category: Category::NoDisease, when: All(&[Not("disease"), Not("honeycombing")]) },
        Rule {
            category: Category::Alternative,
            when: Any(&[
                Is("ground_glass"),
                Is("consolidation"),
                Is("upper"),
                Is("central"),
                Is("sparing"),
            ]),
        },
        Rule {
            category: Category::Uip,
            when: All(&[Is("subpleural"), Is("basal"), Is("honeycombing")]),
        },
        Rule {
            category: Category::ProbableUip,
            when: All(&[Is("subpleural"), Is("basal"), Is("reticular"), Is("traction")]),
        },
        Rule { category: Category::Indeterminate, when: Otherwise },
    ],
    for_reader: &[
        "marked mosaic attenuation or three-density sign",
        "cysts away from honeycombing",
        "micronodules, centrilobular nodules, other nodules",
        "perilymphatic distribution",
        "pleural plaques, effusion or thickening",
        "dilated oesophagus",
        "clavicular erosions",
        "extensive lymph node enlargement",
    ],
};

impl Rules {
    /// The criterion with a key.
    ///
    /// # Panics
    ///
    /// If the table has none: a mistake in the table.
    pub fn criterion(&self, key: &str) -> &'static Criterion {
        self.criteria.iter().find(|criterion| criterion.key == key).expect("the table names it")
    }
}
