//! Where on a line an interpolated value comes from.

/// `N` voxels of a line and their shares.
#[derive(Clone, Copy)]
pub(crate) struct Taps<const N: usize> {
    pub(crate) places: [usize; N],
    pub(crate) weights: [f32; N],
}

/// Voxels by which a position may miss the border and still count as inside, and ties of the
/// nearest voxel go up: rounding of coordinates must not decide.
const ROUNDING: f64 = 1e-6;

/// Says whether a position lies in one of `length` voxels, which reach half a step beyond their
/// centres.
fn inside(position: f64, length: usize) -> bool {
    position >= -0.5 - ROUNDING && position <= length as f64 - 0.5 + ROUNDING
}

/// The nearest voxel; of two, the later one.
pub(crate) fn nearest(position: f64, length: usize) -> Option<Taps<1>> {
    let place = (position + 0.5 + ROUNDING).floor().max(0.0) as usize;
    inside(position, length).then(|| Taps { places: [place.min(length - 1)], weights: [1.0] })
}

/// The two voxels on either side; beyond the last centre its value goes on.
pub(crate) fn linear(position: f64, length: usize) -> Option<Taps<2>> {
    if !inside(position, length) {
        return None;
    }
    let position = position.clamp(0.0, length as f64 - 1.0);
    let place = position as usize;
    let share = position - place as f64;
    Some(Taps {
        places: [place, (place + 1).min(length - 1)],
        weights: [(1.0 - share) as f32, share as f32],
    })
}

/// Cubic B-splines at four voxels, whose values have to be spline coefficients; the line is
/// mirrored at its outermost centres.
pub(crate) fn cubic(position: f64, length: usize) -> Option<Taps<4>> {
    if !inside(position, length) {
        return None;
    }
    let place = position.floor();
    let t = position - place;
    let s = 1.0 - t;
    let weights = [
        s * s * s / 6.0,
        2.0 / 3.0 - t * t * (1.0 + s) / 2.0,
        2.0 / 3.0 - s * s * (1.0 + t) / 2.0,
        t * t * t / 6.0,
    ];
    Some(Taps {
        places: [-1, 0, 1, 2].map(|step| mirrored(place as isize + step, length)),
        weights: weights.map(|weight| weight as f32),
    })
}

/// The voxel that stands for a place up to a few voxels beyond either end.
fn mirrored(place: isize, length: usize) -> usize {
    let period = 2 * (length as isize - 1).max(1);
    let place = place.rem_euclid(period);
    place.min(period - place).min(length as isize - 1) as usize
}
