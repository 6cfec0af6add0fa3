//! Surfaces between the lobes.

use hilum_core::{Lobe, Region};
use nalgebra::Point3;

use crate::exact::{cos, sin};

/// Signed distance to the oblique fissure of the side that `p` is on; positive in the upper
/// lobe (and the middle one).
pub(crate) fn oblique(p: Point3<f64>) -> f64 {
    let side = p.x.abs();
    let (x, y) = (side - 75.0, p.y);
    let (height, phase) = if p.x < 0.0 { (-57.0, 0.6) } else { (-55.0, 2.1) };
    let twist = 0.0028 * x * y;
    let bow = -0.0022 * (y - 10.0) * (y - 10.0) - 0.0015 * x * x;
    let waves =
        3.5 * sin(y / 19.0 + phase) * cos(x / 31.0 + phase) + 2.2 * sin(x / 14.0 - y / 37.0);
    (p.z - (height + 1.02 * y + twist + bow + waves)) / 1.43
}

/// Signed distance to the horizontal fissure; positive in the upper lobe.
pub(crate) fn horizontal(p: Point3<f64>) -> f64 {
    let (x, y) = (p.x.abs() - 80.0, p.y + 35.0);
    let bow = -0.0016 * x * x - 0.0012 * y * y;
    let waves = 2.4 * sin(x / 17.0 + 1.0) * cos(y / 21.0) + 1.6 * sin(y / 13.0 + 0.5);
    p.z - (-34.0 - 0.07 * x + 0.10 * y + bow + waves)
}

/// The lobe of a place in the lungs, from its side and its distances to the fissures.
pub(crate) fn lobe(right: bool, oblique: f32, horizontal: f32) -> Lobe {
    match (right, oblique > 0.0) {
        (true, true) if horizontal > 0.0 => Lobe::RightUpper,
        (true, true) => Lobe::RightMiddle,
        (true, false) => Lobe::RightLower,
        (false, true) => Lobe::LeftUpper,
        (false, false) => Lobe::LeftLower,
    }
}

/// Place of a lobe in lists of five.
pub(crate) fn rank(lobe: Lobe) -> usize {
    usize::from(lobe.label()) - 1
}

/// How early a fissure ends where it is incomplete: low near the hilum, uneven.
pub(crate) fn presence(p: Point3<f64>, unevenness: f64) -> f64 {
    let hilum = Point3::new(if p.x < 0.0 { -42.0 } else { 44.0 }, 6.0, -30.0);
    (p - hilum).norm() + 9.0 * unevenness
}
