//! Scores of patches, blended into labels of the image.

use hilum_core::{Grid, Volume};
use hilum_kernel::par;

use super::windows::roof;
use crate::Error;

/// Weighted sums of the scores in the slices that patches still reach, and the labels of those
/// below.
///
/// The sum of the weights of a voxel need not be kept: dividing by it changes no order of the
/// channels.
pub(crate) struct Scores {
    grid: Grid,
    /// Label of each channel.
    numbers: Vec<u8>,
    /// Weight along each axis of a patch.
    roofs: [Vec<f32>; 3],
    /// `[channel, k, j, i]` for the slices from `first` on, as many as a patch has.
    sums: Vec<f32>,
    first: usize,
    /// Of all slices below `first`.
    labels: Vec<u8>,
}

impl Scores {
    pub(crate) fn new(grid: &Grid, patch: [usize; 3], numbers: &[u8]) -> Self {
        let [slices, rows, columns] = grid.shape();
        Self {
            grid: grid.clone(),
            numbers: numbers.to_vec(),
            roofs: patch.map(roof),
            sums: vec![0.0; numbers.len() * patch[0].min(slices) * rows * columns],
            first: 0,
            labels: Vec::with_capacity(grid.voxel_count()),
        }
    }

    /// Adds the scores of the patch that begins at `start`: `[channel, k, j, i]`.
    ///
    /// Patches come in the order of their first slices.
    ///
    /// # Errors
    ///
    /// [`Error::NotANumber`] if a score is none.
    pub(crate) fn add(&mut self, start: [usize; 3], scores: &[f32]) -> Result<(), Error> {
        if scores.iter().any(|score| !score.is_finite()) {
            return Err(Error::NotANumber);
        }
        self.settle(start[0]);
        let [_, rows, columns] = self.grid.shape();
        let (depth, slab) = (self.depth(), self.slab());
        let [deep, high, wide] = [0, 1, 2].map(|n| self.roofs[n].len());
        let lines = scores.chunks_exact(wide).zip(0..);
        for (line, n) in lines {
            let (channel, k, row) = (n / high / deep, n / high % deep, n % high);
            let j = start[1] + row;
            if k >= depth || j >= rows {
                continue;
            }
            let weight = self.roofs[0][k] * self.roofs[1][row];
            let place = channel * slab + (k * rows + j) * columns + start[2];
            let sums = &mut self.sums[place..][..wide.min(columns)];
            for ((sum, score), roof) in sums.iter_mut().zip(line).zip(&self.roofs[2]) {
                *sum += score * weight * roof;
            }
        }
        Ok(())
    }

    /// The label of the channel with the highest score, the first of several.
    pub(crate) fn labels(mut self) -> Volume<u8> {
        self.settle(self.grid.shape()[0]);
        Volume::from_vec(self.grid, self.labels).expect("every slice is settled")
    }

    /// Labels the slices below `end`, which no further patch reaches, and makes room above.
    fn settle(&mut self, end: usize) {
        let done = end - self.first;
        let [_, rows, columns] = self.grid.shape();
        let area = rows * columns;
        for slice in par::collect(done, |k| self.named(k * area..(k + 1) * area)) {
            self.labels.extend(slice);
        }
        let slab = self.slab();
        for sums in self.sums.chunks_exact_mut(slab) {
            sums.copy_within(done * area.., 0);
            sums[slab - done * area..].fill(0.0);
        }
        self.first = end;
    }

    /// Labels of some voxels of the slab.
    fn named(&self, voxels: std::ops::Range<usize>) -> Vec<u8> {
        let slab = self.slab();
        let score = |channel: usize, voxel: usize| self.sums[channel * slab + voxel];
        voxels
            .map(|voxel| {
                let best = (1..self.numbers.len()).fold(0, |best, channel| {
                    if score(channel, voxel) > score(best, voxel) { channel } else { best }
                });
                self.numbers[best]
            })
            .collect()
    }

    /// Slices of the slab.
    fn depth(&self) -> usize {
        self.roofs[0].len().min(self.grid.shape()[0])
    }

    /// Voxels of the slab.
    fn slab(&self) -> usize {
        let [_, rows, columns] = self.grid.shape();
        self.depth() * rows * columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two patches of eight voxels, four of them shared; one is sure of channel 0, one of channel 1.
    #[test]
    fn of_patches_that_overlap_the_one_counts_more_whose_middle_is_nearer() {
        for axis in 0..3 {
            let along = |n: usize| {
                let mut shape = [1; 3];
                shape[axis] = n;
                shape
            };
            let grid = Grid::axial(along(12), [3.0, 2.0, 1.5]).unwrap();
            let mut scores = Scores::new(&grid, along(8), &[3, 5]);
            let sure = |channel: usize| -> Vec<f32> {
                (0..16).map(|n| if n / 8 == channel { 1.0 } else { 0.0 }).collect()
            };
            scores.add([0; 3], &sure(0)).unwrap();
            scores.add(along(4).map(|n| if n == 1 { 0 } else { n }), &sure(1)).unwrap();
            // Weights of the shared voxels: 1, 3/4, 1/2, 1/4 and 1/4, 1/2, 3/4, 1.
            assert_eq!(scores.labels().as_slice(), [3, 3, 3, 3, 3, 3, 5, 5, 5, 5, 5, 5]);
        }
    }

    #[test]
    fn only_as_many_slices_are_held_as_a_patch_has() {
        let grid = Grid::axial([100, 3, 5], [3.0, 2.0, 1.5]).unwrap();
        let mut scores = Scores::new(&grid, [4, 3, 5], &[0, 1]);
        for k in (0..98).step_by(2) {
            // Sure of channel 1 in every second pair of slices.
            let lung = |n: usize| if n / 60 == 1 && k % 4 == 0 { 1.0 } else { 0.5 };
            let patch: Vec<f32> =
                (0..120).map(|n| if n % 60 < 30 { lung(n) } else { 0.0 }).collect();
            scores.add([k, 0, 0], &patch).unwrap();
            assert_eq!(scores.sums.len(), 2 * 4 * 15);
        }
        let labels = scores.labels();
        for k in 0..98 {
            assert_eq!(labels.at([k, 1, 2]), u8::from(k % 4 < 2), "slice {k}");
        }
    }
}
