//! Probabilities between sites.

use super::posteriors::{MOST_CLASSES, Posteriors};

/// The sites around each voxel of a box.
pub(crate) struct Around<'a> {
    posteriors: &'a Posteriors,
    /// Slice of the CT that is the first of the box.
    first: usize,
    rows: Vec<Near>,
    columns: Vec<Near>,
}

/// The sites around each voxel of a slice of a box, and how near they are.
pub(crate) struct Blend<'a> {
    around: &'a Around<'a>,
    /// Bytes of the nearest slice of sites, and of one row of it.
    sites: &'a [u8],
    width: usize,
}

/// Sites on either side of a voxel along one axis, and their shares.
#[derive(Clone, Copy)]
struct Near {
    sites: [usize; 2],
    shares: [f32; 2],
}

/// A site far off still speaks where no nearer one does.
const LEAST: f32 = 1e-3;

impl Posteriors {
    /// The sites around the voxels of a box of the CT, whose first voxel is `first`.
    pub(crate) fn around(&self, first: [usize; 3], shape: [usize; 3]) -> Around<'_> {
        let near = |axis: usize| self.near(axis, first[axis], shape[axis]);
        Around { posteriors: self, first: first[0], rows: near(1), columns: near(2) }
    }

    /// The sites along an axis around `count` voxels of the CT from `first` on.
    fn near(&self, axis: usize, first: usize, count: usize) -> Vec<Near> {
        let last = self.sites.shape()[axis] - 1;
        let near = |voxel: usize| {
            let place = self.place(axis, voxel);
            let site = place.floor() as usize;
            let sites = [site, (site + 1).min(last)];
            Near { sites, shares: sites.map(|site| 1.0 - (place - site as f32).abs()) }
        };
        (first..first + count).map(near).collect()
    }

    /// Where a voxel of the CT lies among the sites.
    fn place(&self, axis: usize, voxel: usize) -> f32 {
        let steps = (voxel as f64 - self.first[axis]) / self.steps[axis];
        steps.clamp(0.0, (self.sites.shape()[axis] - 1) as f64) as f32
    }
}

impl Around<'_> {
    /// What slice `k` of the box is told from.
    pub(crate) fn slice(&self, k: usize) -> Blend<'_> {
        let slice = self.posteriors.place(0, self.first + k).round() as usize;
        let [_, height, length] = self.posteriors.sites.shape();
        let width = length * self.posteriors.classes.len();
        let sites = &self.posteriors.bytes[slice * height * width..][..height * width];
        Blend { around: self, sites, width }
    }
}

impl Blend<'_> {
    /// Weighted sum of the probabilities of the sites around a voxel of the box, if any of them is told.
    pub(crate) fn at(&self, row: usize, column: usize) -> Option<[f32; MOST_CLASSES]> {
        let (row, column) = (&self.around.rows[row], &self.around.columns[column]);
        let classes = self.around.posteriors.classes.len();
        let mut blend = [0.0; MOST_CLASSES];
        for (j, by_row) in row.sites.into_iter().zip(row.shares) {
            for (i, by_column) in column.sites.into_iter().zip(column.shares) {
                let weight = (by_row * by_column).max(LEAST);
                // A site that is not told adds nothing.
                let bytes = &self.sites[j * self.width + i * classes..][..classes];
                for (sum, byte) in blend.iter_mut().zip(bytes) {
                    *sum += weight * f32::from(*byte);
                }
            }
        }
        blend.iter().any(|sum| *sum > 0.0).then_some(blend)
    }
}
