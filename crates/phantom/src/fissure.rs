//! Surfaces between the lobes.

use hilum_core::{Lobe, Region};
use nalgebra::Point3;

use crate::exact::{cos, sin};
use crate::random::Stream;

/// How the surfaces between the lobes differ from the default ones. Each list holds the right
/// oblique, the right horizontal and the left oblique fissure.
#[derive(Clone, Debug, PartialEq)]
pub struct FissureShape {
    /// Height above the default in mm.
    pub rise: [f64; 3],
    /// Change of the slope from front to back, in mm per mm; positive is steeper.
    pub tilt: [f64; 3],
    /// Change of the slope from the mediastinum outwards, in mm per mm; positive rises outwards.
    pub turn: [f64; 3],
    /// Change of the bow, in mm at 50 mm from the middle; positive is hollower.
    pub bow: [f64; 3],
    /// An S-shaped swing from front to back, in mm at 50 mm from the middle.
    pub swing: [f64; 3],
    /// Height of the waves relative to the default.
    pub waves: [f64; 3],
    /// Shift of the waves in rad.
    pub phase: [f64; 3],
}

impl Default for FissureShape {
    fn default() -> Self {
        let none = [0.0; 3];
        Self {
            rise: none,
            tilt: none,
            turn: none,
            bow: none,
            swing: none,
            waves: [1.0; 3],
            phase: none,
        }
    }
}

/// Stream of random numbers for [`FissureShape::varied`].
const SHAPES: u64 = 20;

impl FissureShape {
    /// A shape by chance, within what looks like the spread between patients: heights by up to 12
    /// mm, slopes by up to 0.15, bows and swings by up to 5 mm.
    pub fn varied(seed: u64) -> Self {
        let stream = Stream::new(seed, SHAPES);
        let three = |number: u64, reach: f64| {
            [0, 1, 2].map(|n| stream.within(number).between(n, -reach, reach))
        };
        Self {
            rise: three(0, 12.0),
            tilt: three(1, 0.15),
            turn: three(2, 0.12),
            bow: three(3, 5.0),
            swing: three(4, 5.0),
            waves: three(5, 0.5).map(|change| 1.0 + change),
            phase: three(6, 3.0),
        }
    }

    /// Height by which fissure `n` departs from the default, its waves aside, at `x` outwards and
    /// `y` back from its middle.
    fn departure(&self, n: usize, x: f64, y: f64) -> f64 {
        let (u, v) = (x / 50.0, y / 50.0);
        self.tilt[n] * y
            + self.turn[n] * x
            + self.bow[n] * (u * u + v * v)
            + self.swing[n] * (v * v * v - v)
    }

    /// Signed distance to the oblique fissure of the side that `p` is on; positive in the upper
    /// lobe (and the middle one).
    pub(crate) fn oblique(&self, p: Point3<f64>) -> f64 {
        let side = p.x.abs();
        let (x, y) = (side - 75.0, p.y);
        let (n, height, phase) = if p.x < 0.0 { (0, -57.0, 0.6) } else { (2, -55.0, 2.1) };
        let phase = phase + self.phase[n];
        let twist = 0.0028 * x * y;
        let bow = -0.0022 * (y - 10.0) * (y - 10.0) - 0.0015 * x * x;
        let waves = 3.5 * sin(y / 19.0 + phase) * cos(x / 31.0 + phase)
            + 2.2 * sin(x / 14.0 - y / 37.0 + self.phase[n]);
        let own = height + 1.02 * y + twist + bow + self.waves[n] * waves;
        let departure = self.rise[n] + self.departure(n, x, y);
        (p.z - (own + departure)) / (1.43 + 0.7 * self.tilt[n])
    }

    /// Signed distance to the horizontal fissure; positive in the upper lobe.
    pub(crate) fn horizontal(&self, p: Point3<f64>) -> f64 {
        let (x, y) = (p.x.abs() - 80.0, p.y + 35.0);
        let bow = -0.0016 * x * x - 0.0012 * y * y;
        let phase = self.phase[1];
        let waves =
            2.4 * sin(x / 17.0 + 1.0 + phase) * cos(y / 21.0) + 1.6 * sin(y / 13.0 + 0.5 + phase);
        let own = -34.0 - 0.07 * x + 0.10 * y + bow + self.waves[1] * waves;
        p.z - (own + (self.rise[1] + self.departure(1, x, y)))
    }
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
