//! What the keys of measurements are called in print.

use hilum_core::{Lungs, Measurement, Site, Unit};

use crate::{Findings, numbers::fixed};

/// Short and long name of keys; thresholds are named from the key itself.
const NAMES: &[(&str, &str, &str)] = &[
    ("volume_ml", "Volume", "Lung volume"),
    ("air_volume_ml", "Air", "Air volume"),
    ("tissue_volume_ml", "Tissue", "Tissue volume"),
    ("vessel_volume_ml", "Vessels", "Volume of vessels"),
    ("mass_g", "Mass", "Lung mass"),
    ("mean_hu", "Mean", "Mean density"),
    ("sd_hu", "SD", "Standard deviation of density"),
    ("median_hu", "Median", "Median density"),
    ("mode_hu", "Mode", "Most frequent density"),
    ("min_hu", "Least", "Least density"),
    ("max_hu", "Greatest", "Greatest density"),
    ("skewness", "Skewness", "Skewness of density"),
    ("kurtosis", "Kurtosis", "Kurtosis of density"),
    ("haa_600_250", "HAA−600/−250", "High attenuation, −600 to −250 HU"),
    ("perc10_hu", "Perc10", "10th percentile of density"),
    ("perc15_hu", "Perc15", "15th percentile of density"),
    ("perc15_linear_hu", "Perc15", "15th percentile, linear estimate"),
    ("perc15_histogram_hu", "Perc15", "15th percentile, whole HU"),
    ("perc15_adjusted_hu", "Perc15 adj.", "15th percentile, adjusted to a reference volume"),
    ("pd15_g_l", "PD15", "15th percentile as tissue density"),
    ("pd15_adjusted_g_l", "PD15 adj.", "PD15, adjusted to a reference volume"),
    ("lac_count", "Clusters", "Number of low-attenuation clusters"),
    ("lac_largest_ml", "Largest", "Largest low-attenuation cluster"),
    ("lac_exponent", "D", "Exponent of cluster sizes"),
    ("lac_exponent_regression", "D", "Exponent of cluster sizes, by regression"),
    ("lac_slice_exponent", "D", "Exponent of cluster sizes in slices"),
    ("lac_slice_exponent_regression", "D", "Exponent of cluster sizes in slices, by regression"),
    ("airway_branch_count", "Branches", "Number of airway branches"),
    ("airway_generations", "Generations", "Generations of airway branches"),
    ("airway_length_mm", "Length", "Length of the airway tree"),
    ("airway_lumen_ml", "Lumen", "Volume of the airway lumen"),
    ("airway_pi10_mm", "Pi10", "Pi10, root of the wall area at 10 mm inner perimeter"),
    ("airway_wall_percent", "WA%", "Wall area of bronchi, share of the whole section"),
    ("airway_wall_thickness_mm", "Wall", "Wall thickness of bronchi"),
    ("airway_wall_branches", "Walls", "Number of bronchi with a measured wall"),
    ("trachea_diameter_mm", "Trachea", "Inner diameter of the trachea"),
    ("vessel_tbv_ml", "TBV", "Blood volume of all lung vessels"),
    ("vessel_bv5_ml", "BV5", "Blood volume of vessels of at most 5 mm² cross-section"),
    ("vessel_bv10_ml", "BV10", "Blood volume of vessels of at most 10 mm² cross-section"),
    ("vessel_bv5_percent", "BV5/TBV", "Share of vessels of at most 5 mm² cross-section"),
    ("oblique_fissure_completeness", "Oblique", "Completeness of the oblique fissure"),
    ("oblique_fissure_confidence", "Confidence", "Confidence of the oblique fissure"),
    ("horizontal_fissure_completeness", "Horizontal", "Completeness of the horizontal fissure"),
    ("horizontal_fissure_confidence", "Confidence", "Confidence of the horizontal fissure"),
    ("extent_normal_percent", "Normal", "Extent of lung without abnormal pattern"),
    ("extent_ground_glass_percent", "Ground glass", "Extent of ground glass"),
    ("extent_reticular_percent", "Reticular", "Extent of the reticular pattern"),
    ("extent_honeycombing_percent", "Honeycombing", "Extent of honeycombing"),
    ("extent_consolidation_percent", "Consolidation", "Extent of consolidation"),
    ("extent_emphysema_percent", "Emphysema", "Extent of emphysema"),
    ("extent_fibrosis_percent", "Fibrosis", "Extent of fibrosis"),
    ("extent_ild_percent", "Disease", "Extent of interstitial disease"),
    ("volume_normal_ml", "Normal", "Volume of lung without abnormal pattern"),
    ("volume_ground_glass_ml", "Ground glass", "Volume of ground glass"),
    ("volume_reticular_ml", "Reticular", "Volume of the reticular pattern"),
    ("volume_honeycombing_ml", "Honeycombing", "Volume of honeycombing"),
    ("volume_consolidation_ml", "Consolidation", "Volume of consolidation"),
    ("volume_emphysema_ml", "Emphysema", "Volume of emphysema"),
    ("volume_fibrosis_ml", "Fibrosis", "Volume of fibrosis"),
    ("volume_ild_ml", "Disease", "Volume of interstitial disease"),
    ("trachea_air_hu", "Air", "Air in trachea and main bronchi"),
    ("trachea_air_sd_hu", "SD", "Standard deviation of air in trachea and main bronchi"),
];

