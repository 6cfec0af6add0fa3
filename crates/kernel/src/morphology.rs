//! Morphology with balls.

use std::ops::Range;

use hilum_core::{Grid, Mask};

use crate::ball::Ball;
use crate::distance::{is_near, require_perpendicular};
use crate::packed::Packed;
use crate::par;

/// The voxels within `radius` mm of the mask.
///
/// A ball here is a true ball in the patient, whatever the spacing: a voxel belongs to it if
/// its centre is at most `radius` from that of the middle voxel (a millionth more still counts,
/// since 3 × 0.7 mm should reach 2.1 mm). Cost: `O(n)` for the `n` voxels in the box around the
/// result, whatever the radius.
///
/// # Panics
///
/// If `radius` is negative or not finite, or the axes of the grid are not perpendicular within
/// half a degree.
pub fn dilate(mask: &Mask, radius: f64) -> Mask {
    match ball(mask.grid(), radius) {
        Some(ball) => ball.dilate(&Packed::new(mask, [0; 3])).unpacked(mask.grid()),
        None => on_box(mask, radius, Rim::Wide, |work| grow(work, radius)),
    }
}

/// The voxels that are farther than `radius` mm from everything outside of the mask. What
/// lies beyond the grid counts as inside: the border of the grid erodes nothing.
///
/// Balls, cost and panics as for [`dilate`].
pub fn erode(mask: &Mask, radius: f64) -> Mask {
    match ball(mask.grid(), radius) {
        Some(ball) => ball.erode(&Packed::new(mask, [0; 3])).unpacked(mask.grid()),
        None => on_box(mask, radius, Rim::Within, |work| shrink(work, radius)),
    }
}

/// Where a ball fits into the mask: [`erode`], then [`dilate`]. The mask is taken to go on
/// beyond the grid.
///
/// Balls, cost and panics as for [`dilate`].
pub fn open(mask: &Mask, radius: f64) -> Mask {
    match ball(mask.grid(), radius) {
        Some(ball) => ball.dilate(&ball.erode(&Packed::new(mask, [0; 3]))).unpacked(mask.grid()),
        None => dilate(&erode(mask, radius), radius),
    }
}

/// The mask without the gaps into which no ball fits: [`dilate`], then [`erode`], as if the
/// grid had an empty rim as wide as the ball.
///
/// Balls, cost and panics as for [`dilate`]; the box is two radii larger.
pub fn close(mask: &Mask, radius: f64) -> Mask {
    let Some(ball) = ball(mask.grid(), radius) else {
        return on_box(mask, radius, Rim::Wide, |work| shrink(&grow(work, radius), radius));
    };
    let rim = mask.grid().spacing().map(|spacing| (radius / spacing).floor() as usize + 1);
    ball.erode(&ball.dilate(&Packed::new(mask, rim))).unpacked(mask.grid())
}

/// Share of a radius by which a voxel may lie outside of a ball and still count.
const ROUNDING: f64 = 1e-6;

fn check(grid: &Grid, radius: f64) {
    assert!(radius >= 0.0 && radius.is_finite(), "a radius cannot be {radius} mm");
    require_perpendicular(grid);
}

/// The ball of a radius; `None` where it is so large that distances are found faster, and where there are no voxels.
fn ball(grid: &Grid, radius: f64) -> Option<Ball> {
    check(grid, radius);
    Ball::new(grid, radius * (1.0 + ROUNDING)).filter(|_| grid.voxel_count() > 0)
}

fn grow(mask: &Mask, radius: f64) -> Mask {
    is_near(mask, true, radius * (1.0 + ROUNDING))
}

fn shrink(mask: &Mask, radius: f64) -> Mask {
    let mut near_outside = is_near(mask, false, radius * (1.0 + ROUNDING));
    par::for_each_slice(&mut near_outside, |_, slice| {
        for near in slice {
            *near = !*near;
        }
    });
    near_outside
}

/// What a mask needs around it to be worked on.
#[derive(Clone, Copy, PartialEq)]
enum Rim {
    /// One radius and a voxel on each side, beyond the grid if need be.
    Wide,
    /// A voxel on each side, where the grid has one.
    Within,
}

/// Does `work` on a copy of the box around the mask with its rim; writes the result back.
fn on_box(mask: &Mask, radius: f64, rim: Rim, work: impl Fn(&Mask) -> Mask) -> Mask {
    let grid = mask.grid();
    let mut result = Mask::filled(grid, false);
    let Some(sides) = bounds(mask) else { return result };
    let sides = [0, 1, 2].map(|axis| {
        let Range { start, end } = sides[axis].clone();
        if rim == Rim::Within {
            return start.saturating_sub(1) as isize..(end + 1).min(grid.shape()[axis]) as isize;
        }
        let margin = (radius / grid.spacing()[axis]).floor() as isize + 1;
        start as isize - margin..end as isize + margin
    });
    let first = [0, 1, 2].map(|axis| sides[axis].start);
    let window = grid.window(first.map(|n| n as f64), sides.map(|side| side.len()));
    let mut room = Mask::filled(&window, false);
    copy_rows(mask, &mut room, first);
    copy_rows(&work(&room), &mut result, first.map(|n| -n));
    result
}

/// Smallest box around the voxels inside; `None` if there are none.
fn bounds(mask: &Mask) -> Option<[Range<usize>; 3]> {
    let [slices, rows, columns] = mask.grid().shape();
    let of_slices = par::collect(slices, |k| {
        let mut sides: Option<[Range<usize>; 2]> = None;
        for j in 0..rows {
            let row = &mask.as_slice()[(k * rows + j) * columns..(k * rows + j + 1) * columns];
            let Some(start) = row.iter().position(|inside| *inside) else { continue };
            let end = row.iter().rposition(|inside| *inside).unwrap_or(start) + 1;
            let [_, i] = sides.clone().unwrap_or([j..j, start..end]);
            let first = sides.map_or(j, |[j, _]| j.start);
            sides = Some([first..j + 1, i.start.min(start)..i.end.max(end)]);
        }
        sides
    });
    let filled = of_slices.iter().enumerate().filter_map(|(k, sides)| Some((k, sides.as_ref()?)));
    filled.fold(None, |all, (k, [j, i])| {
        let [ks, js, is] = all.unwrap_or([k..k, j.clone(), i.clone()]);
        let union = |a: Range<usize>, b: &Range<usize>| a.start.min(b.start)..a.end.max(b.end);
        Some([ks.start..k + 1, union(js, j), union(is, i)])
    })
}

/// Copies what two masks share, where voxel `[0, 0, 0]` of `to` is voxel `first` of `from`.
fn copy_rows(from: &Mask, to: &mut Mask, first: [isize; 3]) {
    let [slices, rows, columns] = from.grid().shape();
    let width = to.grid().shape()[2];
    let shift = first[2];
    let (start, end) = ((-shift).max(0), (columns as isize - shift).min(width as isize));
    if start >= end {
        return;
    }
    let source = |n: usize, first: isize, length: usize| {
        usize::try_from(n as isize + first).ok().filter(|n| *n < length)
    };
    par::for_each_slice(to, |k, slice| {
        let Some(k) = source(k, first[0], slices) else { return };
        for (j, row) in slice.chunks_exact_mut(width.max(1)).enumerate() {
            let Some(j) = source(j, first[1], rows) else { continue };
            let offset = ((k * rows + j) * columns) as isize + shift;
            row[start as usize..end as usize].copy_from_slice(
                &from.as_slice()[(offset + start) as usize..(offset + end) as usize],
            );
        }
    });
}
