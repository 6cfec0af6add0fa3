//! A lattice of sites in the lungs, about 2 mm apart, on which counts are taken and smoothed.

use std::ops::Range;

use hilum_core::{Grid, Volume};
use hilum_kernel::{par, recursive_gaussian};

/// Distance between sites in mm, as near as whole voxels allow: fine against the windows that are
/// laid over them.
const STEP: f64 = 2.0;

/// Sites, each of which stands for a block of voxels.
pub(crate) struct Sites {
    grid: Grid,
    voxels: [usize; 3],
    factors: [usize; 3],
    /// The sites on either side of each column of voxels, and their shares.
    across: Vec<[(usize, f32); 2]>,
}

impl Sites {
    /// The lattice over a grid with perpendicular axes.
    pub(crate) fn new(grid: &Grid) -> Self {
        let factors = grid.spacing().map(|spacing| ((STEP / spacing).round() as usize).max(1));
        let coarse = grid.coarsened(factors);
        let across = |column| between(column, factors[2], coarse.shape()[2]);
        let across = (0..grid.shape()[2]).map(across).collect();
        Self { grid: coarse, voxels: grid.shape(), factors, across }
    }

    /// The site whose block holds a voxel, as a place in the list of sites.
    pub(crate) fn of(&self, [k, j, i]: [usize; 3]) -> usize {
        let [_, rows, columns] = self.grid.shape();
        let [fk, fj, fi] = self.factors;
        (k / fk * rows + j / fj) * columns + i / fi
    }

    /// For each site, sums over the voxels of its block: `add` is handed the place of a voxel in the
    /// list of voxels and the sums of the block.
    pub(crate) fn sums<const N: usize>(
        &self,
        add: impl Fn(usize, &mut [f32; N]) + Sync + Send,
    ) -> [Volume<f32>; N] {
        self.sums_by_site(|n, _, sums| add(n, sums))
    }

    /// The same, where `add` is handed the place of the site in the list of sites as well.
    pub(crate) fn sums_by_site<const N: usize>(
        &self,
        add: impl Fn(usize, usize, &mut [f32; N]) + Sync + Send,
    ) -> [Volume<f32>; N] {
        let [slices, rows, columns] = self.grid.shape();
        let [fk, fj, fi] = self.factors;
        let [depth, height, width] = self.voxels;
        let by_slice = par::collect(slices, |slice| {
            let mut sums = vec![[0.0; N]; rows * columns];
            for k in slice * fk..((slice + 1) * fk).min(depth) {
                for j in 0..height {
                    let row = &mut sums[j / fj * columns..][..columns];
                    let start = (k * height + j) * width;
                    let first = (slice * rows + j / fj) * columns;
                    for (block, sums) in row.iter_mut().enumerate() {
                        for i in block * fi..((block + 1) * fi).min(width) {
                            add(start + i, first + block, sums);
                        }
                    }
                }
            }
            sums
        });
        std::array::from_fn(|n| {
            let values = by_slice.iter().flatten().map(|sums| sums[n]).collect();
            Volume::from_vec(self.grid.clone(), values).expect("one sum per site")
        })
    }

    /// The mean of `sum / count` in a Gaussian window of `sigma` mm, `otherwise` where less than
    /// `least` of a full window was counted.
    pub(crate) fn mean(
        &self,
        sum: &Volume<f32>,
        count: &Volume<f32>,
        sigma: f64,
        [least, otherwise]: [f32; 2],
    ) -> Volume<f32> {
        let full = self.factors.iter().product::<usize>() as f32;
        let (sum, count) = par::join(
            || recursive_gaussian(sum, sigma, [0; 3]),
            || recursive_gaussian(count, sigma, [0; 3]),
        );
        par::zip(
            &sum,
            &count,
            |sum, count| {
                if *count > least * full { sum / count } else { otherwise }
            },
        )
    }

    /// Writes the values at some voxels of a row, interpolated between sites, into their places in `row`.
    pub(crate) fn row(
        &self,
        values: &Volume<f32>,
        [k, j]: [usize; 2],
        wanted: Range<usize>,
        row: &mut [f32],
    ) {
        let [slices, rows, columns] = self.grid.shape();
        let (ks, js) = (between(k, self.factors[0], slices), between(j, self.factors[1], rows));
        let sites = values.as_slice();
        let mut blended = vec![0.0; columns];
        for (k, by_slice) in ks {
            for (j, by_row) in js {
                let source = &sites[(k * rows + j) * columns..][..columns];
                for (blended, value) in blended.iter_mut().zip(source) {
                    *blended += by_slice * by_row * value;
                }
            }
        }
        let across = &self.across[wanted.clone()];
        for (value, [(a, by_a), (b, by_b)]) in row[wanted].iter_mut().zip(across) {
            *value = by_a * blended[*a] + by_b * blended[*b];
        }
    }
}

/// The two sites on either side of a voxel along an axis, and their shares.
fn between(voxel: usize, factor: usize, sites: usize) -> [(usize, f32); 2] {
    let position = ((voxel as f32 + 0.5) / factor as f32 - 0.5).clamp(0.0, sites as f32 - 1.0);
    let first = position as usize;
    let share = position - first as f32;
    [(first, 1.0 - share), ((first + 1).min(sites - 1), share)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_rows_keep_a_slope() {
        let grid = Grid::axial([5, 9, 13], [2.0, 0.7, 0.7]).expect("sound steps");
        let sites = Sites::new(&grid);
        let [sum, count] = sites.sums(|n, [sum, count]| {
            *sum += (n % 13) as f32;
            *count += 1.0;
        });
        assert_eq!(sites.grid.shape(), [5, 3, 5]);
        let mean = par::zip(&sum, &count, |sum, count| sum / count);
        let mut row = [0.0; 13];
        sites.row(&mean, [2, 4], 0..13, &mut row);
        // Beyond the middle of the outermost full blocks nothing is known of the slope.
        for (i, value) in row.iter().enumerate().take(11).skip(1) {
            assert!((value - i as f32).abs() < 1e-4, "{i}: {value}");
        }
    }
}
