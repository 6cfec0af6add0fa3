//! Intensity-volume histogram (P88C): which share of the region has at least an intensity.

use crate::feature::{Definition, EMPTY, Family, Value, rows};
use crate::levels::Levels;
use crate::{Aggregation, Discretisation, Feature, Processing, Roi};

const DEFINITIONS: [Definition; 7] = [
    Definition::new("Volume fraction at 10% intensity", "F_ivh.V10", "BC2M", "ivh_v10"),
    Definition::new("Volume fraction at 90% intensity", "F_ivh.V90", "BC2M", "ivh_v90"),
    Definition::new("Intensity at 10% volume", "F_ivh.I10", "GBPN", "ivh_i10"),
    Definition::new("Intensity at 90% volume", "F_ivh.I90", "GBPN", "ivh_i90"),
    Definition::new(
        "Volume fraction difference between 10% and 90% intensity",
        "F_ivh.V10minusV90",
        "DDTU",
        "ivh_diff_v10_v90",
    ),
    Definition::new(
        "Intensity difference between 10% and 90% volume",
        "F_ivh.I10minusI90",
        "CNV2",
        "ivh_diff_i10_i90",
    ),
    Definition::new("Area under the IVH curve", "F_ivh.auc", "9CMM", "ivh_auc"),
];

/// All of the family.
///
/// Intensities that are not discretised are taken in steps of 1 from the lower bound of the
/// re-segmentation range to its upper one, or between the extremes of the region where there is no
/// range. Bins of a given size stand for their centres between the same bounds. Given numbers of bins
/// are for intensities without unit: their levels themselves are the intensities.
pub(crate) fn features(roi: &Roi, processing: &Processing) -> Vec<Feature> {
    let values = match Curve::of(roi, processing) {
        Ok(curve) => curve.values(),
        Err(reason) => vec![Err(reason); DEFINITIONS.len()],
    };
    rows(Family::IntensityVolumeHistogram, Aggregation::Whole, &DEFINITIONS, &values)
}

/// Intensities in even steps, and the share of voxels that has at least each.
struct Curve {
    first: f64,
    step: f64,
    shares: Vec<f64>,
}

const ONE_INTENSITY: &str = "the range of intensities is a single one";
const TOO_WIDE: &str = "the range of intensities has more than 2^24 steps";
const MOST_STEPS: f64 = 16_777_216.0;

impl Curve {
    fn of(roi: &Roi, processing: &Processing) -> Result<Self, &'static str> {
        match processing.volume_levels {
            Discretisation::None => Self::of_intensities(roi, processing.level_range()),
            Discretisation::BinSize(width) => {
                let levels = Levels::of(roi, processing.volume_levels, processing.level_range())?;
                let low = match processing.level_range() {
                    Some([low, _]) if low.is_finite() => low,
                    _ => extremes(roi)?[0],
                };
                let bins = match processing.level_range() {
                    Some([low, high]) if (high - low).is_finite() => (high - low) / width,
                    _ => levels.count as f64,
                };
                if bins > MOST_STEPS {
                    return Err(TOO_WIDE);
                }
                let mut counts = levels.histogram();
                counts.resize(counts.len().max(bins.ceil() as usize + 1), 0);
                Ok(Self::from_counts(low + 0.5 * width, width, &counts[1..]))
            }
            Discretisation::BinNumber(bins) => {
                let levels = Levels::of(roi, processing.volume_levels, processing.level_range())?;
                let mut counts = levels.histogram();
                counts.resize(bins as usize + 1, 0);
                Ok(Self::from_counts(1.0, 1.0, &counts[1..]))
            }
        }
    }

    fn of_intensities(roi: &Roi, range: Option<[f64; 2]>) -> Result<Self, &'static str> {
        let found = extremes(roi)?;
        let [low, high] = range.unwrap_or(found);
        let low = if low.is_finite() { low } else { found[0] };
        let high = if high.is_finite() { high } else { found[1] };
        if high - low > MOST_STEPS {
            return Err(TOO_WIDE);
        }
        let mut counts = vec![0; (high - low).ceil() as usize + 1];
        for value in roi.intensities() {
            // A fraction counts for the whole steps up to it.
            counts[(value - low).floor().max(0.0) as usize] += 1;
        }
        Ok(Self::from_counts(low, 1.0, &counts))
    }

    fn from_counts(first: f64, step: f64, counts: &[u64]) -> Self {
        let total: u64 = counts.iter().sum();
        let mut below = 0;
        let share = |count: &u64| {
            let share = 1.0 - below as f64 / total as f64;
            below += count;
            share
        };
        Self { first, step, shares: counts.iter().map(share).collect() }
    }

    fn values(&self) -> Vec<Value> {
        let last = self.shares.len() - 1;
        if last == 0 {
            let mut values = vec![Err(ONE_INTENSITY); DEFINITIONS.len()];
            values[2] = Ok(self.first);
            values[3] = Ok(self.first);
            return values;
        }
        let fraction = |x: f64| {
            let step = (x * last as f64 - 1e-9).ceil() as usize;
            self.shares[step.min(last)]
        };
        let intensity = |x: f64| {
            let step = self.shares.iter().position(|share| *share <= x + 1e-12);
            // Where even the last step is in more of the volume, the next one would be in none.
            self.first + self.step * step.unwrap_or(last + 1) as f64
        };
        let [v10, v90] = [0.10, 0.90].map(fraction);
        let [i10, i90] = [0.10, 0.90].map(intensity);
        let between = self.shares.windows(2).map(|pair| f64::midpoint(pair[0], pair[1]));
        let area = between.sum::<f64>() / last as f64;
        [v10, v90, i10, i90, v10 - v90, i10 - i90, area].map(Ok).to_vec()
    }
}

fn extremes(roi: &Roi) -> Result<[f64; 2], &'static str> {
    let values = roi.intensities();
    let first = *values.first().ok_or(EMPTY)?;
    Ok(values.iter().fold([first; 2], |[low, high], x| [low.min(*x), high.max(*x)]))
}
