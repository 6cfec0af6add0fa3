//! The Euclidean distance transform.

use hilum_core::{Grid, Mask, Volume};
use ndarray::{ArrayViewMut2, Axis};
use rayon::prelude::*;

use crate::envelope::Envelope;
use crate::lines::{self, LANES};
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
    let mut squares = squared_distance(mask, true, f64::INFINITY);
    par::for_each_slice(&mut squares, |_, slice| {
        for square in slice {
            *square = square.sqrt();
        }
    });
    squares
}

/// Shear in radians below which axes count as perpendicular.
const PERPENDICULAR: f64 = 0.0087;

/// Squared distances in mm² to the nearest voxel that has `value`, as far as they are at most
/// `limit`²; greater ones may be any number that is greater.
pub(crate) fn squared_distance(mask: &Mask, value: bool, limit: f64) -> Volume<f32> {
    let grid = mask.grid();
    require_perpendicular(grid);
    let [slices, rows, columns] = grid.shape();
    let [dk, dj, di] = grid.spacing();
    let ramp = Ramp::new(columns, di);
    let limit = (limit * limit).min(f64::from(f32::MAX)) as f32;
    let mut squares = Volume::filled(grid, f32::INFINITY);
    let area = (rows * columns).max(1);
    let room = || (vec![[0.0; LANES]; rows], Envelope::new(rows, dj));
    let slices_of_squares = squares.as_mut_slice().par_chunks_mut(area);
    slices_of_squares.zip(mask.as_slice().par_chunks(area)).for_each_init(
        room,
        |(tile, envelope), (squares, mask)| {
            let pairs =
                squares.chunks_exact_mut(columns.max(1)).zip(mask.chunks_exact(columns.max(1)));
            pairs.for_each(|(squares, mask)| ramp.fill(squares, mask, value));
            let mut sheet = ArrayViewMut2::from_shape([rows, columns], squares)
                .expect("a slice has rows times columns voxels");
            lines::change_columns(&mut sheet, tile, |tile| envelope.lower(tile, limit));
        },
    );
    lower_across_slices(&mut squares, slices, dk, limit);
    squares
}

/// The pass along `k`.
fn lower_across_slices(squares: &mut Volume<f32>, slices: usize, spacing: f64, limit: f32) {
    let room = || (vec![[0.0; LANES]; slices], Envelope::new(slices, spacing));
    let mut voxels = squares.voxels_mut();
    let sheets: Vec<_> = voxels.axis_iter_mut(Axis(1)).collect();
    sheets.into_par_iter().for_each_init(room, |(tile, envelope), mut sheet| {
        lines::change_columns(&mut sheet, tile, |tile| envelope.lower(tile, limit));
    });
}

pub(crate) fn require_perpendicular(grid: &Grid) {
    let shear = grid.shear();
    assert!(
        shear < PERPENDICULAR,
        "distances need perpendicular axes, these miss it by {shear:.4} rad: resample first"
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
