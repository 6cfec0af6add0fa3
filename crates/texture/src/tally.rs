//! Counts over grey level and size: the matrix that run lengths, zones and dependences share.

use std::collections::BTreeMap;

use crate::feature::Value;
use crate::levels::entropy;

/// Sizes up to this one are counted in a table, larger ones in a list.
const SMALL: usize = 128;

/// Number of features that the matrices share.
pub(crate) const COUNT: usize = 16;

/// The matrix has no entry.
pub(crate) const NOTHING: &str = "the region holds nothing to be counted";

/// A matrix of grey level by size, and the number of voxels that it was made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    small: Vec<u64>,
    large: BTreeMap<(usize, u64), u64>,
    voxels: u64,
}

impl Tally {
    /// Of nothing yet, over so many voxels.
    pub(crate) fn new(levels: usize, voxels: u64) -> Self {
        Self { small: vec![0; levels * SMALL], large: BTreeMap::new(), voxels }
    }

    /// One more of a level and size, both from 1 on.
    pub(crate) fn add(&mut self, level: u16, size: u64) {
        let level = usize::from(level) - 1;
        if size <= SMALL as u64 {
            self.small[level * SMALL + size as usize - 1] += 1;
        } else {
            *self.large.entry((level, size)).or_default() += 1;
        }
    }

    /// Both together. An empty one takes the size of the other.
    pub(crate) fn merge(&mut self, other: &Self) {
        if self.small.len() < other.small.len() {
            self.small.resize(other.small.len(), 0);
        }
        self.small.iter_mut().zip(&other.small).for_each(|(sum, count)| *sum += count);
        for (cell, count) in &other.large {
            *self.large.entry(*cell).or_default() += count;
        }
        self.voxels += other.voxels;
    }

    /// Level and size, both from 1 on, and count of all cells that are not empty.
    fn cells(&self) -> impl Iterator<Item = (f64, f64, u64)> {
        let small = self.small.iter().enumerate().filter(|(_, count)| **count > 0);
        let small = small.map(|(n, count)| ((n / SMALL, (n % SMALL + 1) as u64), *count));
        let all = small.chain(self.large.iter().map(|(cell, count)| (*cell, *count)));
        all.map(|((level, size), count)| ((level + 1) as f64, size as f64, count))
    }

    fn total(&self) -> u64 {
        self.cells().map(|(_, _, count)| count).sum()
    }

    /// The 16 shared features: emphases of small and large sizes, of low and high levels and of
    /// their combinations; non-uniformities; percentage; variances; entropy.
    pub(crate) fn features(&self) -> [Value; COUNT] {
        let total = self.total();
        if total == 0 {
            return [Err(NOTHING); COUNT];
        }
        let entries = total as f64;
        let mean = |of: &dyn Fn(f64, f64) -> f64| {
            let terms = self.cells().map(|(level, size, count)| count as f64 * of(level, size));
            terms.sum::<f64>() / entries
        };
        let [levels, sizes] = self.marginals();
        let squares = |counts: &BTreeMap<u64, u64>| {
            counts.values().map(|count| (*count as f64).powi(2)).sum::<f64>()
        };
        let (level_squares, size_squares) = (squares(&levels), squares(&sizes));
        let level_mean = mean(&|level, _| level);
        let size_mean = mean(&|_, size| size);
        [
            mean(&|_, size| 1.0 / (size * size)),
            mean(&|_, size| size * size),
            mean(&|level, _| 1.0 / (level * level)),
            mean(&|level, _| level * level),
            mean(&|level, size| 1.0 / (level * size).powi(2)),
            mean(&|level, size| (level / size).powi(2)),
            mean(&|level, size| (size / level).powi(2)),
            mean(&|level, size| (level * size).powi(2)),
            level_squares / entries,
            level_squares / (entries * entries),
            size_squares / entries,
            size_squares / (entries * entries),
            entries / self.voxels as f64,
            mean(&|level, _| (level - level_mean).powi(2)),
            mean(&|_, size| (size - size_mean).powi(2)),
            entropy(self.cells().map(|(_, _, count)| count), total),
        ]
        .map(Ok)
    }

    /// Sum of the squares of all shares.
    pub(crate) fn energy(&self) -> Value {
        let total = self.total() as f64;
        let squares = self.cells().map(|(_, _, count)| (count as f64 / total).powi(2));
        if total > 0.0 { Ok(squares.sum()) } else { Err(NOTHING) }
    }

    /// Counts of each level, and of each size.
    fn marginals(&self) -> [BTreeMap<u64, u64>; 2] {
        let mut sums = [BTreeMap::new(), BTreeMap::new()];
        for (level, size, count) in self.cells() {
            *sums[0].entry(level as u64).or_default() += count;
            *sums[1].entry(size as u64).or_default() += count;
        }
        sums
    }
}

/// All together.
pub(crate) fn merged(tallies: &[Tally]) -> Tally {
    let mut sum = Tally::default();
    for tally in tallies {
        sum.merge(tally);
    }
    sum
}
