//! The Euclidean distance transform.

use hilum_core::{Grid, Mask, Volume};
use ndarray::ArrayViewMut2;

use crate::envelope::Envelope;
use crate::lines::{LANES, change_columns, change_lines, map_across_slices};
use crate::par;
use crate::runs::{Run, for_each_run};

/// Distance in mm from each voxel to the centre of the nearest voxel that is `true`: 0 inside,
/// infinite everywhere if the mask is empty.
///
/// It is exact (to the rounding of `f32`) for any spacing: squared distances are found along
/// `i`, then the lower envelope of parabolas along `j` and along `k`[^felzenszwalb]. Cost: `O(n)`
/// for `n` voxels.
///
/// # Panics
///
/// If the axes of the grid are not perpendicular within half a degree: resample first.
///
/// [^felzenszwalb]: Felzenszwalb and Huttenlocher (2012), Distance transforms of sampled
///     functions. Theory of Computing 8:415-428, doi:10.4086/toc.2012.v008a019 (not checked).
pub fn distance(mask: &Mask) -> Volume<f32> {
    let mut distance = squares_in_slices(mask, true, f32::MAX);
    let [slices, ..] = mask.grid().shape();
    let room = || Envelope::new(slices, mask.grid().spacing()[0], f32::MAX);
    change_lines(&mut distance, 0, room, |envelope, tile| {
        envelope.lower(tile);
        tile.as_flattened_mut().iter_mut().for_each(|square| *square = square.sqrt());
    });
    distance
}

/// For each voxel, whether one that has `value` is at most `limit` mm away. What is farther
/// away is never looked at.
pub(crate) fn is_near(mask: &Mask, value: bool, limit: f64) -> Mask {
    let limit_squared = (limit * limit) as f32;
    let squares = squares_in_slices(mask, value, limit_squared);
    let [slices, ..] = mask.grid().shape();
    let room = || Envelope::new(slices, mask.grid().spacing()[0], limit_squared);
    map_across_slices(&squares, room, Envelope::lower, |square| square <= limit_squared)
}

/// Shear in radians below which axes count as perpendicular.
const PERPENDICULAR: f64 = 0.0087;

/// Squared distances in mm² to the nearest voxel of the same slice that has `value`, as far as
/// they are at most `limit`; instead of a greater one there may be any that is greater.
fn squares_in_slices(mask: &Mask, value: bool, limit: f32) -> Volume<f32> {
    let grid = mask.grid();
    require_perpendicular(grid);
    let [_, rows, columns] = grid.shape();
    let [_, dj, di] = grid.spacing();
    let ramp = Ramp::new(columns, di);
    let mut squares = Volume::filled(grid, 0.0);
    let room = || (vec![[0.0; LANES]; rows], Envelope::new(rows, dj, limit));
    par::for_each_slice_with(&mut squares, room, |(tile, envelope), k, squares| {
        for (j, squares) in squares.chunks_exact_mut(columns.max(1)).enumerate() {
            squares.fill(f32::INFINITY);
            let row = (k * rows + j) * columns;
            ramp.fill(squares, &mask.as_slice()[row..row + columns], value);
        }
        let mut sheet = ArrayViewMut2::from_shape([rows, columns], squares)
            .expect("a slice has rows times columns voxels");
        change_columns(&mut sheet, tile, |tile| envelope.lower(tile));
    });
    squares
}

pub(crate) fn require_perpendicular(grid: &Grid) {
    let shear = grid.shear();
    assert!(
        shear < PERPENDICULAR,
        "lengths need perpendicular axes, these miss it by {shear:.4} rad: resample first"
    );
}

/// Squared distances along a row, ready to be copied.
struct Ramp {
    /// `(n di)²`, rising.
    up: Vec<f32>,
    /// The same, falling.
    down: Vec<f32>,
}

impl Ramp {
    fn new(columns: usize, spacing: f64) -> Self {
        let up: Vec<f32> = (0..=columns).map(|n| (n as f64 * spacing).powi(2) as f32).collect();
        let down = up.iter().rev().copied().collect();
        Self { up, down }
    }

    /// Writes squared distances along a row; rows without `value` are left as they are.
    fn fill(&self, squares: &mut [f32], mask: &[bool], value: bool) {
        let mut last: Option<usize> = None;
        for_each_run(mask, value, |Run { start, end }| {
            let (start, end) = (start as usize, end as usize);
            let middle = last.map_or(0, |last| last + (start - last).div_ceil(2));
            if let Some(last) = last {
                self.rise(&mut squares[last..middle]);
            }
            let falling = start - middle;
            let from = self.down.len() - 1 - falling;
            squares[middle..start].copy_from_slice(&self.down[from..from + falling]);
            squares[start..end].fill(0.0);
            last = Some(end);
        });
        if let Some(last) = last {
            self.rise(&mut squares[last..]);
        }
    }

    /// The gap after a run.
    fn rise(&self, gap: &mut [f32]) {
        gap.copy_from_slice(&self.up[1..=gap.len()]);
    }
}
