//! Grey levels of a region.

use crate::feature::{EMPTY, Value};
use crate::roi::bounds;
use crate::{Discretisation, Roi};

/// Grey levels on the box around a region, with a rim of one voxel that is outside: neighbours of a
/// voxel of the region can be looked up without asking where the array ends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Levels {
    /// Shape with the rim, `[k, j, i]`.
    pub(crate) shape: [usize; 3],
    /// 0 outside of the region, `i` fastest.
    pub(crate) values: Vec<u16>,
    /// Voxel of the image that has the place `[1, 1, 1]` here.
    pub(crate) first: [usize; 3],
    /// Number of grey levels, `N_g` of the manual: the greatest level of the region.
    pub(crate) count: usize,
    /// Number of voxels of the region.
    pub(crate) voxels: usize,
}

/// More grey levels than this are told apart by no texture.
const MOST: f64 = 65_535.0;
const TOO_MANY: &str = "discretisation gives more than 65535 grey levels";
const NOT_LEVELS: &str =
    "without discretisation, intensities must be whole numbers from 1 to 65535";

impl Levels {
    /// Discretises the intensities of a region.
    pub(crate) fn of(
        roi: &Roi,
        discretisation: Discretisation,
        range: Option<[f64; 2]>,
    ) -> Result<Self, &'static str> {
        let bounds = bounds(roi.intensity()).ok_or(EMPTY)?;
        let level = Rule::of(roi, discretisation, range)?;
        let shape = bounds.map(|[low, high]| high - low + 2);
        let mut values = vec![0; shape.iter().product()];
        let (mut count, mut voxels) = (0, 0);
        let [_, rows, columns] = roi.image().grid().shape();
        for k in bounds[0][0]..bounds[0][1] {
            for j in bounds[1][0]..bounds[1][1] {
                let source = (k * rows + j) * columns + bounds[2][0];
                let row = (k - bounds[0][0] + 1) * shape[1] + j - bounds[1][0] + 1;
                for n in 0..shape[2] - 2 {
                    if !roi.intensity().as_slice()[source + n] {
                        continue;
                    }
                    let value = level.level(f64::from(roi.image().as_slice()[source + n]))?;
                    values[row * shape[2] + n + 1] = value;
                    count = count.max(usize::from(value));
                    voxels += 1;
                }
            }
        }
        Ok(Self { shape, values, first: bounds.map(|[low, _]| low), count, voxels })
    }

    /// Distance in [`Levels::values`] of a step `[k, j, i]`.
    pub(crate) fn offset(&self, step: [isize; 3]) -> isize {
        let [_, rows, columns] = self.shape.map(|n| n as isize);
        (step[0] * rows + step[1]) * columns + step[2]
    }

    /// Places of a slice in [`Levels::values`]; slices 0 and last are the rim.
    pub(crate) fn slice(&self, k: usize) -> std::ops::Range<usize> {
        let area = self.shape[1] * self.shape[2];
        k * area..(k + 1) * area
    }

    /// Slices that hold a voxel of the region.
    pub(crate) fn slices(&self) -> Vec<usize> {
        let holds = |k: &usize| self.values[self.slice(*k)].iter().any(|level| *level > 0);
        (1..self.shape[0] - 1).filter(holds).collect()
    }

    /// Number of voxels of each level, from level 0 (outside) on.
    pub(crate) fn histogram(&self) -> Vec<u64> {
        let mut counts = vec![0; self.count + 1];
        for level in &self.values {
            counts[usize::from(*level)] += 1;
        }
        counts
    }
}

/// How one intensity becomes one level.
enum Rule {
    Whole,
    Number { low: f64, high: f64, bins: f64 },
    Size { low: f64, width: f64 },
}

impl Rule {
    fn of(
        roi: &Roi,
        discretisation: Discretisation,
        range: Option<[f64; 2]>,
    ) -> Result<Self, &'static str> {
        let extremes = || {
            let pairs = roi.image().as_slice().iter().zip(roi.intensity().as_slice());
            let inside = pairs.filter(|(_, inside)| **inside).map(|(value, _)| f64::from(*value));
            inside.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], x| {
                [low.min(x), high.max(x)]
            })
        };
        Ok(match discretisation {
            Discretisation::None => Self::Whole,
            Discretisation::BinNumber(bins) if f64::from(bins) > MOST => return Err(TOO_MANY),
            Discretisation::BinNumber(bins) => {
                let [low, high] = extremes();
                Self::Number { low, high, bins: f64::from(bins) }
            }
            Discretisation::BinSize(width) => {
                let low = range.map(|[low, _]| low).filter(|low| low.is_finite());
                Self::Size { low: low.unwrap_or_else(|| extremes()[0]), width }
            }
        })
    }

    fn level(&self, value: f64) -> Result<u16, &'static str> {
        let level = match *self {
            Self::Whole if value.fract() != 0.0 || !(1.0..=MOST).contains(&value) => {
                return Err(NOT_LEVELS);
            }
            Self::Whole => value,
            Self::Number { low, high, .. } if low == high => 1.0,
            Self::Number { low, high, bins } => {
                ((bins * (value - low) / (high - low)).floor() + 1.0).min(bins)
            }
            Self::Size { low, width } => ((value - low) / width).floor() + 1.0,
        };
        if level > MOST { Err(TOO_MANY) } else { Ok(level as u16) }
    }
}

/// A sum of `count p log2 p` over counts, as entropy in bits.
pub(crate) fn entropy(counts: impl IntoIterator<Item = u64>, total: u64) -> f64 {
    let total = total as f64;
    let share = |count: u64| count as f64 / total;
    let terms = counts.into_iter().filter(|count| *count > 0).map(|n| share(n) * share(n).log2());
    // Not -0 where all is one.
    0.0 - terms.sum::<f64>()
}

/// A quotient, or the reason given where the divisor is 0.
pub(crate) fn quotient(dividend: f64, divisor: f64, reason: &'static str) -> Value {
    if divisor == 0.0 { Err(reason) } else { Ok(dividend / divisor) }
}
