//! The image around a sheet, unrolled.

use hilum_core::{Grid, Mask, Region, Volume};
use hilum_kernel::par;
use nalgebra::{Point3, Vector3};

use crate::fissures::evidence::Evidence;
use crate::lobes::Sheet;

/// The image in columns across a sheet: level by level parallel to it, so that a fissure that
/// follows the sheet is flat.
///
/// Arrays are `[level, row, column]`: levels rise along the normal of the sheet's plane, rows follow its
/// `u` and columns its `v`. The middle level is the sheet itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Slab {
    pub(crate) hu: Volume<f32>,
    /// Within the lung, and on the right side of a fissure that borders it.
    pub(crate) inside: Mask,
    /// Within a vessel, where those were given.
    pub(crate) vessels: Option<Mask>,
    /// Points between two nodes of the sheet.
    pub(crate) fine: usize,
    sheet: Sheet,
}

/// Distance of levels in mm.
pub(crate) const RISE: f64 = 0.75;
/// Levels on either side of the sheet.
pub(crate) const LEVELS: usize = 30;
/// Distance of points in mm, at most.
const PITCH: f64 = 1.5;
/// Depth in mm below another fissure from which on one may be seen.
const CLEAR: f64 = 1.5;

impl Slab {
    /// The image around a sheet; of a horizontal fissure only what is above the oblique one, `above`.
    ///
    /// Cost: `O(n)` for its `n` places, with five bytes each.
    pub fn new(evidence: &Evidence, sheet: &Sheet, above: Option<&Sheet>) -> Self {
        let fine = (sheet.step() / PITCH).ceil().max(1.0) as usize;
        let pitch = sheet.step() / fine as f64;
        let [rows, columns] = sheet.shape().map(|nodes| (nodes - 1) * fine + 1);
        let grid = Grid::axial([2 * LEVELS + 1, rows, columns], [RISE, pitch, pitch])
            .expect("positive steps span a volume");
        let sampler = Sampler::new(evidence);
        let side = sheet.fissure().side().label();
        let base = Base::new(sheet, fine);
        let point = |voxel: [usize; 3]| base.point(sheet, voxel);
        let hu = par::map_voxels(&grid, |voxel| sampler.hu(point(voxel)));
        let inside = par::map_voxels(&grid, |voxel| {
            let point = point(voxel);
            let lung = sampler.label(evidence.lungs(), point);
            lung == side && above.is_none_or(|sheet| sheet.above(point) > CLEAR)
        });
        let vessels = evidence.vessels().map(|vessels| {
            par::map_voxels(&grid, |voxel| sampler.label(vessels, point(voxel)) > 0)
        });
        Self { hu, inside, vessels, fine, sheet: sheet.clone() }
    }

    /// Labels on the lattice of the evidence, at the places of the slab.
    pub(crate) fn labels(&self, evidence: &Evidence, labels: &Volume<u8>) -> Volume<u8> {
        let sampler = Sampler::new(evidence);
        let base = Base::new(&self.sheet, self.fine);
        par::map_voxels(self.hu.grid(), |voxel| {
            sampler.label(labels, base.point(&self.sheet, voxel))
        })
    }

    /// The sheet in the middle.
    pub fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// CT numbers `[level, row, column]`, on a grid with the spacing of the slab.
    pub fn hu(&self) -> &Volume<f32> {
        &self.hu
    }

    /// What is in the lung (and above the other fissure) `[level, row, column]`.
    pub fn inside(&self) -> &Mask {
        &self.inside
    }

    /// Height of a level above the sheet in mm.
    pub fn rise(level: usize) -> f64 {
        (level as f64 - LEVELS as f64) * RISE
    }

    /// A point of the slab in patient space.
    pub fn point(&self, [level, row, column]: [usize; 3]) -> Point3<f64> {
        let place = [row, column].map(|n| n as f64 * self.sheet.step() / self.fine as f64);
        let flat = self.sheet.plane().point([place[0], place[1], 0.0]);
        let height = -self.sheet.above(flat) + Self::rise(level);
        self.sheet.plane().point([place[0], place[1], height])
    }
}

/// Heights of a sheet at the points of a slab.
struct Base {
    heights: Vec<f64>,
    columns: usize,
    pitch: f64,
}

impl Base {
    fn new(sheet: &Sheet, fine: usize) -> Self {
        let pitch = sheet.step() / fine as f64;
        let [rows, columns] = sheet.shape().map(|nodes| (nodes - 1) * fine + 1);
        let height = |n: usize| {
            let place = [n / columns, n % columns].map(|n| n as f64 * pitch);
            -sheet.above(sheet.plane().point([place[0], place[1], 0.0]))
        };
        Self { heights: (0..rows * columns).map(height).collect(), columns, pitch }
    }

    fn point(&self, sheet: &Sheet, [level, row, column]: [usize; 3]) -> Point3<f64> {
        let height = self.heights[row * self.columns + column] + Slab::rise(level);
        sheet.plane().point([row as f64 * self.pitch, column as f64 * self.pitch, height])
    }
}

/// Reads the even lattice at points.
struct Sampler<'a> {
    evidence: &'a Evidence,
    origin: Point3<f64>,
    voxels_per_mm: f64,
}

impl<'a> Sampler<'a> {
    fn new(evidence: &'a Evidence) -> Self {
        let grid = evidence.hu().grid();
        Self { evidence, origin: grid.origin(), voxels_per_mm: 1.0 / grid.spacing()[0] }
    }

    /// Place `[k, j, i]` on the lattice.
    fn place(&self, p: Point3<f64>) -> Vector3<f64> {
        let place = (p - self.origin) * self.voxels_per_mm;
        Vector3::new(place.z, place.y, place.x)
    }

    /// Linear between voxels; that of the border outside.
    fn hu(&self, p: Point3<f64>) -> f32 {
        let place = self.place(p);
        let shape = self.evidence.hu().grid().shape();
        let mut first = [0; 3];
        let mut share = [0.0f32; 3];
        for n in 0..3 {
            let at = place[n].clamp(0.0, (shape[n] - 1) as f64);
            first[n] = (at as usize).min(shape[n].saturating_sub(2));
            share[n] = (at - first[n] as f64) as f32;
        }
        let voxels = self.evidence.hu().as_slice();
        let [row, slice] = [shape[2], shape[1] * shape[2]];
        let start = first[0] * slice + first[1] * row + first[2];
        let next = |n: usize, stride: usize| if shape[n] > 1 { stride } else { 0 };
        let [up, back, left] = [next(0, slice), next(1, row), next(2, 1)];
        let along = |at: usize| voxels[at] + (voxels[at + left] - voxels[at]) * share[2];
        let face = |at: usize| along(at) + (along(at + back) - along(at)) * share[1];
        face(start) + (face(start + up) - face(start)) * share[0]
    }

    /// Label of the nearest voxel, 0 outside.
    fn label(&self, labels: &Volume<u8>, p: Point3<f64>) -> u8 {
        let place = self.place(p);
        let shape = labels.grid().shape();
        let index = [0, 1, 2].map(|n| (place[n] + 0.5).floor());
        let within = (0..3).all(|n| index[n] >= 0.0 && index[n] < shape[n] as f64);
        if within { labels.at(index.map(|n| n as usize)) } else { 0 }
    }
}
