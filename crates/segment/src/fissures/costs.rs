//! What it costs a fissure to pass through a place.

use hilum_core::{Mask, Volume};
use hilum_kernel::par;
use ndarray::{Array2, Array3};

use crate::fissures::slab::{LEVELS, RISE, Slab};

/// Weights of the terms, each for 1 mm² of surface.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weights {
    /// A plate of full strength.
    pub(crate) plate: f64,
    /// The middle of a vessel.
    pub(crate) vessel: f64,
    /// No vessel within [`FAR`].
    pub(crate) clear: f64,
    /// Vessels on the wrong side.
    pub(crate) wrong: f64,
    /// A height of one standard deviation.
    pub(crate) prior: f64,
    /// A slope of 1 against the sheet.
    pub(crate) slope: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self { plate: 0.2, vessel: 0.12, clear: 0.06, wrong: 0.12, prior: 0.0012, slope: 0.12 }
    }
}

/// Distance to a vessel, in mm, beyond which more is no better.
const FAR: f32 = 8.0;
/// Distance to a vessel, in mm, up to which a fissure cuts it.
const WALL: f32 = 1.5;
/// Length in mm of vessels on the wrong side that counts whole.
const MISPLACED: f32 = 1.0;
/// Costs for 1 mm² of surface on the grid of the slab, without the prior; NaN where
/// there is no evidence: outside of the lung, and in airless lung, which shows neither vessels nor fissures.
pub(crate) fn costs(
    slab: &Slab,
    plates: &Volume<f32>,
    clearance: &Volume<f32>,
    airless: &Mask,
    misplaced: Option<&Volume<f32>>,
    weights: &Weights,
) -> Volume<f32> {
    let [plate, vessel, clear] = [weights.plate, weights.vessel, weights.clear].map(|w| w as f32);
    let seen = par::zip(plates, clearance, |strength, distance| {
        let distance = distance.min(FAR);
        let strength = if strength.is_finite() { *strength } else { 0.0 };
        vessel * (1.0 - distance / WALL).max(0.0) - plate * strength - clear * distance / FAR
    });
    let seen = match misplaced {
        Some(misplaced) => par::zip(&seen, misplaced, |seen, mm| {
            seen + weights.wrong as f32 * (mm / MISPLACED).min(1.0)
        }),
        None => seen,
    };
    let telling = par::zip(&slab.inside, airless, |inside, airless| *inside && !airless);
    par::zip(&seen, &telling, |cost, telling| if *telling { *cost } else { f32::NAN })
}

/// Which nodes and levels are searched.
pub(crate) struct Lattice {
    /// Nodes of the sheet between two of the search.
    pub(crate) stride: usize,
    /// Levels of the slab between two of the search.
    pub(crate) skip: usize,
    /// Levels of the search on either side of the middle.
    pub(crate) reach: usize,
}

impl Lattice {
    /// Costs `[row, column, level]` around heights above the sheet that are given at all its nodes.
    ///
    /// The cost of a place is the mean over the nodes it stands for of the least near its level.
    pub(crate) fn costs(
        &self,
        slab: &Slab,
        costs: &Volume<f32>,
        around: &Array2<f64>,
        weights: &Weights,
    ) -> Array3<f32> {
        let finite = || costs.as_slice().iter().filter(|cost| cost.is_finite());
        let neutral = finite().map(|c| f64::from(*c)).sum::<f64>() / finite().count().max(1) as f64;
        let sheet = slab.sheet();
        let [rows, columns] = sheet.shape();
        let area = (sheet.step() * self.stride as f64).powi(2);
        let half = (self.skip / 2) as isize;
        let shape = (rows.div_ceil(self.stride), columns.div_ceil(self.stride), 2 * self.reach + 1);
        Array3::from_shape_fn(shape, |(a, b, level)| {
            let (mut sum, mut count) = (0.0, 0.0);
            let above = (level as f64 - self.reach as f64) * self.skip as f64 * RISE;
            for (a, b) in self.nodes((a, b), (rows, columns)) {
                let height = around[[a, b]] + above;
                let middle = (height / RISE).round() as isize + LEVELS as isize;
                let least = (middle - half..=middle + half)
                    .filter(|level| (0..=2 * LEVELS as isize).contains(level))
                    .map(|level| costs.at([level as usize, a * slab.fine, b * slab.fine]))
                    .fold(f32::NAN, f32::min);
                let deviations = height / sheet.deviation()[[a, b]].max(0.5);
                sum += if least.is_finite() { f64::from(least) } else { neutral };
                sum += weights.prior * deviations * deviations;
                count += 1.0;
            }
            (area * sum / count) as f32
        })
    }

    /// Nodes of the sheet that a place of the search stands for.
    fn nodes(
        &self,
        (a, b): (usize, usize),
        (rows, columns): (usize, usize),
    ) -> impl Iterator<Item = (usize, usize)> {
        let s = self.stride;
        let along =
            (a * s..(a * s + s).min(rows)).map(move |a| (a, (b * s)..(b * s + s).min(columns)));
        along.flat_map(|(a, columns)| columns.map(move |b| (a, b)))
    }

    /// What a difference of 1, 2 … levels between neighbours costs.
    pub(crate) fn bends(&self, step: f64, weights: &Weights) -> Vec<f32> {
        let (step, rise) = (step * self.stride as f64, self.skip as f64 * RISE);
        let most = (step / rise).ceil().max(1.0) as usize;
        let bend = |levels: usize| {
            let slope = levels as f64 * rise / step;
            (step * step * weights.slope * slope * slope) as f32
        };
        (1..=most).map(bend).collect()
    }

    /// Heights above the sheet at all its nodes, linear between those of the search.
    pub(crate) fn heights(&self, levels: &Array2<usize>, around: &Array2<f64>) -> Array2<f64> {
        let (rows, columns) = levels.dim();
        let s = self.stride as f64;
        let between = |n: usize, count: usize| {
            let place = ((n as f64 - (s - 1.0) / 2.0) / s).clamp(0.0, (count - 1) as f64);
            let first = (place as usize).min(count.saturating_sub(2));
            (first, (first + 1).min(count - 1), place - first as f64)
        };
        let height = |a: usize, b: usize| {
            (levels[[a, b]] as f64 - self.reach as f64) * self.skip as f64 * RISE
        };
        Array2::from_shape_fn(around.dim(), |(a, b)| {
            let ((a0, a1, t), (b0, b1, u)) = (between(a, rows), between(b, columns));
            let low = height(a0, b0) * (1.0 - u) + height(a0, b1) * u;
            let high = height(a1, b0) * (1.0 - u) + height(a1, b1) * u;
            around[[a, b]] + low * (1.0 - t) + high * t
        })
    }
}
