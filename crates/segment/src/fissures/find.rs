//! The search for a fissure near a sheet.

use hilum_core::Volume;
use hilum_kernel::cheapest_surface;
use ndarray::Array2;

use crate::fissures::costs::{Weights, bends, costs};
use crate::fissures::evidence::Evidence;
use crate::fissures::plates::plates;
use crate::fissures::refine::{marks, smooth};
use crate::fissures::slab::{LEVELS, Slab};
use crate::lobes::Sheet;

/// A fissure as the image shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The surface; where nothing is seen it bends least between what is.
    pub sheet: Sheet,
    /// How sure a fissure is seen at each node of the sheet, 0 to 1.
    pub seen: Array2<f32>,
    /// Share of the nodes in the lung at which a fissure is seen, 0 to 1.
    pub completeness: f64,
}

impl Slab {
    /// The image around a sheet. See [`find`] for `above`.
    pub fn around(evidence: &Evidence, sheet: &Sheet, above: Option<&Sheet>) -> Self {
        Self::new(evidence, sheet, above)
    }

    /// How much each place looks like part of a fissure, 0 to 1.
    pub fn fissureness(&self) -> Volume<f32> {
        plates(self)
    }
}

/// Searches for a fissure around the sheet where it is expected.
///
/// `above` is the oblique fissure that a horizontal one ends at.
pub fn find(evidence: &Evidence, prior: &Sheet, above: Option<&Sheet>) -> Found {
    let weights = Weights::default();
    let slab = Slab::new(evidence, prior, above);
    let plates = plates(&slab);
    let costs = costs(&slab, &plates, &weights);
    let levels = cheapest_surface(&costs.view(), &bends(prior.step(), &weights));
    let marks = marks(&slab, &plates, &levels);
    let weak = prior.deviation().mapv(|deviation| 0.01 / deviation.max(0.5).powi(2));
    let heights = smooth(&marks, &weak, 2.0);
    let sheet = prior.with_heights(&prior.height() + &heights, prior.deviation().to_owned());
    let completeness = completeness(&slab, &heights, &marks.seen);
    Found { sheet, seen: marks.seen, completeness }
}

fn completeness(slab: &Slab, heights: &Array2<f64>, seen: &Array2<f32>) -> f64 {
    let (mut all, mut count) = (0.0, 0.0);
    for ((a, b), height) in heights.indexed_iter() {
        let level = (height / crate::fissures::slab::RISE + LEVELS as f64)
            .round()
            .clamp(0.0, 2.0 * LEVELS as f64);
        if slab.inside.at([level as usize, a * slab.fine, b * slab.fine]) {
            all += 1.0;
            count += f64::from(u8::from(seen[[a, b]] > 0.3));
        }
    }
    if all > 0.0 { count / all } else { 0.0 }
}
