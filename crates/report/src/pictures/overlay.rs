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
    /// A dark line around the outline, which keeps it apart from bright tissue without colour.
    Rim = 3,
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
    let mut outline = found.to_vec();
    for _ in 0..pen.width {
        outline = grown(&outline, width);
    }
    let rim = grown(&outline, width);
    let here = found.iter().zip(beside(found, width)).zip(outline.iter().zip(&rim));
    here.enumerate()
        .map(|(n, ((here, beside), (outline, rim)))| {
            let diagonal = n / width + n % width;
            if here & LOW != 0 {
                let edge = beside.into_iter().any(|beside| beside & LOW == 0);
                let drawn = edge || diagonal % pen.hatch < pen.width;
                return if drawn { Mark::Low } else { Mark::None };
            }
            // Where a line is broken, only aerated lung is followed.
            let dash = diagonal % pen.dash < pen.dash / 2;
            let followed = if dash { AERATED | ANATOMICAL } else { AERATED };
            match (here & (AERATED | ANATOMICAL), outline & followed, rim & followed) {
                (0, 0, 0) | (1.., _, _) => Mark::None,
                (0, 0, _) => Mark::Rim,
                (0, _, _) => Mark::Outline,
            }
        })
        .collect()
}

/// What was found in each pixel or in one beside it.
fn grown(found: &[u8], width: usize) -> Vec<u8> {
    let any = |beside: [u8; 4]| beside.into_iter().fold(0, |a, b| a | b);
    beside(found, width).zip(found).map(|(beside, here)| here | any(beside)).collect()
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
