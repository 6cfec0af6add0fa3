//! Volumes on other grids.

use hilum_core::{Grid, Volume};
use nalgebra::{Matrix3, Vector3};

use crate::par;
use crate::spline;
use crate::taps::{self, Taps};

/// How a value between voxel centres is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Interpolation {
    /// The value of the nearest voxel; of two as near, the one with the higher index.
    Nearest,
    /// Weighted by nearness along each axis.
    Linear,
    /// The cubic spline through all voxels, mirrored at the outermost centres. It may
    /// overshoot at edges. The input must be finite.
    Cubic,
}

/// The volume as it would have been sampled on another grid, of any orientation.
///
/// A point counts as inside the volume if it lies in one of its voxels, which reach half a step
/// beyond their centres; from the outermost centres outwards the value stays that of
/// the centre, or of the mirrored spline. Points farther out get the value `outside`.
///
/// Cost: `O(m)` for `m` voxels of `onto`, and `O(n)` for the `n` of the volume if they are
/// [`Interpolation::Cubic`]. Grids whose axes run along those of the volume take a fast path,
/// which reads whole rows.
pub fn resample(
    volume: &Volume<f32>,
    onto: &Grid,
    interpolation: Interpolation,
    outside: f32,
) -> Volume<f32> {
    match interpolation {
        Interpolation::Nearest => sample(volume, onto, taps::nearest, outside),
        Interpolation::Linear => sample(volume, onto, taps::linear, outside),
        Interpolation::Cubic => sample(&spline::coefficients(volume), onto, taps::cubic, outside),
    }
}

/// The labels of the nearest voxels; 0 outside. Borders, ties and cost as for [`resample`] with
/// [`Interpolation::Nearest`].
pub fn resample_labels(labels: &Volume<u8>, onto: &Grid) -> Volume<u8> {
    let map = Map::new(onto, labels.grid());
    let shape = labels.grid().shape();
    let [_, rows, columns] = shape;
    let mut result = Volume::filled(onto, 0);
    let width = onto.shape()[2];
    if let Some([at_k, at_j, at_i]) = map.tables(onto, shape, taps::nearest) {
        par::for_each_slice(&mut result, |k, slice| {
            for (j, row) in slice.chunks_exact_mut(width.max(1)).enumerate() {
                let (Some(k), Some(j)) = (at_k[k], at_j[j]) else { continue };
                let first = (k.places[0] * rows + j.places[0]) * columns;
                let source = &labels.as_slice()[first..first + columns];
                for (label, i) in row.iter_mut().zip(&at_i) {
                    *label = i.map_or(0, |i| source[i.places[0]]);
                }
            }
        });
        return result;
    }
    par::for_each_slice(&mut result, |k, slice| {
        for (n, label) in slice.iter_mut().enumerate() {
            let [pk, pj, pi] = map.position([k, n / width, n % width]);
            let places = [(pk, shape[0]), (pj, shape[1]), (pi, shape[2])]
                .map(|(position, length)| taps::nearest(position, length));
            if let [Some(k), Some(j), Some(i)] = places {
                let place = (k.places[0] * rows + j.places[0]) * columns + i.places[0];
                *label = labels.as_slice()[place];
            }
        }
    });
    result
}

fn sample<const N: usize>(
    volume: &Volume<f32>,
    onto: &Grid,
    taps: impl Fn(f64, usize) -> Option<Taps<N>> + Sync + Send,
    outside: f32,
) -> Volume<f32> {
    let map = Map::new(onto, volume.grid());
    match map.tables(onto, volume.grid().shape(), &taps) {
        Some(tables) => sample_aligned(volume, onto, &tables, outside),
        None => sample_oblique(volume, onto, &map, &taps, outside),
    }
}

/// Position in one grid as a function of the voxel of another.
struct Map {
    matrix: Matrix3<f64>,
    offset: Vector3<f64>,
}

impl Map {
    fn new(from: &Grid, to: &Grid) -> Self {
        Self {
            matrix: to.voxels_per_mm() * from.axes(),
            offset: Vector3::from(to.position(from.origin())),
        }
    }

