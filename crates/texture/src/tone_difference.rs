//! Neighbourhood grey tone difference matrix (IPET): how much a voxel differs from the mean of its
//! neighbours.

use std::ops::Range;

use hilum_kernel::par;

use crate::feature::{Definition, Family, Value, averaged, rows};
use crate::levels::Levels;
use crate::zones::neighbours;
use crate::{Aggregation, Dimensions, Feature};

const COUNT: usize = 5;

const DEFINITIONS: [Definition; COUNT] = [
    Definition::new("Coarseness", "F_ngt.coarseness", "QCDE", "ngt_coarseness"),
    Definition::new("Contrast", "F_ngt.contrast", "65HE", "ngt_contrast"),
    Definition::new("Busyness", "F_ngt.busyness", "NQ30", "ngt_busyness"),
    Definition::new("Complexity", "F_ngt.complexity", "HDEZ", "ngt_complexity"),
    Definition::new("Strength", "F_ngt.strength", "1X9X", "ngt_strength"),
];

/// All of the family.
pub(crate) fn features(
    levels: Result<&Levels, &'static str>,
    dimensions: Dimensions,
) -> Vec<Feature> {
    let found = |aggregation, values: &[Value]| {
        rows(Family::ToneDifference, aggregation, &DEFINITIONS, values)
    };
    let levels = match levels {
        Ok(levels) => levels,
        Err(reason) => {
            let each = dimensions.undirected().into_iter();
            return each
                .flat_map(|aggregation| found(aggregation, &[Err(reason); COUNT]))
                .collect();
        }
    };
    let mut features = Vec::new();
    if dimensions.by_slice {
        let slices = levels.slices();
        let matrices = par::collect(slices.len(), |n| {
            ToneDifference::of(levels, levels.slice(slices[n]), false)
        });
        let each: Vec<_> = matrices.iter().map(ToneDifference::features).collect();
        features.extend(found(Aggregation::BySlice, &averaged(&each, COUNT)));
        let merged = ToneDifference::merged(&matrices, levels.count);
        features.extend(found(Aggregation::AcrossSlices, &merged.features()));
    }
    if dimensions.in_volume {
        let slices = levels.slices();
        // Slice by slice, so that sums do not depend on threads.
        let matrices = par::collect(slices.len(), |n| {
            ToneDifference::of(levels, levels.slice(slices[n]), true)
        });
        let merged = ToneDifference::merged(&matrices, levels.count);
        features.extend(found(Aggregation::Volume, &merged.features()));
    }
    features
}

/// Number of voxels of each level that have a neighbour, `n_i`, and the sum of their differences
/// from the mean of their neighbours, `s_i`.
struct ToneDifference {
    counts: Vec<u64>,
    differences: Vec<f64>,
}

impl ToneDifference {
    fn new(levels: usize) -> Self {
        Self { counts: vec![0; levels], differences: vec![0.0; levels] }
    }

    fn of(levels: &Levels, places: Range<usize>, in_space: bool) -> Self {
        let offsets: Vec<isize> =
            neighbours(in_space).into_iter().map(|step| levels.offset(step)).collect();
        let mut matrix = Self::new(levels.count);
        for place in places {
            let level = levels.values[place];
            if level == 0 {
                continue;
            }
            let (mut sum, mut count) = (0_u32, 0_u32);
            for offset in &offsets {
                let other = levels.values[place.wrapping_add_signed(*offset)];
                sum += u32::from(other);
                count += u32::from(other > 0);
            }
            if count > 0 {
                let row = usize::from(level) - 1;
                let mean = f64::from(sum) / f64::from(count);
                matrix.counts[row] += 1;
                matrix.differences[row] += (f64::from(level) - mean).abs();
            }
        }
        matrix
    }

    fn merged(matrices: &[Self], levels: usize) -> Self {
        let mut sum = Self::new(levels);
        for matrix in matrices {
            sum.counts.iter_mut().zip(&matrix.counts).for_each(|(sum, count)| *sum += count);
            let pairs = sum.differences.iter_mut().zip(&matrix.differences);
            pairs.for_each(|(sum, difference)| *sum += difference);
        }
        sum
    }

    /// The features. Where all voxels have one level, the standard says what they are.
    fn features(&self) -> Vec<Value> {
        let total = self.counts.iter().sum::<u64>() as f64;
        if total == 0.0 {
            return vec![Err(ALONE); COUNT];
        }
        // Level, share and difference of the levels that occur.
        let present: Vec<[f64; 3]> = (0..self.counts.len())
            .filter(|n| self.counts[*n] > 0)
            .map(|n| [(n + 1) as f64, self.counts[n] as f64 / total, self.differences[n]])
            .collect();
        let levels = present.len() as f64;
        let all: f64 = self.differences.iter().sum();
        let weighted: f64 = present.iter().map(|[_, share, difference]| share * difference).sum();
        let over_pairs = |term: &dyn Fn([f64; 3], [f64; 3]) -> f64| -> f64 {
            present.iter().map(|a| present.iter().map(|b| term(*a, *b)).sum::<f64>()).sum()
        };
        let spread = over_pairs(&|[i, p, _], [j, q, _]| p * q * (i - j).powi(2));
        let weights = over_pairs(&|[i, p, _], [j, q, _]| (i * p - j * q).abs());
        let complexity =
            over_pairs(&|[i, p, s], [j, q, t]| (i - j).abs() * (p * s + q * t) / (p + q));
        let strength = over_pairs(&|[i, p, _], [j, q, _]| (p + q) * (i - j).powi(2));
        let one = present.len() < 2;
        vec![
            Ok(if weighted > 0.0 { (1.0 / weighted).min(COARSEST) } else { COARSEST }),
            Ok(if one { 0.0 } else { spread / (levels * (levels - 1.0)) * all / total }),
            Ok(if one || weights == 0.0 { 0.0 } else { weighted / weights }),
            Ok(complexity / total),
            Ok(if all > 0.0 { strength / all } else { 0.0 }),
        ]
    }
}

/// What the standard gives a region of one grey level.
const COARSEST: f64 = 1e6;
const ALONE: &str = "no voxel of the region has a neighbour in it";
