//! Outline and hatching, legible without colour.

/// Aerated lung.
pub(super) const AERATED: u8 = 1;
/// Lung with its dense parts.
pub(super) const ANATOMICAL: u8 = 2;
/// Aerated lung that is low in attenuation.
pub(super) const LOW: u8 = 4;

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

/// How marks are drawn, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pen {
    /// Width of outline, dashes and strokes.
    pub(super) width: usize,
    /// Distance of the strokes of hatching along a row.
    pub(super) hatch: usize,
    /// Length of a dash together with the gap behind it.
    pub(super) dash: usize,
}

impl Pen {
    /// For pictures that are shown as large as they are, or larger.
    pub(super) const FINE: Self = Self { width: 1, hatch: 4, dash: 6 };
    /// For pictures that are shown smaller than they are.
    pub(super) const BROAD: Self = Self { width: 2, hatch: 6, dash: 12 };
}

/// The marks of a picture, row by row, from what was found in each pixel.
///
/// Aerated lung has a solid outline, what the anatomical map adds a dashed one; both lie on the
/// pixels outside so that no lung is hidden. Low attenuation is filled along its edge and hatched
/// inside, so that single voxels stay visible and large areas let the image through.
pub(super) fn marks(found: &[u8], width: usize, pen: Pen) -> Vec<Mark> {
    // An outline of several pixels is the edge of regions that have grown by all but one of them.
    let mut grown = found.to_vec();
    for _ in 1..pen.width {
        grown =
            beside(&grown, width).zip(&grown).map(|(beside, here)| here | any(beside)).collect();
    }
    let here = beside(found, width).zip(found).zip(beside(&grown, width));
    here.enumerate()
        .map(|(n, ((close, here), far))| mark(*here, close, far, n / width + n % width, pen))
        .collect()
}

/// What was found in the pixels above, below, left and right of each pixel.
fn beside(found: &[u8], width: usize) -> impl Iterator<Item = [u8; 4]> {
    (0..found.len()).map(move |n| {
        let column = n % width;
        [
            if n < width { 0 } else { found[n - width] },
            found.get(n + width).copied().unwrap_or(0),
            if column == 0 { 0 } else { found[n - 1] },
            if column + 1 == width { 0 } else { found[n + 1] },
        ]
    })
}

fn any(beside: [u8; 4]) -> u8 {
    beside.into_iter().fold(0, |a, b| a | b)
}

/// The mark of one pixel, from what lies beside it and beside it after growing. `diagonal` numbers
/// the strokes that hatching and dashes are cut by.
fn mark(here: u8, close: [u8; 4], far: [u8; 4], diagonal: usize, pen: Pen) -> Mark {
    if here & LOW != 0 {
        let edge = close.into_iter().any(|beside| beside & LOW == 0);
        let drawn = edge || diagonal % pen.hatch < pen.width;
        return if drawn { Mark::Low } else { Mark::None };
    }
    let solid = here & (AERATED | ANATOMICAL) == 0 && any(far) & AERATED != 0;
    let dash = diagonal % pen.dash < pen.dash / 2;
    let dashed = here & ANATOMICAL == 0 && any(far) & ANATOMICAL != 0 && dash;
    if solid || dashed { Mark::Outline } else { Mark::None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_low_voxel_is_filled_and_a_large_area_lets_the_image_through() {
        let lung = AERATED | ANATOMICAL;
        let mut found = vec![lung; 20 * 20];
        found[5 * 20 + 5] |= LOW;
        assert_eq!(marks(&found, 20, Pen::BROAD)[5 * 20 + 5], Mark::Low);
        let all = vec![lung | LOW; 20 * 20];
        let drawn = marks(&all, 20, Pen::FINE).iter().filter(|mark| **mark == Mark::Low).count();
        assert!((100..200).contains(&drawn), "{drawn} of 400 pixels are drawn over");
    }

    #[test]
    fn outlines_hide_no_lung_and_are_as_wide_as_the_pen() {
        let inside = |n: usize| (5..15).contains(&(n / 20)) && (5..15).contains(&(n % 20));
        let found: Vec<u8> =
            (0..400).map(|n| if inside(n) { AERATED | ANATOMICAL } else { 0 }).collect();
        for pen in [Pen::FINE, Pen::BROAD] {
            let marks = marks(&found, 20, pen);
            assert!((0..400).filter(|n| inside(*n)).all(|n| marks[n] == Mark::None));
            let across = (0..10).filter(|column| marks[10 * 20 + column] == Mark::Outline).count();
            assert_eq!(across, pen.width);
        }
    }
}
