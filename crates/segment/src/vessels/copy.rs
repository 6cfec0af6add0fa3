//! The lungs on an even lattice, with what tissue and blood read there.

use hilum_core::{Ct, Grid, Mask, Volume};
use hilum_kernel::{Interpolation, par, resample, resample_labels};
use nalgebra::{Matrix3, Vector3};

use crate::sides::is_lung;
use crate::thorax::Thorax;
use crate::upright::Upright;
use crate::window::{Window, bounds, crop};

/// Room in mm around the lungs.
const ROOM: f64 = 4.0;
/// Blocks in mm in which the density of tissue is the median.
const BLOCK: f64 = 4.0;
/// Sigma in mm over which medians are averaged.
const AROUND: f64 = 6.0;
/// Depth in mm below the surface of a vessel at which it holds nothing but blood.
const DEEP: f64 = 1.5;
/// Density of blood in HU where no vessel is thick enough to show it.
const BLOOD: f32 = 40.0;
/// Density of lung in HU where none is seen.
const LUNG: f32 = -850.0;

/// An even copy of the lungs, upright.
pub(crate) struct Copy {
    pub(crate) hu: Volume<f32>,
    /// Right and left lung, as on the image.
    pub(crate) lungs: Volume<u8>,
    /// Share of blood in each voxel, 0 to 1: where its density lies between tissue and blood.
    pub(crate) share: Volume<f32>,
    /// Density of lung tissue about each voxel, HU.
    pub(crate) tissue: Volume<f32>,
    /// Density of blood, HU.
    pub(crate) blood: f32,
    /// The lattice in the patient.
    pub(crate) patient: Grid,
    /// The image's voxels that the copy covers, and their lattice.
    pub(crate) window: Window,
    pub(crate) cut: Grid,
}

impl Copy {
    /// A copy with steps of `step` mm; `None` where there are no lungs.
    pub(crate) fn of(ct: &Ct, thorax: &Thorax, upright: &Upright, step: f64) -> Option<Self> {
        let labels = upright.stand(thorax.lungs.labels());
        let tight = bounds(&labels, |label| is_lung(*label))?;
        let spacing = upright.grid().spacing();
        let shape = upright.grid().shape();
        let window: Window = std::array::from_fn(|n| {
            let more = (ROOM / spacing[n]).ceil() as usize;
            tight[n].start.saturating_sub(more)..(tight[n].end + more).min(shape[n])
        });
        let first = window.each_ref().map(|side| side.start as f64);
        let extent = window.each_ref().map(std::iter::ExactSizeIterator::len);
        let cut = upright.grid().window(first, extent);
        let even = even(&cut, step);
        let laid = |voxels: Vec<f32>| Volume::from_vec(cut.clone(), voxels).expect("same shape");
        let image = crop(&upright.stand(ct.hu()), &window);
        let image = laid(par::map(&image, |hu| f32::from(hu.0)).into_vec());
        let hu = resample(&image, &even, Interpolation::Linear, LUNG);
        drop(image);
        let labels = crop(&labels, &window).into_vec();
        let labels = Volume::from_vec(cut.clone(), labels).expect("same shape");
        let lungs = resample_labels(&labels, &even);
        let tissue = tissue(&hu, &lungs, step);
        let blood = blood(&hu, &lungs);
        let share = par::map_voxels(&even, |voxel| {
            let own = tissue.at(voxel);
            ((hu.at(voxel) - own) / (blood - own)).clamp(0.0, 1.0)
        });
        let patient = in_patient(&even, upright);
        Some(Self { hu, lungs, share, tissue, blood, patient, window, cut })
    }

    /// A mask of the upright image on the lattice.
    pub(crate) fn on_lattice(&self, mask: &Mask) -> Mask {
        let cut = par::map(&crop(mask, &self.window), |inside| u8::from(*inside)).into_vec();
        let cut = Volume::from_vec(self.cut.clone(), cut).expect("same shape");
        par::map(&resample_labels(&cut, self.hu.grid()), |label| *label > 0)
    }
}

/// A lattice of even steps over the extent of another.
fn even(cut: &Grid, step: f64) -> Grid {
    let spacing = cut.spacing();
    let shape = [0, 1, 2].map(|n| ((cut.shape()[n] as f64 * spacing[n] / step) as usize).max(1));
    let first = spacing.map(|mm| 0.5 * (step / mm - 1.0));
    let scale = Matrix3::from_diagonal(&Vector3::from(spacing.map(|mm| step / mm)));
    Grid::new(shape, cut.point(first), cut.axes() * scale).expect("even steps are sound")
}

/// An upright lattice where it lies in the patient.
fn in_patient(even: &Grid, upright: &Upright) -> Grid {
    let point = |voxel: [f64; 3]| upright.point(upright.grid().position(even.point(voxel)));
    let origin = point([0.0; 3]);
    let steps = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(|s| point(s) - origin);
    Grid::new(even.shape(), origin, Matrix3::from_columns(&steps)).expect("sound steps stay sound")
}

/// Density of lung tissue around each voxel: medians of blocks, averaged over their surroundings.
fn tissue(hu: &Volume<f32>, lungs: &Volume<u8>, step: f64) -> Volume<f32> {
    let size = ((BLOCK / step).round() as usize).max(1);
    let blocks = hu.grid().coarsened([size; 3]);
    let shape = hu.grid().shape();
    let medians = par::map_voxels(&blocks, |block| {
        let mut values = Vec::with_capacity(size * size * size);
        let range = |n: usize| block[n] * size..((block[n] + 1) * size).min(shape[n]);
        for k in range(0) {
            for j in range(1) {
                let inside = range(2).filter(|i| is_lung(lungs.at([k, j, *i])));
                values.extend(inside.map(|i| hu.at([k, j, i])));
            }
        }
        if 2 * values.len() < size * size * size {
            return f32::NAN;
        }
        let middle = values.len() / 2;
        *values.select_nth_unstable_by(middle, f32::total_cmp).1
    });
    let weight = par::map(&medians, |hu| f32::from(u8::from(!hu.is_nan())));
    let sum = par::map(&medians, |hu| if hu.is_nan() { 0.0 } else { *hu });
    let [sum, weight] = [sum, weight].map(|volume| hilum_kernel::gaussian(&volume, AROUND));
    let smooth =
        par::zip(&sum, &weight, |sum, weight| if *weight > 1e-3 { sum / weight } else { LUNG });
    resample(&smooth, hu.grid(), Interpolation::Linear, LUNG)
}

/// Median density of what lies deep in thick vessels.
fn blood(hu: &Volume<f32>, lungs: &Volume<u8>) -> f32 {
    let dense = par::zip(hu, lungs, |hu, label| is_lung(*label) && *hu > -200.0);
    let deep = hilum_kernel::erode(&dense, DEEP);
    let inside = hu.as_slice().iter().zip(deep.as_slice()).filter(|(_, deep)| **deep);
    let mut values: Vec<f32> = inside.map(|(hu, _)| *hu).collect();
    if values.len() < 50 {
        return BLOOD;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f32::total_cmp).1
}
