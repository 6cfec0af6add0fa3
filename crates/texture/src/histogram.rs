//! Intensity histogram (ZVCW): statistics of grey levels, and of the histogram that they make.

use crate::feature::{Definition, EMPTY, Family, Value, rows};
use crate::levels::{Levels, entropy};
use crate::summary::Summary;
use crate::{Aggregation, Feature};

const DEFINITIONS: [Definition; 23] = [
    Definition::new("Mean discretised intensity", "F_ih.mean", "X6K6", "ih_mean"),
    Definition::new("Discretised intensity variance", "F_ih.var", "CH89", "ih_var"),
    Definition::new("Discretised intensity skewness", "F_ih.skew", "88K1", "ih_skew"),
    Definition::new("(Excess) discretised intensity kurtosis", "F_ih.kurt", "C3I7", "ih_kurt"),
    Definition::new("Median discretised intensity", "F_ih.median", "WIFQ", "ih_median"),
    Definition::new("Minimum discretised intensity", "F_ih.min", "1PR8", "ih_min"),
    Definition::new("10th discretised intensity percentile", "F_ih.P10", "GPMT", "ih_p10"),
    Definition::new("90th discretised intensity percentile", "F_ih.P90", "OZ0C", "ih_p90"),
    Definition::new("Maximum discretised intensity", "F_ih.max", "3NCY", "ih_max"),
    Definition::new("Intensity histogram mode", "F_ih.mode", "AMMC", "ih_mode"),
    Definition::new("Discretised intensity interquartile range", "F_ih.iqr", "WR0O", "ih_iqr"),
    Definition::new("Discretised intensity range", "F_ih.range", "5Z3W", "ih_range"),
    Definition::new("Intensity histogram mean absolute deviation", "F_ih.mad", "D2ZX", "ih_mad"),
    Definition::new(
        "Intensity histogram robust mean absolute deviation",
        "F_ih.rmad",
        "WRZB",
        "ih_rmad",
    ),
    Definition::new(
        "Intensity histogram median absolute deviation",
        "F_ih.medad",
        "4RNL",
        "ih_medad",
    ),
    Definition::new("Intensity histogram coefficient of variation", "F_ih.cov", "CWYJ", "ih_cov"),
    Definition::new(
        "Intensity histogram quartile coefficient of dispersion",
        "F_ih.qcod",
        "SLWD",
        "ih_qcod",
    ),
    Definition::new("Discretised intensity entropy", "F_ih.entropy", "TLU2", "ih_entropy"),
    Definition::new("Discretised intensity uniformity", "F_ih.uniformity", "BJ5W", "ih_uniformity"),
    Definition::new("Maximum histogram gradient", "F_ih.max.grad", "12CE", "ih_max_grad"),
    Definition::new(
        "Maximum histogram gradient intensity",
        "F_ih.max.grad.gl",
        "8E6O",
        "ih_max_grad_g",
    ),
    Definition::new("Minimum histogram gradient", "F_ih.min.grad", "VQB3", "ih_min_grad"),
    Definition::new(
        "Minimum histogram gradient intensity",
        "F_ih.min.grad.gl",
        "RHQZ",
        "ih_min_grad_g",
    ),
];

const ONE_LEVEL: &str = "a histogram of one grey level has no gradient";

/// All of the family.
pub(crate) fn features(levels: Result<&Levels, &'static str>) -> Vec<Feature> {
    let values = match levels {
        Ok(levels) => values(levels),
        Err(reason) => vec![Err(reason); DEFINITIONS.len()],
    };
    rows(Family::IntensityHistogram, Aggregation::Whole, &DEFINITIONS, &values)
}

fn values(levels: &Levels) -> Vec<Value> {
    let numbers = levels.values.iter().filter(|level| **level > 0).map(|l| f64::from(*l));
    let Some(of) = Summary::of(numbers.collect()) else {
        return vec![Err(EMPTY); DEFINITIONS.len()];
    };
    let counts = &levels.histogram()[1..];
    let total = levels.voxels as u64;
    let shares = counts.iter().map(|count| *count as f64 / total as f64);
    let steepest = gradients(counts);
    let [(rise, rise_at), (fall, fall_at)] = match steepest {
        Some(both) => both.map(|(gradient, level)| (Ok(gradient), Ok(level))),
        None => [(Err(ONE_LEVEL), Err(ONE_LEVEL)); 2],
    };
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
        Ok(mode(counts, of.mean)),
        Ok(of.interquartile_range),
        Ok(of.range),
        Ok(of.mean_absolute_deviation),
        Ok(of.robust_mean_absolute_deviation),
        Ok(of.median_absolute_deviation),
        of.variation,
        of.quartile_dispersion,
        Ok(entropy(counts.iter().copied(), total)),
        Ok(shares.map(|share| share * share).sum()),
        rise,
        rise_at,
        fall,
        fall_at,
    ]
}

/// The commonest level; of several, the one nearest to the mean.
fn mode(counts: &[u64], mean: f64) -> f64 {
    let most = counts.iter().max().copied().unwrap_or(0);
    let common = (1..).zip(counts).filter(|(_, count)| **count == most);
    let levels = common.map(|(level, _)| f64::from(level));
    levels.min_by(|a, b| (a - mean).abs().total_cmp(&(b - mean).abs())).unwrap_or(mean)
}

/// Greatest and least gradient, each with the lowest level that has it. Differences are central, at
/// both ends one-sided.
fn gradients(counts: &[u64]) -> Option<[(f64, f64); 2]> {
    let last = counts.len().checked_sub(1).filter(|last| *last > 0)?;
    let at = |n: usize| counts[n] as f64;
    let gradient = |n: usize| {
        let (low, high) = (n.saturating_sub(1), (n + 1).min(last));
        (at(high) - at(low)) / (high - low) as f64
    };
    let first = (gradient(0), 1.0);
    let mut found = [first; 2];
    for n in 1..=last {
        let here = (gradient(n), (n + 1) as f64);
        if here.0 > found[0].0 {
            found[0] = here;
        }
        if here.0 < found[1].0 {
            found[1] = here;
        }
    }
    Some(found)
}
