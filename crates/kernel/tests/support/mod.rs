//! Grids that punish shortcuts, and voxels that follow no pattern.
#![allow(dead_code, reason = "each test file uses its own part")]

use hilum_core::{Grid, Mask, Volume};
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};

/// Odd sizes and three different spacings, turned against the patient.
pub(crate) fn oblique() -> Grid {
    let turn = Rotation3::from_euler_angles(0.3, -0.2, 0.5);
    let axes = turn.matrix() * Matrix3::from_diagonal(&Vector3::new(2.5, 0.9, 0.7));
    Grid::new([9, 13, 17], Point3::new(-31.0, 12.5, 7.25), axes).expect("turned axes are sound")
}

/// Odd sizes and thick slices.
pub(crate) fn anisotropic(shape: [usize; 3]) -> Grid {
    Grid::axial(shape, [2.5, 0.9, 0.7]).expect("a grid of a CT")
}

/// A number in `0..1` that follows from the place alone.
pub(crate) fn rough([k, j, i]: [usize; 3]) -> f64 {
    let mut bits = (k as u64) << 42 ^ (j as u64) << 21 ^ i as u64;
    for factor in [0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb] {
        bits = (bits ^ bits >> 30).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(factor);
    }
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// A mask of which about `share` is inside, without any order.
pub(crate) fn rough_mask(grid: &Grid, share: f64) -> Mask {
    Volume::from_fn(grid, |voxel| rough(voxel) < share)
}

/// All voxels of a grid in scan order.
pub(crate) fn voxels(grid: &Grid) -> impl Iterator<Item = [usize; 3]> + use<> {
    let [slices, rows, columns] = grid.shape();
    (0..slices * rows * columns).map(move |n| [n / columns / rows, n / columns % rows, n % columns])
}