    fn position(&self, voxel: [usize; 3]) -> [f64; 3] {
        (self.offset + self.matrix * Vector3::from(voxel.map(|n| n as f64))).into()
    }

    /// Taps for each index along each axis, if each axis of one grid runs along the same axis
    /// of the other: to a millionth of a voxel at the far end.
    fn tables<const N: usize>(
        &self,
        onto: &Grid,
        lengths: [usize; 3],
        taps: impl Fn(f64, usize) -> Option<Taps<N>>,
    ) -> Option<[Vec<Option<Taps<N>>>; 3]> {
        const ROUNDING: f64 = 1e-6;
        let shape = onto.shape();
        let strays =
            |row: usize, column: usize| self.matrix[(row, column)].abs() * shape[column] as f64;
        let aligned =
            (0..3).all(|row| (0..3).all(|column| row == column || strays(row, column) < ROUNDING));
        let table = |axis: usize| {
            let position = |n| self.offset[axis] + self.matrix[(axis, axis)] * n as f64;
            (0..shape[axis]).map(|n| taps(position(n), lengths[axis])).collect()
        };
        aligned.then(|| [0, 1, 2].map(table))
    }
}

/// Adds whole source rows, weighted, and then interpolates along the sum.
fn sample_aligned<const N: usize>(
    volume: &Volume<f32>,
    onto: &Grid,
    [at_k, at_j, at_i]: &[Vec<Option<Taps<N>>>; 3],
    outside: f32,
) -> Volume<f32> {
    let [_, rows, columns] = volume.grid().shape();
    let mut result = Volume::filled(onto, 0.0);
    par::for_each_slice(&mut result, |k, slice| {
        slice.fill(outside);
        let mut blend = vec![0.0; columns];
        for (j, row) in slice.chunks_exact_mut(at_i.len().max(1)).enumerate() {
            let (Some(k), Some(j)) = (&at_k[k], &at_j[j]) else { continue };
            blend.fill(0.0);
            for (k, k_weight) in k.places.into_iter().zip(k.weights) {
                for (j, j_weight) in j.places.into_iter().zip(j.weights) {
                    let source = &volume.as_slice()[(k * rows + j) * columns..][..columns];
                    add(&mut blend, source, k_weight * j_weight);
                }
            }
            for (value, i) in row.iter_mut().zip(at_i) {
                if let Some(i) = i {
                    *value = weighted(&blend, i);
                }
            }
        }
    });
    result
}

/// A weight of 0 leaves even what is infinite out.
fn add(sum: &mut [f32], values: &[f32], weight: f32) {
    if weight != 0.0 {
        sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += weight * value);
    }
}

fn weighted<const N: usize>(line: &[f32], taps: &Taps<N>) -> f32 {
    let terms = taps.places.iter().zip(taps.weights).filter(|(_, weight)| *weight != 0.0);
    terms.map(|(place, weight)| weight * line[*place]).sum()
}

fn sample_oblique<const N: usize>(
    volume: &Volume<f32>,
    onto: &Grid,
    map: &Map,
    taps: &(impl Fn(f64, usize) -> Option<Taps<N>> + Sync + Send),
    outside: f32,
) -> Volume<f32> {
    let shape = volume.grid().shape();
    let [_, rows, columns] = shape;
    par::map_voxels(onto, |voxel| {
        let [pk, pj, pi] = map.position(voxel);
        let (Some(k), Some(j), Some(i)) =
            (taps(pk, shape[0]), taps(pj, shape[1]), taps(pi, shape[2]))
        else {
            return outside;
        };
        let mut sum = 0.0;
        for (k, k_weight) in k.places.into_iter().zip(k.weights) {
            for (j, j_weight) in j.places.into_iter().zip(j.weights) {
                if k_weight * j_weight != 0.0 {
                    let source = &volume.as_slice()[(k * rows + j) * columns..][..columns];
                    sum += k_weight * j_weight * weighted(source, &i);
                }
            }
        }
        sum
    })
}
