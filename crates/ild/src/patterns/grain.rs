//! Grain: how much the density between thick vessels goes up and down over few millimetres.

use hilum_core::Volume;
use hilum_kernel::{par, recursive_gaussian};

use crate::patterns::sites::Sites;

/// Window in mm in which ups and downs are gathered before places are weighted: what plain edges make cancels across them.
const ACROSS: f64 = 2.0;
/// Window in mm in which they are gathered from sick lung alone: both together hold a few meshes of 3 to 8 mm.
const WINDOW: f64 = 3.5;
/// Share of a full window that must speak.
const LEAST: f32 = 0.001;
/// Quantile of the ups and downs of the lung that are noise: somewhere there is neither net nor vessel.
const QUIET: f32 = 0.05;
/// Squared deviation in mm⁴ per squared Laplacian of the mean around at a plain edge, both summed across it. Seen through
/// a blur of `a` = 0.85 mm and, as the mean around, of `b` = 2.1 mm, it is
/// `4 b³ (√(2 (a² + b²)) - a - b)` = 9.4; edges that are less sharp have less, slopes none.
const SHARE: f32 = 9.4;
/// Density in HU of lines and walls, which bounds how far they can stand out.
const SOFT: f32 = 40.0;

/// Standard deviation of the density about its mean around, noise taken out, as a share of how far that mean lies
/// below soft tissue: what stands out of haze has less room to do so.
///
/// Of each site: the mean `around`, `[squares, count, mass]` of its voxels (squared deviations from that mean, how many
/// speak, and their density), and what it weighs. Where normal lung weighs little, the grain at the border of a net is
/// that of the net.
pub(crate) fn grain(
    sites: &Sites,
    around: &Volume<f32>,
    [squares, count, mass]: [&Volume<f32>; 3],
    weights: &Volume<f32>,
) -> Volume<f32> {
    let edges = par::zip(&bends(around), count, |bend, count| SHARE * bend * count);
    let squares = par::zip(squares, &edges, |square, edge| square - edge);
    let [squares, count, mass] =
        [&squares, count, mass].map(|sum| recursive_gaussian(sum, ACROSS, [0; 3]));
    let noise = quiet(&sites.mean(&squares, &count, WINDOW, [LEAST, 0.0]));
    let weighted = |sum| par::zip(sum, weights, |sum, weight| sum * weight);
    let [squares, count, mass] = [&squares, &count, &mass].map(weighted);
    let variance = sites.mean(&squares, &count, WINDOW, [LEAST, 0.0]);
    let mean = sites.mean(&mass, &count, WINDOW, [LEAST, -1000.0]);
    par::zip(&variance, &mean, |variance, mean| {
        (variance - noise).max(0.0).sqrt() / (SOFT - mean).max(100.0)
    })
}

/// The squared sum of the second differences at each site in HU² per mm⁴, 0 where a neighbour is not known.
fn bends(around: &Volume<f32>) -> Volume<f32> {
    let (shape, spacing) = (around.grid().shape(), around.grid().spacing());
    par::map_voxels(around.grid(), |site| {
        let along = |axis: usize| {
            let (mut low, mut high) = (site, site);
            low[axis] = site[axis].saturating_sub(1);
            high[axis] = (site[axis] + 1).min(shape[axis] - 1);
            let step = spacing[axis] as f32;
            (around.at(high) - 2.0 * around.at(site) + around.at(low)) / (step * step)
        };
        let bend = along(0) + along(1) + along(2);
        if bend.is_nan() { 0.0 } else { bend * bend }
    })
}

/// The variance of the quietest lung.
fn quiet(variance: &Volume<f32>) -> f32 {
    let mut known: Vec<f32> = variance.as_slice().iter().copied().filter(|v| *v > 0.0).collect();
    if known.is_empty() {
        return 0.0;
    }
    let place = ((known.len() - 1) as f32 * QUIET) as usize;
    *known.select_nth_unstable_by(place, f32::total_cmp).1
}
