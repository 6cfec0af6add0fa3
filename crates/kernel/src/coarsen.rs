//! Block means.

use hilum_core::{Hu, Volume};

use crate::par;

/// Means over blocks of `factors` voxels, `[k, j, i]`, on [`hilum_core::Grid::coarsened`].
///
/// A block at a far end that is not full is the mean of the voxels it has. Means are rounded to
/// the nearest whole CT number, halves away from 0; sums are exact integers. Cost: one reading
/// of the volume.
///
/// # Panics
///
/// If a factor is 0.
pub fn coarsen(volume: &Volume<Hu>, factors: [usize; 3]) -> Volume<Hu> {
    let grid = volume.grid().coarsened(factors);
    let [_, rows, columns] = grid.shape();
    let row_means = par::collect(grid.shape()[0] * rows, |n| {
        let mut sums = vec![0; columns];
        let voxels = add_block_row(volume, factors, [n / rows, n % rows], &mut sums);
        means(&sums, voxels, factors[2], volume.grid().shape()[2])
    });
    Volume::from_vec(grid, row_means.concat()).expect("one mean per block")
}

/// Rows that are added up in 32 bits: no sum of so many CT numbers overflows.
const ROWS_AT_ONCE: usize = 1 << 16;

/// Adds the voxels of a row of blocks to `sums`; returns how many rows of voxels these were.
fn add_block_row(
    volume: &Volume<Hu>,
    factors: [usize; 3],
    [k, j]: [usize; 2],
    sums: &mut [i64],
) -> usize {
    let [slices, rows, columns] = volume.grid().shape();
    let slices = k * factors[0]..((k + 1) * factors[0]).min(slices);
    let block = j * factors[1]..((j + 1) * factors[1]).min(rows);
    let mut column_sums = vec![0_i32; columns];
    for k in slices.clone() {
        let voxels = &volume.as_slice()
            [(k * rows + block.start) * columns..(k * rows + block.end) * columns];
        for some in voxels.chunks((columns * ROWS_AT_ONCE).max(1)) {
            column_sums.fill(0);
            for row in some.chunks_exact(columns.max(1)) {
                column_sums.iter_mut().zip(row).for_each(|(sum, hu)| *sum += i32::from(hu.0));
            }
            add_columns(sums, &column_sums, factors[2]);
        }
    }
    slices.len() * block.len()
}

/// Adds groups of `factor` column sums; the common factors get loops of fixed length.
fn add_columns(sums: &mut [i64], columns: &[i32], factor: usize) {
    fn fixed<const N: usize>(sums: &mut [i64], columns: &[i32]) {
        let (groups, rest) = columns.as_chunks::<N>();
        for (sum, group) in sums.iter_mut().zip(groups) {
            *sum += group.iter().map(|c| i64::from(*c)).sum::<i64>();
        }
        if let (false, Some(last)) = (rest.is_empty(), sums.last_mut()) {
            *last += rest.iter().map(|c| i64::from(*c)).sum::<i64>();
        }
    }
    match factor {
        1 => fixed::<1>(sums, columns),
        2 => fixed::<2>(sums, columns),
        3 => fixed::<3>(sums, columns),
        4 => fixed::<4>(sums, columns),
        _ => {
            for (sum, group) in sums.iter_mut().zip(columns.chunks(factor)) {
                *sum += group.iter().map(|c| i64::from(*c)).sum::<i64>();
            }
        }
    }
}

/// Sums divided by the voxels they are of.
fn means(sums: &[i64], rows: usize, factor: usize, columns: usize) -> Vec<Hu> {
    let mean = |(n, sum): (usize, &i64)| {
        let width = factor.min(columns - n * factor);
        Hu(rounded_quotient(*sum, (rows * width) as i64))
    };
    sums.iter().enumerate().map(mean).collect()
}

/// Nearest whole number, halves away from 0.
fn rounded_quotient(sum: i64, count: i64) -> i16 {
    let half = if sum < 0 { -(count / 2) } else { count / 2 };
    ((sum + half) / count) as i16
}

#[cfg(test)]
mod tests {
    use super::rounded_quotient;

    #[test]
    fn halves_go_away_from_zero() {
        let quotients = [(5, 2), (-5, 2), (7, 3), (-7, 3), (8, 3), (-8, 3), (0, 4)]
            .map(|(sum, count)| rounded_quotient(sum, count));
        assert_eq!(quotients, [3, -3, 2, -2, 3, -3, 0]);
    }
}
