//! A slice of a volume, turned as a picture shows it.

use hilum_core::Volume;
use ndarray::{ArrayView2, Axis, Slice};

use super::view::{Layout, Side};

/// Slice number `index` of a volume: rows from top to bottom, columns from left to right.
pub(super) fn plane<'a, T>(
    volume: &'a Volume<T>,
    layout: &Layout,
    index: usize,
) -> ArrayView2<'a, T> {
    let mut plane = volume.voxels().index_axis_move(Axis(layout.through), index);
    // With the slice's own axis gone, the axes behind it move up by one.
    let place = |side: &Side| Axis(side.axis - usize::from(side.axis > layout.through));
    for side in [&layout.rows, &layout.columns] {
        let range = Slice::from(side.range.clone());
        plane.slice_axis_inplace(place(side), range);
        if side.reversed {
            plane.invert_axis(place(side));
        }
    }
    if place(&layout.rows) == Axis(0) { plane } else { plane.reversed_axes() }
}
