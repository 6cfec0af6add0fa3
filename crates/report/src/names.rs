//! What the keys of measurements are called in print.

use hilum_core::{Lungs, Measurement, Site, Unit};

use crate::{Findings, numbers::fixed};

/// Short and long name of each key known here, in the order of tables.
const NAMES: &[(&str, &str, &str)] = &[
    ("volume_ml", "Volume", "Lung volume"),
    ("mass_g", "Mass", "Lung mass"),
    ("mean_hu", "Mean", "Mean density"),
    ("sd_hu", "SD", "Standard deviation of density"),
    ("median_hu", "Median", "Median density"),
    ("skewness", "Skewness", "Skewness of density"),
    ("kurtosis", "Kurtosis", "Kurtosis of density"),
    ("laa_950", "LAA−950", "Low attenuation, −950 HU"),
    ("laa_925", "LAA−925", "Low attenuation, −925 HU"),
    ("laa_910", "LAA−910", "Low attenuation, −910 HU"),
    ("laa_856", "LAA−856", "Low attenuation, −856 HU"),
    ("haa_700", "HAA−700", "High attenuation, −700 HU"),
    ("haa_600_250", "HAA−600/−250", "High attenuation, −600 to −250 HU"),
    ("perc10_hu", "Perc10", "10th percentile of density"),
    ("perc15_hu", "Perc15", "15th percentile of density"),
    ("pd15_g_l", "PD15", "15th percentile as tissue density"),
    ("pd15_adjusted_g_l", "PD15 adj.", "PD15 adjusted to a reference volume"),
];

/// The short name of a key, for the head of a column; the key itself if none is known.
pub(crate) fn short(key: &str) -> &str {
    NAMES.iter().find(|name| name.0 == key).map_or(key, |name| name.1)
}

/// The long name of a measurement: ours, or what its vocabulary calls the concept.
pub(crate) fn long(measurement: &Measurement) -> &'static str {
    let known = NAMES.iter().find(|name| name.0 == measurement.key);
    known.map_or(measurement.concept.meaning, |name| name.2)
}

/// Decimals that a unit deserves in tables: what a second scan would not repeat is left out.
pub(crate) const fn decimals(unit: Unit) -> usize {
    match unit {
        Unit::Percent | Unit::Millimetre | Unit::Second => 1,
        Unit::One => 2,
        _ => 0,
    }
}

/// The value as tables show it.
pub(crate) fn value(measurement: &Measurement) -> String {
    fixed(measurement.value, decimals(measurement.unit))
}

/// The interval as tables show it: `4 400 to 4 700`.
pub(crate) fn interval(measurement: &Measurement) -> Option<String> {
    let decimals = decimals(measurement.unit);
    measurement
        .interval
        .map(|[low, high]| format!("{} to {}", fixed(low, decimals), fixed(high, decimals)))
}

/// The measurement of a key in one lung or both.
pub(crate) fn whole<'a>(
    findings: &'a Findings,
    key: &str,
    lungs: Lungs,
) -> Option<&'a Measurement> {
    at(findings, key, Site::Whole(lungs))
}

/// The measurement of a key in a region, if it is a number.
pub(crate) fn at<'a>(findings: &'a Findings, key: &str, site: Site) -> Option<&'a Measurement> {
    let found = findings.measurements.iter().find(|m| m.key == key && m.site == site);
    found.filter(|measurement| measurement.value.is_finite())
}
