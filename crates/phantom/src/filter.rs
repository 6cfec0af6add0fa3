//! Separable filters on slices and between them.

use hilum_core::Volume;

use crate::exact::taps;

/// Weights of a Gaussian along the rows and columns of a slice.
pub(crate) struct Plane {
    j: Vec<f32>,
    i: Vec<f32>,
    shape: [usize; 2],
}

impl Plane {
    /// A Gaussian of `sigma` mm for slices of `shape` with `spacing` mm, both `[j, i]`.
    pub(crate) fn new(sigma: f64, spacing: [f64; 2], shape: [usize; 2]) -> Self {
        let [j, i] = spacing.map(|spacing| taps(sigma / spacing));
        Self { j, i, shape }
    }

    /// Root of the sum of squared weights: what is left of the standard deviation of white noise.
    pub(crate) fn noise_gain(&self) -> f64 {
        gain(&self.j) * gain(&self.i)
    }

    /// Filters a slice whose value outside is asked for like the one inside: `value(j, i)` with
    /// indices that run beyond the slice on all sides.
    pub(crate) fn filter(&self, value: impl Fn(i64, i64) -> f32, filtered: &mut [f32]) {
        let [rows, columns] = self.shape;
        let (above, left) = (self.j.len() as i64 / 2, self.i.len() as i64 / 2);
        let mut padded = vec![0.0; columns + self.i.len() - 1];
        let mut lines = vec![0.0f32; (rows + self.j.len() - 1) * columns];
        for (line, j) in lines.chunks_exact_mut(columns).zip(-above..) {
            for (value_here, i) in padded.iter_mut().zip(-left..) {
                *value_here = value(j, i);
            }
            for (tap, shifted) in self.i.iter().zip(padded.windows(columns)) {
                add_scaled(line, *tap, shifted);
            }
        }
        for (j, out) in filtered.chunks_exact_mut(columns).enumerate() {
            out.fill(0.0);
            for (tap, line) in self.j.iter().zip(lines[j * columns..].chunks_exact(columns)) {
                add_scaled(out, *tap, line);
            }
        }
    }
}

/// Root of the sum of squared weights.
pub(crate) fn gain(taps: &[f32]) -> f64 {
    taps.iter().map(|tap| f64::from(*tap) * f64::from(*tap)).sum::<f64>().sqrt()
}

/// Weighted sum of the slices `first, first + 1, …` of a volume whose end slices are repeated.
pub(crate) fn sum_of_slices(source: &Volume<f32>, taps: &[f32], first: i64, sum: &mut [f32]) {
    let last = source.grid().shape()[0] as i64 - 1;
    sum.fill(0.0);
    for (tap, k) in taps.iter().zip(first..) {
        let from = k.clamp(0, last) as usize * sum.len();
        add_scaled(sum, *tap, &source.as_slice()[from..from + sum.len()]);
    }
}

fn add_scaled(sum: &mut [f32], factor: f32, values: &[f32]) {
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum += factor * value;
    }
}
