//! Small phantoms in closed form.

use hilum_core::{Ct, Grid, Hu, Mask, Volume};
use hilum_kernel::par;
use nalgebra::Point3;

use crate::exact::exp;
use crate::random::Stream;

/// A ball of `radius` mm around the middle of the grid: voxels whose centre is inside.
pub fn ball(grid: &Grid, radius: f64) -> Mask {
    let centre = middle(grid);
    par::map_voxels(grid, |voxel| (grid.centre(voxel) - centre).norm() <= radius)
}

/// A Gaussian blob of height 1 and standard deviation `sigma` mm around the middle of the grid.
pub fn blob(grid: &Grid, sigma: f64) -> Volume<f32> {
    let centre = middle(grid);
    par::map_voxels(grid, |voxel| {
        let squared = (grid.centre(voxel) - centre).norm_squared();
        exp(-0.5 * squared / (sigma * sigma)) as f32
    })
}

/// A volume of independent normal CT numbers, rounded to whole HU: lung of which every density
/// measure is known. LAA at a threshold `t` is `Φ((t - ½ - mean) / sd)` for the strict `<`
/// (the half is the rounding), and the 15th percentile is `mean - 1.0364 sd`.
pub fn gaussian_lung(grid: &Grid, mean: f64, sd: f64, seed: u64) -> Ct {
    let stream = Stream::new(seed, 2);
    Ct::new(par::map_voxels(grid, |voxel| {
        Hu::nearest((mean + sd * stream.normal(voxel.map(|n| n as i64))) as f32)
    }))
}

fn middle(grid: &Grid) -> Point3<f64> {
    grid.point(grid.shape().map(|n| (n as f64 - 1.0) / 2.0))
}
