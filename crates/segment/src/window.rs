//! Boxes cut out of volumes, so that work is done only where it matters.

use std::ops::Range;

use hilum_core::Volume;
use ndarray::{ArrayView3, ArrayViewMut3, s};

/// Voxel ranges `[k, j, i]`.
pub(crate) type Window = [Range<usize>; 3];

/// The voxels of a box.
pub(crate) fn view<'a, T>(volume: &'a Volume<T>, window: &Window) -> ArrayView3<'a, T> {
    let [k, j, i] = window.clone();
    volume.voxels().slice_move(s![k, j, i])
}

/// The voxels of a box, to be changed in place.
pub(crate) fn view_mut<'a, T>(volume: &'a mut Volume<T>, window: &Window) -> ArrayViewMut3<'a, T> {
    let [k, j, i] = window.clone();
    volume.voxels_mut().slice_move(s![k, j, i])
}

/// A copy of a box.
pub(crate) fn crop<T: Clone>(volume: &Volume<T>, window: &Window) -> Volume<T> {
    let first = [0, 1, 2].map(|n| window[n].start as f64);
    let shape = [0, 1, 2].map(|n| window[n].len());
    let grid = volume.grid().window(first, shape);
    Volume::new(grid, view(volume, window).to_owned()).expect("a box has its own shape")
}

/// The smallest box around the voxels that `inside` tells, if there are any.
pub(crate) fn bounds<T>(volume: &Volume<T>, inside: impl Fn(&T) -> bool) -> Option<Window> {
    let mut low = [usize::MAX; 3];
    let mut high = [0; 3];
    let [_, rows, columns] = volume.grid().shape();
    for (n, row) in volume.as_slice().chunks(columns.max(1)).enumerate() {
        let Some(first) = row.iter().position(&inside) else { continue };
        let last = row.iter().rposition(&inside).unwrap_or(first);
        let (from, to) = ([n / rows, n % rows, first], [n / rows, n % rows, last]);
        for axis in 0..3 {
            low[axis] = low[axis].min(from[axis]);
            high[axis] = high[axis].max(to[axis] + 1);
        }
    }
    (low[0] != usize::MAX).then(|| [0, 1, 2].map(|n| low[n]..high[n]))
}
