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
    /// Voxels up to each value.
    up_to: Vec<u64>,
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
        Self::from_rising(measured.map(|(hu, count)| (f32::from(hu), count)))
    }

    /// Values that never fall; equal neighbours are added up.
    fn from_rising(pairs: impl IntoIterator<Item = (f32, u64)>) -> Self {
        let mut histogram = Self::default();
        for (value, count) in pairs {
            let up_to = histogram.total() + count;
            match (histogram.values.last(), histogram.up_to.last_mut()) {
                (Some(last), Some(sum)) if *last == value => *sum = up_to,
                _ => {
                    histogram.values.push(value);
                    histogram.up_to.push(up_to);
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

    fn pairs(&self) -> impl Iterator<Item = (f32, u64)> + '_ {
        let mut before = 0;
        self.values.iter().zip(&self.up_to).map(move |(value, up_to)| {
            let count = up_to - before;
            before = *up_to;
            (*value, count)
        })
    }

    /// Values in rising order with their counts, none of which is 0.
    pub fn iter(&self) -> impl Iterator<Item = (f64, u64)> + '_ {
        self.pairs().map(|(value, count)| (f64::from(value), count))
    }

    /// Number of voxels.
    pub fn total(&self) -> u64 {
        self.up_to.last().copied().unwrap_or(0)
    }

    /// Says whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.up_to.is_empty()
    }

    /// Says whether each value is a whole number.
    pub fn is_whole(&self) -> bool {
        self.values.iter().all(|value| value.fract() == 0.0)
    }

    /// Number of voxels below a threshold. O(log distinct values).
    pub fn below(&self, threshold: f64, bound: Bound) -> u64 {
        let end = match bound {
            Bound::Strict => self.values.partition_point(|value| f64::from(*value) < threshold),
            Bound::Inclusive => self.values.partition_point(|value| f64::from(*value) <= threshold),
        };
        end.checked_sub(1).map_or(0, |last| self.up_to[last])
    }

    /// Number of voxels above a threshold. O(log distinct values).
    pub fn above(&self, threshold: f64, bound: Bound) -> u64 {
        let other = match bound {
            Bound::Strict => Bound::Inclusive,
            Bound::Inclusive => Bound::Strict,
        };
        self.total() - self.below(threshold, other)
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
        (!self.is_empty()).then(|| sum / self.total() as f64)
    }

    /// The mean.
    pub fn mean(&self) -> Option<f64> {
        self.mean_of(|value| value)
    }

    /// Second, third and fourth central moment of the population (divided by `n`).
    fn moments(&self) -> Option<[f64; 3]> {
        let mean = self.mean()?;
        let mut sums = [0.0; 3];
        for (value, count) in self.iter() {
            let off = value - mean;
            let square = off * off;
            let count = count as f64;
            sums[0] += count * square;
            sums[1] += count * square * off;
            sums[2] += count * square * square;
        }
        Some(sums.map(|sum| sum / self.total() as f64))
    }

    /// Standard deviation of the population (divided by `n`).
    pub fn sd(&self) -> Option<f64> {
        self.moments().map(|[variance, ..]| variance.sqrt())
    }

    /// Skewness of the population, `m3 / m2^1.5`; none where all values are the same.
    pub fn skewness(&self) -> Option<f64> {
        let [variance, third, _] = self.moments().filter(|_| self.values.len() > 1)?;
        Some(third / variance.powf(1.5))
    }

    /// Excess kurtosis of the population (Fisher), `m4 / m2² - 3`: 0 for a Gaussian; none where
    /// all values are the same.
    pub fn kurtosis(&self) -> Option<f64> {
        let [variance, _, fourth] = self.moments().filter(|_| self.values.len() > 1)?;
        Some(fourth / (variance * variance) - 3.0)
    }

    /// The value below which the share `p` (0 to 1) lies, by one of three definitions.
    ///
    /// `None` for an empty histogram. O(log distinct values).
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
        let rank = p * self.total() as f64;
        let n = self.up_to.partition_point(|up_to| (*up_to as f64) < rank);
        let n = n.min(self.values.len() - 1);
        let before = n.checked_sub(1).map_or(0, |last| self.up_to[last]) as f64;
        let count = self.up_to[n] as f64 - before;
        f64::from(self.values[n]) - 0.5 + (rank - before) / count
    }

    fn linear(&self, p: f64) -> f64 {
        let rank = p * (self.total() - 1) as f64;
        let (low, high) = (self.order_statistic(rank.floor()), self.order_statistic(rank.ceil()));
        low + (high - low) * rank.fract()
    }

    /// The value at a whole rank, 0 for the least.
    fn order_statistic(&self, rank: f64) -> f64 {
        let n = self.up_to.partition_point(|up_to| *up_to as f64 <= rank);
        f64::from(self.values[n.min(self.values.len() - 1)])
    }

    /// A bin is a whole number and what lies between it and the next. The share stays the same
    /// over empty bins, so the last bin up to `p` lies just before the one that exceeds it.
    fn last_up_to(&self, p: f64) -> Option<f64> {
        let total = self.total() as f64;
        let n = self.up_to.partition_point(|up_to| *up_to as f64 / total <= p);
        match self.values.get(n) {
            Some(value) => Some(f64::from(value.floor()) - 1.0),
            None => self.max().map(f64::floor),
        }
    }
}
