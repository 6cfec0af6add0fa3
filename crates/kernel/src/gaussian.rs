//! The Gaussian blur by convolution.

use hilum_core::{Mask, Volume};

use crate::blur::Blur;
use crate::lines::{LANES, Tile, change_lines};
use crate::par;
use crate::recursive::filter_axis;

/// Blurs a volume with an isotropic Gaussian of `sigma` mm.
///
/// The three axes are filtered one after the other, each with its own spacing, so that the
/// blur is round in the patient and not in the voxel lattice. The border voxel is repeated
/// outwards. The Gaussian is sampled at voxel centres, cut at 5 sigma and scaled to a sum of 1.
///
/// Cost: `O(n * sigma / spacing)` for `n` voxels; from some 4 voxels on
/// [`crate::recursive_gaussian`] is faster. One volume is held beside the input.
///
/// # Panics
///
/// If `sigma` is not positive.
pub fn gaussian(volume: &Volume<f32>, sigma: f64) -> Volume<f32> {
    assert!(sigma > 0.0, "sigma must be positive, got {sigma} mm");
    let mut blurred = par::copy(volume);
    for (axis, spacing) in volume.grid().spacing().into_iter().enumerate() {
        blur_axis(&mut blurred, axis, sigma / spacing);
    }
    blurred
}

/// [`gaussian`] at the voxels of a mask, to the bit; elsewhere there may be 0 instead.
///
/// Cost: as for [`gaussian`], for the voxels of the mask and those near by. One volume is held beside the input.
///
/// # Panics
///
/// If `sigma` is not positive, or the mask has another shape than the volume.
pub fn gaussian_within(volume: &Volume<f32>, sigma: f64, mask: &Mask) -> Volume<f32> {
    assert!(sigma > 0.0, "sigma must be positive, got {sigma} mm");
    assert_eq!(mask.grid().shape(), volume.grid().shape(), "mask and volume differ in shape");
    Blur { taps: volume.grid().spacing().map(|spacing| taps(sigma / spacing)) }.within(volume, mask)
}

/// Sigma in voxels up to which convolution takes less time than recursion.
const SHORT: f64 = 2.5;

/// Blurs a volume in place along each axis by what is faster there, [`gaussian`] or
/// [`crate::recursive_gaussian`].
pub(crate) fn fastest(volume: &mut Volume<f32>, sigma: f64) {
    for (axis, spacing) in volume.grid().spacing().into_iter().enumerate() {
        if sigma < SHORT * spacing {
            blur_axis(volume, axis, sigma / spacing);
        } else {
            filter_axis(volume, axis, sigma, 0);
        }
    }
}

/// Blurs the lines along an axis by a sigma in voxels.
fn blur_axis(volume: &mut Volume<f32>, axis: usize, sigma: f64) {
    let taps = taps(sigma);
    if taps.len() > 1 {
        change_lines(volume, axis, Vec::new, |padded, tile| blur(tile, &taps, padded));
    }
}

/// Sigmas at which the Gaussian is cut: what is beyond is less than one part in a million.
const CUT: f64 = 5.0;

/// The middle tap and those on one side of it, for a sigma in voxels.
fn taps(sigma: f64) -> Vec<f32> {
    let radius = (CUT * sigma).ceil() as usize;
    let half: Vec<f64> = (0..=radius).map(|n| (-0.5 * (n as f64 / sigma).powi(2)).exp()).collect();
    let sum = 2.0 * half.iter().sum::<f64>() - half[0];
    half.iter().map(|tap| (tap / sum) as f32).collect()
}

/// Replaces each voxel of the lines in a tile by the weighted sum of those around it.
fn blur(tile: &mut Tile<f32>, taps: &[f32], padded: &mut Vec<[f32; LANES]>) {
    let radius = taps.len() - 1;
    let (Some(first), Some(last)) = (tile.first(), tile.last()) else { return };
    padded.clear();
    padded.resize(radius, *first);
    padded.extend_from_slice(tile);
    padded.resize(tile.len() + 2 * radius, *last);
    for (values, around) in tile.iter_mut().zip(padded.windows(2 * radius + 1)) {
        let mut sum = around[radius].map(|value| taps[0] * value);
        let pairs = around[..radius].iter().rev().zip(&around[radius + 1..]);
        for ((before, after), tap) in pairs.zip(&taps[1..]) {
            for lane in 0..LANES {
                sum[lane] += tap * (before[lane] + after[lane]);
            }
        }
        *values = sum;
    }
}
