//! What lies within a ball around each voxel, 64 voxels at a time.

use hilum_core::{Grid, Mask};

use crate::par;
use crate::runs::bits;

/// The rows of voxels of a ball around a voxel.
///
/// Rows of a mask are held as bits. For each row of the result, the rows of the mask that the ball cuts
/// widest are joined and spread by a voxel on either side as often as the next ones are narrower, then these
/// are joined to them, and so on: a spread of a union is the union of the spreads.
pub(crate) struct Ball {
    /// From the widest to the narrowest.
    bands: Vec<Band>,
}

/// Rows `[k, j]`, relative to the middle, that are cut alike.
struct Band {
    rows: Vec<[isize; 2]>,
    /// By how many voxels on either side the next band is narrower, or this one wider than a voxel.
    spread: usize,
}

/// Rows of a ball up to which this takes less time than distances do.
const MOST_ROWS: usize = 400;

impl Ball {
    /// The ball of voxels at most `limit` mm from the middle; `None` where it is too large to be worth it.
    pub(crate) fn new(grid: &Grid, limit: f64) -> Option<Self> {
        let [dk, dj, di] = grid.spacing();
        let most = (limit * limit) as f32;
        let square = |n: isize, step: f64| (n as f64 * step).powi(2) as f32;
        let reach = |step: f64| (limit / step) as isize + 1;
        if 3.0 * limit / dk * limit / dj > MOST_ROWS as f64 {
            return None;
        }
        let mut rows = Vec::new();
        for k in -reach(dk)..=reach(dk) {
            for j in -reach(dj)..=reach(dj) {
                let within = |i: &isize| (square(*i, di) + square(j, dj)) + square(k, dk) <= most;
                if let Some(width) = (0..=reach(di)).rev().find(within) {
                    rows.push((width as usize, [k, j]));
                }
            }
        }
        rows.sort_by_key(|(width, _)| std::cmp::Reverse(*width));
        let mut bands: Vec<(usize, Band)> = Vec::new();
        for (width, row) in rows {
            match bands.last_mut().filter(|(last, _)| *last == width) {
                Some((_, band)) => band.rows.push(row),
                None => bands.push((width, Band { rows: vec![row], spread: 0 })),
            }
        }
        let widths: Vec<usize> = bands.iter().map(|(width, _)| *width).chain([0]).collect();
        let bands = bands.into_iter().zip(widths.windows(2));
        let bands = bands.map(|((_, band), pair)| Band { spread: pair[0] - pair[1], ..band });
        Some(Self { bands: bands.collect() })
    }

    /// For each voxel, whether one in the ball around it has `value`.
    pub(crate) fn touches(&self, mask: &Mask, value: bool) -> Mask {
        let [slices, rows, columns] = mask.grid().shape();
        let mut result = Mask::filled(mask.grid(), false);
        if columns == 0 {
            return result;
        }
        let packed = par::collect(slices, |k| {
            let slice = &mask.as_slice()[k * rows * columns..(k + 1) * rows * columns];
            slice.chunks_exact(columns).flat_map(|row| words(row, value)).collect::<Vec<u64>>()
        });
        let length = columns.div_ceil(64);
        par::for_each_slice_with(
            &mut result,
            || vec![0; length],
            |sum, k, slice| {
                for (j, row) in slice.chunks_exact_mut(columns).enumerate() {
                    self.join(&packed, [k, j], rows, sum);
                    unpack(sum, row);
                }
            },
        );
        result
    }

    /// Writes into `sum` which voxels of a row are touched.
    fn join(&self, packed: &[Vec<u64>], [k, j]: [usize; 2], rows: usize, sum: &mut [u64]) {
        let length = sum.len();
        sum.fill(0);
        for band in &self.bands {
            for [dk, dj] in &band.rows {
                let slice = k.checked_add_signed(*dk).and_then(|k| packed.get(k));
                let row = j.checked_add_signed(*dj).filter(|j| *j < rows);
                if let (Some(slice), Some(j)) = (slice, row) {
                    let row = &slice[j * length..(j + 1) * length];
                    sum.iter_mut().zip(row).for_each(|(sum, bits)| *sum |= bits);
                }
            }
            for _ in 0..band.spread {
                spread(sum);
            }
        }
    }
}

/// Which voxels of a row have `value`.
fn words(row: &[bool], value: bool) -> impl Iterator<Item = u64> {
    let flip = if value { 0 } else { u64::MAX };
    row.chunks(64).map(move |voxels| (bits(voxels) ^ flip) & (u64::MAX >> (64 - voxels.len())))
}

/// Lets every bit set its neighbours too.
fn spread(words: &mut [u64]) {
    let mut before = 0;
    for n in 0..words.len() {
        let (here, after) = (words[n], words.get(n + 1).copied().unwrap_or(0));
        words[n] = here | here << 1 | here >> 1 | before >> 63 | after << 63;
        before = here;
    }
}

fn unpack(words: &[u64], row: &mut [bool]) {
    for (word, voxels) in words.iter().zip(row.chunks_mut(64)) {
        if *word != 0 {
            for (n, voxel) in voxels.iter_mut().enumerate() {
                *voxel = word >> n & 1 != 0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distance::is_near;

    #[test]
    fn balls_touch_what_is_near() {
        for (shape, spacing) in [([7, 9, 130], [1.3, 0.7, 0.7]), ([5, 12, 64], [2.5, 0.9, 0.6])] {
            let grid = Grid::axial(shape, spacing).expect("a sound grid");
            let mask =
                Mask::from_fn(&grid, |[k, j, i]| (k * 7919 + j * 104_729 + i * 131) % 97 < 2);
            for limit in [0.0, 0.5, 0.7, 1.4, 2.1, 3.3, 6.5] {
                let limit = limit * (1.0 + 1e-6);
                let ball = Ball::new(&grid, limit).expect("a small ball");
                for value in [true, false] {
                    let wanted = is_near(&mask, value, limit);
                    assert!(ball.touches(&mask, value) == wanted, "{shape:?} {limit} {value}");
                }
            }
        }
    }

    #[test]
    fn large_balls_are_left_to_distances() {
        let grid = Grid::axial([3, 3, 3], [0.5; 3]).expect("a sound grid");
        assert!(Ball::new(&grid, 10.0).is_none());
    }
}
