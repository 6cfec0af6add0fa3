//! Outline and hatching, legible without colour.

/// How much of each pixel is aerated lung, lung with its dense parts, and low attenuation.
pub(super) struct Cover {
    pub(super) aerated: Vec<f32>,
    pub(super) anatomical: Vec<f32>,
    pub(super) low: Vec<f32>,
}

/// What is drawn over a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Mark {
    /// Nothing: the image itself.
    None = 0,
    /// Edge of the lung, drawn on the pixel outside of it.
    Outline = 1,
    /// Edge or hatching of low attenuation.
    Low = 2,
}

/// Distance of the strokes of hatching, in pixels along a row.
const HATCH: usize = 4;
/// Period of the dashes, in pixels.
const DASH: usize = 6;

/// The marks of a picture, row by row.
///
/// Aerated lung has a solid outline, what the anatomical map adds a dashed one; both lie on the
/// pixels outside so that no lung is hidden. Low attenuation is filled along its edge and hatched
/// inside, so that single voxels stay visible and large areas let the image through.
pub(super) fn marks(cover: &Cover, width: usize) -> Vec<Mark> {
    let inside = |shares: &[f32], n: usize| shares[n] >= 0.5;
    let pixels = cover.low.len();
    (0..pixels)
        .map(|n| {
            let (row, column) = (n / width, n % width);
            let near = |shares: &[f32], wanted: bool| {
                (column > 0 && inside(shares, n - 1) == wanted)
                    || (column + 1 < width && inside(shares, n + 1) == wanted)
                    || (row > 0 && inside(shares, n - width) == wanted)
                    || (n + width < pixels && inside(shares, n + width) == wanted)
            };
            let edge = |shares: &[f32]| !inside(shares, n) && near(shares, true);
            let dash = (row + column) % DASH < DASH / 2;
            if inside(&cover.low, n) {
                let drawn = (row + column).is_multiple_of(HATCH) || near(&cover.low, false);
                return if drawn { Mark::Low } else { Mark::None };
            }
            let solid = edge(&cover.aerated) && !inside(&cover.anatomical, n);
            if solid || (edge(&cover.anatomical) && dash) { Mark::Outline } else { Mark::None }
        })
        .collect()
}
