//! Limited or extensive disease, as Goh and others stage systemic sclerosis.

use crate::Number;

/// A stage with the rule that gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staging {
    /// `limited`, `extensive` or `indeterminate`.
    pub stage: Stage,
    /// How it came about, with numbers.
    pub rule: String,
}

/// Stages of disease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Less than a fifth of the lungs, or FVC kept.
    Limited,
    /// More than a fifth of the lungs, or FVC lost.
    Extensive,
    /// Between; FVC is needed.
    Indeterminate,
}

impl Stage {
    /// Key in reports.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Limited => "limited",
            Self::Extensive => "extensive",
            Self::Indeterminate => "indeterminate",
        }
    }
}

/// Where the rule comes from.
pub const GOH: &str = "Goh 2008, Am J Respir Crit Care Med 177:1248, doi:10.1164/rccm.200706-877OC (doi not checked): made for systemic sclerosis";

/// The stage from the extent of interstitial disease in per cent and FVC in per cent of predicted.
///
/// Below 10 % limited, above 30 % extensive; between, FVC decides at 70 %. Without FVC it is
/// indeterminate, and said on which side of 20 % the extent lies.
pub fn staging(extent: Number, fvc: Option<f64>) -> Staging {
    let Number { value, half } = extent;
    let fvc = fvc.filter(|fvc| fvc.is_finite() && *fvc > 0.0);
    let (stage, rule) = match (value, fvc) {
        (value, _) if value + half < 10.0 => (Stage::Limited, "below 10 %".to_owned()),
        (value, _) if value - half > 30.0 => (Stage::Extensive, "above 30 %".to_owned()),
        (_, Some(fvc)) if fvc >= 70.0 => (
            Stage::Limited,
            format!("between 10 and 30 %, FVC {fvc:.0} % of predicted is 70 % or more"),
        ),
        (_, Some(fvc)) => (
            Stage::Extensive,
            format!("between 10 and 30 %, FVC {fvc:.0} % of predicted is below 70 %"),
        ),
        (value, None) => {
            let side = if value < 20.0 { "below" } else { "at or above" };
            (
                Stage::Indeterminate,
                format!(
                    "between 10 and 30 %, {side} the cut of 20 % for extent alone; FVC is needed"
                ),
            )
        }
    };
    Staging {
        stage,
        rule: format!(
            "extent of {value:.1} % ({:.1} to {:.1}) is {rule}",
            (value - half).max(0.0),
            (value + half).min(100.0)
        ),
    }
}
