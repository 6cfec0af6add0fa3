//! From evidence to a pattern at each voxel.

use std::ops::Range;

use hilum_core::{Mask, Pattern, Region, Volume};
use hilum_kernel::par;

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
    /// Per cent of emphysema by a model; 255 where it says nothing.
    pub(crate) model: Option<&'a Volume<u8>>,
}

/// Values of the sites along a row.
struct Rows([Vec<f32>; 5]);

impl Painter<'_> {
    /// Patterns by label, and how probable they are in per cent; both 0 outside of the lungs and in
    /// bronchi.
    pub(crate) fn paint(&self) -> (Volume<u8>, Volume<u8>) {
        let [_, rows, columns] = self.frame.grid.shape();
        let mut painted = Volume::filled(&self.frame.grid, [0_u8; 2]);
        let calibration = Calibration::new();
        let room = || Rows(std::array::from_fn(|_| vec![0.0; columns]));
        par::for_each_slice_with(&mut painted, room, |room, k, slice| {
            for j in 0..rows {
                let start = (k * rows + j) * columns;
                let lung = &self.frame.lung.as_slice()[start..start + columns];
                let Some(first) = lung.iter().position(|inside| *inside) else { continue };
                let end = lung.iter().rposition(|inside| *inside).unwrap_or(first) + 1;
                self.interpolate([k, j], first..end, room);
                for (i, voxel) in slice[j * columns..][first..end].iter_mut().enumerate() {
                    *voxel = self.voxel(start + first + i, first + i, (room, &calibration));
                }
            }
        });
        (par::map(&painted, |[label, _]| *label), par::map(&painted, |[_, per_cent]| *per_cent))
    }

    fn interpolate(&self, row: [usize; 2], wanted: Range<usize>, room: &mut Rows) {
        let Fibrosis { cysts, nets, border } = self.fibrosis;
        let beyond = &self.evidence.beyond;
        for (values, out) in [self.normal, beyond, border, cysts, nets].into_iter().zip(&mut room.0)
        {
            self.sites.row(values, row, wanted.clone(), out);
        }
    }

    /// Label and per cent of the voxel at a place of the list, the `i`th of its row.
    fn voxel(&self, n: usize, i: usize, (rows, calibration): (&Rows, &Calibration)) -> [u8; 2] {
        if !self.frame.lung.as_slice()[n] || self.anatomy.lumen.as_slice()[n] {
            return [0, 0];
        }
        let [normal, beyond, border, cysts, net] = rows.0.each_ref().map(|row| row[i]);
        let model = self.model.map(|model| model.as_slice()[n]).filter(|told| *told <= 100);
        let seen = Seen {
            airless: self.airless.as_slice()[n],
            smooth: self.anatomy.smooth.as_slice()[n],
            hole: self.holes.as_slice()[n],
            normal,
            beyond,
            border,
            cysts,
            net,
            model: model.map(|told| f32::from(told) / 100.0),
        };
        let (pattern, probability) = most_probable(&Judge::probabilities(&seen));
        [pattern.label(), calibration.of(pattern, nearest(100.0 * probability))]
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
    let is_vessel = |n: usize, label: u8| {
        let hides = [Pattern::Honeycombing, Pattern::Consolidation].map(Region::label);
        if hides.contains(&label) {
            return false;
        }
        let given = || given.is_some_and(|given| given.as_slice()[n]);
        // Where lines of a net meet it is thick as well, and fine lines may be given for vessels by mistake.
        let net = label == Pattern::Reticular.label();
        if net { thick.as_slice()[n] && given() } else { thick.as_slice()[n] || given() }
    };
    par::for_each_slice(confidence, |k, slice| {
        let labels = &patterns.as_slice()[k * area..];
        for (n, (value, label)) in slice.iter_mut().zip(labels).enumerate() {
            *value = if *label > 0 && is_vessel(k * area + n, *label) { 0 } else { *value };
        }
    });
    par::for_each_slice(patterns, |k, slice| {
        for (n, label) in slice.iter_mut().enumerate() {
            *label = if *label > 0 && is_vessel(k * area + n, *label) { 0 } else { *label };
        }
    });
}
