//! Grey level co-occurrence matrix (LFYI): how often levels are neighbours.
//!
//! The matrix is symmetrical and of Chebyshev distance 1. It is kept as a triangle: a pair of levels
//! has no order.

use std::ops::Range;

use hilum_kernel::par;

use crate::feature::{Definition, Family, Value, averaged, rows};
use crate::levels::Levels;
use crate::pair_features::{COUNT, PairSums};
use crate::steps::{IN_PLANE, IN_SPACE};
use crate::{Aggregation, Dimensions, Feature};

/// Names of the features, in the order of [`PairSums::features`].
pub(crate) const DEFINITIONS: [Definition; COUNT] = [
    Definition::new("Joint maximum", "F_cm.joint.max", "GYBY", "cm_joint_max"),
    Definition::new("Joint average", "F_cm.joint.avg", "60VM", "cm_joint_avg"),
    Definition::new("Joint variance", "F_cm.joint.var", "UR99", "cm_joint_var"),
    Definition::new("Joint entropy", "F_cm.joint.entr", "TU9B", "cm_joint_entr"),
    Definition::new("Difference average", "F_cm.diff.avg", "TF7R", "cm_diff_avg"),
    Definition::new("Difference variance", "F_cm.diff.var", "D3YU", "cm_diff_var"),
    Definition::new("Difference entropy", "F_cm.diff.entr", "NTRS", "cm_diff_entr"),
    Definition::new("Sum average", "F_cm.sum.avg", "ZGXS", "cm_sum_avg"),
    Definition::new("Sum variance", "F_cm.sum.var", "OEEB", "cm_sum_var"),
    Definition::new("Sum entropy", "F_cm.sum.entr", "P6QZ", "cm_sum_entr"),
    Definition::new("Angular second moment", "F_cm.energy", "8ZQL", "cm_energy"),
    Definition::new("Contrast", "F_cm.contrast", "ACUI", "cm_contrast"),
    Definition::new("Dissimilarity", "F_cm.dissimilarity", "8S9J", "cm_dissimilarity"),
    Definition::new("Inverse difference", "F_cm.inv.diff", "IB1Z", "cm_inv_diff"),
    Definition::new(
        "Normalised inverse difference",
        "F_cm.inv.diff.norm",
        "NDRX",
        "cm_inv_diff_norm",
    ),
    Definition::new("Inverse difference moment", "F_cm.inv.diff.mom", "WF0Z", "cm_inv_diff_mom"),
    Definition::new(
        "Normalised inverse difference moment",
        "F_cm.inv.diff.mom.norm",
        "1QCO",
        "cm_inv_diff_mom_norm",
    ),
    Definition::new("Inverse variance", "F_cm.inv.var", "E8JP", "cm_inv_var"),
    Definition::new("Correlation", "F_cm.corr", "NI2N", "cm_corr"),
    Definition::new("Autocorrelation", "F_cm.auto.corr", "QWB0", "cm_auto_corr"),
    Definition::new("Cluster tendency", "F_cm.clust.tend", "DG8W", "cm_clust_tend"),
    Definition::new("Cluster shade", "F_cm.clust.shade", "7NFM", "cm_clust_shade"),
    Definition::new("Cluster prominence", "F_cm.clust.prom", "AE86", "cm_clust_prom"),
    Definition::new("Information correlation 1", "F_cm.info.corr.1", "R8DG", "cm_info_corr1"),
    Definition::new("Information correlation 2", "F_cm.info.corr.2", "JN9H", "cm_info_corr2"),
];

/// Matrices of more levels than this take too much memory.
pub(crate) const MOST_LEVELS: usize = 2048;
pub(crate) const TOO_MANY: &str = "co-occurrence of more than 2048 grey levels is not counted";

/// Counts of pairs of levels, one triangle of the matrix.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cooccurrence {
    levels: usize,
    /// `[larger][smaller]`, from level 1 on.
    counts: Vec<u32>,
}

impl Cooccurrence {
    /// Of no pairs yet.
    pub(crate) fn new(levels: usize) -> Self {
        Self { levels, counts: vec![0; levels * levels] }
    }

