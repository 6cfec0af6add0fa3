//! The discrete Fourier transform along axes of a volume.

use hilum_core::Volume;
use rustfft::FftPlanner;
/// A complex number, `f64` in both parts.
pub use rustfft::num_complex::Complex64 as Complex;

use crate::lines::{LANES, change_lines};

/// Which way a transform goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From space to frequencies: `sum f(n) exp(-2πi n m / N)`.
    Forward,
    /// From frequencies to space, divided by the number of values.
    Inverse,
}

/// Transforms a volume in place along the given array axes, each of any length.
///
/// Cost: `O(n log n)` for `n` voxels, fastest where lengths have small prime factors
/// ([`fourier_length`]); no second volume is held.
pub fn fourier(volume: &mut Volume<Complex>, axes: &[usize], direction: Direction) {
    let shape = volume.grid().shape();
    let mut planner = FftPlanner::new();
    for axis in axes.iter().copied().filter(|axis| shape[*axis] > 1) {
        let length = shape[axis];
        let (plan, factor) = match direction {
            Direction::Forward => (planner.plan_fft_forward(length), 1.0),
            Direction::Inverse => (planner.plan_fft_inverse(length), 1.0 / length as f64),
        };
        let room = || {
            let scratch = plan.get_inplace_scratch_len();
            (vec![Complex::default(); length], vec![Complex::default(); scratch])
        };
        change_lines(volume, axis, room, |(line, scratch), tile| {
            for lane in 0..LANES {
                line.iter_mut().zip(tile.iter()).for_each(|(value, row)| *value = row[lane]);
                plan.process_with_scratch(line, scratch);
                line.iter()
                    .zip(tile.iter_mut())
                    .for_each(|(value, row)| row[lane] = value * factor);
            }
        });
    }
}

/// The least length from `length` on whose prime factors are 2, 3 and 5.
pub fn fourier_length(length: usize) -> usize {
    let smooth = |length: &usize| {
        let without = |n: usize, factor: usize| {
            (0..usize::BITS).fold(n, |n, _| if n.is_multiple_of(factor) { n / factor } else { n })
        };
        [2, 3, 5].into_iter().fold(*length, without) == 1
    };
    let lengths = length.max(1)..=length.next_power_of_two();
    lengths.into_iter().find(smooth).expect("the last is a power of two")
}
