//! The analyses that can be reported.

use serde::Serialize;

/// Which analysis a report is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Analysis {
    /// Density of the lungs on one chest CT.
    Density,
}

impl Analysis {
    /// Key in reports.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Density => "density",
        }
    }

    /// Title of the report: what the service does, not what it may be coded as.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Density => "Quantitative CT tissue characterisation of the lungs",
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
        }
    }
}
