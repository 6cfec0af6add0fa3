//! Cubic spline coefficients.

use hilum_core::Volume;

use crate::lines::{LANES, Tile, change_lines};
use crate::par;

/// The coefficients of the cubic spline that runs through all voxels, mirrored at the outermost
/// centres[^unser].
///
/// [^unser]: Unser (1999), Splines: a perfect fit for signal and image processing. IEEE Signal
///     Process Mag 16(6):22-38, doi:10.1109/79.799930 (not checked).
pub(crate) fn coefficients(volume: &Volume<f32>) -> Volume<f32> {
    let mut coefficients = par::copy(volume);
    for (axis, length) in volume.grid().shape().into_iter().enumerate() {
        if length > 1 {
            change_lines(&mut coefficients, axis, || (), |(), tile| sharpen(tile));
        }
    }
    coefficients
}

/// The pole of the recursion: `sqrt(3) - 2`.
const POLE: f32 = -0.267_949_2;

/// Voxels after which a power of the pole is nothing in `f32`.
const REACH: usize = 16;

/// Solves for the coefficients of each line: once forward, once backward.
fn sharpen(tile: &mut Tile<f32>) {
    let length = tile.len();
    let mut sum = first_sum(tile);
    for values in tile.iter_mut() {
        // The first round multiplies the sum before voxel 0 by the pole.
        for lane in 0..LANES {
            sum[lane] = values[lane] + POLE * sum[lane];
            values[lane] = sum[lane];
        }
    }
    let scale = POLE / (POLE * POLE - 1.0);
    let (last, before) = (tile[length - 1], tile[length - 2]);
    for lane in 0..LANES {
        sum[lane] = scale * (last[lane] + POLE * before[lane]);
        tile[length - 1][lane] = 6.0 * sum[lane];
    }
    for values in tile[..length - 1].iter_mut().rev() {
        for lane in 0..LANES {
            sum[lane] = POLE * (sum[lane] - values[lane]);
            values[lane] = 6.0 * sum[lane];
        }
    }
}

/// What the mirrored line before voxel 0 leaves: the sum of `value[n] pole^(n - 1)` from 1 on.
fn first_sum(tile: &Tile<f32>) -> [f32; LANES] {
    let period = 2 * (tile.len() - 1);
    let mut sum = [0.0; LANES];
    for n in (1..=REACH).rev() {
        let place = n % period;
        let values = &tile[place.min(period - place)];
        for lane in 0..LANES {
            sum[lane] = values[lane] + POLE * sum[lane];
        }
    }
    sum
}
