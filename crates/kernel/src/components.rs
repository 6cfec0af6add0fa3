//! Connected components of a mask.

use std::ops::Range;

use hilum_core::{Grid, Mask, Volume};

use crate::connectivity::Connectivity;
use crate::par;
use crate::runs::Run;
use crate::slabs::{JoinedRuns, Joining};

/// The connected components of a mask, numbered from 1 in scan order of their first voxels.
///
/// They are kept as runs of voxels along `i`, not as a volume: that is where components are
/// found[^he], and sizes, boxes and selections need no more. Slabs of slices are worked on in
/// parallel and joined at their seams; numbers, sizes and boxes do not depend on the slabs.
///
/// Cost: `O(n)` for `n` voxels to find the runs, 64 voxels at a time, and nearly
/// `O(r)` for `r` runs to join them.
///
/// [^he]: He et al. (2017), The connected-component labeling problem: a review of
///     state-of-the-art algorithms. Pattern Recognition 70:25-43,
///     doi:10.1016/j.patcog.2017.04.018 (not checked).
#[derive(Clone, Debug, PartialEq)]
pub struct Components {
    grid: Grid,
    runs: Vec<Run>,
    /// Row `n` (counted over all slices) has the runs `firsts[n]..firsts[n + 1]`.
    firsts: Vec<u32>,
    /// Number of the component of each run.
    numbers: Vec<u32>,
    sizes: Vec<u64>,
    boxes: Vec<[Range<usize>; 3]>,
}

impl Components {
    /// The components of the voxels that are `true`.
    pub fn new(mask: &Mask, connectivity: Connectivity) -> Self {
        Self::of(mask, Joining { value: true, connectivity, across: true })
    }

    /// The components of each slice along `k` on its own. Numbers run on from slice to slice.
    pub fn by_slice(mask: &Mask, connectivity: Connectivity) -> Self {
        Self::of(mask, Joining { value: true, connectivity, across: false })
    }

    pub(crate) fn of(mask: &Mask, joining: Joining) -> Self {
        let JoinedRuns { runs, firsts, forest } = JoinedRuns::new(mask, joining);
        let (numbers, count) = forest.into_numbers();
        let mut components = Self {
            grid: mask.grid().clone(),
            runs,
            firsts,
            numbers,
            sizes: vec![0; count as usize],
            boxes: vec![[NOTHING; 3]; count as usize],
        };
        components.measure();
        components
    }

    /// Fills in sizes and boxes.
    fn measure(&mut self) {
        let rows = self.grid.shape()[1];
        for row in 0..self.firsts.len() - 1 {
            for n in self.firsts[row] as usize..self.firsts[row + 1] as usize {
                let (run, component) = (self.runs[n], self.numbers[n] as usize - 1);
                self.sizes[component] += u64::from(run.end - run.start);
                let [k, j, i] = &mut self.boxes[component];
                widen(k, row / rows, row / rows + 1);
                widen(j, row % rows, row % rows + 1);
                widen(i, run.start as usize, run.end as usize);
            }
        }
    }

    /// Where the voxels lie.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// Number of components. Their numbers are `1..=count`.
    pub fn count(&self) -> usize {
        self.sizes.len()
    }

    /// Voxels in each component; that of number `n` stands at `n - 1`.
    pub fn sizes(&self) -> &[u64] {
        &self.sizes
    }

    /// Smallest box around each component, `[k, j, i]`; that of number `n` stands at `n - 1`.
    pub fn boxes(&self) -> &[[Range<usize>; 3]] {
        &self.boxes
    }

    /// Number of the component with the most voxels; of several, the first. `None` if there
    /// are no components.
    pub fn largest(&self) -> Option<u32> {
        let most = self.sizes.iter().max()?;
        self.sizes.iter().position(|size| size == most).map(|n| n as u32 + 1)
    }

    /// Number of the component at a voxel, 0 outside of all. Cost: `O(log r)` for `r` runs in
    /// the voxel's row.
    ///
    /// # Panics
    ///
    /// If the voxel is outside of the grid.
    pub fn at(&self, [k, j, i]: [usize; 3]) -> u32 {
        let [slices, rows, columns] = self.grid.shape();
        assert!(k < slices && j < rows && i < columns, "voxel {:?} is outside", [k, j, i]);
        let first = self.firsts[k * rows + j] as usize;
        let runs = &self.runs[first..self.firsts[k * rows + j + 1] as usize];
        let n = runs.partition_point(|run| run.end as usize <= i);
        match runs.get(n) {
            Some(run) if run.start as usize <= i => self.numbers[first + n],
            _ => 0,
        }
    }

    /// The voxels of those components that `keep` says yes to. Asked once for each component.
    pub fn mask(&self, keep: impl Fn(u32) -> bool) -> Mask {
        let mut mask = Mask::filled(&self.grid, false);
        self.paint(&mut mask, &self.each(keep), |_| true);
        mask
    }

    /// Writes a value into the voxels of those components that `keep` says yes to. Asked once for each component.
    ///
    /// # Panics
    ///
    /// If the volume has another shape than the mask had.
    pub fn fill<T: Copy + Send + Sync>(
        &self,
        volume: &mut Volume<T>,
        keep: impl Fn(u32) -> bool,
        value: T,
    ) {
        assert_eq!(volume.grid().shape(), self.grid.shape(), "volume and mask differ in shape");
        self.paint(volume, &self.each(keep), |_| value);
    }

    /// The number of the component at each voxel, 0 outside of all.
    pub fn labels(&self) -> Volume<u32> {
        let mut labels = Volume::filled(&self.grid, 0);
        self.paint(&mut labels, &self.each(|_| true), |number| number);
        labels
    }

    /// The answer for each component; that of number `n` stands at `n - 1`.
    pub(crate) fn each(&self, keep: impl Fn(u32) -> bool) -> Vec<bool> {
        (1..=self.count() as u32).map(keep).collect()
    }

    /// Writes `value(number)` into the voxels of the chosen components.
    pub(crate) fn paint<T: Copy + Send>(
        &self,
        volume: &mut Volume<T>,
        chosen: &[bool],
        value: impl Fn(u32) -> T + Sync + Send,
    ) {
        let [_, rows, columns] = self.grid.shape();
        par::for_each_slice(volume, |k, slice| {
            for (j, row) in slice.chunks_exact_mut(columns.max(1)).enumerate() {
                let first = self.firsts[k * rows + j] as usize;
                let end = self.firsts[k * rows + j + 1] as usize;
                for (run, number) in self.runs[first..end].iter().zip(&self.numbers[first..end]) {
                    if chosen[*number as usize - 1] {
                        row[run.start as usize..run.end as usize].fill(value(*number));
                    }
                }
            }
        });
    }
}

/// A range that every other one widens.
const NOTHING: Range<usize> = Range { start: usize::MAX, end: 0 };

fn widen(range: &mut Range<usize>, start: usize, end: usize) {
    range.start = range.start.min(start);
    range.end = range.end.max(end);
}
