//! The Fourier transform of boxes whose sides are powers of two.

use std::f64::consts::PI;

/// A complex number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Complex {
    pub(crate) re: f64,
    pub(crate) im: f64,
}

impl Complex {
    /// The square of the absolute value.
    pub(crate) fn norm(self) -> f64 {
        self.re * self.re + self.im * self.im
    }

    /// The transforms of the real and of the imaginary part, from the transform of both at a
    /// frequency and at its opposite.
    pub(crate) fn parted(self, opposite: Self) -> (Self, Self) {
        let real =
            Self { re: f64::midpoint(self.re, opposite.re), im: (self.im - opposite.im) / 2.0 };
        let imaginary =
            Self { re: f64::midpoint(self.im, opposite.im), im: (opposite.re - self.re) / 2.0 };
        (real, imaginary)
    }
}

/// Transforms a box in place, forwards, without a factor.
pub(crate) fn transform(values: &mut [Complex], shape: [usize; 3]) {
    let [slices, rows, columns] = shape;
    along(values, slices, rows * columns);
    for slice in values.chunks_exact_mut(rows * columns) {
        along(slice, rows, columns);
        for row in slice.chunks_exact_mut(columns) {
            along(row, columns, 1);
        }
    }
}

/// Transforms along an axis of which neighbours lie `width` values apart: whole rows are added to
/// and taken from each other.
fn along(values: &mut [Complex], length: usize, width: usize) {
    if length < 2 {
        return;
    }
    let bits = length.trailing_zeros();
    for n in 0..length {
        let other = n.reverse_bits() >> (usize::BITS - bits);
        if n < other {
            let (low, high) = values.split_at_mut(other * width);
            low[n * width..][..width].swap_with_slice(&mut high[..width]);
        }
    }
    let mut half = 1;
    while half < length {
        for start in (0..length).step_by(2 * half) {
            for n in 0..half {
                let (im, re) = (-PI * n as f64 / half as f64).sin_cos();
                let (low, high) = values.split_at_mut((start + n + half) * width);
                let low = &mut low[(start + n) * width..][..width];
                for (a, b) in low.iter_mut().zip(&mut high[..width]) {
                    let turned = Complex { re: b.re * re - b.im * im, im: b.re * im + b.im * re };
                    *b = Complex { re: a.re - turned.re, im: a.im - turned.im };
                    *a = Complex { re: a.re + turned.re, im: a.im + turned.im };
                }
            }
        }
        half *= 2;
    }
}
