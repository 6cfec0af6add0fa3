//! Work along the lines of a volume, in the order of its memory.

use hilum_core::Volume;
use ndarray::{ArrayViewMut2, Axis};
use rayon::prelude::*;

/// Lines that are worked on side by side: one line of cache in `f32`.
pub(crate) const LANES: usize = 16;

/// Some lines side by side: element `n` holds voxel `n` of each of them.
pub(crate) type Tile<T> = [[T; LANES]];

/// Hands all lines along an array axis to `change`, [`LANES`] of them at a time.
///
/// Neighbouring lines are copied into a tile that fits the cache, changed there and copied
/// back, so that memory is read by whole cache lines along any axis. The last tile of a sheet may
/// be partly filled; its spare lanes then hold old values that nobody reads. `room` makes what
/// `change` needs to work in.
pub(crate) fn change_lines<T: Copy + Default + Send, R>(
    volume: &mut Volume<T>,
    axis: usize,
    room: impl Fn() -> R + Sync + Send,
    change: impl Fn(&mut R, &mut Tile<T>) + Sync + Send,
) {
    let length = volume.grid().shape()[axis];
    let mut voxels = volume.voxels_mut();
    let sheets: Vec<_> = voxels.axis_iter_mut(Axis(usize::from(axis == 0))).collect();
    let room = || (vec![[T::default(); LANES]; length], room());
    sheets.into_par_iter().for_each_init(room, |(tile, room), mut sheet| {
        let change = |tile: &mut Tile<T>| change(room, tile);
        if axis == 2 {
            change_rows(&mut sheet, tile, change);
        } else {
            change_columns(&mut sheet, tile, change);
        }
    });
}

/// A volume made from the lines along `k` of another, after `change` had its way with each tile.
pub(crate) fn map_across_slices<T: Copy + Default + Sync, U: Copy + Default + Send, R>(
    volume: &Volume<T>,
    room: impl Fn() -> R + Sync + Send,
    change: impl Fn(&mut R, &mut Tile<T>) + Sync + Send,
    value: impl Fn(T) -> U + Sync + Send,
) -> Volume<U> {
    let [slices, rows, columns] = volume.grid().shape();
    let mut result = Volume::filled(volume.grid(), U::default());
    let mut voxels = result.voxels_mut();
    let sheets: Vec<_> = voxels.axis_iter_mut(Axis(1)).collect();
    let room = || (vec![[T::default(); LANES]; slices], room());
    sheets.into_par_iter().enumerate().for_each_init(room, |(tile, room), (j, mut sheet)| {
        for first in (0..columns).step_by(LANES) {
            let lanes = LANES.min(columns - first);
            for (k, voxels) in tile.iter_mut().enumerate() {
                let start = (k * rows + j) * columns + first;
                load(voxels, &volume.as_slice()[start..start + lanes]);
            }
            change(room, tile);
            for (voxels, row) in tile.iter().zip(sheet.rows_mut()) {
                let row = row.into_slice().expect("rows of a volume are contiguous");
                let results = row[first..first + lanes].iter_mut().zip(voxels);
                results.for_each(|(result, voxel)| *result = value(*voxel));
            }
        }
    });
    result
}

/// Lines across the rows of a sheet: neighbouring lines are neighbours in memory.
pub(crate) fn change_columns<T: Copy>(
    sheet: &mut ArrayViewMut2<'_, T>,
    tile: &mut Tile<T>,
    mut change: impl FnMut(&mut Tile<T>),
) {
    let columns = sheet.ncols();
    for first in (0..columns).step_by(LANES) {
        for (voxels, row) in tile.iter_mut().zip(sheet.rows()) {
            let row = row.to_slice().expect("rows of a volume are contiguous");
            load(voxels, &row[first..]);
        }
        change(tile);
        for (voxels, row) in tile.iter().zip(sheet.rows_mut()) {
            let row = row.into_slice().expect("rows of a volume are contiguous");
            match row[first..].first_chunk_mut() {
                Some(row) => *row = *voxels,
                None => row[first..].copy_from_slice(&voxels[..columns - first]),
            }
        }
    }
}

/// The first voxels of the rest of a row; a copy of fixed size where there are enough.
fn load<T: Copy>(voxels: &mut [T; LANES], row: &[T]) {
    match row.first_chunk() {
        Some(row) => *voxels = *row,
        None => voxels[..row.len()].copy_from_slice(row),
    }
}

/// Lines along the rows of a sheet: a tile is transposed.
fn change_rows<T: Copy>(
    sheet: &mut ArrayViewMut2<'_, T>,
    tile: &mut Tile<T>,
    mut change: impl FnMut(&mut Tile<T>),
) {
    for mut rows in sheet.axis_chunks_iter_mut(Axis(0), LANES) {
        for (lane, row) in rows.rows().into_iter().enumerate().take(LANES) {
            let row = row.to_slice().expect("rows of a volume are contiguous");
            for (voxels, voxel) in tile.iter_mut().zip(row) {
                voxels[lane] = *voxel;
            }
        }
        change(tile);
        for (lane, row) in rows.rows_mut().into_iter().enumerate().take(LANES) {
            let row = row.into_slice().expect("rows of a volume are contiguous");
            for (voxel, voxels) in row.iter_mut().zip(tile.iter()) {
                *voxel = voxels[lane];
            }
        }
    }
}
