//! Destroyed lung, voxel by voxel: holes, and the thin walls between large ones.

use hilum_core::{Mask, Volume};
use hilum_kernel::{close, dilate, erode, par};

use crate::patterns::anatomy::Anatomy;
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
    sites: &Sites,
    anatomy: &Anatomy,
    [smoother, normal]: [&Volume<f32>; 2],
    bronchi: &Mask,
) -> Mask {
    let ([smooth, smoother, normal], tubes) =
        ([&anatomy.smooth, smoother, normal].map(Volume::as_slice), bronchi.as_slice());
    let is_low = |hu: f32, site: usize| hu < destroyed(normal[site]);
    let seeds = sites.map(false, |n, site| !tubes[n] && is_low(smoother[n], site));
    let near = dilate(&seeds, EDGE);
    let (is_seed, is_near) = (seeds.as_slice(), near.as_slice());
    let dark = sites
        .map(false, |n, site| is_seed[n] || is_near[n] && !tubes[n] && is_low(smooth[n], site));
    drop([seeds, near]);
    let rim = dilate(&dark, BLUR);
    let (rim, is_dark) = (rim.as_slice(), dark.as_slice());
    let found =
        sites.map(false, |n, site| is_dark[n] || rim[n] && !tubes[n] && smooth[n] < normal[site]);
    let (filled, reach) = walled(sites, found);
    // The outermost wall of large holes stands out of the lung beside it.
    let by = dilate(&par::zip(&reach, &filled, |reach, filled| *reach && *filled), OUTER);
    let (filled, by) = (filled.as_slice(), by.as_slice());
    sites.map(false, |n, site| filled[n] || by[n] && smooth[n] > normal[site] + STANDS)
}

/// The same with the walls between large holes, and between them and the pleura; and what lies within reach of large
/// holes.
fn walled(sites: &Sites, dark: Mask) -> (Mask, Mask) {
    let core = erode(&dark, LARGE);
    if core.count() == 0 {
        return (dark, core);
    }
    let reach = dilate(&core, LARGE + 2.0 * WALL);
    drop(core);
    let (is_dark, is_near) = (dark.as_slice(), reach.as_slice());
    let open = sites.map(true, |n, _| is_dark[n] && is_near[n]);
    let around = close(&open, WALL);
    drop(open);
    let around = around.as_slice();
    let filled = sites.map(false, |n, _| is_dark[n] || around[n] && is_near[n]);
    (filled, reach)
}
