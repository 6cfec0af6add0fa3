//! The stretches of rows that hold lung: no voxel beside them bears a pattern.

use std::ops::Range;

use hilum_core::Mask;
use hilum_kernel::par;

/// The longest stretches of lung in each row.
pub(crate) struct Stretches {
    /// Rows of a slice.
    rows: usize,
    /// Columns, row by row.
    columns: Vec<Range<u32>>,
    /// Row `n` (counted over all slices) has the stretches `firsts[n]..firsts[n + 1]`.
    firsts: Vec<usize>,
}

impl Stretches {
    /// Cost: one reading of the mask.
    pub(crate) fn new(lung: &Mask) -> Self {
        let [slices, rows, columns] = lung.grid().shape();
        let of_rows =
            par::collect(slices * rows, |n| of_row(&lung.as_slice()[n * columns..][..columns]));
        let mut firsts = vec![0];
        let mut all = 0;
        firsts.extend(of_rows.iter().map(|stretches| {
            all += stretches.len();
            all
        }));
        Self { rows, columns: of_rows.concat(), firsts }
    }

    /// Columns of row `j` of slice `k` that are lung.
    pub(crate) fn of(&self, [k, j]: [usize; 2]) -> impl Iterator<Item = Range<usize>> {
        let row = k * self.rows + j;
        let stretches = &self.columns[self.firsts[row]..self.firsts[row + 1]];
        stretches.iter().map(|columns| columns.start as usize..columns.end as usize)
    }
}

fn of_row(lung: &[bool]) -> Vec<Range<u32>> {
    let mut stretches = Vec::new();
    let mut from = 0;
    while let Some(start) = lung[from..].iter().position(|inside| *inside) {
        let start = from + start;
        let length = lung[start..].iter().position(|inside| !inside);
        from = length.map_or(lung.len(), |length| start + length);
        stretches.push(start as u32..from as u32);
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;
    use hilum_core::Grid;

    #[test]
    fn stretches_hold_the_lung_and_nothing_else() {
        let grid = Grid::axial([3, 4, 9], [1.0; 3]).expect("sound steps");
        let lung = Mask::from_fn(&grid, |[k, j, i]| (k * 5 + j * 3 + i * i) % 4 < 2);
        let stretches = Stretches::new(&lung);
        let mut found = Mask::filled(&grid, false);
        par::for_each_slice(&mut found, |k, slice| {
            for j in 0..4 {
                for columns in stretches.of([k, j]) {
                    slice[j * 9..][columns].fill(true);
                }
            }
        });
        assert!(found == lung);
    }
}
