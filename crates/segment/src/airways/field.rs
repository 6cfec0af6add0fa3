//! The image as the airway sees it: a quiet copy around the lungs, and how dense the lung is about
//! each place.

use hilum_core::{Ct, Grid, Hu, Lung, Mask, Region, Volume};
use hilum_kernel::par;

use crate::coarse::block_means;
use crate::sides::is_lung;
use crate::thorax::Thorax;
use crate::upright::Upright;
use crate::window::{Window, bounds, crop};

/// Finest step in mm of the copy: a thinner lattice shows no smaller bronchus, only noise.
const STEP: f64 = 0.6;
/// Noise in HU that the copy may have; if the image has more, it is blurred.
const NOISE: f64 = 25.0;
/// Blurs in mm, of which the first that makes the copy quiet enough is taken.
const BLURS: [f64; 4] = [0.35, 0.45, 0.55, 0.7];
/// Depth in mm below the wall at which the lumen holds nothing but air.
const DEEP: f64 = 2.5;
/// Step in mm of the map of lung densities, and sigma of the surroundings that count.
const LUNG_STEP: f64 = 5.0;
const AROUND: f64 = 12.0;
/// Block means above this are no lung tissue.
const TISSUE: Hu = Hu(-600);
/// Density of air and of lung where the image has none to show, HU.
const AIR: f64 = -1000.0;
const LUNG: f32 = -850.0;

/// What the search looks at, on an upright lattice.
pub(crate) struct Field {
    /// The image, blurred if need be.
    pub(crate) hu: Volume<f32>,
    /// Lumen of trachea and main bronchi that the segmentation of the lungs has found.
    pub(crate) trusted: Mask,
    /// Lowest voxel of the upright image in the copy, and how many of its voxels make one here.
    pub(crate) first: [usize; 3],
    pub(crate) factors: [usize; 3],
    /// Mean and standard deviation of the air in the trachea, HU.
    pub(crate) air: f64,
    pub(crate) noise: f64,
    /// Density of lung tissue around each block of `blocks` voxels of the image.
    lung: Volume<f32>,
    blocks: [usize; 3],
}

impl Field {
    /// The field of an image with its lungs, if a trachea was found in it.
    pub(crate) fn of(ct: &Ct, thorax: &Thorax, upright: &Upright) -> Option<Self> {
        let labels = upright.stand(thorax.lungs.labels());
        let window = bounds(&labels, |label| *label != 0)?;
        let labels = crop(&labels, &window);
        if !labels.as_slice().contains(&Lung::Airway.label()) {
            return None;
        }
        let cut = crop(&upright.stand(ct.hu()), &window);
        let grid = upright.grid().window([0.0; 3], cut.grid().shape());
        let factors = grid.spacing().map(|mm| ((STEP / mm).floor() as usize).max(1));
        let means = block_means(&cut, &grid, factors);
        let trusted = trusted(&labels, means.grid(), factors);
        let (air, noise) = air(&means, &trusted);
        let (lung, blocks) = densities(&cut, &labels, &grid);
        let (hu, noise) = quiet(&means, noise);
        let first = window.map(|side| side.start);
        Some(Self { hu, trusted, first, factors, air, noise, lung, blocks })
    }

    /// The lattice.
    pub(crate) fn grid(&self) -> &Grid {
        self.hu.grid()
    }

    /// Whether the voxel at a place on the lattice is trusted.
    pub(crate) fn is_trusted(&self, place: [f64; 3]) -> bool {
        let shape = self.grid().shape();
        self.trusted.at([0, 1, 2].map(|n| (place[n].round().max(0.0) as usize).min(shape[n] - 1)))
    }

    /// Density of lung tissue around a voxel, HU.
    pub(crate) fn lung(&self, voxel: [usize; 3]) -> f32 {
        let shape = self.lung.grid().shape();
        let block = |n: usize| voxel[n] * self.factors[n] / self.blocks[n];
        self.lung.at([0, 1, 2].map(|n| block(n).min(shape[n] - 1)))
    }

    /// Position of a place on the lattice among the voxels of the upright image.
    pub(crate) fn upright(&self, place: [f64; 3]) -> [f64; 3] {
        [0, 1, 2].map(|n| {
            let factor = self.factors[n] as f64;
            self.first[n] as f64 + place[n] * factor + (factor - 1.0) / 2.0
        })
    }

