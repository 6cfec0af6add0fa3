//! The model asked all over the lungs.

use hilum_core::{Ct, Grid, Mask};
use hilum_kernel::par;
use nalgebra::Matrix3;

use crate::rounding::nearest;

use super::error::Error;
use super::features::{FEATURES, features};
use super::model::{Judge, Model};
use super::plane::Plane;
use super::posteriors::{MOST_CLASSES, Posteriors};

/// Distance of sites in mm: in a slice, and between the slices that are looked at.
const IN_PLANE: f64 = 2.6;
const BETWEEN: f64 = 1.5;

/// Probabilities of the classes of `model` on a lattice of sites in the lungs.
///
/// Sites lie about 2.6 mm apart in a slice, in every slice or about every 1.5 mm; a site is told if its
/// voxel is in `lungs`. Windows keep their size in mm. They lie on the voxels of the CT where these
/// are from 0.52 to 0.80 mm wide, and on a slice interpolated to 0.65 mm elsewhere. What
/// lies in a window counts, lung or not: so it was in the patches. CT numbers are the rounded ones.
///
/// Cost: `O(voxels of the lungs)`. Memory: a few MiB for each thread, and a byte for each
/// site and class.
///
/// # Errors
///
/// [`Error::Grid`] if `lungs` lies on another grid than the image, [`Error::NotAxial`] if slices are
/// sagittal or coronal.
pub fn posteriors(ct: &Ct, lungs: &Mask, model: &Model) -> Result<Posteriors, Error> {
    let grid = ct.grid();
    ct.require_same(lungs.grid(), "lungs")?;
    if grid.nearest_axes()[2].0 != 0 {
        return Err(Error::NotAxial);
    }
    let lattice = Lattice::new(grid);
    let judge = model.judge();
    let [slices, rows, columns] = lattice.shape;
    let classes = model.classes().len();
    let told = par::collect(slices, |k| {
        let mut bytes = vec![0; rows * columns * classes];
        lattice.tell_slice(k, ct, lungs, &judge, &mut bytes, classes);
        bytes
    });
    Ok(Posteriors {
        classes: model.classes().to_vec(),
        steps: lattice.steps,
        first: lattice.first,
        sites: lattice.grid(grid)?,
        bytes: told.concat(),
    })
}

/// Where sites lie, in voxels of the CT.
struct Lattice {
    plane: Plane,
    /// Pixels of a looked-at slice from site to site.
    stride: usize,
    shape: [usize; 3],
    steps: [f64; 3],
    first: [f64; 3],
}

impl Lattice {
    fn new(grid: &Grid) -> Self {
        let [between, ..] = grid.spacing();
        let plane = Plane::new(grid);
        let stride = ((IN_PLANE / plane.spacing).round() as usize).max(1);
        let across = ((BETWEEN / between).round() as usize).max(1);
        let slices = grid.shape()[0];
        let sites = |pixels: usize| {
            (pixels.saturating_sub(1) - stride.min(pixels.saturating_sub(1)) / 2) / stride + 1
        };
        let shape = [slices.div_ceil(across), sites(plane.shape[0]), sites(plane.shape[1])];
        let offset = |pixels: usize| stride.min(pixels.saturating_sub(1)) / 2;
        let [j, i] = plane.voxels;
        Self {
            shape,
            steps: [across as f64, stride as f64 * j, stride as f64 * i],
            first: [0.0, offset(plane.shape[0]) as f64 * j, offset(plane.shape[1]) as f64 * i],
            stride,
            plane,
        }
    }

    fn grid(&self, ct: &Grid) -> Result<Grid, Error> {
        let axes = Matrix3::from_fn(|row, column| ct.axes()[(row, column)] * self.steps[column]);
        Ok(Grid::new(self.shape, ct.point(self.first), axes)?)
    }

    /// Voxel of a site along an axis in the slice, 1 or 2, and its pixel in the plane.
    fn voxel(&self, axis: usize, site: usize, length: usize) -> usize {
        let voxel = self.first[axis] + site as f64 * self.steps[axis];
        (voxel.round() as usize).min(length - 1)
    }

    fn pixel(&self, axis: usize, site: usize) -> usize {
        self.stride.min(self.plane.shape[axis - 1].saturating_sub(1)) / 2 + site * self.stride
    }

    fn tell_slice(
        &self,
        k: usize,
        ct: &Ct,
        lungs: &Mask,
        judge: &Judge,
        bytes: &mut [u8],
        classes: usize,
    ) {
        let k = k * self.steps[0] as usize;
        let [_, height, width] = lungs.grid().shape();
        let [_, rows, columns] = self.shape;
        let sites: Vec<(usize, Vec<usize>)> = (0..rows)
            .map(|row| {
                let j = self.voxel(1, row, height);
                let inside = |site: &usize| lungs.at([k, j, self.voxel(2, *site, width)]);
                (row, (0..columns).filter(inside).collect())
            })
            .filter(|(_, sites): &(usize, Vec<usize>)| !sites.is_empty())
            .collect();
        let (Some((top, _)), Some((bottom, _))) = (sites.first(), sites.last()) else { return };
        let left = sites.iter().map(|(_, sites)| sites[0]).min().expect("a row");
        let right = sites.iter().map(|(_, sites)| sites[sites.len() - 1]).max().expect("a row");
        let part = self.plane.part(
            [self.pixel(1, *top), self.pixel(1, *bottom)],
            [self.pixel(2, left), self.pixel(2, right)],
        );
        let slice = self.plane.slice(ct, k, &part);
        let in_part = |(row, sites): &(usize, Vec<usize>)| {
            let columns = sites.iter().map(|site| self.pixel(2, *site) - part[1].start);
            (self.pixel(1, *row) - part[0].start, columns.collect())
        };
        let places: Vec<(usize, Vec<usize>)> = sites.iter().map(in_part).collect();
        let features = features(&slice, &places, self.plane.scale());
        let all = sites.iter().flat_map(|(row, sites)| sites.iter().map(move |site| (row, site)));
        for ((row, site), features) in all.zip(features.chunks_exact(FEATURES)) {
            let shares = judge.probabilities(features);
            bytes[(row * columns + site) * classes..][..classes]
                .copy_from_slice(&as_bytes(&shares)[..classes]);
        }
    }
}

/// Shares of 255 that add up to it: what rounding leaves goes to the greatest.
pub(super) fn as_bytes(shares: &[f32; MOST_CLASSES]) -> [u8; MOST_CLASSES] {
    let mut bytes = shares.map(|share| nearest(255.0 * share));
    let best = (1..MOST_CLASSES).fold(0, |best, n| if shares[n] > shares[best] { n } else { best });
    let others: i32 = bytes
        .iter()
        .enumerate()
        .map(|(n, byte)| if n == best { 0 } else { i32::from(*byte) })
        .sum();
    bytes[best] = (255 - others).clamp(0, 255) as u8;
    bytes
}
