//! What small filters answer at each pixel of a slice.

use super::bins::{Bins, NOT_COUNTED};

/// A slice, or a part of one, in rows.
#[derive(Debug)]
pub(super) struct Slice {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// CT numbers, cut to what counts in lungs.
    pub(super) density: Vec<f32>,
    /// Pixels that were measured.
    pub(super) measured: Vec<bool>,
}

/// CT numbers beyond these tell nothing about lungs.
pub(super) const DENSITY: (f32, f32) = (-1050.0, 300.0);

/// Bins of a quantity at each pixel, in rows.
pub(super) struct Channel {
    pub(super) bins: Bins,
    pub(super) pixels: Vec<u8>,
}

/// How far from a pixel the farthest one lies that bears on any answer there, along rows and columns.
pub(super) const REACH: usize = 3;

/// The channels: CT numbers first, then the answers in the order of the features.
///
/// Filters are a binomial of five taps and central differences, on the lattice of the pixels; beyond
/// the border the outermost pixels are repeated. Nothing depends on flips or quarter turns.
pub(super) fn channels(slice: &Slice) -> Vec<Channel> {
    let smooth = binomial(slice, &slice.density);
    let detail: Vec<f32> = slice.density.iter().zip(&smooth).map(|(d, s)| d - s).collect();
    let mut channels = vec![
        channel(slice, Bins::of_density(), &slice.density),
        channel(slice, Bins::of_smooth_density(), &smooth),
        channel(slice, Bins::of_difference(), &detail),
    ];
    for image in [&slice.density, &smooth] {
        let [steepness, largest, least] = derivatives(slice, image);
        channels.push(channel(slice, Bins::of_steepness(), &steepness));
        channels.push(channel(slice, Bins::of_difference(), &largest));
        channels.push(channel(slice, Bins::of_difference(), &least));
    }
    channels
}

fn channel(slice: &Slice, bins: Bins, values: &[f32]) -> Channel {
    let bin = |(value, measured): (&f32, &bool)| {
        if *measured { bins.of(*value) } else { NOT_COUNTED }
    };
    let pixels = values.iter().zip(&slice.measured).map(bin).collect();
    Channel { bins, pixels }
}

/// Rows above and below, at the distances -2 to 2, with the outermost repeated.
fn around(slice: &Slice, row: usize, reach: usize) -> [usize; 5] {
    let last = slice.rows - 1;
    let mut rows = [row; 5];
    for (n, place) in rows.iter_mut().enumerate() {
        let away = n as isize - 2;
        let away = away.clamp(-(reach as isize), reach as isize);
        *place = row.saturating_add_signed(away).min(last) * slice.columns;
    }
    rows
}

/// Weighted 1 4 6 4 1 along rows and columns. CT numbers are whole: the sums are exact.
fn binomial(slice: &Slice, values: &[f32]) -> Vec<f32> {
    let width = slice.columns;
    let mut result = vec![0.0; values.len()];
    let mut padded = vec![0.0; width + 4];
    for (row, result) in result.chunks_exact_mut(width).enumerate() {
        let [a, b, c, d, e] = around(slice, row, 2).map(|first| &values[first..first + width]);
        for (i, sum) in padded[2..2 + width].iter_mut().enumerate() {
            *sum = (a[i] + e[i]) + 4.0 * (b[i] + d[i]) + 6.0 * c[i];
        }
        repeat_ends(&mut padded, 2);
        for (i, value) in result.iter_mut().enumerate() {
            let p = &padded[i..i + 5];
            *value = ((p[0] + p[4]) + 4.0 * (p[1] + p[3]) + 6.0 * p[2]) / 256.0;
        }
    }
    result
}

fn repeat_ends(padded: &mut [f32], margin: usize) {
    let last = padded.len() - margin - 1;
    let (first_value, last_value) = (padded[margin], padded[last]);
    padded[..margin].fill(first_value);
    padded[last + 1..].fill(last_value);
}

/// Length of the gradient, and the larger and the smaller curvature (eigenvalues of the Hessian),
/// each in HU for a pixel.
fn derivatives(slice: &Slice, values: &[f32]) -> [Vec<f32>; 3] {
    let width = slice.columns;
    let mut results = [0, 1, 2].map(|_| vec![0.0; values.len()]);
    let mut rows = [0, 1, 2].map(|_| vec![0.0; width + 2]);
    for row in 0..slice.rows {
        let [_, above, here, below, _] = around(slice, row, 1);
        for (padded, first) in rows.iter_mut().zip([above, here, below]) {
            padded[1..=width].copy_from_slice(&values[first..first + width]);
            repeat_ends(padded, 1);
        }
        let [a, h, b] = &rows;
        let place = row * width;
        let [steepness, largest, least] = &mut results;
        let steepness = &mut steepness[place..place + width];
        let largest = &mut largest[place..place + width];
        let least = &mut least[place..place + width];
        for i in 0..width {
            let (x, y) = ((h[i + 2] - h[i]) / 2.0, (b[i + 1] - a[i + 1]) / 2.0);
            steepness[i] = (x * x + y * y).sqrt();
            let xx = (h[i + 2] + h[i]) - 2.0 * h[i + 1];
            let yy = (b[i + 1] + a[i + 1]) - 2.0 * h[i + 1];
            let xy = ((b[i + 2] + a[i]) - (b[i] + a[i + 2])) / 4.0;
            let (mean, half) = (f32::midpoint(xx, yy), (xx - yy) / 2.0);
            let away = (half * half + xy * xy).sqrt();
            largest[i] = mean + away;
            least[i] = mean - away;
        }
    }
    results
}
