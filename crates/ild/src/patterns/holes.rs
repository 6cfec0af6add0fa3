//! Destroyed lung, voxel by voxel: holes, and the thin walls between large ones.

use hilum_core::{Mask, Volume};
use hilum_kernel::{close, dilate, erode, par};

use crate::patterns::anatomy::Anatomy;
use crate::patterns::frame::Frame;
use crate::patterns::judge::destroyed;
use crate::patterns::sites::Sites;

/// How far in mm the edge of a hole may lie from what is dark even with much blur.
const EDGE: f64 = 1.6;
/// By how many mm blur makes what is dark smaller than the hole: a ball of 2 mm seen through a blur of 0.6 mm and another as
/// much against noise.
const BLUR: f64 = 0.8;
/// Radius in mm of holes that share walls.
const LARGE: f64 = 2.2;
/// Half the width in mm of what parts large holes, or a large hole and the pleura: a wall below 1 mm, and the blur of the
/// scan on either side.
const WALL: f64 = 1.8;

/// Width in mm of the outermost wall of large holes with its blur, and by how many HU it exceeds normal lung.
const OUTER: f64 = 1.5;
const STANDS: f32 = 40.0;

/// Lung that is dark at a fine scale and, near by, at a coarse one: noise is dark at one of them alone.
pub(crate) fn holes(
    frame: &Frame,
    sites: &Sites,
    anatomy: &Anatomy,
    [smoother, normal]: [&Volume<f32>; 2],
    bronchi: &Mask,
) -> Mask {
    let (lung, tubes) = (frame.lung.as_slice(), bronchi.as_slice());
    let [_, rows, columns] = frame.grid.shape();
    let below = |hu: &Volume<f32>| {
        par::map_voxels(&frame.grid, |[k, j, i]| {
            let n = (k * rows + j) * columns + i;
            let normal = || normal.as_slice()[sites.of([k, j, i])];
            lung[n] && !tubes[n] && hu.as_slice()[n] < destroyed(normal())
        })
    };
    let (seeds, fine) = par::join(|| below(smoother), || below(&anatomy.smooth));
    let near = dilate(&seeds, EDGE);
    let dark = par::zip(&fine, &near, |fine, near| *fine && *near);
    let dark = par::zip(&dark, &seeds, |dark, seed| *dark || *seed);
    let rim = dilate(&dark, BLUR);
    let pale = par::map_voxels(&frame.grid, |[k, j, i]| {
        let n = (k * rows + j) * columns + i;
        let normal = normal.as_slice()[sites.of([k, j, i])];
        rim.as_slice()[n] && lung[n] && !tubes[n] && anatomy.smooth.as_slice()[n] < normal
    });
    let found = par::zip(&dark, &pale, |dark, pale| *dark || *pale);
    let filled = walled(frame, &found);
    // The outermost wall of large holes stands out of the lung beside it.
    let by = dilate(&par::zip(&filled.1, &filled.0, |reach, filled| *reach && *filled), OUTER);
    par::map_voxels(&frame.grid, |[k, j, i]| {
        let n = (k * rows + j) * columns + i;
        let pale =
            || anatomy.smooth.as_slice()[n] > normal.as_slice()[sites.of([k, j, i])] + STANDS;
        filled.0.as_slice()[n] || lung[n] && by.as_slice()[n] && pale()
    })
}

/// The same with the walls between large holes, and between them and the pleura; and what lies within reach of large
/// holes.
fn walled(frame: &Frame, dark: &Mask) -> (Mask, Mask) {
    let core = erode(dark, LARGE);
    if core.count() == 0 {
        return (dark.clone(), core);
    }
    let reach = dilate(&core, LARGE + 2.0 * WALL);
    let large = par::zip(dark, &reach, |dark, near| *dark && *near);
    let open = par::zip(&large, &frame.lung, |large, lung| *large || !lung);
    let around = close(&open, WALL);
    let filled = par::zip(&around, &reach, |open, near| *open && *near);
    let filled = par::zip(&filled, &frame.lung, |filled, lung| *filled && *lung);
    (par::zip(&filled, dark, |filled, dark| *filled || *dark), reach)
}
