//! Sheets: fissures, by their curvatures.

use hilum_core::{Mask, Volume};

use crate::response::{Polarity, Response, Search, Shape};

/// What [`sheets`] looks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SheetOptions {
    /// Bright or dark sheets; bright unless said.
    pub polarity: Polarity,
    /// Curvature, times sigma², at which contrast counts half, in the unit of the volume: 20
    /// unless said. A sheet of Gaussian profile and height `h` has at most `0.38 h`.
    pub half: f64,
    /// Whether the normals of sheets are wanted; they cost 12 bytes per voxel. No unless said.
    pub directions: bool,
}

impl Default for SheetOptions {
    fn default() -> Self {
        Self { polarity: Polarity::Bright, half: 20.0, directions: false }
    }
}

/// How much each voxel looks like part of a thin sheet, at the scale that fits best.
///
/// With `a` the curvature across the sheet (the negative eigenvalue of greatest magnitude
/// times sigma²) and `b` the next magnitude, the strength is
/// `(a - b) / (a + b) · a² / (a² + half²)`: the first factor is 1 on a plane, 0 on tubes, balls and
/// saddles[^wiemker], the second leaves noise out. It is 0 where `a` is not the greatest
/// magnitude. Scales, mask, cost and memory are those of [`crate::tubes`].
///
/// # Panics
///
/// As [`crate::tubes`].
///
/// [^wiemker]: Wiemker, Bülow and Blaffert (2005), Unsupervised extraction of the pulmonary
///     interlobar fissures from high resolution thoracic CT data. International Congress Series
///     1281:1121, doi:10.1016/j.ics.2005.03.130 (not checked).
pub fn sheets(
    volume: &Volume<f32>,
    scales: &[f64],
    within: Option<&Mask>,
    options: &SheetOptions,
) -> Response {
    let SheetOptions { polarity, half, directions } = *options;
    let shape = Sheet { half_square: (half * half) as f32 };
    let (least, middles) = (0.0, false);
    Search { volume, scales, within, polarity, least, directions, middles, shape }.run()
}

struct Sheet {
    half_square: f32,
}

impl Shape for Sheet {
    #[inline]
    fn strength(&self, [a, middle, low]: [f32; 3]) -> f32 {
        let b = middle.abs().max(-low);
        if a > b { (a - b) / (a + b) * (a * a / (a * a + self.half_square)) } else { 0.0 }
    }

    // The greatest magnitude is positive, so that the sum is above its negative; no help.
    fn is_possible(&self, _: f32) -> bool {
        true
    }

    fn axis(&self, _: [f32; 3]) -> usize {
        0
    }
}
