//! How alike near voxels are: Moran's I and Geary's C.
//!
//! Both weigh every pair of voxels by the inverse of its distance. On a lattice such sums over pairs
//! are convolutions, which Fourier transforms take in `O(n log n)`.

use hilum_core::Volume;
use hilum_kernel::{Complex, Direction, fourier, fourier_length};
use nalgebra::Vector3;

use crate::Roi;
use crate::feature::{CONSTANT, EMPTY, Value};
use crate::roi::bounds;

/// Values in the box of the transform beyond which it is not taken: 1 GiB of memory.
const MOST: usize = 1 << 25;
const TOO_LARGE: &str = "the box around the region is too large for sums over all pairs of voxels";
const ALONE: &str = "a region of one voxel has no pairs";

/// Moran's I and Geary's C of the intensities.
///
/// Cost: `O(n log n)`, and 32 bytes for each of `n` values in eight times the box around the region,
/// rounded up to products of 2, 3 and 5.
pub(crate) fn moran_and_geary(roi: &Roi) -> [Value; 2] {
    match pairs(roi) {
        Ok(both) => both.map(Ok),
        Err(reason) => [Err(reason); 2],
    }
}

fn pairs(roi: &Roi) -> Result<[f64; 2], &'static str> {
    let bounds = bounds(roi.intensity()).ok_or(EMPTY)?;
    let intensities = roi.intensities();
    let count = intensities.len() as f64;
    if intensities.len() < 2 {
        return Err(ALONE);
    }
    let mean = intensities.iter().sum::<f64>() / count;
    let squares: f64 = intensities.iter().map(|value| (value - mean).powi(2)).sum();
    if intensities.iter().all(|value| *value == intensities[0]) {
        return Err(CONSTANT);
    }
    let shape = bounds.map(|[low, high]| fourier_length(2 * (high - low) - 1));
    let length: usize = shape.iter().product();
    if length > MOST {
        return Err(TOO_LARGE);
    }
    let at = |k: usize, j: usize, i: usize| (k * shape[1] + j) * shape[2] + i;
    // Intensities less their mean, and the mask; their squares, and the weights.
    let lattice = roi.image().grid().window([0.0; 3], shape);
    let mut transforms = [(); 2].map(|()| Volume::filled(&lattice, Complex::default()));
    let [values, weighed] = transforms.each_mut().map(Volume::as_mut_slice);
    let axes = roi.image().grid().axes();
    let [slices, rows, columns] = bounds.map(|[low, high]| high - low);
    for k in 0..slices {
        for j in 0..rows {
            for i in 0..columns {
                let voxel = [k + bounds[0][0], j + bounds[1][0], i + bounds[2][0]];
                if roi.intensity().at(voxel) {
                    let value = f64::from(roi.image().at(voxel)) - mean;
                    values[at(k, j, i)] = Complex::new(value, 1.0);
                    weighed[at(k, j, i)].re = value * value;
                }
            }
        }
    }
    let wrap =
        |n: usize, length: usize| if 2 * n > length { n as f64 - length as f64 } else { n as f64 };
    for k in 0..shape[0] {
        for j in 0..shape[1] {
            for i in 0..shape[2] {
                let step = Vector3::new(wrap(k, shape[0]), wrap(j, shape[1]), wrap(i, shape[2]));
                if k + j + i > 0 {
                    weighed[at(k, j, i)].im = 1.0 / (axes * step).norm();
                }
            }
        }
    }
    for transform in &mut transforms {
        fourier(transform, &[0, 1, 2], Direction::Forward);
    }
    let [values, weighed] = transforms.each_ref().map(Volume::as_slice);
    let [mut all, mut products, mut mixed] = [0.0; 3];
    for k in 0..shape[0] {
        for j in 0..shape[1] {
            for i in 0..shape[2] {
                let opposite = |n: usize, length: usize| (length - n) % length;
                let other = at(opposite(k, shape[0]), opposite(j, shape[1]), opposite(i, shape[2]));
                let here = at(k, j, i);
                let (value, inside) = parted(values[here], values[other]);
                let (square, weight) = parted(weighed[here], weighed[other]);
                // The weights are even, so that their transform is real.
                all += weight.re * inside.norm_sqr();
                products += weight.re * value.norm_sqr();
                mixed += weight.re * (square.re * inside.re + square.im * inside.im);
            }
        }
    }
    let moran = count * products / (all * squares);
    let geary = (count - 1.0) * (mixed - products) / (all * squares);
    Ok([moran, geary])
}

/// The transforms of the real and of the imaginary part, from the transform of both at a frequency and
/// at its opposite.
fn parted(here: Complex, opposite: Complex) -> (Complex, Complex) {
    let real = (here + opposite.conj()) / 2.0;
    (real, (here - opposite.conj()) / Complex::new(0.0, 2.0))
}
