//! Tubes: vessels and airways.

use hilum_core::{Mask, Volume};

use crate::response::{Polarity, Response, Search, Shape};

/// How curvatures become the strength of a tube.
///
/// Curvatures are the negative eigenvalues of the Hessian of a bright structure times sigma²,
/// `a >= b` the two across the tube and `c` the one of least magnitude. They have the unit of the
/// volume: on its axis, a tube of Gaussian profile and height `h` has `a = b = h/4` at the scale
/// of its own width, and less at other scales.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TubeMeasure {
    /// `b² (r - b) (3 / (b + r))³` with `r = a` but at least `floor`, and 1 from `b = r/2`
    /// on[^jerman].
    ///
    /// The same all over a vessel, its branching points and ends, whatever its contrast, as
    /// long as this exceeds the floor. The floor is a share of the greatest curvature of the volume
    /// in the publication; here it is a number, so that a piece of metal far away changes
    /// nothing. Balls count as tubes.
    ///
    /// [^jerman]: Jerman, Pernuš, Likar and Špiclin (2016), Enhancement of vascular structures in
    ///     3D and 2D angiographic images. IEEE Transactions on Medical Imaging 35:2107,
    ///     doi:10.1109/TMI.2016.2550102 (not checked).
    Jerman {
        /// Curvature of the faintest structures that count fully, in the unit of the volume.
        floor: f64,
    },
    /// `(1 - exp(-A²/2α²)) exp(-B²/2β²) (1 - exp(-S²/2γ²))` with `A = b/a`, `B = |c|/√(ab)` and
    /// `S = √(a² + b² + c²)`[^frangi].
    ///
    /// [^frangi]: Frangi, Niessen, Vincken and Viergever (1998), Multiscale vessel enhancement
    ///     filtering. MICCAI 1998, LNCS 1496:130, doi:10.1007/BFb0056195 (not checked).
    Frangi {
        /// Sharpness towards plates, 0.5 as published.
        alpha: f64,
        /// Sharpness towards balls, 0.5 as published.
        beta: f64,
        /// Strength of structures that count nearly half, in the unit of the volume.
        gamma: f64,
    },
}

/// What [`tubes`] looks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TubeOptions {
    /// Bright or dark tubes; bright unless said.
    pub polarity: Polarity,
    /// How curvatures become a strength; Jerman's measure with a floor of 50 unless said.
    pub measure: TubeMeasure,
    /// Strength below which a voxel is passed over as if it had none: 0 unless said. Directions and
    /// middles cost most, and are looked for only from it on.
    pub least: f64,
    /// Whether the directions of tubes are wanted; they cost 12 bytes per voxel. No unless said.
    pub directions: bool,
    /// Whether the middles of tubes are wanted. No unless said.
    pub middles: bool,
}

impl Default for TubeOptions {
    fn default() -> Self {
        let measure = TubeMeasure::Jerman { floor: 50.0 };
        let polarity = Polarity::Bright;
        Self { polarity, measure, least: 0.0, directions: false, middles: false }
    }
}

/// How much each voxel looks like the inside of a tube, at the scale that fits best.
///
/// At each scale, a Gaussian sigma in mm, the eigenvalues of the Hessian are judged by
/// [`TubeMeasure`]; the greatest strength of all scales counts, and of equal ones the first. A tube
/// of radius `r` answers best around a sigma of `r / √2`. Voxels outside of the mask are 0.
///
/// Cost: `O(m)` for each scale and the `m` voxels of the box around the mask and its margin of 5
/// sigma, whatever the sigma; most of it is spent on voxels of the mask. Beside input and result, one
/// blurred copy of the box is held, and a slice for each thread.
///
/// # Panics
///
/// If there are no scales or more than 256, one is not positive, the mask has another
/// shape than the volume, or the axes of the grid are not perpendicular within half a degree.
pub fn tubes(
    volume: &Volume<f32>,
    scales: &[f64],
    within: Option<&Mask>,
    options: &TubeOptions,
) -> Response {
    let TubeOptions { polarity, measure, directions, middles, .. } = *options;
    let least = options.least as f32;
    match measure {
        TubeMeasure::Jerman { floor } => {
            let shape = Jerman::new(floor, options.least);
            Search { volume, scales, within, polarity, least, directions, middles, shape }.run()
        }
        TubeMeasure::Frangi { alpha, beta, gamma } => {
            let shape = Frangi([alpha, beta, gamma].map(|width| (0.5 / (width * width)) as f32));
            Search { volume, scales, within, polarity, least, directions, middles, shape }.run()
        }
    }
}

struct Jerman {
    floor: f32,
    /// The sum of the curvatures is above this where the strength is high enough.
    sum: f32,
}

impl Jerman {
    /// The strength rises with `x = b/r` up to `x = ½`. As `c >= -b`, the sum of the curvatures is at
    /// least `a`, and so at least `b`.
    fn new(floor: f64, least: f64) -> Self {
        let strength = |x: f64| 27.0 * x * x * (1.0 - x) / (1.0 + x).powi(3);
        let (mut low, mut high) = (0.0, 0.5);
        for _ in 0..30 {
            let middle = f64::midpoint(low, high);
            if strength(middle) < least { low = middle } else { high = middle }
        }
        Self { floor: floor as f32, sum: (0.999 * low * floor).max(0.0) as f32 }
    }
}

/// `1 / 2w²` for alpha, beta and gamma.
struct Frangi([f32; 3]);

/// The two curvatures across a tube and the one along it, if these curvatures can be of one: the
/// two of greatest magnitude are positive.
#[inline]
fn across([high, middle, low]: [f32; 3]) -> Option<[f32; 3]> {
    (middle > 0.0 && middle >= -low).then_some([high, middle, low])
}

impl Shape for Jerman {
    #[inline]
    fn strength(&self, curvatures: [f32; 3]) -> f32 {
        let Some([a, b, _]) = across(curvatures) else { return 0.0 };
        let r = a.max(self.floor);
        let third = 3.0 / (b + r);
        if b >= 0.5 * r {
            return 1.0;
        }
        (b * b * (r - b) * third * third * third).min(1.0)
    }

    fn is_possible(&self, sum: f32) -> bool {
        sum > self.sum
    }

    fn axis(&self, _: [f32; 3]) -> usize {
        2
    }
}

impl Shape for Frangi {
    #[inline]
    fn strength(&self, curvatures: [f32; 3]) -> f32 {
        let Some([a, b, c]) = across(curvatures) else { return 0.0 };
        let [alpha, beta, gamma] = self.0;
        let plate = 1.0 - (-alpha * (b / a) * (b / a)).exp();
        let ball = (-beta * c * c / (a * b)).exp();
        let noise = 1.0 - (-gamma * (a * a + b * b + c * c)).exp();
        plate * ball * noise
    }

    fn is_possible(&self, sum: f32) -> bool {
        sum > 0.0
    }

    fn axis(&self, _: [f32; 3]) -> usize {
        2
    }
}
