//! Derivatives of a blurred line by few neighbours.

use std::f64::consts::PI;

use nalgebra::{DMatrix, DVector};

/// Weights of the neighbours at `1, 2, …` steps for the first and second derivative of a line
/// that was blurred by a sampled Gaussian.
///
/// Both together stand for the derivative of the Gaussian itself. The weights minimise the squared
/// difference of their spectra, with the sampled blur as it is, under the constraint that slopes
/// (parabolas) are exact.
pub(crate) struct Stencil {
    /// Each counts for the later neighbour minus the earlier one.
    pub(crate) first: Vec<f32>,
    /// Each counts for both neighbours.
    pub(crate) second: Vec<f32>,
    /// Counts for the voxel itself.
    pub(crate) middle: f32,
}

/// Neighbours on either side at most.
pub(crate) const REACH: usize = 5;

/// Largest difference of spectra, as share of the peak, at which no more neighbours are added.
const ENOUGH: f64 = 5e-4;

/// Frequencies at which spectra are compared.
const FREQUENCIES: usize = 256;

impl Stencil {
    /// For a blur of `sigma` voxels of `spacing` mm; derivatives are per mm.
    pub(crate) fn new(sigma: f64, spacing: f64) -> Self {
        let fitted = |order: i32| {
            let fits = (1..=REACH).map(|reach| fit(sigma, order, reach));
            let mut best = Vec::new();
            for (weights, error) in fits {
                best = weights;
                if error < ENOUGH {
                    break;
                }
            }
            best.iter().map(|weight| (weight / spacing.powi(order)) as f32).collect::<Vec<f32>>()
        };
        let second = fitted(2);
        Self { first: fitted(1), middle: -2.0 * second.iter().sum::<f32>(), second }
    }

    /// Neighbours on either side that are looked at.
    pub(crate) fn reach(&self) -> usize {
        self.first.len().max(self.second.len())
    }
}

/// The spectrum of the Gaussian of `sigma` voxels as it is sampled.
fn blur(sigma: f64, frequency: f64) -> f64 {
    let taps = (0..=(10.0 * sigma).ceil() as i32).map(f64::from);
    let (mut sum, mut total) = (0.0, 0.0);
    for n in taps {
        let tap = (-0.5 * (n / sigma).powi(2)).exp() * if n > 0.0 { 2.0 } else { 1.0 };
        total += tap;
        sum += tap * (n * frequency).cos();
    }
    sum / total
}

/// The weights of `reach` neighbours, and the largest error of the spectrum as share of its peak.
fn fit(sigma: f64, order: i32, reach: usize) -> (Vec<f64>, f64) {
    let mut normal = DMatrix::<f64>::zeros(reach + 1, reach + 1);
    let mut right = DVector::<f64>::zeros(reach + 1);
    let rows: Vec<(Vec<f64>, f64)> = (1..FREQUENCIES)
        .map(|n| spectra(sigma, order, reach, PI * n as f64 / FREQUENCIES as f64))
        .collect();
    for (row, target) in &rows {
        for m in 0..reach {
            right[m] += row[m] * target;
            for n in 0..reach {
                normal[(m, n)] += row[m] * row[n];
            }
        }
    }
    // The last unknown is the multiplier of the constraint: a slope of 1, a parabola x²/2.
    right[reach] = 1.0;
    for n in 0..reach {
        let moment = if order == 1 { 2.0 * (n + 1) as f64 } else { ((n + 1) as f64).powi(2) };
        normal[(reach, n)] = moment;
        normal[(n, reach)] = moment;
        // Where the blur has left nothing, small weights are as good as any.
        normal[(n, n)] += 1e-12;
    }
    let solved = normal.lu().solve(&right).expect("a constraint with a ridge has one solution");
    let weights: Vec<f64> = solved.iter().take(reach).copied().collect();
    let peak = rows.iter().map(|(_, target)| target.abs()).fold(0.0, f64::max);
    let error = rows.iter().map(|(row, target)| {
        let sum: f64 = row.iter().zip(&weights).map(|(basis, weight)| basis * weight).sum();
        (sum - target).abs()
    });
    let error = error.fold(0.0, f64::max) / peak;
    (weights, error)
}

/// What each weight and the wanted derivative are at a frequency, up to a factor of `i` or -1.
fn spectra(sigma: f64, order: i32, reach: usize, frequency: f64) -> (Vec<f64>, f64) {
    let blur = blur(sigma, frequency);
    // Images have little at the highest frequencies, and there a lattice cannot tell slopes.
    let share = (0.5 * frequency).cos().powi(2);
    let basis = (1..=reach).map(|n| {
        let angle = n as f64 * frequency;
        let wave = if order == 1 { 2.0 * angle.sin() } else { 2.0 - 2.0 * angle.cos() };
        share * blur * wave
    });
    let gaussian = (-0.5 * (sigma * frequency).powi(2)).exp();
    (basis.collect(), share * frequency.powi(order) * gaussian)
}
