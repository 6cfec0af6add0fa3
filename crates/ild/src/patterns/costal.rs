//! The lung beneath the ribs and over the diaphragm, away from mediastinum and hila.

use hilum_core::{Grid, Mask};
use hilum_kernel::par;

use crate::patterns::frame::Frame;

/// Depth in mm of the lung beneath ribs and diaphragm in which cysts of fibrosis begin.
const DEPTH: f64 = 8.0;

/// Where lines to the right, left, back and down leave both lungs for good.
pub(crate) struct Costal {
    shape: [usize; 3],
    spacing: [f64; 3],
    /// The axis of the lines, and for each of them its last voxel of lung.
    ends: [(usize, Vec<u32>); 4],
}

impl Costal {
    /// Cost: the lung is read four times.
    pub(crate) fn new(frame: &Frame, image: &Grid) -> Self {
        let [x, y, z] = image.nearest_axes();
        // Patient axes point left, back and up.
        let ends = [(x.0, true), (x.0, false), (y.0, y.1), (z.0, !z.1)];
        let ends = ends.map(|(axis, far)| (axis, last_of_lines(&frame.lung, axis, far)));
        Self { shape: frame.grid.shape(), spacing: frame.grid.spacing(), ends }
    }

    /// Says whether a voxel of the lung lies no deeper than [`DEPTH`] beneath one of the ends.
    pub(crate) fn holds(&self, voxel: [usize; 3]) -> bool {
        self.ends.iter().any(|(axis, ends)| {
            let end = ends[line(voxel, *axis, self.shape)] as usize;
            end.abs_diff(voxel[*axis]) as f64 * self.spacing[*axis] <= DEPTH
        })
    }
}

/// The line along an axis that a voxel lies on, counted.
fn line(mut voxel: [usize; 3], axis: usize, mut shape: [usize; 3]) -> usize {
    (voxel[axis], shape[axis]) = (0, 1);
    (voxel[0] * shape[1] + voxel[1]) * shape[2] + voxel[2]
}

/// For each line along an axis, its last voxel of lung, or its first if not `far`; `u32::MAX` for none.
fn last_of_lines(lung: &Mask, axis: usize, far: bool) -> Vec<u32> {
    let [slices, rows, columns] = lung.grid().shape();
    let row = |k: usize, j: usize| &lung.as_slice()[(k * rows + j) * columns..][..columns];
    match axis {
        0 => par::collect(rows, |j| last_of_rows(slices, columns, far, |k| row(k, j))).concat(),
        1 => par::collect(slices, |k| last_of_rows(rows, columns, far, |j| row(k, j))).concat(),
        _ => par::collect(slices * rows, |n| {
            let row = row(n / rows, n % rows);
            let inside = |inside: &bool| *inside;
            let end = if far { row.iter().rposition(inside) } else { row.iter().position(inside) };
            end.map_or(u32::MAX, |end| end as u32)
        }),
    }
}

/// For each column of some rows, the last row, or the first if not `far`, that is lung there.
fn last_of_rows<'a>(
    count: usize,
    columns: usize,
    far: bool,
    row: impl Fn(usize) -> &'a [bool],
) -> Vec<u32> {
    let mut ends = vec![u32::MAX; columns];
    for n in 0..count {
        let n = if far { n } else { count - 1 - n };
        for (end, inside) in ends.iter_mut().zip(row(n)) {
            *end = if *inside { n as u32 } else { *end };
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_their_outermost_voxels() {
        let grid = Grid::axial([5, 6, 7], [1.0; 3]).expect("sound steps");
        let lung = Mask::from_fn(&grid, |[k, j, i]| (k * 5 + j * 3 + i * i) % 7 < 2);
        for axis in 0..3 {
            for far in [false, true] {
                let ends = last_of_lines(&lung, axis, far);
                for voxel in (0..210).map(|n| [n / 42, n / 7 % 6, n % 7]) {
                    let on_line = (0..grid.shape()[axis]).filter(|at| {
                        let mut voxel = voxel;
                        voxel[axis] = *at;
                        lung.at(voxel)
                    });
                    let wanted = if far { on_line.max() } else { on_line.min() };
                    let found = ends[line(voxel, axis, grid.shape())];
                    assert_eq!(found, wanted.map_or(u32::MAX, |end| end as u32), "{axis} {far}");
                }
            }
        }
    }
}
