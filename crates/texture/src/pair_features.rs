//! Features of a co-occurrence matrix, from a few sums over it.
//!
//! A symmetrical matrix has equal marginals, so that all 25 features follow from the marginal, from
//! the histograms of sums and differences of the two levels, and from three sums over cells. This is
//! what regions and dense maps share: a region takes the sums once, a moving window keeps them.

use crate::CooccurrenceFeature;
use crate::feature::{CONSTANT, Value};
use crate::levels::{entropy, quotient};

/// Number of features of the family.
pub(crate) const COUNT: usize = 25;

/// No voxel of the region has a neighbour in it.
pub(crate) const NO_PAIRS: &str = "no two voxels of the region are neighbours";

/// Sums over a matrix of pairs of levels.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PairSums {
    /// Entries of the symmetrical matrix: twice the number of pairs.
    pub(crate) total: u64,
    /// Entries with a level `n + 1` first.
    pub(crate) marginal: Vec<u64>,
    /// Entries whose levels differ by `n`.
    pub(crate) differences: Vec<u64>,
    /// Entries whose levels add up to `n + 2`.
    pub(crate) sums: Vec<u64>,
    /// The greatest entry.
    pub(crate) largest: u64,
    /// Squares of all entries.
    pub(crate) squares: f64,
    /// `c log2 c` of all entries.
    pub(crate) logarithms: f64,
}

impl PairSums {
    pub(crate) fn new(levels: usize) -> Self {
        Self {
            total: 0,
            marginal: vec![0; levels],
            differences: vec![0; levels],
            sums: vec![0; 2 * levels],
            largest: 0,
            squares: 0.0,
            logarithms: 0.0,
        }
    }

    /// Takes a cell of the triangle in, with levels counted from 0.
    pub(crate) fn add(&mut self, larger: usize, smaller: usize, pairs: u64) {
        self.total += 2 * pairs;
        self.marginal[larger] += pairs;
        self.marginal[smaller] += pairs;
        self.differences[larger - smaller] += 2 * pairs;
        self.sums[larger + smaller] += 2 * pairs;
        self.cell(pairs, larger == smaller, 1);
    }

    /// Takes the entries of `cells` cells in that hold as many pairs each. A pair of equal levels
    /// makes two entries in one place, others one in either half of the matrix.
    pub(crate) fn cell(&mut self, pairs: u64, on_diagonal: bool, cells: u64) {
        let (entry, places) = if on_diagonal { (2 * pairs, 1) } else { (pairs, 2) };
        let (count, weight) = (entry as f64, (places * cells) as f64);
        self.largest = self.largest.max(entry);
        self.squares += weight * count * count;
        self.logarithms += weight * count * count.log2();
    }

    /// The features, in the order of the published tables.
    pub(crate) fn features(&self) -> [Value; COUNT] {
        CooccurrenceFeature::ALL.map(|feature| self.value(feature))
    }

    /// One feature.
    pub(crate) fn value(&self, feature: CooccurrenceFeature) -> Value {
        use CooccurrenceFeature as F;
        if self.total == 0 {
            return Err(NO_PAIRS);
        }
        let total = self.total as f64;
        let levels = self.marginal.len() as f64;
        Ok(match feature {
            F::JointMaximum => self.largest as f64 / total,
            F::JointAverage => self.average(),
            F::JointVariance => self.variance(),
            F::JointEntropy => self.joint_entropy(),
            F::DifferenceAverage | F::Dissimilarity => self.difference(|d| d),
            F::DifferenceVariance => {
                let mean = self.difference(|d| d);
                self.difference(|d| (d - mean).powi(2))
            }
            F::DifferenceEntropy => self.entropy(&self.differences),
            F::SumAverage => 2.0 * self.average(),
            F::SumVariance | F::ClusterTendency => self.cluster(2),
            F::SumEntropy => self.entropy(&self.sums),
            F::AngularSecondMoment => self.squares / (total * total),
            F::Contrast => self.difference(|d| d * d),
            F::InverseDifference => self.difference(|d| 1.0 / (1.0 + d)),
            F::NormalisedInverseDifference => self.difference(|d| 1.0 / (1.0 + d / levels)),
            F::InverseDifferenceMoment => self.difference(|d| 1.0 / (1.0 + d * d)),
            F::NormalisedInverseDifferenceMoment => {
                self.difference(|d| 1.0 / (1.0 + (d / levels).powi(2)))
            }
            F::InverseVariance => self.difference(|d| if d > 0.0 { 1.0 / (d * d) } else { 0.0 }),
            F::Correlation => {
                // The covariance is a quarter of what sums vary more than differences.
                let covariance = (self.cluster(2) - self.difference(|d| d * d)) / 4.0;
                return quotient(covariance, self.variance(), CONSTANT);
            }
            F::Autocorrelation => {
                let squares = self.over(&self.sums, |s| (s + 2.0).powi(2));
                (squares - self.difference(|d| d * d)) / 4.0
            }
            F::ClusterShade => self.cluster(3),
            F::ClusterProminence => self.cluster(4),
            F::InformationCorrelation1 => {
                return quotient(-self.information(), self.entropy(&self.marginal), CONSTANT);
            }
            F::InformationCorrelation2 => (1.0 - (-2.0 * self.information().max(0.0)).exp()).sqrt(),
        })
    }

    fn average(&self) -> f64 {
        self.over(&self.marginal, |n| n + 1.0)
    }

    fn variance(&self) -> f64 {
        let average = self.average();
        self.over(&self.marginal, |n| (n + 1.0 - average).powi(2))
    }

    /// log2 of shares is log2 of counts less log2 of the total.
    fn joint_entropy(&self) -> f64 {
        let total = self.total as f64;
        (total.log2() - self.logarithms / total).max(0.0)
    }

    /// Were the two levels independent, their joint entropy would be twice that of one.
    fn information(&self) -> f64 {
        2.0 * self.entropy(&self.marginal) - self.joint_entropy()
    }

    fn cluster(&self, power: i32) -> f64 {
        let average = self.average();
        self.over(&self.sums, |s| (s + 2.0 - 2.0 * average).powi(power))
    }

    /// The mean of a function of the difference of two levels.
    pub(crate) fn difference(&self, of: impl Fn(f64) -> f64) -> f64 {
        self.over(&self.differences, of)
    }

    fn over(&self, counts: &[u64], of: impl Fn(f64) -> f64) -> f64 {
        let filled = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let sum: f64 = filled.map(|(n, count)| *count as f64 * of(n as f64)).sum();
        sum / self.total as f64
    }

    fn entropy(&self, counts: &[u64]) -> f64 {
        entropy(counts.iter().copied(), self.total)
    }
}
