//! What lies within a ball around each voxel, 64 voxels at a time.

use hilum_core::Grid;

use crate::packed::Packed;

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

    /// For each voxel, whether one in the ball around it is inside.
    pub(crate) fn dilate(&self, mask: &Packed) -> Packed {
        let [rows, length] = mask.shape();
        let inside = mask.rows();
        let touched =
            inside.start.saturating_sub(self.reach())..(inside.end + self.reach()).min(rows);
        mask.map(|k| {
            let around = Around::new(self, mask, k);
            if around.is_empty() {
                return Vec::new();
            }
            let mut sums = vec![0; rows * length];
            for j in touched.clone() {
                around.join(j, rows, &mut sums[j * length..(j + 1) * length]);
            }
            sums
        })
    }

    /// For each voxel, whether all of the ball around it is inside; what lies beyond the rim of the mask counts as inside.
    pub(crate) fn erode(&self, mask: &Packed) -> Packed {
        let outside = mask.inverted();
        let [rows, length] = mask.shape();
        mask.map(|k| {
            let around = Around::new(self, &outside, k);
            let mut left = mask.slice(Some(k)).to_vec();
            let mut sum = vec![0; length];
            for (j, left) in left.chunks_exact_mut(length).enumerate() {
                if left.iter().any(|word| *word != 0) {
                    sum.fill(0);
                    around.join(j, rows, &mut sum);
                    left.iter_mut().zip(&sum).for_each(|(left, gone)| *left &= !gone);
                }
            }
            left
        })
    }

    /// Rows by which the ball reaches beyond its middle.
    fn reach(&self) -> usize {
        let rows = self.bands.iter().flat_map(|band| &band.rows);
        rows.map(|[_, dj]| dj.unsigned_abs()).max().unwrap_or(0)
    }
}

/// What of a mask a ball cuts whose middle is in one of its slices.
struct Around<'a> {
    bands: Vec<Cut<'a>>,
}

/// What a band cuts.
struct Cut<'a> {
    /// The slices of its rows, as far as anything is inside, each with the step to the row.
    rows: Vec<(&'a [u64], isize)>,
    spread: usize,
}

impl<'a> Around<'a> {
    fn new(ball: &Ball, mask: &'a Packed, k: usize) -> Self {
        let bands = ball.bands.iter().map(|band| {
            let rows =
                band.rows.iter().map(|[dk, dj]| (mask.slice(k.checked_add_signed(*dk)), *dj));
            let rows = rows.filter(|(slice, _)| !slice.is_empty()).collect();
            Cut { rows, spread: band.spread }
        });
        Self { bands: bands.collect() }
    }

    fn is_empty(&self) -> bool {
        self.bands.iter().all(|band| band.rows.is_empty())
    }

    /// Adds to an empty `sum` which voxels of row `j` are touched.
    fn join(&self, j: usize, rows: usize, sum: &mut [u64]) {
        let length = sum.len();
        for band in &self.bands {
            for (slice, step) in &band.rows {
                if let Some(j) = j.checked_add_signed(*step).filter(|j| *j < rows) {
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

/// Lets every bit set its neighbours too.
fn spread(words: &mut [u64]) {
    let mut before = 0;
    for n in 0..words.len() {
        let (here, after) = (words[n], words.get(n + 1).copied().unwrap_or(0));
        words[n] = here | here << 1 | here >> 1 | before >> 63 | after << 63;
        before = here;
    }
}

#[cfg(test)]
mod tests {
    use hilum_core::Mask;

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
                let packed = Packed::new(&mask, [0; 3]);
                let found = ball.dilate(&packed).unpacked(&grid);
                assert!(found == is_near(&mask, true, limit), "{shape:?} {limit}");
                let found = ball.erode(&packed.inverted()).unpacked(&grid);
                let near = is_near(&mask, true, limit);
                let whole = found.as_slice().iter().zip(near.as_slice());
                assert!(whole.clone().all(|(left, gone)| *left != *gone), "{shape:?} {limit}");
            }
        }
    }

    #[test]
    fn large_balls_are_left_to_distances() {
        let grid = Grid::axial([3, 3, 3], [0.5; 3]).expect("a sound grid");
        assert!(Ball::new(&grid, 10.0).is_none());
    }
}
