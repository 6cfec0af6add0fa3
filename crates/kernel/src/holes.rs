//! Filling of holes.

use hilum_core::Mask;

use crate::components::Components;
use crate::connectivity::Connectivity;
use crate::par;
use crate::slabs::Joining;

/// The mask with its holes filled.
///
/// A hole is a part of the outside, connected over faces, that touches no face of the grid:
/// what cannot be reached from beyond without crossing the mask. Cost: `O(n)` for `n` voxels.
pub fn fill_holes(mask: &Mask) -> Mask {
    fill(mask, true)
}

/// The mask with the holes of each slice along `k` filled, every slice on its own.
///
/// A hole touches no edge of its slice. Cost: `O(n)` for `n` voxels.
pub fn fill_holes_by_slice(mask: &Mask) -> Mask {
    fill(mask, false)
}

fn fill(mask: &Mask, across: bool) -> Mask {
    let outside =
        Components::of(mask, Joining { value: false, connectivity: Connectivity::Faces, across });
    let shape = mask.grid().shape();
    let axes = if across { 0..3 } else { 1..3 };
    let holes = outside.each(|number| {
        let sides = &outside.boxes()[number as usize - 1];
        axes.clone().all(|axis| sides[axis].start > 0 && sides[axis].end < shape[axis])
    });
    let mut filled = par::copy(mask);
    outside.paint(&mut filled, &holes, |_| true);
    filled
}
