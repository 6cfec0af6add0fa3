//! What it costs a fissure to pass through a place.

use hilum_core::{Mask, Volume};
use hilum_kernel::{self as kernel, par};
use ndarray::Array3;

use crate::fissures::plates::spread;
use crate::fissures::slab::{LEVELS, RISE, Slab};

/// Levels of the slab between two of the search.
pub(crate) const COARSE: usize = 2;

/// Weights of the terms, each for 1 mm² of surface.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weights {
    /// A plate of full strength.
    pub(crate) plate: f64,
    /// The middle of a vessel.
    pub(crate) vessel: f64,
    /// No vessel within [`FAR`].
    pub(crate) clear: f64,
    /// A height of one standard deviation.
    pub(crate) prior: f64,
    /// A slope of 1 against the sheet.
    pub(crate) slope: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self { plate: 0.12, vessel: 0.12, clear: 0.06, prior: 0.0012, slope: 0.12 }
    }
}

/// Distance to a vessel, in mm, beyond which more is no better.
const FAR: f64 = 8.0;
/// Excess over lung in HU, after a blur of [`WIDE`] mm, of what is a vessel and no fissure.
const VESSEL: f32 = 150.0;
const WIDE: f64 = 1.4;

/// Vessels of a slab: what is dense and wider than a fissure.
pub(crate) fn vessels(slab: &Slab) -> Mask {
    let lung = slab.hu.as_slice().iter().zip(slab.inside.as_slice()).filter(|(_, inside)| **inside);
    let (middle, _) = spread(lung.map(|(hu, _)| *hu));
    let blurred = kernel::gaussian(&slab.hu, WIDE);
    par::zip(&blurred, &slab.inside, |hu, inside| *inside && *hu > middle + VESSEL)
}

/// Costs `[row, column, level]` at the nodes of the sheet and every second level.
pub(crate) fn costs(slab: &Slab, plates: &Volume<f32>, weights: &Weights) -> Array3<f32> {
    let vessels = vessels(slab);
    let clearance = kernel::distance(&vessels);
    let sheet = slab.sheet();
    let [nodes, across] = sheet.shape();
    let area = sheet.step() * sheet.step();
    let levels = LEVELS * 2 / COARSE + 1;
    let mut costs = Array3::zeros((nodes, across, levels));
    let (mut sum, mut count) = (0.0, 0);
    for ((a, b, level), cost) in costs.indexed_iter_mut() {
        let place = [level * COARSE, a * slab.fine, b * slab.fine];
        *cost = f32::NAN;
        if !slab.inside.at(place) {
            continue;
        }
        let lowest = place[0].saturating_sub(COARSE / 2);
        let highest = (place[0] + COARSE / 2).min(2 * LEVELS);
        let plate = (lowest..=highest)
            .map(|level| plates.at([level, place[1], place[2]]))
            .fold(0.0, f32::max);
        let clear = f64::from(clearance.at(place)).min(FAR);
        let vessel = (1.0 - clear / 1.5).max(0.0);
        let seen = weights.vessel * vessel
            - weights.plate * f64::from(plate)
            - weights.clear * clear / FAR;
        *cost = (area * seen) as f32;
        sum += area * seen;
        count += 1;
    }
    let neutral = (sum / f64::from(count.max(1))) as f32;
    for ((a, b, level), cost) in costs.indexed_iter_mut() {
        if cost.is_nan() {
            *cost = neutral;
        }
        let height = (level * COARSE) as f64 * RISE - LEVELS as f64 * RISE;
        let deviations = height / sheet.deviation()[[a, b]].max(0.5);
        *cost += (area * weights.prior * deviations * deviations) as f32;
    }
    costs
}

/// What a difference of 1, 2 … levels between neighbouring nodes costs.
pub(crate) fn bends(step: f64, weights: &Weights) -> Vec<f32> {
    let rise = COARSE as f64 * RISE;
    let most = (step / rise).ceil().max(1.0) as usize;
    (1..=most)
        .map(|levels| {
            let slope = levels as f64 * rise / step;
            (step * step * weights.slope * slope * slope) as f32
        })
        .collect()
}
