//! The analyses that can be reported.

use serde::Serialize;

/// Which analysis a report is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Analysis {
    /// Density of the lungs on one chest CT.
    Density,
    /// Interstitial lung disease on one chest CT.
    Ild,
}

impl Analysis {
    /// Key in reports.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Density => "density",
            Self::Ild => "ild",
        }
    }

    /// Title of the report: what the service does, not what it may be coded as.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Density => "Quantitative CT tissue characterisation of the lungs",
            Self::Ild => "Interstitial lung disease on CT: patterns, extent, category",
        }
    }

    /// What this analysis does not look for, one sentence each.
    pub const fn blind_spots(self) -> &'static [&'static str] {
        match self {
            Self::Density => &[
                "Nodules, masses, infection, pneumothorax, effusion and bone: not looked for. The images must be read as usual.",
                "Low attenuation is a number, not a disease: emphysema, cysts, bullae and air trapping all lower CT numbers.",
                "Level of breath is judged from the image alone; a scan short of full inspiration makes the lung look denser.",
                "Scanner, kernel, slice thickness, dose and reconstruction shift these numbers; compare only scans made alike.",
            ],
            Self::Ild => &[
                "Nodules, cysts, mosaic attenuation, lymph nodes, effusion, pleural plaques and the oesophagus: not looked for. The reader excludes them.",
                "Infection, oedema, haemorrhage and dependent density look like ground glass or consolidation; a pattern is not a disease.",
                "Motion of the breath is not detected; it blurs vessels into patterns.",
                "Patterns, distribution and rules were tried on synthetic data; no public CT of fibrosis with a usable licence is known.",
                "The rind is measured from the whole surface of each lung, the side of the mediastinum included.",
            ],
        }
    }
}
