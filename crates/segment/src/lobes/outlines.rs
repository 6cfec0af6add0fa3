//! The shape of the lungs, coarsely: distances to their surfaces.

use hilum_core::{Grid, LabelMap, Lung, Mask, Region, Volume};
use hilum_kernel::{distance, par};
use nalgebra::{Matrix3, Point3, Vector3};

use crate::lobes::size::Size;

/// Edge of the cells on which shapes are compared, mm.
const CELL: f64 = 4.0;
/// Room around the lungs, mm.
const MARGIN: f64 = 24.0;

/// Signed distances to the surface of each lung that is there, negative inside, in mm.
pub(crate) struct Outlines {
    pub(crate) right: Option<Volume<f32>>,
    pub(crate) left: Option<Volume<f32>>,
}

impl Outlines {
    /// The lungs of a label map, on axial cells of their own.
    ///
    /// Cost: one look at each voxel, then `O(lung volume)` in cells.
    pub(crate) fn of(lungs: &LabelMap<Lung>) -> Self {
        let Some(cells) = cells(lungs) else { return Self { right: None, left: None } };
        let labels = nearest(lungs, &cells);
        let side = |lung: Lung| {
            let inside = par::map(&labels, |label| *label == lung.label());
            (inside.count() > 0).then(|| signed(&inside))
        };
        let (right, left) = par::join(|| side(Lung::Right), || side(Lung::Left));
        Self { right, left }
    }

    /// The same lungs in measure.
    pub(crate) fn measured(self, size: Size) -> Self {
        let measured = |distances: Volume<f32>| {
            size.volume(par::map(&distances, |mm| size.measured(f64::from(*mm)) as f32))
        };
        Self { right: self.right.map(measured), left: self.left.map(measured) }
    }

    /// The distances of one side.
    pub(crate) fn side(&self, lung: Lung) -> Option<&Volume<f32>> {
        if lung == Lung::Left { self.left.as_ref() } else { self.right.as_ref() }
    }
}

/// Axial cells around both lungs.
fn cells(lungs: &LabelMap<Lung>) -> Option<Grid> {
    let [low, high] = extent(lungs)?;
    let shape = [2, 1, 0].map(|axis| ((high[axis] - low[axis]) / CELL).ceil() as usize + 1);
    let axes =
        Matrix3::from_columns(&[Vector3::z() * CELL, Vector3::y() * CELL, Vector3::x() * CELL]);
    Grid::new(shape, low, axes).ok()
}

/// The label of the voxel around the middle of each cell, 0 beyond the image.
fn nearest(lungs: &LabelMap<Lung>, cells: &Grid) -> Volume<u8> {
    let (labels, grid) = (lungs.labels(), lungs.grid());
    let shape = grid.shape();
    par::map_voxels(cells, |cell| {
        let voxel = grid.position(cells.centre(cell)).map(f64::round);
        let inside = (0..3).all(|n| voxel[n] >= 0.0 && voxel[n] < shape[n] as f64);
        if inside { labels.at(voxel.map(|x| x as usize)) } else { 0 }
    })
}

/// Corners of a box in patient space that holds both lungs and the margin.
fn extent(lungs: &LabelMap<Lung>) -> Option<[Point3<f64>; 2]> {
    let grid = lungs.grid();
    let [slices, rows, columns] = grid.shape();
    let is_lung = |label: &u8| *label == Lung::Right.label() || *label == Lung::Left.label();
    let by_slice = par::collect(slices, |k| {
        let slice = &lungs.labels().as_slice()[k * rows * columns..][..rows * columns];
        let mut found: Option<[usize; 4]> = None;
        for (j, row) in slice.chunks(columns).enumerate() {
            let Some(first) = row.iter().position(is_lung) else { continue };
            let last = row.iter().rposition(is_lung).unwrap_or(first);
            let [top, _, left, right] = found.unwrap_or([j, j, first, last]);
            found = Some([top, j, left.min(first), right.max(last)]);
        }
        found
    });
    let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
    for (k, found) in by_slice.into_iter().enumerate() {
        let Some([top, bottom, left, right]) = found else { continue };
        for voxel in [[k, top, left], [k, top, right], [k, bottom, left], [k, bottom, right]] {
            let p = grid.centre(voxel);
            for axis in 0..3 {
                low[axis] = low[axis].min(p[axis] - MARGIN);
                high[axis] = high[axis].max(p[axis] + MARGIN);
            }
        }
    }
    (low[0] <= high[0]).then(|| [Point3::from(low), Point3::from(high)])
}

/// Distances to the faces between inside and outside.
fn signed(inside: &Mask) -> Volume<f32> {
    let half = CELL as f32 / 2.0;
    let outside = par::map(inside, |inside| !inside);
    let (to_inside, to_outside) = par::join(|| distance(inside), || distance(&outside));
    let signed = |a: &f32, b: &f32| if *a > 0.0 { a - half } else { half - b };
    par::zip(&to_inside, &to_outside, signed)
}

/// Distance at a place and its gradient, trilinear between the cells. Beyond them it is that of
/// the border.
pub(crate) fn distance_at(distances: &Volume<f32>, p: Point3<f64>) -> (f64, Vector3<f64>) {
    let grid = distances.grid();
    let shape = grid.shape();
    let position = grid.position(p);
    let cell: [(usize, f64); 3] = [0, 1, 2].map(|n| {
        let x = position[n].clamp(0.0, shape[n] as f64 - 1.001);
        (x as usize, x.fract())
    });
    let (mut value, mut slope) = (0.0, [0.0; 3]);
    for corner in 0..8_usize {
        let bit = |n: usize| corner >> n & 1;
        let weight = |n: usize| if bit(n) == 1 { cell[n].1 } else { 1.0 - cell[n].1 };
        let at = f64::from(distances.at([0, 1, 2].map(|n| cell[n].0 + bit(n))));
        value += at * weight(0) * weight(1) * weight(2);
        for (n, slope) in slope.iter_mut().enumerate() {
            let sign = if bit(n) == 1 { 1.0 } else { -1.0 };
            *slope += sign * at * weight((n + 1) % 3) * weight((n + 2) % 3);
        }
    }
    (value, grid.voxels_per_mm().transpose() * Vector3::from(slope))
}

/// Middles of the faces between inside and outside, one of `stride`.
pub(crate) fn surface(distances: &Volume<f32>, stride: usize) -> Vec<Point3<f64>> {
    let grid = distances.grid();
    let [slices, rows, columns] = grid.shape();
    let mut found = Vec::new();
    for n in 0..(slices - 1) * (rows - 1) * (columns - 1) {
        let cell =
            [n / (columns - 1) / (rows - 1), n / (columns - 1) % (rows - 1), n % (columns - 1)];
        for axis in 0..3 {
            let mut next = cell;
            next[axis] += 1;
            if (distances.at(cell) < 0.0) != (distances.at(next) < 0.0) {
                found.push(nalgebra::center(&grid.centre(cell), &grid.centre(next)));
            }
        }
    }
    found.into_iter().step_by(stride.max(1)).collect()
}
