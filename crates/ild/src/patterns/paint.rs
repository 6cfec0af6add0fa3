//! From evidence to a pattern at each voxel.

use hilum_core::{Mask, Pattern, Region, Volume};
use hilum_kernel::par;

use crate::emphysema::{Around, MOST_CLASSES, emphysema};
use crate::patterns::anatomy::Anatomy;
use crate::patterns::calibration::Calibration;
use crate::patterns::evidence::Evidence;
use crate::patterns::fibrosis::Fibrosis;
use crate::patterns::frame::Frame;
use crate::patterns::judge::{Judge, Seen, most_probable};
use crate::patterns::sites::Sites;
use crate::rounding::nearest;

/// Everything that a voxel is judged by.
pub(crate) struct Painter<'a> {
    pub(crate) frame: &'a Frame,
    pub(crate) sites: &'a Sites,
    pub(crate) anatomy: &'a Anatomy,
    pub(crate) evidence: &'a Evidence,
    pub(crate) fibrosis: &'a Fibrosis,
    /// Density of normal lung at each site in HU.
    pub(crate) normal: &'a Volume<f32>,
    pub(crate) airless: &'a Mask,
    pub(crate) holes: &'a Mask,
    /// What a model makes of the box.
    pub(crate) model: Option<&'a Around<'a>>,
}

impl Painter<'_> {
    /// Patterns by label, and how probable they are in per cent; both 0 outside of the lungs and in
    /// bronchi.
    pub(crate) fn paint(&self) -> (Volume<u8>, Volume<u8>) {
        let grid = &self.frame.grid;
        let (mut patterns, mut confidence) = (Volume::filled(grid, 0), Volume::filled(grid, 0));
        let calibration = Calibration::new();
        let room = || vec![[0.0; 5]; self.sites.columns()];
        let area = grid.shape()[1] * grid.shape()[2];
        let slices = patterns.as_mut_slice().chunks_mut(area);
        let slices = slices.zip(confidence.as_mut_slice().chunks_mut(area)).collect();
        par::for_each_part(slices, room, |room, k, slices| {
            self.paint_slice(k, room, &calibration, slices);
        });
        (patterns, confidence)
    }

    /// The same for the lungs in slice `k`; `room` holds the values of the sites along a row.
    fn paint_slice(
        &self,
        k: usize,
        room: &mut [[f32; 5]],
        calibration: &Calibration,
        (patterns, confidence): (&mut [u8], &mut [u8]),
    ) {
        let [_, rows, columns] = self.frame.grid.shape();
        let Fibrosis { cysts, nets, border } = self.fibrosis;
        let maps = [self.normal, &self.evidence.beyond, border, cysts, nets];
        let model = self.model.map(|model| model.slice(k));
        for j in 0..rows {
            let hull = self.sites.hull([k, j]);
            self.sites.row(maps, [k, j], hull.clone(), room);
            for i in hull {
                let model = || model.as_ref().and_then(|model| model.at(j, i));
                let values = || self.sites.at(room, i);
                let told = self.voxel((k * rows + j) * columns + i, values, model);
                let Some((pattern, probability)) = told else { continue };
                patterns[j * columns + i] = pattern.label();
                confidence[j * columns + i] = calibration.of(pattern, nearest(100.0 * probability));
            }
        }
    }

    /// The pattern of the voxel at a place of the list and how probable it is, from the values of the sites there and
    /// what a model makes of it; `None` outside of the lungs and in bronchi.
    fn voxel(
        &self,
        n: usize,
        values: impl Fn() -> [f32; 5],
        model: impl Fn() -> Option<[f32; MOST_CLASSES]>,
    ) -> Option<(Pattern, f32)> {
        if !self.frame.lung.as_slice()[n] || self.anatomy.lumen.as_slice()[n] {
            return None;
        }
        let [normal, beyond, border, cysts, net] = values();
        let hole = self.holes.as_slice()[n];
        let told = if hole { model() } else { None };
        let seen = Seen {
            airless: self.airless.as_slice()[n],
            smooth: self.anatomy.smooth.as_slice()[n],
            hole,
            normal,
            beyond,
            border,
            cysts,
            net,
            model: told.map(|shares| f32::from(emphysema(&shares)) / 100.0),
        };
        Some(most_probable(&Judge::probabilities(&seen)))
    }
}

/// Takes vessels out of the maps: given ones where the pattern lets them be told from it, and what is
/// thick.
pub(crate) fn leave_out_vessels(
    patterns: &mut Volume<u8>,
    confidence: &mut Volume<u8>,
    given: Option<&Mask>,
    thick: &Mask,
) {
    let area = patterns.grid().shape()[1] * patterns.grid().shape()[2];
    // Walls and lines of these are as dense as vessels, and passed for them by mistake.
    let hides =
        [Pattern::Reticular, Pattern::Honeycombing, Pattern::Consolidation].map(Region::label);
    let is_vessel = |n: usize, label: u8| {
        let given = || given.is_some_and(|given| given.as_slice()[n]);
        !hides.contains(&label) && (thick.as_slice()[n] || given())
    };
    let slices = patterns.as_mut_slice().chunks_mut(area);
    let slices = slices.zip(confidence.as_mut_slice().chunks_mut(area)).collect();
    par::for_each_part(
        slices,
        || (),
        |(), k, (labels, confidence)| {
            for (n, (label, value)) in labels.iter_mut().zip(confidence).enumerate() {
                if *label > 0 && is_vessel(k * area + n, *label) {
                    (*label, *value) = (0, 0);
                }
            }
        },
    );
}
