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
    let mut marks = Vec::with_capacity(found.len());
    for (row, line) in found.chunks(width).enumerate() {
        let start = row * width;
        let line = line.iter().zip(&outline[start..]).zip(&rim[start..]).zip(row..);
        marks.extend(line.map(|(((here, outline), rim), diagonal)| {
            if here & LOW != 0 {
                let edge = is_edge(found, width, start + diagonal - row);
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
        }));
    }
    marks
}

/// Says whether a pixel of low attenuation has one beside it that is not, the picture's edge included.
fn is_edge(found: &[u8], width: usize, n: usize) -> bool {
    let is_low = |n: usize| found.get(n).is_some_and(|found| found & LOW != 0);
    let (first, last) = (n.is_multiple_of(width), n % width + 1 == width);
    first
        || last
        || !is_low(n - 1)
        || !is_low(n + 1)
        || !is_low(n + width)
        || n < width
        || !is_low(n - width)
}

/// What was found in each pixel or in one beside it, row by row so that whole rows are joined at once.
fn grown(found: &[u8], width: usize) -> Vec<u8> {
    let mut grown = found.to_vec();
    let join = |to: &mut [u8], from: &[u8]| {
        for (to, from) in to.iter_mut().zip(from) {
            *to |= from;
        }
    };
    for (to, from) in grown.chunks_mut(width).zip(found.chunks(width)) {
        join(&mut to[1..], from);
        join(to, &from[1..]);
    }
    join(&mut grown[width..], found);
    join(&mut grown, &found[width..]);
    grown
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
