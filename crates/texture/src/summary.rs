//! What statistics and histogram have in common.

use crate::feature::{CONSTANT, Value};
use crate::levels::quotient;

/// Statistics of a list of numbers, as the manual defines them both for intensities and for grey
/// levels.
pub(crate) struct Summary {
    pub(crate) mean: f64,
    pub(crate) variance: f64,
    pub(crate) skewness: Value,
    pub(crate) kurtosis: Value,
    pub(crate) median: f64,
    pub(crate) minimum: f64,
    pub(crate) percentile_10: f64,
    pub(crate) percentile_90: f64,
    pub(crate) maximum: f64,
    pub(crate) interquartile_range: f64,
    pub(crate) range: f64,
    pub(crate) mean_absolute_deviation: f64,
    pub(crate) robust_mean_absolute_deviation: f64,
    pub(crate) median_absolute_deviation: f64,
    pub(crate) variation: Value,
    pub(crate) quartile_dispersion: Value,
}

/// The divisor of a relative spread.
const AROUND_ZERO: &str = "the mean that divides the spread is 0";
const QUARTILES_CANCEL: &str = "the quartiles that divide their difference add up to 0";

impl Summary {
    /// `None` of no numbers.
    pub(crate) fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_unstable_by(f64::total_cmp);
        let (minimum, maximum) = (*values.first()?, *values.last()?);
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let [mut second, mut third, mut fourth] = [0.0; 3];
        for value in &values {
            let d = value - mean;
            second += d * d;
            third += d * d * d;
            fourth += d * d * d * d;
        }
        let variance = if minimum == maximum { 0.0 } else { second / count };
        let at = |share| percentile(&values, share);
        let [p10, p25, median, p75, p90] = [0.10, 0.25, 0.50, 0.75, 0.90].map(at);
        let deviation = |centre: f64, values: &[f64]| {
            values.iter().map(|value| (value - centre).abs()).sum::<f64>() / values.len() as f64
        };
        let low = values.partition_point(|value| *value < p10);
        let high = values.partition_point(|value| *value <= p90);
        // Between two numbers that differ, no number may lie: then both percentiles are taken.
        let robust = if low < high { &values[low..high] } else { &values[..] };
        let robust_mean = robust.iter().sum::<f64>() / robust.len() as f64;
        Some(Self {
            mean,
            variance,
            skewness: quotient(third / count, variance.powf(1.5), CONSTANT),
            kurtosis: quotient(fourth / count, variance * variance, CONSTANT).map(|k| k - 3.0),
            median,
            minimum,
            percentile_10: p10,
            percentile_90: p90,
            maximum,
            interquartile_range: p75 - p25,
            range: maximum - minimum,
            mean_absolute_deviation: deviation(mean, &values),
            robust_mean_absolute_deviation: deviation(robust_mean, robust),
            median_absolute_deviation: deviation(median, &values),
            variation: quotient(variance.sqrt(), mean, AROUND_ZERO),
            quartile_dispersion: quotient(p75 - p25, p75 + p25, QUARTILES_CANCEL),
        })
    }
}

/// Linear between the two order statistics next to the rank `(n - 1) share`.
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let rank = (sorted.len() - 1) as f64 * share;
    let low = sorted[rank.floor() as usize];
    let high = sorted[rank.ceil() as usize];
    low + (high - low) * rank.fract()
}