/// The short name of a key, for the head of a column; the key itself if none is known.
pub(crate) fn short(key: &str) -> String {
    match (known(key), threshold(key)) {
        (Some(name), _) => name.1.into(),
        (None, Some((kind, hu))) => format!("{}{hu}", if kind == "laa" { "LAA" } else { "HAA" }),
        (None, None) => key.into(),
    }
}

/// The long name of a measurement: ours, or what its vocabulary calls the concept.
pub(crate) fn long(measurement: &Measurement) -> String {
    match measurement.key.strip_prefix("parenchyma_") {
        Some(key) => format!("{}, vessels left out", long_of(key, measurement)),
        None => long_of(measurement.key, measurement),
    }
}

fn long_of(key: &str, measurement: &Measurement) -> String {
    match (known(key), threshold(key)) {
        (Some(name), _) => name.2.into(),
        (None, Some(("laa", hu))) => format!("Low attenuation, {hu} HU"),
        (None, Some((_, hu))) => format!("High attenuation, {hu} HU"),
        (None, None) => measurement.concept.meaning.into(),
    }
}

fn known(key: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    NAMES.iter().find(|name| name.0 == key)
}

/// Kind and threshold of keys such as `laa_950`, which stands for -950 HU.
fn threshold(key: &str) -> Option<(&str, String)> {
    let (kind, hu) = key.split_once('_').filter(|(kind, _)| matches!(*kind, "laa" | "haa"))?;
    Some((kind, fixed(-hu.parse::<f64>().ok()?, 0)))
}

/// Decimals that a measurement deserves in tables: what a second scan would not repeat is left out.
pub(crate) fn decimals_of(measurement: &Measurement) -> usize {
    let small = measurement.value.abs() < 100.0;
    match measurement.unit {
        Unit::Millilitre | Unit::Gram if small => 1,
        unit => decimals(unit),
    }
}

/// Decimals of numbers of a unit that are not small.
pub(crate) const fn decimals(unit: Unit) -> usize {
    match unit {
        Unit::Percent | Unit::Millimetre | Unit::Second => 1,
        Unit::One => 2,
        _ => 0,
    }
}

/// The value as tables show it.
pub(crate) fn value(measurement: &Measurement) -> String {
    fixed(measurement.value, decimals_of(measurement))
}

/// The interval as tables show it: `4 400 to 4 700`.
pub(crate) fn interval(measurement: &Measurement) -> Option<String> {
    let decimals = decimals_of(measurement);
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
