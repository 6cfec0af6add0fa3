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

/// Distance of the strokes of hatching, in pixels along a row.
const HATCH: usize = 4;
/// Period of the dashes, in pixels.
const DASH: usize = 6;

/// The marks of a picture, row by row, from what was found in each pixel.
///
/// Aerated lung has a solid outline, what the anatomical map adds a dashed one; both lie on the
/// pixels outside so that no lung is hidden. Low attenuation is filled along its edge and hatched
/// inside, so that single voxels stay visible and large areas let the image through.
pub(super) fn marks(found: &[u8], width: usize) -> Vec<Mark> {
    let nothing = vec![0; width];
    let rows: Vec<&[u8]> = found.chunks(width).collect();
    let row = |n: usize| rows.get(n).copied().unwrap_or(&nothing);
    let mut marks = Vec::with_capacity(found.len());
    for (n, middle) in rows.iter().enumerate() {
        let (above, below) = (row(n.wrapping_sub(1)), row(n + 1));
        for (column, here) in middle.iter().enumerate() {
            let left = if column == 0 { 0 } else { middle[column - 1] };
            let right = middle.get(column + 1).copied().unwrap_or(0);
            let beside = [above[column], below[column], left, right];
            marks.push(mark(*here, beside, n + column));
        }
    }
    marks
}

/// The mark of one pixel. `diagonal` numbers the strokes that hatching and dashes are cut by.
fn mark(here: u8, beside: [u8; 4], diagonal: usize) -> Mark {
    let [any, all] = [beside.iter().fold(0, |a, b| a | b), beside.iter().fold(!0, |a, b| a & b)];
    if here & LOW != 0 {
        let drawn = diagonal.is_multiple_of(HATCH) || all & LOW == 0;
        return if drawn { Mark::Low } else { Mark::None };
    }
    let solid = here & (AERATED | ANATOMICAL) == 0 && any & AERATED != 0;
    let dashed = here & ANATOMICAL == 0 && any & ANATOMICAL != 0 && diagonal % DASH < DASH / 2;
    if solid || dashed { Mark::Outline } else { Mark::None }
}
