//! The recursive Gaussian and its derivatives.

use hilum_core::Volume;

use crate::damped::Damped;
use crate::lines::{LANES, Tile, change_lines};
use crate::par;

/// Blurs a volume with an isotropic Gaussian of `sigma` mm and takes its derivative, of order
/// 0, 1 or 2 along each array axis `[k, j, i]`, per mm. A derivative along an axis counts in the
/// direction in which the index grows.
///
/// Each of the three kernels is a sum of three damped oscillations on either side, run forward
/// and backward over each line[^deriche]; the coefficients were fitted anew, so
/// that the kernel misses the Gaussian by less than 3·10⁻⁶ of its peak, the first derivative
/// by less than 2·10⁻⁵, the second by less than 7·10⁻⁵. Constants, slopes and parabolas, as far as
/// the order sees them, come out right for any sigma. The border voxel is repeated outwards,
/// exactly.
///
/// Cost: `O(n)` for `n` voxels, whatever the sigma. One volume is held beside the input.
///
/// # Panics
///
/// If `sigma` is not positive, or an order is above 2.
///
/// [^deriche]: Deriche (1993), Recursively implementing the Gaussian and its derivatives.
///     INRIA research report 1893 (not checked).
pub fn recursive_gaussian(volume: &Volume<f32>, sigma: f64, orders: [u8; 3]) -> Volume<f32> {
    assert!(sigma > 0.0, "sigma must be positive, got {sigma} mm");
    let mut filtered = par::copy(volume);
    for (axis, order) in orders.into_iter().enumerate() {
        filter_axis(&mut filtered, axis, sigma, order);
    }
    filtered
}

/// The part of [`recursive_gaussian`] along one axis, in place.
pub(crate) fn filter_axis(volume: &mut Volume<f32>, axis: usize, sigma: f64, order: u8) {
    let spacing = volume.grid().spacing()[axis];
    let kernel = Kernel::new(sigma / spacing, spacing, order);
    change_lines(volume, axis, Vec::new, |sums, tile| kernel.apply(tile, sums));
}

/// A kernel that is a sum of damped oscillations on either side of its middle.
struct Kernel {
    middle: f32,
    waves: [Wave; 3],
    /// 1 for kernels that are the same on both sides, -1 for those that change their sign.
    parity: f32,
}

/// The real part of `gain * pole^n`, for `n` from 1 on.
#[derive(Clone, Copy)]
struct Wave {
    pole: [f32; 2],
    gain: [f32; 2],
    /// What the state settles to on a line of ones.
    settled: [f32; 2],
}

impl Kernel {
    /// The kernel for a sigma in voxels, for derivatives per mm.
    fn new(sigma: f64, spacing: f64, order: u8) -> Self {
        let fit = Damped::gaussian(order);
        let [sum, first, second] = fit.moments(sigma);
        let (middle, scale) = match order {
            0 => (1.0, 1.0 / (1.0 + 2.0 * sum)),
            1 => (0.0, -0.5 / (first * spacing)),
            _ => (-2.0 * sum, 1.0 / (second * spacing * spacing)),
        };
        let waves = fit.sampled(sigma).map(|(pole, gain)| {
            let settled = pole / (1.0 - pole);
            let gain = gain * scale;
            Wave { pole: single(pole), gain: single(gain), settled: single(settled) }
        });
        let parity = if order == 1 { -1.0 } else { 1.0 };
        Self { middle: (middle * scale) as f32, waves, parity }
    }

    /// Filters the lines of a tile; `sums` is room to work in.
    fn apply(&self, tile: &mut Tile<f32>, sums: &mut Vec<[f32; LANES]>) {
        let (Some(first), Some(last)) = (tile.first(), tile.last()) else { return };
        let (mut forward, mut backward) = (self.settled(first), self.settled(last));
        sums.clear();
        sums.extend(tile.iter().map(|values| {
            let mut sum = self.pass(&mut forward, values);
            for lane in 0..LANES {
                sum[lane] += self.middle * values[lane];
            }
            sum
        }));
        for (values, sum) in tile.iter_mut().zip(sums).rev() {
            let other = self.pass(&mut backward, values);
            for lane in 0..LANES {
                values[lane] = sum[lane] + self.parity * other[lane];
            }
        }
    }

    /// The states after endless repetition of the same values.
    fn settled(&self, values: &[f32; LANES]) -> [State; 3] {
        self.waves.map(|wave| State {
            real: values.map(|value| value * wave.settled[0]),
            imaginary: values.map(|value| value * wave.settled[1]),
        })
    }

    /// What the values so far contribute here; takes the values here into the states.
    fn pass(&self, states: &mut [State; 3], values: &[f32; LANES]) -> [f32; LANES] {
        let mut sum = [0.0; LANES];
        for (state, wave) in states.iter_mut().zip(&self.waves) {
            for lane in 0..LANES {
                let (real, imaginary) = (state.real[lane], state.imaginary[lane]);
                sum[lane] += wave.gain[0] * real - wave.gain[1] * imaginary;
                let real = real + values[lane];
                state.real[lane] = wave.pole[0] * real - wave.pole[1] * imaginary;
                state.imaginary[lane] = wave.pole[0] * imaginary + wave.pole[1] * real;
            }
        }
        sum
    }
}

/// The running sum of `value * pole^distance` of each line.
#[derive(Clone, Copy)]
struct State {
    real: [f32; LANES],
    imaginary: [f32; LANES],
}

fn single(number: nalgebra::Complex<f64>) -> [f32; 2] {
    [number.re as f32, number.im as f32]
}
