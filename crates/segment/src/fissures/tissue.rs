//! What is dense in a slab: vessels, and lung without air.

use hilum_core::{Mask, Volume};
use hilum_kernel::{self as kernel, par};

use crate::fissures::plates::spread;
use crate::fissures::slab::Slab;

/// Dense places of a slab.
pub(crate) struct Tissue {
    /// Denser than lung and wider than a fissure, but no thicker than a vessel.
    pub(crate) vessels: Mask,
    /// Thicker than any vessel and nearer to water than to aerated lung.
    pub(crate) airless: Mask,
}

/// Excess over lung in HU, after a blur of [`WIDE`] mm, of what is a vessel and no fissure.
const VESSEL: f32 = 150.0;
const WIDE: f64 = 1.4;
/// Half-way between aerated lung and tissue, HU: the edge of airless lung, wherever it is blurred.
const HALFWAY: f32 = -400.0;
/// Radius in mm of a ball that fits into no vessel within the lungs.
const THICK: f64 = 6.0;
/// Distance in mm from what that ball fills up to which the rest is its edge and corners.
const EDGE: f32 = 3.0;
/// Lung below this counts as aerated, HU.
const AERATED: f32 = -500.0;

impl Tissue {
    /// Tells vessels from dense lung by thickness: haze first, and airless lung within it.
    pub(crate) fn of(slab: &Slab) -> Self {
        let blurred = kernel::gaussian(&slab.hu, WIDE);
        let above =
            |limit: f32| par::zip(&blurred, &slab.inside, |hu, inside| *inside && *hu > limit);
        let (vessels, _) = by_thickness(&above(level(slab) + VESSEL));
        let (within, airless) = by_thickness(&above(HALFWAY));
        let vessels = par::zip(&vessels, &within, |vessel, within| *vessel || *within);
        Self { vessels, airless }
    }
}

/// CT number of aerated lung in a slab: the median of what holds air, however much does not.
fn level(slab: &Slab) -> f32 {
    let lung =
        || slab.hu.as_slice().iter().zip(slab.inside.as_slice()).filter(|(_, inside)| **inside);
    let (level, _) = spread(lung().map(|(hu, _)| *hu).filter(|hu| *hu < AERATED));
    if level < 0.0 { level } else { spread(lung().map(|(hu, _)| *hu)).0 }
}

/// The parts of a mask that are thin, and those that are thick.
fn by_thickness(dense: &Mask) -> (Mask, Mask) {
    let thick = if dense.count() > 0 { kernel::open(dense, THICK) } else { par::copy(dense) };
    if thick.count() == 0 {
        return (par::copy(dense), thick);
    }
    let away: Volume<f32> = kernel::distance(&thick);
    let thin = par::zip(dense, &away, |dense, away| *dense && *away > EDGE);
    let thick = par::zip(dense, &away, |dense, away| *dense && *away <= EDGE);
    (thin, thick)
}
