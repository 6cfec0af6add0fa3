//! Where a filter has to look.

use std::ops::Range;

use hilum_core::{Grid, Mask};

use crate::par;
use crate::runs::for_each_run;

/// The stretches of each row that hold its wanted voxels, and the box around all.
pub(crate) struct Region {
    shape: [usize; 3],
    /// Columns, row by row.
    stretches: Vec<Range<u32>>,
    /// Row `n` (counted over all slices) has the stretches `firsts[n]..firsts[n + 1]`.
    firsts: Vec<u32>,
    extent: [Range<usize>; 3],
}

/// Wanted voxels up to so many columns apart are in one stretch: a new one costs about as much as
/// the columns between them.
const GAP: u32 = 16;

impl Region {
    /// The voxels of a mask, or all.
    ///
    /// # Panics
    ///
    /// If the mask has another shape than the grid.
    pub(crate) fn new(grid: &Grid, within: Option<&Mask>) -> Self {
        let shape = grid.shape();
        let rows = shape[0] * shape[1];
        let Some(mask) = within else {
            let stretches = vec![0..shape[2] as u32; rows];
            let firsts = (0..=rows as u32).collect();
            return Self { shape, stretches, firsts, extent: shape.map(|length| 0..length) };
        };
        assert_eq!(mask.grid().shape(), shape, "mask and volume differ in shape");
        let of_rows =
            par::collect(rows, |n| stretches(&mask.as_slice()[n * shape[2]..][..shape[2]]));
        let mut firsts = vec![0];
        let mut all = 0;
        firsts.extend(of_rows.iter().map(|stretches| {
            all += stretches.len() as u32;
            all
        }));
        let mut region =
            Self { shape, stretches: of_rows.concat(), firsts, extent: [0..0, 0..0, 0..0] };
        let hulls: Vec<Range<u32>> = (0..rows).map(|n| region.hull(n)).collect();
        region.extent = extent(&hulls, shape[1]);
        region
    }

    /// Stretches of row `j` of slice `k` in which all of its wanted voxels lie.
    pub(crate) fn stretches(&self, k: usize, j: usize) -> impl Iterator<Item = Range<usize>> {
        let of_row = self.of_row(k * self.shape[1] + j);
        of_row.iter().map(|stretch| stretch.start as usize..stretch.end as usize)
    }

    /// Columns of row `j` of slice `k` between the outermost wanted voxels.
    pub(crate) fn columns(&self, k: usize, j: usize) -> Range<usize> {
        let hull = self.hull(k * self.shape[1] + j);
        hull.start as usize..hull.end as usize
    }

    fn hull(&self, row: usize) -> Range<u32> {
        let of_row = self.of_row(row);
        of_row.first().zip(of_row.last()).map_or(0..0, |(first, last)| first.start..last.end)
    }

    fn of_row(&self, row: usize) -> &[Range<u32>] {
        &self.stretches[self.firsts[row] as usize..self.firsts[row + 1] as usize]
    }

    /// The box around the wanted voxels.
    pub(crate) fn extent(&self) -> &[Range<usize>; 3] {
        &self.extent
    }

    /// Shape of the grid.
    pub(crate) fn shape(&self) -> [usize; 3] {
        self.shape
    }
}

/// Wanted voxels of a row with those between them, up to wider gaps.
fn stretches(row: &[bool]) -> Vec<Range<u32>> {
    let mut stretches: Vec<Range<u32>> = Vec::new();
    for_each_run(row, true, |run| match stretches.last_mut() {
        Some(last) if run.start - last.end <= GAP => last.end = run.end,
        _ => stretches.push(run.start..run.end),
    });
    stretches
}

/// The box around the columns of all rows.
fn extent(columns: &[Range<u32>], rows: usize) -> [Range<usize>; 3] {
    let mut extent: Option<[Range<usize>; 3]> = None;
    for (n, columns) in columns.iter().enumerate().filter(|(_, columns)| !columns.is_empty()) {
        let (k, j) = (n / rows, n % rows);
        let here = [k..k + 1, j..j + 1, columns.start as usize..columns.end as usize];
        extent = Some(match extent {
            None => here,
            Some(so_far) => std::array::from_fn(|axis| {
                let (a, b) = (&so_far[axis], &here[axis]);
                a.start.min(b.start)..a.end.max(b.end)
            }),
        });
    }
    extent.unwrap_or([0..0, 0..0, 0..0])
}
