//! Intensity-based statistics (UHIW): of intensities as they are, not discretised.

use crate::feature::{Definition, EMPTY, Family, Value, rows};
use crate::summary::Summary;
use crate::{Aggregation, Feature, Roi};

const DEFINITIONS: [Definition; 18] = [
    Definition::new("Mean intensity", "F_stat.mean", "Q4LE", "stat_mean"),
    Definition::new("Intensity variance", "F_stat.var", "ECT3", "stat_var"),
    Definition::new("Intensity skewness", "F_stat.skew", "KE2A", "stat_skew"),
    Definition::new("(Excess) intensity kurtosis", "F_stat.kurt", "IPH6", "stat_kurt"),
    Definition::new("Median intensity", "F_stat.median", "Y12H", "stat_median"),
    Definition::new("Minimum intensity", "F_stat.min", "1GSF", "stat_min"),
    Definition::new("10th intensity percentile", "F_stat.P10", "QG58", "stat_p10"),
    Definition::new("90th intensity percentile", "F_stat.P90", "8DWT", "stat_p90"),
    Definition::new("Maximum intensity", "F_stat.max", "84IY", "stat_max"),
    Definition::new("Intensity interquartile range", "F_stat.iqr", "SALO", "stat_iqr"),
    Definition::new("Intensity range", "F_stat.range", "2OJQ", "stat_range"),
    Definition::new("Intensity-based mean absolute deviation", "F_stat.mad", "4FUA", "stat_mad"),
    Definition::new(
        "Intensity-based robust mean absolute deviation",
        "F_stat.rmad",
        "1128",
        "stat_rmad",
    ),
    Definition::new(
        "Intensity-based median absolute deviation",
        "F_stat.medad",
        "N72L",
        "stat_medad",
    ),
    Definition::new("Intensity-based coefficient of variation", "F_stat.cov", "7TET", "stat_cov"),
    Definition::new(
        "Intensity-based quartile coefficient of dispersion",
        "F_stat.qcod",
        "9S40",
        "stat_qcod",
    ),
    Definition::new("Intensity-based energy", "F_stat.energy", "N8CA", "stat_energy"),
    Definition::new("Root mean square intensity", "F_stat.rms", "5ZWQ", "stat_rms"),
];

/// All of the family.
pub(crate) fn features(roi: &Roi) -> Vec<Feature> {
    rows(Family::Statistics, Aggregation::Whole, &DEFINITIONS, &values(roi.intensities()))
}

fn values(intensities: Vec<f64>) -> Vec<Value> {
    let energy: f64 = intensities.iter().map(|value| value * value).sum();
    let count = intensities.len() as f64;
    let Some(of) = Summary::of(intensities) else { return vec![Err(EMPTY); DEFINITIONS.len()] };
    vec![
        Ok(of.mean),
        Ok(of.variance),
        of.skewness,
        of.kurtosis,
        Ok(of.median),
        Ok(of.minimum),
        Ok(of.percentile_10),
        Ok(of.percentile_90),
        Ok(of.maximum),
        Ok(of.interquartile_range),
        Ok(of.range),
        Ok(of.mean_absolute_deviation),
        Ok(of.robust_mean_absolute_deviation),
        Ok(of.median_absolute_deviation),
        of.variation,
        of.quartile_dispersion,
        Ok(energy),
        Ok((energy / count).sqrt()),
    ]
}
