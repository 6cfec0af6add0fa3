//! Numbers that leave a measuring crate.

use crate::{Code, Site, Unit};

/// One number with everything a reader needs to use it and to derive it again.
///
/// Only finite values are measurements: what could not be measured is absent,
/// and a [`crate::Quality`] row says why.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Measurement {
    /// Short name in reports, e.g. `laa_950`.
    pub key: &'static str,
    /// Where it was measured.
    #[cfg_attr(feature = "serde", serde(rename = "region"))]
    pub site: Site,
    /// The number, in `unit`.
    pub value: f64,
    /// Its unit.
    pub unit: Unit,
    /// What it is, in a published vocabulary where there is one.
    pub concept: Code,
    /// How it was computed, in one phrase: thresholds, strictness, estimator.
    pub definition: String,
    /// Lower and upper bound, where one can be given honestly.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub interval: Option<[f64; 2]>,
    /// What the interval covers and where it comes from.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub interval_meaning: Option<&'static str>,
}

impl Measurement {
    /// A number without an interval.
    pub fn plain(
        key: &'static str,
        site: Site,
        value: f64,
        unit: Unit,
        concept: Code,
        definition: impl Into<String>,
    ) -> Self {
        let definition = definition.into();
        Self { key, site, value, unit, concept, definition, interval: None, interval_meaning: None }
    }
}
