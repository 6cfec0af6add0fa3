//! The search for a fissure near a sheet.

use hilum_core::Volume;
use hilum_kernel::{self as kernel, cheapest_surface, par};
use ndarray::Array2;

use crate::fissures::costs::{Lattice, Weights, costs};
use crate::fissures::evidence::Evidence;
use crate::fissures::gap::gap;
use crate::fissures::misplaced::misplaced;
use crate::fissures::plates::plates;
use crate::fissures::refine::{marks, smooth};
use crate::fissures::slab::Slab;
use crate::fissures::tissue::Tissue;
use crate::lobes::Sheet;

/// A fissure as the image shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The surface over the nodes of the expected sheet. Where nothing is seen it follows the gap
    /// between the vessels, and else bends least.
    pub sheet: Sheet,
    /// How sure a fissure is seen at each node, 0 to 1. Values up to [`GAP`] only say that there is a gap
    /// between vessels.
    pub seen: Array2<f32>,
    /// Share of the nodes with evidence at which a fissure is seen, 0 to 1; 0 where no node has any.
    pub completeness: f64,
}

/// How sure a gap between vessels makes a fissure, at most.
pub const GAP: f32 = 0.25;
/// How sure a node must be to count as seen.
const SEEN: f32 = 0.3;
/// A fissure of which less than this share is seen is looked for between all vessels.
const LEAST: f64 = 0.15;
/// Nodes and levels that are searched: first few over the whole slab, then all around what was found.
const STAGES: [Lattice; 2] =
    [Lattice { stride: 2, skip: 4, reach: 7 }, Lattice { stride: 1, skip: 2, reach: 3 }];
/// Weight of bends in the last, smooth surface, and of heights of one standard deviation.
const STIFF: f64 = 2.0;
const WEAK: f64 = 0.01;

impl Slab {
    /// How much each place looks like part of a fissure, 0 to 1, on the grid of the slab.
    pub fn fissureness(&self) -> Volume<f32> {
        let tissue = Tissue::of(self);
        let plates = plates(self, &kernel::distance(&tissue.vessels), &tissue.airless);
        par::map(&plates.strength, |strength| strength.max(0.0))
    }
}

/// Searches for a fissure around the sheet where it is expected.
///
/// `above` is the oblique fissure at which a horizontal one ends: nothing is looked for below it. The
/// surface has the least sum of costs of all (see [`hilum_kernel::cheapest_surface`]), first on a
/// coarse lattice, then on a fine one within 4.5 mm of that. What counts: plates, vessels cut, gaps
/// between vessels, distance from the expected sheet in its standard deviations, slopes against it.
/// Where less than 15 % of it is seen the vessels that were given decide, small ones too: noise and scars
/// that pass for vessels would hide fissures that show.
/// Nothing is needed: without any evidence the expected sheet comes back.
///
/// Cost: `O(n)` for the `n` places of the slab, some 30 bytes each.
pub fn find(evidence: &Evidence, prior: &Sheet, above: Option<&Sheet>) -> Found {
    let slab = Slab::new(evidence, prior, above);
    let mut tissue = Tissue::of(&slab);
    let found = search(&slab, &tissue, None);
    match &slab.vessels {
        Some(given) if found.completeness < LEAST => {
            let given = par::zip(given, &tissue.airless, |given, airless| *given && !airless);
            tissue.vessels = par::zip(&tissue.vessels, &given, |told, given| *told || *given);
            let lobar = evidence.lobar_vessels(prior.fissure());
            let misplaced = lobar.map(|lobes| misplaced(&slab, &slab.labels(evidence, lobes)));
            search(&slab, &tissue, misplaced.as_ref())
        }
        _ => found,
    }
}

/// The surface of least cost in a slab whose dense tissue is known.
fn search(slab: &Slab, tissue: &Tissue, misplaced: Option<&Volume<f32>>) -> Found {
    let prior = slab.sheet();
    let clearance = kernel::distance(&tissue.vessels);
    let plates = plates(slab, &clearance, &tissue.airless);
    let weights = Weights::default();
    let costs = costs(slab, &plates.strength, &clearance, &tissue.airless, misplaced, &weights);
    let mut heights = Array2::zeros(prior.height().dim());
    for stage in STAGES {
        let costs = stage.costs(slab, &costs, &heights, &weights);
        let levels = cheapest_surface(&costs.view(), &stage.bends(prior.step(), &weights));
        heights = stage.heights(&levels, &heights);
    }
    let marks = marks(slab, &plates, &heights);
    let weak = prior.deviation().mapv(|deviation| WEAK / deviation.max(0.5).powi(2));
    let heights = smooth(&marks, &weak, STIFF);
    let completeness = completeness(&marks.seen);
    let gap = gap(slab, &clearance, &heights);
    let seen = ndarray::Zip::from(&marks.seen).and(&gap).map_collect(|s, g| s.max(GAP * g));
    let sheet =
        prior.with_heights(prior.height().to_owned() + &heights, prior.deviation().to_owned());
    Found { sheet, seen, completeness }
}

/// Share of the nodes that can be told at which a fissure is seen, there or by the mean around.
fn completeness(seen: &Array2<f32>) -> f64 {
    let (mut all, mut count) = (0.0, 0.0);
    for ((a, b), here) in seen.indexed_iter() {
        if here.is_nan() {
            continue;
        }
        let around = (a.saturating_sub(1)..=a + 1)
            .flat_map(|a| (b.saturating_sub(1)..=b + 1).map(move |b| (a, b)))
            .filter_map(|node| seen.get(node).copied())
            .filter(|seen| seen.is_finite());
        let (sum, number) = around.fold((0.0, 0.0), |(sum, n), seen| (sum + seen, n + 1.0));
        all += 1.0;
        count += f64::from(u8::from(here.max(sum / number) > SEEN));
    }
    if all > 0.0 { count / all } else { 0.0 }
}
