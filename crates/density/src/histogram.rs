//! Every distinct value of a region with its count, and what follows from it.

use hilum_kernel::HuCounts;

use crate::{Bound, Percentile};

/// Exact counts: each value that occurs in a region, in rising order, and how often.
///
/// Nothing is binned. On whole Hounsfield units this is the integer histogram; where an image
/// has fractions each of them stands for itself, so that thresholds and percentiles lose nothing.
/// Sums run in rising order of values: the same bits whatever the order of voxels or threads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    values: Vec<f32>,
    /// 32 bits hold them: no image has 4 thousand million voxels of one value.
    counts: Vec<u32>,
    total: u64,
}

impl Histogram {
    /// A histogram of the given values, in any order. O(n log n).
    ///
    /// # Panics
    ///
    /// If a value is not a number.
    pub fn new(values: impl IntoIterator<Item = f32>) -> Self {
        // -0 and 0 are one value.
        let mut values: Vec<f32> = values.into_iter().map(|value| value + 0.0).collect();
        assert!(!values.iter().any(|value| value.is_nan()), "a histogram counts numbers");
        values.sort_unstable_by(f32::total_cmp);
        Self::from_rising(values.into_iter().map(|value| (value, 1)))
    }

    /// A histogram of whole Hounsfield units, of those for which `is_measured` holds.
    pub(crate) fn of_whole(
        counts: &HuCounts,
        is_measured: impl Fn(hilum_core::Hu) -> bool,
    ) -> Self {
        let measured = counts.iter().filter(|(hu, count)| *count > 0 && is_measured(*hu));
        Self::from_rising(measured.map(|(hu, count)| (f32::from(hu), count as u32)))
    }

    /// Values that never fall; equal neighbours are added up.
    fn from_rising(pairs: impl IntoIterator<Item = (f32, u32)>) -> Self {
        let mut histogram = Self::default();
        for (value, count) in pairs {
            histogram.total += u64::from(count);
            match (histogram.values.last(), histogram.counts.last_mut()) {
                (Some(last), Some(sum)) if *last == value => *sum += count,
                _ => {
                    histogram.values.push(value);
                    histogram.counts.push(count);
                }
            }
        }
        histogram
    }

