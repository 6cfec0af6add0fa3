//! The Fourier transform of boxes whose sides are powers of two.

use std::f64::consts::PI;

use hilum_kernel::par;

/// A complex number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Complex {
    pub(crate) re: f64,
    pub(crate) im: f64,
}

impl Complex {
    fn times(self, other: Self) -> Self {
        Self {
            re: self.re * other.re - self.im * other.im,
            im: self.im * other.re + self.re * other.im,
        }
    }

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
    let turns = shape.map(Turns::new);
    turns[0].along(values, rows * columns);
    let slabs = values.chunks_exact_mut(rows * columns).collect();
    par::for_each_part(
        slabs,
        || (),
        |(), _, slab: &mut [Complex]| {
            turns[1].along(slab, columns);
            for row in slab.chunks_exact_mut(columns) {
                turns[2].along(row, 1);
            }
        },
    );
    debug_assert_eq!(values.len(), slices * rows * columns);
}

/// The transform of one length, with its roots of one.
struct Turns {
    length: usize,
    roots: Vec<Complex>,
}

impl Turns {
    fn new(length: usize) -> Self {
        let root = |n: usize| {
            let (im, re) = (-2.0 * PI * n as f64 / length as f64).sin_cos();
            Complex { re, im }
        };
        Self { length, roots: (0..length / 2).map(root).collect() }
    }

    /// Transforms along an axis of which neighbours lie `width` values apart: whole rows are added
    /// to and taken from each other.
    fn along(&self, values: &mut [Complex], width: usize) {
        let length = self.length;
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
            for block in values.chunks_exact_mut(2 * half * width) {
                let (low, high) = block.split_at_mut(half * width);
                let rows = low.chunks_exact_mut(width).zip(high.chunks_exact_mut(width));
                for ((low, high), root) in rows.zip(self.roots.iter().step_by(length / 2 / half)) {
                    for (a, b) in low.iter_mut().zip(high) {
                        let turned = b.times(*root);
                        *b = Complex { re: a.re - turned.re, im: a.im - turned.im };
                        *a = Complex { re: a.re + turned.re, im: a.im + turned.im };
                    }
                }
            }
            half *= 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_transforms_as_the_sum_says() {
        let shape = [4, 2, 8];
        let rough = |n: usize| ((n * n * 7 + n * 3) % 11) as f64;
        let values: Vec<_> = (0..64).map(|n| Complex { re: rough(n), im: rough(n + 5) }).collect();
        let mut found = values.clone();
        transform(&mut found, shape);
        let place = |n: usize| [n / 16, n / 8 % 2, n % 8];
        for (frequency, found) in found.iter().enumerate() {
            let mut sum = Complex::default();
            for (n, value) in values.iter().enumerate() {
                let turns: f64 = (0..3)
                    .map(|axis| {
                        (place(n)[axis] * place(frequency)[axis]) as f64 / shape[axis] as f64
                    })
                    .sum();
                let (im, re) = (-2.0 * PI * turns).sin_cos();
                let turned = value.times(Complex { re, im });
                sum = Complex { re: sum.re + turned.re, im: sum.im + turned.im };
            }
            assert!((sum.re - found.re).abs() < 1e-9 && (sum.im - found.im).abs() < 1e-9);
        }
    }
}
