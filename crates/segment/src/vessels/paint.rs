//! From middles to voxels: which vessel each voxel belongs to.

use hilum_core::Volume;

use super::copy::Copy;
use super::ridge::Middle;

/// The blur of the image carries a vessel so many mm beyond its surface.
const BLUR: f32 = 1.2;

/// For each voxel near a vessel, the area of that vessel's cross-section in mm² and the distance from
/// its surface in mm, negative inside; area 0 where there is none.
pub(crate) struct Painted {
    pub(crate) area: Volume<f32>,
    pub(crate) depth: Volume<f32>,
}

/// Gives each voxel to the vessel into which it reaches deepest.
pub(crate) fn paint(copy: &Copy, middles: &[Middle]) -> Painted {
    let grid = copy.hu.grid();
    let step = grid.spacing()[0] as f32;
    let mut painted =
        Painted { area: Volume::filled(grid, 0.0), depth: Volume::filled(grid, f32::INFINITY) };
    let shape = grid.shape();
    for middle in middles {
        let radius = radius(middle.area);
        let reach = (radius + BLUR) / step;
        let side = |n: usize| {
            let low = (middle.voxel[n] as f32 - reach).ceil().max(0.0) as usize;
            low..((middle.voxel[n] as f32 + reach) as usize + 1).min(shape[n])
        };
        for k in side(0) {
            for j in side(1) {
                for i in side(2) {
                    let apart = [k, j, i].into_iter().zip(middle.voxel);
                    let squares = apart.map(|(a, b)| (a as f32 - b as f32).powi(2)).sum::<f32>();
                    let depth = squares.sqrt() * step - radius;
                    let place = (k * shape[1] + j) * shape[2] + i;
                    if depth <= BLUR && depth < painted.depth.as_slice()[place] {
                        painted.depth.as_mut_slice()[place] = depth;
                        painted.area.as_mut_slice()[place] = middle.area;
                    }
                }
            }
        }
    }
    painted
}

/// Radius in mm of a disc of that area.
pub(crate) fn radius(area: f32) -> f32 {
    (area / std::f32::consts::PI).sqrt()
}
