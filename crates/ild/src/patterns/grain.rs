//! Grain: how much the density between thick vessels goes up and down over few millimetres.

use hilum_core::{Mask, Volume};
use hilum_kernel::{dilate, par};

use crate::patterns::anatomy::Anatomy;
use crate::patterns::sites::Sites;

/// Window in mm about whose mean the density goes up and down: the meshes of nets and cysts are wider.
const AROUND: f64 = 2.0;
/// Window in mm in which ups and downs are gathered: it holds a few meshes of 3 to 8 mm.
const WINDOW: f64 = 4.0;
/// Share of a full window that must speak.
const LEAST: f32 = 0.01;
/// Width in mm of the edge of airless lung, blur and all.
const EDGE: f64 = 2.5;
/// Quantile of the ups and downs of the lung that are noise: somewhere there is neither net nor vessel.
const QUIET: f32 = 0.05;
/// Density in HU of lines and walls, which bounds how far they can stand out.
const SOFT: f32 = 40.0;

/// At each site.
pub(crate) struct Grain {
    /// Standard deviation of the density about its mean around, noise taken out, as a share of how far that mean lies
    /// below soft tissue: what stands out of haze has less room to do so.
    pub(crate) share: Volume<f32>,
    /// Mean density in HU with all lines, without thick vessels.
    pub(crate) mean: Volume<f32>,
}

impl Grain {
    /// Of lung that is not `airless`, whose edge is no line.
    pub(crate) fn new(sites: &Sites, anatomy: &Anatomy, airless: &Mask) -> Self {
        let near = dilate(airless, EDGE);
        let clear = par::zip(&anatomy.clear, &near, |clear, near| *clear && !near);
        let (smooth, clear) = (anatomy.smooth.as_slice(), clear.as_slice());
        let [count, mass] = sites.sums(|n, [count, mass]| {
            if clear[n] {
                *count += 1.0;
                *mass += smooth[n];
            }
        });
        let around = sites.mean(&mass, &count, AROUND, [LEAST, 0.0]);
        let [squares] = sites.deviations(&around, |n| clear[n].then_some(smooth[n]));
        let variance = sites.mean(&squares, &count, WINDOW, [LEAST, 0.0]);
        let mean = sites.mean(&mass, &count, WINDOW, [LEAST, -1000.0]);
        let noise = quiet(&variance);
        let share = par::zip(&variance, &mean, |variance, mean| {
            (variance - noise).max(0.0).sqrt() / (SOFT - mean).max(100.0)
        });
        Self { share, mean }
    }
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
