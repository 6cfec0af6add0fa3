//! Convolution along one axis.

use hilum_core::Volume;

use crate::Boundary;
use crate::lines::{LANES, Tile, change_lines};

/// Convolves the lines along an array axis with `taps`, in place.
///
/// The middle tap, `taps[n / 2]` of `n`, belongs to the voxel itself; as in any convolution, later taps
/// look at earlier voxels. Sums are taken in `f64`.
///
/// Cost: `O(voxels * taps)`; taps of 0 cost nothing, and no second volume is held.
///
/// # Panics
///
/// If there are no taps, or `axis` is not 0, 1 or 2.
pub fn convolve(volume: &mut Volume<f32>, axis: usize, taps: &[f64], boundary: Boundary) {
    assert!(!taps.is_empty(), "a convolution needs at least one tap");
    let middle = taps.len() / 2;
    // From tap to the step of the voxel that it looks at.
    let steps: Vec<(isize, f64)> = (0..taps.len())
        .filter(|n| taps[*n] != 0.0)
        .map(|n| (middle as isize - n as isize, taps[n]))
        .collect();
    change_lines(volume, axis, Vec::new, |line, tile| sum(tile, &steps, boundary, line));
}

/// Replaces each voxel of the lines in a tile by the weighted sum of those at the steps.
fn sum(
    tile: &mut Tile<f32>,
    steps: &[(isize, f64)],
    boundary: Boundary,
    line: &mut Vec<[f32; LANES]>,
) {
    let length = tile.len();
    line.clear();
    line.extend_from_slice(tile);
    for (n, values) in tile.iter_mut().enumerate() {
        let mut sums = [0.0; LANES];
        for (step, tap) in steps {
            let Some(place) = boundary.place(n as isize + step, length) else { continue };
            for (sum, voxel) in sums.iter_mut().zip(&line[place]) {
                *sum += tap * f64::from(*voxel);
            }
        }
        *values = sums.map(|sum| sum as f32);
    }
}