    /// Of all pairs a step apart of which the first lies in a range of places.
    fn of(levels: &Levels, places: Range<usize>, step: [isize; 3]) -> Self {
        let mut matrix = Self::new(levels.count);
        let offset = levels.offset(step);
        for place in places {
            let one = levels.values[place];
            if one > 0 {
                // The rim keeps a neighbour of the region inside of the array.
                let other = levels.values[place.wrapping_add_signed(offset)];
                if other > 0 {
                    let cell = matrix.cell(one, other);
                    matrix.counts[cell] += 1;
                }
            }
        }
        matrix
    }

    fn cell(&self, one: u16, other: u16) -> usize {
        let (one, other) = (usize::from(one) - 1, usize::from(other) - 1);
        one.max(other) * self.levels + one.min(other)
    }

    fn merge(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(sum, count)| *sum += count);
    }

    /// Sums over the matrix that the features are made of.
    pub(crate) fn sums(&self) -> PairSums {
        let mut sums = PairSums::new(self.levels);
        for (larger, row) in self.counts.chunks_exact(self.levels.max(1)).enumerate() {
            for (smaller, count) in row[..=larger].iter().enumerate() {
                if *count > 0 {
                    sums.add(larger, smaller, u64::from(*count));
                }
            }
        }
        sums
    }

    fn features(&self) -> Vec<Value> {
        self.sums().features().to_vec()
    }
}

/// All of the family.
pub(crate) fn features(
    levels: Result<&Levels, &'static str>,
    dimensions: Dimensions,
) -> Vec<Feature> {
    let levels = levels
        .and_then(|levels| if levels.count > MOST_LEVELS { Err(TOO_MANY) } else { Ok(levels) });
    let found = |aggregation, values: &[Value]| {
        rows(Family::Cooccurrence, aggregation, &DEFINITIONS, values)
    };
    let levels = match levels {
        Ok(levels) => levels,
        Err(reason) => {
            let none = [Err(reason); COUNT];
            let each = dimensions.directed().into_iter();
            return each.flat_map(|aggregation| found(aggregation, &none)).collect();
        }
    };
    let mut features = Vec::new();
    if dimensions.by_slice {
        let [each, slices] = in_slices(levels);
        let (directions, merged) = across_slices(levels);
        features.extend(found(Aggregation::SlicesAveraged, &each));
        features.extend(found(Aggregation::SlicesMerged, &slices));
        features.extend(found(Aggregation::DirectionsMerged, &directions));
        features.extend(found(Aggregation::PlanesMerged, &merged));
    }
    if dimensions.in_volume {
        let (directions, merged) = merged(levels, &IN_SPACE);
        features.extend(found(Aggregation::VolumeAveraged, &directions));
        features.extend(found(Aggregation::VolumeMerged, &merged));
    }
    features
}

/// Averages over slices and directions, and over slices in each of which directions are merged.
fn in_slices(levels: &Levels) -> [Vec<Value>; 2] {
    let slices = levels.slices();
    let each = par::collect(slices.len(), |n| {
        let matrices = IN_PLANE.map(|step| Cooccurrence::of(levels, levels.slice(slices[n]), step));
        let mut merged = matrices[0].clone();
        matrices[1..].iter().for_each(|matrix| merged.merge(matrix));
        (matrices.map(|matrix| matrix.features()), merged.features())
    });
    let directions: Vec<_> = each.iter().flat_map(|(directions, _)| directions.clone()).collect();
    let slices: Vec<_> = each.into_iter().map(|(_, slice)| slice).collect();
    [averaged(&directions, COUNT), averaged(&slices, COUNT)]
}

fn across_slices(levels: &Levels) -> (Vec<Value>, Vec<Value>) {
    merged(levels, &IN_PLANE)
}

/// The average over directions, and the features of all directions merged.
fn merged(levels: &Levels, steps: &[[isize; 3]]) -> (Vec<Value>, Vec<Value>) {
    let places = 0..levels.values.len();
    let matrices =
        par::collect(steps.len(), |n| Cooccurrence::of(levels, places.clone(), steps[n]));
    let each = par::collect(steps.len(), |n| matrices[n].features());
    let mut merged = Cooccurrence::new(levels.count);
    for matrix in &matrices {
        merged.merge(matrix);
    }
    (averaged(&each, COUNT), merged.features())
}
