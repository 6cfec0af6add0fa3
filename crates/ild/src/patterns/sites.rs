//! A lattice of sites in the lungs, about 2 mm apart, on which counts are taken and smoothed.

use std::ops::Range;

use hilum_core::{Grid, Mask, Volume};
use hilum_kernel::{par, recursive_gaussian};

use crate::patterns::stretches::Stretches;

/// Distance between sites in mm, as near as whole voxels allow: fine against the windows that are
/// laid over them.
const STEP: f64 = 2.0;

/// Sites, each of which stands for a block of voxels.
pub(crate) struct Sites {
    grid: Grid,
    voxels: Grid,
    factors: [usize; 3],
    /// The sites on either side of each column of voxels, and their shares.
    across: Vec<[(usize, f32); 2]>,
    /// Where the lung lies, and the site of each column of voxels in a row of sites.
    lung: Stretches,
    columns: Vec<u32>,
}

impl Sites {
    /// The lattice over the grid of the lungs, whose axes are perpendicular.
    pub(crate) fn new(lung: &Mask) -> Self {
        let grid = lung.grid();
        let factors = grid.spacing().map(|spacing| ((STEP / spacing).round() as usize).max(1));
        let coarse = grid.coarsened(factors);
        let [_, _, width] = grid.shape();
        let across = |column| between(column, factors[2], coarse.shape()[2]);
        let across = (0..width).map(across).collect();
        let columns = (0..width).map(|column| (column / factors[2]) as u32).collect();
        let (voxels, lung) = (grid.clone(), Stretches::new(lung));
        Self { grid: coarse, voxels, factors, across, lung, columns }
    }

    /// A volume whose voxels in the lungs are computed from their place in the list of voxels and that of their
    /// site in the list of sites; `outside` elsewhere.
    pub(crate) fn map<T: Copy + Send + Sync>(
        &self,
        outside: T,
        value: impl Fn(usize, usize) -> T + Sync + Send,
    ) -> Volume<T> {
        let mut volume = Volume::filled(&self.voxels, outside);
        let area = volume.grid().shape()[1] * volume.grid().shape()[2];
        par::for_each_slice(&mut volume, |k, slice| {
            self.for_each_in_slice(k, |n, site| slice[n - k * area] = value(n, site));
        });
        volume
    }

    /// Columns of a row from the first to the last that is lung.
    pub(crate) fn hull(&self, row: [usize; 2]) -> Range<usize> {
        let mut stretches = self.lung.of(row);
        let Some(first) = stretches.next() else { return 0..0 };
        first.start..stretches.last().map_or(first.end, |last| last.end)
    }

    /// Visits the voxels of the lungs in a slice, in order, each with its site.
    fn for_each_in_slice(&self, k: usize, mut visit: impl FnMut(usize, usize)) {
        let [_, height, width] = self.voxels.shape();
        let [_, rows, columns] = self.grid.shape();
        let [fk, fj, _] = self.factors;
        for j in 0..height {
            let (row, sites) = ((k * height + j) * width, (k / fk * rows + j / fj) * columns);
            for stretch in self.lung.of([k, j]) {
                for (n, site) in (row + stretch.start..).zip(&self.columns[stretch]) {
                    visit(n, sites + *site as usize);
                }
            }
        }
    }

    /// For each site, sums over the voxels of its block that are lung: `add` is handed the place of a voxel in the
    /// list of voxels, that of the site in the list of sites, and the sums of the block.
    pub(crate) fn sums<const N: usize>(
        &self,
        add: impl Fn(usize, usize, &mut [f32; N]) + Sync + Send,
    ) -> [Volume<f32>; N] {
        let [slices, rows, columns] = self.grid.shape();
        let ([depth, ..], [fk, ..]) = (self.voxels.shape(), self.factors);
        let by_slice = par::collect(slices, |slice| {
            let first = slice * rows * columns;
            let mut sums = vec![[0.0; N]; rows * columns];
            for k in slice * fk..((slice + 1) * fk).min(depth) {
                self.for_each_in_slice(k, |n, site| add(n, site, &mut sums[site - first]));
            }
            sums
        });
        std::array::from_fn(|n| {
            let values = by_slice.iter().flatten().map(|sums| sums[n]).collect();
            Volume::from_vec(self.grid.clone(), values).expect("one sum per site")
        })
    }

    /// Sites of a row.
    pub(crate) fn columns(&self) -> usize {
        self.grid.shape()[2]
    }

    /// How many voxels the block of each site has.
    pub(crate) fn sizes(&self) -> Volume<f32> {
        par::map_voxels(&self.grid, |site| {
            let length = |axis: usize| {
                let start = site[axis] * self.factors[axis];
                self.factors[axis].min(self.voxels.shape()[axis] - start) as f32
            };
            length(0) * length(1) * length(2)
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

    /// Blends the values of some maps between the rows of sites around a row of voxels, as far as the wanted voxels
    /// need them: into `row`, one place for each site of a row, for [`Sites::at`].
    pub(crate) fn row<const N: usize>(
        &self,
        maps: [&Volume<f32>; N],
        [k, j]: [usize; 2],
        wanted: Range<usize>,
        row: &mut [[f32; N]],
    ) {
        let Some(last) = wanted.clone().last() else { return };
        let [slices, rows, columns] = self.grid.shape();
        let (ks, js) = (between(k, self.factors[0], slices), between(j, self.factors[1], rows));
        let (first, last) = (self.across[wanted.start][0].0, self.across[last][1].0);
        row[first..=last].fill([0.0; N]);
        for (k, by_slice) in ks {
            for (j, by_row) in js {
                let start = (k * rows + j) * columns;
                let maps = maps.map(|map| &map.as_slice()[start + first..=start + last]);
                for (site, blended) in row[first..=last].iter_mut().enumerate() {
                    for n in 0..N {
                        blended[n] += by_slice * by_row * maps[n][site];
                    }
                }
            }
        }
    }

    /// The values at a voxel of a row that [`Sites::row`] blended, interpolated between its sites.
    pub(crate) fn at<const N: usize>(&self, row: &[[f32; N]], column: usize) -> [f32; N] {
        let [(a, by_a), (b, by_b)] = self.across[column];
        let (a, b) = (&row[a], &row[b]);
        std::array::from_fn(|n| by_a * a[n] + by_b * b[n])
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
        let sites = Sites::new(&Mask::filled(&grid, true));
        let [sum, count] = sites.sums(|n, _, [sum, count]| {
            *sum += (n % 13) as f32;
            *count += 1.0;
        });
        assert_eq!(sites.grid.shape(), [5, 3, 5]);
        assert!(count == sites.sizes(), "every voxel is lung");
        let mean = par::zip(&sum, &count, |sum, count| sum / count);
        let mut row = [[0.0]; 5];
        sites.row([&mean], [2, 4], 0..13, &mut row);
        // Beyond the middle of the outermost full blocks nothing is known of the slope.
        for i in 1..11 {
            let [value] = sites.at(&row, i);
            assert!((value - i as f32).abs() < 1e-4, "{i}: {value}");
        }
    }
}
