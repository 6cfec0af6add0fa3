//! The edge of the lumen, half-way up its wall.

use hilum_core::{Hu, Mask, Volume};
use hilum_kernel::par;

/// A wall rises at least so many HU above the lumen.
const RISE: i32 = 150;
/// The top of a wall is looked for so far out of the lumen, mm.
const DEPTH: f64 = 2.2;

/// The lumen with those voxels at its edge that are less than half-way up the wall behind them.
///
/// One layer of voxels can be added, and only where there is a wall.
pub(crate) fn to_half_way(lumen: &Mask, hu: &Volume<Hu>) -> Mask {
    let spacing = lumen.grid().spacing();
    let ways: Vec<([i64; 3], i64)> = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        .into_iter()
        .zip(spacing)
        .flat_map(|(way, mm)| {
            let steps = ((DEPTH / mm).round() as i64).max(1);
            [(way, steps), (way.map(|w: i64| -w), steps)]
        })
        .collect();
    par::map_voxels(lumen.grid(), |voxel| {
        lumen.at(voxel) || ways.iter().any(|(way, steps)| joins(lumen, hu, voxel, *way, *steps))
    })
}

/// Whether a voxel lies behind one of the lumen and is less than half-way up the wall.
fn joins(lumen: &Mask, hu: &Volume<Hu>, voxel: [usize; 3], way: [i64; 3], steps: i64) -> bool {
    let shape = lumen.grid().shape();
    let at = |n: i64| {
        let place = [0, 1, 2].map(|axis| voxel[axis] as i64 + n * way[axis]);
        let inside = (0..3).all(|axis| place[axis] >= 0 && place[axis] < shape[axis] as i64);
        inside.then(|| place.map(|p| p as usize))
    };
    let Some(before) = at(-1).filter(|before| lumen.at(*before)) else { return false };
    let inner = i32::from(hu.at(before).0);
    let top = (0..=steps).filter_map(at).map(|place| i32::from(hu.at(place).0)).max();
    let Some(top) = top.filter(|top| *top >= inner + RISE) else { return false };
    2 * i32::from(hu.at(voxel).0) < inner + top
}
