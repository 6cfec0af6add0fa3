//! Local intensity (9ST6): the mean in a ball of 1 cm³ about a voxel.

use hilum_kernel::par;
use nalgebra::Vector3;

use crate::feature::{Definition, EMPTY, Family, Value, rows};
use crate::roi::bounds;
use crate::{Aggregation, Feature, Roi};

const DEFINITIONS: [Definition; 2] = [
    Definition::new("Local intensity peak", "F_loc.peak.local", "VJGA", "loc_peak_loc"),
    Definition::new("Global intensity peak", "F_loc.peak.global", "0F91", "loc_peak_glob"),
];

/// All of the family. Voxels outside of the region count in the balls, those outside of the image do
/// not.
///
/// The local peak is the mean about the brightest voxel, the highest of them where several are as
/// bright; the global peak is the highest mean about any voxel of the region.
pub(crate) fn features(roi: &Roi) -> Vec<Feature> {
    let values = match peaks(roi) {
        Some(both) => both.map(Ok),
        None => [Err(EMPTY); 2] as [Value; 2],
    };
    rows(Family::LocalIntensity, Aggregation::Whole, &DEFINITIONS, &values)
}

fn peaks(roi: &Roi) -> Option<[f64; 2]> {
    let bounds = bounds(roi.intensity())?;
    let brightest = roi.intensities().into_iter().fold(f64::NEG_INFINITY, f64::max);
    let sums = Sums::of(roi);
    let ball = ball(roi);
    let found = par::collect(bounds[0][1] - bounds[0][0], |n| {
        let k = n + bounds[0][0];
        let mut best = [f64::NEG_INFINITY; 2];
        for j in bounds[1][0]..bounds[1][1] {
            for i in bounds[2][0]..bounds[2][1] {
                if roi.intensity().at([k, j, i]) {
                    let mean = sums.mean([k, j, i], &ball);
                    if f64::from(roi.image().at([k, j, i])) == brightest {
                        best[0] = best[0].max(mean);
                    }
                    best[1] = best[1].max(mean);
                }
            }
        }
        best
    });
    Some([0, 1].map(|n| found.iter().map(|best| best[n]).fold(f64::NEG_INFINITY, f64::max)))
}

/// Rows of a ball: steps in `k` and `j`, and the first and last step in `i`.
fn ball(roi: &Roi) -> Vec<[isize; 4]> {
    // Of 1 cm³, in mm.
    let radius = (3000.0 / (4.0 * std::f64::consts::PI)).cbrt();
    let axes = roi.image().grid().axes();
    let per_mm = roi.image().grid().voxels_per_mm();
    // No point of the ball lies farther along an axis than its radius times this row.
    let reach = [0, 1, 2].map(|n| (radius * per_mm.row(n).norm()).ceil() as isize);
    let is_in = |k: isize, j: isize, i: isize| {
        (axes * Vector3::new(k as f64, j as f64, i as f64)).norm() <= radius
    };
    let mut rows = Vec::new();
    for k in -reach[0]..=reach[0] {
        for j in -reach[1]..=reach[1] {
            let columns: Vec<isize> = (-reach[2]..=reach[2]).filter(|i| is_in(k, j, *i)).collect();
            if let (Some(first), Some(last)) = (columns.first(), columns.last()) {
                rows.push([k, j, *first, *last]);
            }
        }
    }
    rows
}

/// Sums of each row of an image from its start.
struct Sums {
    shape: [usize; 3],
    sums: Vec<f64>,
}

impl Sums {
    fn of(roi: &Roi) -> Self {
        let shape = roi.image().grid().shape();
        let mut sums = Vec::with_capacity(shape[0] * shape[1] * (shape[2] + 1));
        for row in roi.image().as_slice().chunks_exact(shape[2].max(1)) {
            let mut sum = 0.0;
            sums.push(sum);
            for value in row {
                sum += f64::from(*value);
                sums.push(sum);
            }
        }
        Self { shape, sums }
    }

    fn mean(&self, [k, j, i]: [usize; 3], ball: &[[isize; 4]]) -> f64 {
        let [slices, rows, columns] = self.shape;
        let (mut sum, mut count) = (0.0, 0);
        for [dk, dj, first, last] in ball {
            let (Some(k), Some(j)) = (k.checked_add_signed(*dk), j.checked_add_signed(*dj)) else {
                continue;
            };
            if k >= slices || j >= rows {
                continue;
            }
            let from = i.saturating_add_signed(*first);
            let to = (i.saturating_add_signed(*last) + 1).min(columns);
            let row = (k * rows + j) * (columns + 1);
            if from < to && i as isize + *last >= 0 {
                sum += self.sums[row + to] - self.sums[row + from];
                count += to - from;
            }
        }
        sum / count as f64
    }
}