    /// Both regions together. O(distinct values).
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let (mut a, mut b) = (self.pairs().peekable(), other.pairs().peekable());
        Self::from_rising(std::iter::from_fn(|| match (a.peek(), b.peek()) {
            (Some((x, _)), Some((y, _))) if y < x => b.next(),
            (Some(_), _) => a.next(),
            (None, _) => b.next(),
        }))
    }

    /// Several regions together, in rounds of pairs. O(distinct values × log regions).
    pub(crate) fn union_of<'a>(regions: impl IntoIterator<Item = &'a Self>) -> Self {
        let regions: Vec<&Self> = regions.into_iter().collect();
        let pair = |pair: &[&Self]| match pair {
            [a, b] => a.union(b),
            _ => pair[0].clone(),
        };
        let mut round: Vec<Self> = regions.chunks(2).map(pair).collect();
        while round.len() > 1 {
            let regions: Vec<&Self> = round.iter().collect();
            round = regions.chunks(2).map(pair).collect();
        }
        round.pop().unwrap_or_default()
    }

    /// The same with fractions counted at the whole number below them.
    pub(crate) fn coarse(self) -> Self {
        if self.is_whole() {
            return self;
        }
        Self::from_rising(self.pairs().map(|(value, count)| (value.floor(), count)))
    }

    fn pairs(&self) -> impl DoubleEndedIterator<Item = (f32, u32)> + '_ {
        self.values.iter().copied().zip(self.counts.iter().copied())
    }

    /// Values in rising order with their counts, none of which is 0.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (f64, u64)> + '_ {
        self.pairs().map(|(value, count)| (f64::from(value), u64::from(count)))
    }

    /// Number of voxels.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Says whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// Says whether each value is a whole number.
    pub fn is_whole(&self) -> bool {
        self.values.iter().all(|value| value.fract() == 0.0)
    }

    /// Number of voxels below a threshold. O(distinct values).
    pub fn below(&self, threshold: f64, bound: Bound) -> u64 {
        let end = match bound {
            Bound::Strict => self.values.partition_point(|value| f64::from(*value) < threshold),
            Bound::Inclusive => self.values.partition_point(|value| f64::from(*value) <= threshold),
        };
        self.counts[..end].iter().map(|count| u64::from(*count)).sum()
    }

    /// Number of voxels above a threshold. O(distinct values).
    pub fn above(&self, threshold: f64, bound: Bound) -> u64 {
        let other = match bound {
            Bound::Strict => Bound::Inclusive,
            Bound::Inclusive => Bound::Strict,
        };
        self.total - self.below(threshold, other)
    }

    /// The least value.
    pub fn min(&self) -> Option<f64> {
        self.values.first().copied().map(f64::from)
    }

    /// The greatest value.
    pub fn max(&self) -> Option<f64> {
        self.values.last().copied().map(f64::from)
    }

    /// The value that occurs most often, the least of them where several do.
    pub fn mode(&self) -> Option<f64> {
        let mut pairs = self.iter();
        let first = pairs.next()?;
        Some(pairs.fold(first, |best, pair| if pair.1 > best.1 { pair } else { best }).0)
    }

    /// The mean of `of(value)` over all voxels, e.g. of a density.
    pub fn mean_of(&self, of: impl Fn(f64) -> f64) -> Option<f64> {
        let sum: f64 = self.iter().map(|(value, count)| of(value) * count as f64).sum();
        (!self.is_empty()).then(|| sum / self.total as f64)
    }

    /// The mean.
    pub fn mean(&self) -> Option<f64> {
        self.mean_of(|value| value)
    }

    /// The mean of the `order`th power of the distance from the mean; divided by `n`, not `n - 1`.
    pub fn central_moment(&self, order: i32) -> Option<f64> {
        let mean = self.mean()?;
        self.mean_of(|value| (value - mean).powi(order))
    }

    /// Standard deviation of the population (divided by `n`).
    pub fn sd(&self) -> Option<f64> {
        self.central_moment(2).map(f64::sqrt)
    }

    /// Skewness of the population, `m3 / m2^1.5`; none where all values are the same.
    pub fn skewness(&self) -> Option<f64> {
        let variance = self.central_moment(2).filter(|variance| *variance > 0.0)?;
        Some(self.central_moment(3)? / variance.powf(1.5))
    }

    /// Excess kurtosis of the population (Fisher), `m4 / m2² - 3`: 0 for a Gaussian; none where
    /// all values are the same.
    pub fn kurtosis(&self) -> Option<f64> {
        let variance = self.central_moment(2).filter(|variance| *variance > 0.0)?;
        Some(self.central_moment(4)? / (variance * variance) - 3.0)
    }

    /// The value below which the share `p` (0 to 1) lies, by one of three definitions.
    ///
    /// `None` for an empty histogram. O(distinct values).
    pub fn percentile(&self, p: f64, definition: Percentile) -> Option<f64> {
        match definition {
            _ if self.is_empty() => None,
            Percentile::Interpolated if self.is_whole() => Some(self.interpolated(p)),
            Percentile::Interpolated | Percentile::Linear => Some(self.linear(p)),
            Percentile::Histogram => self.last_up_to(p),
        }
    }

    /// The median as NumPy has it: the middle value, or the mean of the two in the middle.
    pub fn median(&self) -> Option<f64> {
        self.percentile(0.5, Percentile::Linear)
    }

    /// Counts in `number` bins of `width` from `first` on, for a picture; values outside are left out.
    pub fn binned(&self, first: f64, width: f64, number: usize) -> Vec<u64> {
        let mut bins = vec![0; number];
        for (value, count) in self.iter() {
            let bin = ((value - first) / width).floor();
            if bin >= 0.0 && bin < number as f64 {
                bins[bin as usize] += count;
            }
        }
        bins
    }

    fn interpolated(&self, p: f64) -> f64 {
        let rank = p * self.total as f64;
        let mut before = 0.0;
        for (value, count) in self.iter() {
            let count = count as f64;
            if before + count >= rank {
                return value - 0.5 + (rank - before) / count;
            }
            before += count;
        }
        self.max().unwrap_or_default() + 0.5
    }

    fn linear(&self, p: f64) -> f64 {
        let rank = p * (self.total - 1) as f64;
        let (low, high) = (self.order_statistic(rank.floor()), self.order_statistic(rank.ceil()));
        low + (high - low) * rank.fract()
    }

    /// The value at a whole rank, 0 for the least.
    fn order_statistic(&self, rank: f64) -> f64 {
        let mut before = 0.0;
        for (value, count) in self.iter() {
            before += count as f64;
            if rank < before {
                return value;
            }
        }
        self.max().unwrap_or_default()
    }

    /// A bin is a whole number and what lies between it and the next. The share stays the same
    /// over empty bins, so the last bin up to `p` lies just before the one that exceeds it.
    fn last_up_to(&self, p: f64) -> Option<f64> {
        let mut up_to = 0;
        for (value, count) in self.iter() {
            up_to += count;
            if up_to as f64 / self.total as f64 > p {
                return Some(value.floor() - 1.0);
            }
        }
        self.max().map(f64::floor)
    }
}
