//! What a search for fissures looks at: a copy of the lungs in even steps.

use std::sync::OnceLock;

use hilum_core::{Ct, Grid, LabelMap, Lobe, Lung, Mask, Region, Volume};
use hilum_kernel::{self as kernel, Interpolation, par};
use nalgebra::{Matrix3, Point3};

use crate::error::Error;
use crate::fissures::membership::lobar_vessels;
use crate::lobes::{Bronchus, Fissure, Size, is_above};
use crate::window::{Window, bounds, view};

/// The lungs of an image on a lattice of even steps along the patient's axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    hu: Volume<f32>,
    lungs: Volume<u8>,
    vessels: Option<Volume<u8>>,
    bronchi: Vec<Bronchus>,
    /// The lobe of each vessel, once it was asked for.
    lobar: OnceLock<Volume<u8>>,
}

/// Step of the lattice in mm.
const STEP: f64 = 1.0;
/// Blur in mm that the image gets before it is sampled there.
const BLUR: f64 = 0.6;
/// Room around the lungs in mm.
const ROOM: f64 = 6.0;

/// Copies what a search for fissures needs from an image.
///
/// `lungs` are the outlines in which lobes are wanted; dense lung may be part of them. Without
/// `vessels` only those that are much denser than lung are told from it.
///
/// Cost: `O(n)` for the `n` voxels of the box around the lungs; five bytes per mm³ of it are kept, one more where vessels are given.
///
/// # Errors
///
/// [`Error::Domain`] if `lungs` or `vessels` lie on another grid, [`Error::EmptyMask`] if they hold no lung.
pub fn evidence(
    ct: &Ct,
    lungs: &LabelMap<Lung>,
    vessels: Option<&Mask>,
) -> Result<Evidence, Error> {
    measured(ct, lungs, vessels, &[], Size::SAME)
}

/// The same in measure: the lattice and the blur are finer in small lungs. Places on bronchi, in measure,
/// tell to which lobe vessels belong.
pub(crate) fn measured(
    ct: &Ct,
    lungs: &LabelMap<Lung>,
    vessels: Option<&Mask>,
    bronchi: &[Bronchus],
    size: Size,
) -> Result<Evidence, Error> {
    ct.require_same(lungs.grid(), "lungs")?;
    if let Some(vessels) = vessels {
        ct.require_same(vessels.grid(), "vessels")?;
    }
    let labels = lungs.labels();
    let is_lung = |label: &u8| *label == 1 || *label == 2;
    let tight = bounds(labels, is_lung).ok_or(Error::EmptyMask { role: "lungs" })?;
    let near = widened(&tight, ct.grid(), size.millimetres(ROOM));
    let sharp = crop_hu(ct, &near);
    let grid = even(sharp.grid(), size.millimetres(STEP));
    let blurred = kernel::gaussian(&sharp, size.millimetres(BLUR));
    let hu = size.volume(kernel::resample(&blurred, &grid, Interpolation::Linear, AIR));
    let vessels = vessels.map(|mask| {
        let labels = par::map(mask, |vessel| u8::from(*vessel));
        size.volume(kernel::resample_labels(&labels, &grid))
    });
    let lungs = size.volume(kernel::resample_labels(labels, &grid));
    Ok(Evidence { hu, lungs, vessels, bronchi: bronchi.to_vec(), lobar: OnceLock::new() })
}

/// CT number of what lies outside of the image.
const AIR: f32 = -1000.0;

impl Evidence {
    /// CT numbers, slightly blurred.
    pub fn hu(&self) -> &Volume<f32> {
        &self.hu
    }

    /// 1 in vessels, where they were given.
    pub(crate) fn vessels(&self) -> Option<&Volume<u8>> {
        self.vessels.as_ref()
    }

    /// The label of the lobe that each vessel belongs to, 0 elsewhere; `None` where vessels or bronchi of one of the lobes
    /// beside the fissure were not given: its vessels would count as its neighbour's.
    pub(crate) fn lobar_vessels(&self, fissure: Fissure) -> Option<&Volume<u8>> {
        let mut lobes = Lobe::ALL.iter().filter(|lobe| is_above(**lobe, fissure).is_some());
        let all = lobes.all(|lobe| self.bronchi.iter().any(|bronchus| bronchus.lobe == *lobe));
        let vessels = self.vessels.as_ref().filter(|_| all)?;
        Some(self.lobar.get_or_init(|| lobar_vessels(vessels, &self.lungs, &self.bronchi)))
    }

    /// Labels of the lungs.
    pub fn lungs(&self) -> &Volume<u8> {
        &self.lungs
    }
}

/// A box with room around it, cut to the image.
fn widened(tight: &Window, grid: &Grid, room: f64) -> Window {
    let (spacing, shape) = (grid.spacing(), grid.shape());
    std::array::from_fn(|n| {
        let more = (room / spacing[n]).ceil() as usize;
        tight[n].start.saturating_sub(more)..(tight[n].end + more).min(shape[n])
    })
}

/// CT numbers of a box, held to where lungs differ.
fn crop_hu(ct: &Ct, near: &Window) -> Volume<f32> {
    let first = [0, 1, 2].map(|n| near[n].start as f64);
    let shape = [0, 1, 2].map(|n| near[n].len());
    let grid = ct.grid().window(first, shape);
    let source = view(ct.hu(), near);
    par::map_voxels(&grid, |voxel| f32::from(source[voxel].0.clamp(-1050, 150)))
}

/// The lattice over the box around a grid.
fn even(grid: &Grid, step: f64) -> Grid {
    let corners = grid.corners();
    let (low, high) = corners
        .iter()
        .fold((corners[0], corners[0]), |(low, high), corner| (low.inf(corner), high.sup(corner)));
    let shape = [2, 1, 0].map(|n| ((high[n] - low[n]) / step) as usize + 1);
    let axes = Matrix3::from_columns(&[
        nalgebra::Vector3::z() * step,
        nalgebra::Vector3::y() * step,
        nalgebra::Vector3::x() * step,
    ]);
    Grid::new(shape, Point3::from(low.coords), axes).expect("even steps span a volume")
}
