//! The pairs of levels in a window that moves.

use crate::CooccurrenceFeature;
use crate::feature::Value;
use crate::levels::quotient;
use crate::pair_features::{NO_PAIRS, PairSums};

/// The sums of [`PairSums`], kept while pairs come and go: exact, since all of them are counted.
pub(crate) trait Pairs {
    /// A pair comes.
    fn add(&mut self, one: u16, other: u16);
    /// A pair goes that has come before.
    fn remove(&mut self, one: u16, other: u16);
    /// All pairs go.
    fn clear(&mut self);
    /// A feature of the pairs that are there.
    fn value(&mut self, feature: CooccurrenceFeature) -> Value;
}

/// Sums of differences and of their squares, for the two features that need no more: whole numbers, of
/// which the quotient is the one that a histogram of differences gives.
#[derive(Default)]
pub(crate) struct Moments {
    pairs: u64,
    sum: u64,
    squares: u64,
}

impl Pairs for Moments {
    fn add(&mut self, one: u16, other: u16) {
        let difference = u64::from(one.abs_diff(other));
        self.pairs += 1;
        self.sum += difference;
        self.squares += difference * difference;
    }

    fn remove(&mut self, one: u16, other: u16) {
        let difference = u64::from(one.abs_diff(other));
        self.pairs -= 1;
        self.sum -= difference;
        self.squares -= difference * difference;
    }

    fn clear(&mut self) {
        *self = Self::default();
    }

    fn value(&mut self, feature: CooccurrenceFeature) -> Value {
        let sum = if feature == CooccurrenceFeature::Contrast { self.squares } else { self.sum };
        quotient(sum as f64, self.pairs as f64, NO_PAIRS)
    }
}

/// The histogram of differences alone, for the features that need no more.
pub(crate) struct Differences(PairSums);

impl Differences {
    pub(crate) fn new(levels: usize) -> Self {
        Self(PairSums::new(levels))
    }
}

impl Pairs for Differences {
    fn add(&mut self, one: u16, other: u16) {
        self.0.total += 2;
        self.0.differences[usize::from(one.abs_diff(other))] += 2;
    }

    fn remove(&mut self, one: u16, other: u16) {
        self.0.total -= 2;
        self.0.differences[usize::from(one.abs_diff(other))] -= 2;
    }

    fn clear(&mut self) {
        self.0.total = 0;
        self.0.differences.fill(0);
    }

    fn value(&mut self, feature: CooccurrenceFeature) -> Value {
        self.0.value(feature)
    }
}

/// The whole matrix, and how many of its cells hold how many pairs.
pub(crate) struct Matrix {
    sums: PairSums,
    cells: Vec<u32>,
    /// `[on the diagonal][pairs]`, number of cells.
    holding: [Vec<u64>; 2],
    levels: usize,
}

impl Matrix {
    /// For at most so many pairs at a time.
    pub(crate) fn new(levels: usize, pairs: usize) -> Self {
        Self {
            sums: PairSums::new(levels),
            cells: vec![0; levels * levels],
            holding: [vec![0; pairs + 1], vec![0; pairs + 1]],
            levels,
        }
    }

    fn cell(&mut self, one: u16, other: u16) -> (&mut u32, &mut Vec<u64>) {
        let (low, high) = (usize::from(one.min(other)) - 1, usize::from(one.max(other)) - 1);
        (&mut self.cells[high * self.levels + low], &mut self.holding[usize::from(low == high)])
    }
}

impl Pairs for Matrix {
    fn add(&mut self, one: u16, other: u16) {
        let (cell, holding) = self.cell(one, other);
        // How many cells are empty is of no use, and grows and shrinks at will.
        holding[*cell as usize] = holding[*cell as usize].wrapping_sub(1);
        *cell += 1;
        holding[*cell as usize] += 1;
        let (one, other) = (usize::from(one) - 1, usize::from(other) - 1);
        self.sums.total += 2;
        self.sums.marginal[one] += 1;
        self.sums.marginal[other] += 1;
        self.sums.differences[one.abs_diff(other)] += 2;
        self.sums.sums[one + other] += 2;
    }

    fn remove(&mut self, one: u16, other: u16) {
        let (cell, holding) = self.cell(one, other);
        holding[*cell as usize] -= 1;
        *cell -= 1;
        holding[*cell as usize] = holding[*cell as usize].wrapping_add(1);
        let (one, other) = (usize::from(one) - 1, usize::from(other) - 1);
        self.sums.total -= 2;
        self.sums.marginal[one] -= 1;
        self.sums.marginal[other] -= 1;
        self.sums.differences[one.abs_diff(other)] -= 2;
        self.sums.sums[one + other] -= 2;
    }

    fn clear(&mut self) {
        self.sums = PairSums::new(self.levels);
        self.cells.fill(0);
        self.holding.iter_mut().for_each(|counts| counts.fill(0));
    }

    fn value(&mut self, feature: CooccurrenceFeature) -> Value {
        (self.sums.largest, self.sums.squares, self.sums.logarithms) = (0, 0.0, 0.0);
        for (on_diagonal, counts) in [false, true].into_iter().zip(&self.holding) {
            for (pairs, cells) in (1..).zip(&counts[1..]).filter(|(_, cells)| **cells > 0) {
                self.sums.cell(pairs, on_diagonal, *cells);
            }
        }
        self.sums.value(feature)
    }
}
