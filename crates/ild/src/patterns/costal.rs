//! The lung beneath the ribs and over the diaphragm, away from mediastinum and hila.

use hilum_core::{Grid, Mask};
use hilum_kernel::par;

use crate::patterns::frame::Frame;

/// Depth in mm of the lung beneath ribs and diaphragm in which cysts of fibrosis begin.
const DEPTH: f64 = 8.0;

/// Lung no farther than that from where a line to the right, left, back or down leaves both lungs for good.
pub(crate) fn costal(frame: &Frame, image: &Grid) -> Mask {
    let [x, y, z] = image.nearest_axes();
    // Patient axes point left, back and up.
    let ends = [(x.0, true), (x.0, false), (y.0, y.1), (z.0, !z.1)];
    let last = ends.map(|(axis, far)| (axis, last_of_lines(&frame.lung, axis, far)));
    let spacing = frame.grid.spacing();
    let shape = frame.grid.shape();
    let (lung, [_, rows, columns]) = (frame.lung.as_slice(), shape);
    par::map_voxels(&frame.grid, |voxel| {
        let [k, j, i] = voxel;
        lung[(k * rows + j) * columns + i]
            && last.iter().any(|(axis, ends)| {
                let end = ends[line(voxel, *axis, shape)];
                end.abs_diff(voxel[*axis]) as f64 * spacing[*axis] <= DEPTH
            })
    })
}

/// The line along an axis that a voxel lies on, counted.
fn line(mut voxel: [usize; 3], axis: usize, mut shape: [usize; 3]) -> usize {
    (voxel[axis], shape[axis]) = (0, 1);
    (voxel[0] * shape[1] + voxel[1]) * shape[2] + voxel[2]
}

/// For each line along an axis, its last voxel of lung, or its first if not `far`; `usize::MAX` for none.
fn last_of_lines(lung: &Mask, axis: usize, far: bool) -> Vec<usize> {
    let shape = lung.grid().shape();
    let mut flat = shape;
    flat[axis] = 1;
    par::collect(flat.iter().product(), |n| {
        let mut voxel = [n / flat[2] / flat[1], n / flat[2] % flat[1], n % flat[2]];
        let inside = |at: &usize| {
            voxel[axis] = *at;
            lung.as_slice()[(voxel[0] * shape[1] + voxel[1]) * shape[2] + voxel[2]]
        };
        let mut all = 0..shape[axis];
        let found = if far { all.rfind(inside) } else { all.find(inside) };
        found.unwrap_or(usize::MAX)
    })
}
