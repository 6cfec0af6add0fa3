//! Where in the image a lung lies, so that work on it need not look at the rest.

use std::ops::Range;

use hilum_core::{Grid, Mask, Volume};
use hilum_kernel::par;

/// The box of voxels `[k, j, i]` that holds a lung.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Extent([Range<usize>; 3]);

impl Extent {
    /// The smallest box around the parts for which `is_lung` says yes; `None` if there are none.
    pub(crate) fn of(parts: &Volume<u8>, is_lung: &[bool; 256]) -> Option<Self> {
        let [slices, rows, columns] = parts.grid().shape();
        let inside = |part: &u8| is_lung[usize::from(*part)];
        let in_slices = par::collect(slices, |k| {
            let slice = &parts.as_slice()[k * rows * columns..(k + 1) * rows * columns];
            let in_rows = slice.chunks(columns.max(1)).enumerate().filter_map(|(j, row)| {
                let first = row.iter().position(inside)?;
                let last = row.iter().rposition(inside)?;
                Some([k..k + 1, j..j + 1, first..last + 1])
            });
            in_rows.reduce(around)
        });
        in_slices.into_iter().flatten().reduce(around).map(Self)
    }

    /// A mask on the box alone, `value` asked for each of its voxels by the number in the image.
    pub(crate) fn mask(&self, grid: &Grid, value: impl Fn(usize) -> bool + Sync + Send) -> Mask {
        let Self([k, j, i]) = self;
        let [_, rows, columns] = grid.shape();
        let first = [k.start, j.start, i.start].map(|n| n as f64);
        let window = grid.window(first, [k.len(), j.len(), i.len()]);
        let mut mask = Mask::filled(&window, false);
        par::for_each_slice(&mut mask, |slice, voxels| {
            for (row, voxels) in voxels.chunks_mut(i.len()).enumerate() {
                let start = ((k.start + slice) * rows + j.start + row) * columns + i.start;
                for (n, voxel) in voxels.iter_mut().enumerate() {
                    *voxel = value(start + n);
                }
            }
        });
        mask
    }
}

fn around(a: [Range<usize>; 3], b: [Range<usize>; 3]) -> [Range<usize>; 3] {
    let mut both = a.into_iter().zip(b).map(|(a, b)| a.start.min(b.start)..a.end.max(b.end));
    std::array::from_fn(|_| both.next().expect("there are three axes"))
}