    /// Position on the lattice of a place among the voxels of the upright image.
    pub(crate) fn place(&self, upright: [f64; 3]) -> [f64; 3] {
        [0, 1, 2].map(|n| {
            let factor = self.factors[n] as f64;
            (upright[n] - self.first[n] as f64 - (factor - 1.0) / 2.0) / factor
        })
    }
}

/// The airway of the label map on the lattice: blocks whose middle is airway.
fn trusted(labels: &Volume<u8>, grid: &Grid, factors: [usize; 3]) -> Mask {
    let shape = labels.grid().shape();
    par::map_voxels(grid, |voxel| {
        let middle = [0, 1, 2].map(|n| (voxel[n] * factors[n] + factors[n] / 2).min(shape[n] - 1));
        labels.at(middle) == Lung::Airway.label()
    })
}

/// Mean and standard deviation of what lies deep in the lumen.
fn air(hu: &Volume<Hu>, lumen: &Mask) -> (f64, f64) {
    let Some(window) = bounds(lumen, |inside| *inside) else { return (AIR, NOISE) };
    let (hu, lumen) = (crop(hu, &window), crop(lumen, &window));
    let deep = hilum_kernel::erode(&lumen, DEEP);
    let of = |mask: &Mask| -> Vec<f64> {
        let inside = hu.as_slice().iter().zip(mask.as_slice()).filter(|(_, inside)| **inside);
        inside.map(|(hu, _)| f64::from(hu.0)).collect()
    };
    let mut values = of(&deep);
    if values.len() < 50 {
        values = of(&lumen);
    }
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    (mean, variance.sqrt())
}

/// The copy in real numbers, blurred where it is noisy, and the noise that is left.
fn quiet(means: &Volume<Hu>, noise: f64) -> (Volume<f32>, f64) {
    let hu = par::map(means, |hu| f32::from(*hu));
    if noise <= NOISE {
        return (hu, noise);
    }
    let left = |sigma: f64| noise * gain(hu.grid().spacing(), sigma);
    let last = BLURS[BLURS.len() - 1];
    let sigma = BLURS.into_iter().find(|sigma| left(*sigma) <= NOISE).unwrap_or(last);
    (hilum_kernel::gaussian(&hu, sigma), left(sigma))
}

/// Share of white noise that a Gaussian leaves.
fn gain(spacing: [f64; 3], sigma: f64) -> f64 {
    spacing.into_iter().fold(1.0, |gain, mm| {
        let weight = |n: i32| (-0.5 * (f64::from(n) * mm / sigma).powi(2)).exp();
        let sum: f64 = (-5..=5).map(weight).sum();
        let squares: f64 = (-5..=5).map(|n| weight(n).powi(2)).sum();
        gain * squares.sqrt() / sum
    })
}

/// Mean density of lung tissue around each block, and the size of blocks.
fn densities(hu: &Volume<Hu>, labels: &Volume<u8>, grid: &Grid) -> (Volume<f32>, [usize; 3]) {
    let blocks = grid.spacing().map(|mm| ((LUNG_STEP / mm).round() as usize).max(1));
    let means = block_means(hu, grid, blocks);
    let shape = labels.grid().shape();
    let is_tissue = |voxel: [usize; 3]| {
        let middle = [0, 1, 2].map(|n| (voxel[n] * blocks[n] + blocks[n] / 2).min(shape[n] - 1));
        is_lung(labels.at(middle)) && means.at(voxel) < TISSUE
    };
    let weight = par::map_voxels(means.grid(), |voxel| f32::from(u8::from(is_tissue(voxel))));
    let sum = par::zip(&weight, &means, |weight, hu| weight * f32::from(*hu));
    let [sum, weight] = [sum, weight].map(|volume| hilum_kernel::gaussian(&volume, AROUND));
    let lung =
        par::zip(&sum, &weight, |sum, weight| if *weight > 1e-4 { sum / weight } else { LUNG });
    (lung, blocks)
}

/// The voxels of a window that are `true` in a mask on the lattice, block by block.
pub(crate) fn spread(mask: &Mask, factors: [usize; 3], window: &Window, whole: &Grid) -> Mask {
    let mut spread = Mask::filled(whole, false);
    par::for_each_slice(&mut spread, |k, slice| {
        if !window[0].contains(&k) {
            return;
        }
        let columns = whole.shape()[2];
        for j in window[1].clone() {
            for i in window[2].clone() {
                let place = [k, j, i];
                let block = [0, 1, 2].map(|n| (place[n] - window[n].start) / factors[n]);
                slice[j * columns + i] = mask.at(block);
            }
        }
    });
    spread
}
