//! Where a filter has to look.

use std::ops::Range;

use hilum_core::{Grid, Mask};

use crate::par;

/// The columns of each row between the first and the last wanted voxel, and the box around all.
pub(crate) struct Region {
    shape: [usize; 3],
    rows: Vec<Range<u32>>,
    extent: [Range<usize>; 3],
}

impl Region {
    /// The voxels of a mask, or all.
    ///
    /// # Panics
    ///
    /// If the mask has another shape than the grid.
    pub(crate) fn new(grid: &Grid, within: Option<&Mask>) -> Self {
        let shape = grid.shape();
        let Some(mask) = within else {
            let rows = vec![0..shape[2] as u32; shape[0] * shape[1]];
            return Self { shape, rows, extent: shape.map(|length| 0..length) };
        };
        assert_eq!(mask.grid().shape(), shape, "mask and volume differ in shape");
        let voxels = mask.as_slice();
        let rows = par::collect(shape[0] * shape[1], |n| {
            let row = &voxels[n * shape[2]..(n + 1) * shape[2]];
            let first = row.iter().position(|wanted| *wanted).unwrap_or(0);
            let end = row.iter().rposition(|wanted| *wanted).map_or(0, |last| last + 1);
            first as u32..end as u32
        });
        let extent = extent(&rows, shape[1]);
        Self { shape, rows, extent }
    }

    /// Columns of row `j` of slice `k` between the outermost wanted voxels.
    pub(crate) fn columns(&self, k: usize, j: usize) -> Range<usize> {
        let row = &self.rows[k * self.shape[1] + j];
        row.start as usize..row.end as usize
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
