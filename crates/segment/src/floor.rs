//! Where a lung ends below, column by column.

use hilum_core::{Lung, Region, Volume};
use hilum_kernel::par;

use crate::bridge::{Bridge, straight};

/// Disease that fills a lung from its floor up is bridged from floor at most so many mm on one side of it to floor on the other, unless it
/// is lower than so many mm: a dome rises less above a line of that length.
const SPAN: f64 = 40.0;
/// See [`SPAN`].
const DEEP: f64 = 10.0;

/// The lowest voxels of a lung, column by column.
pub(crate) struct Floor {
    lowest: Vec<Option<usize>>,
    /// The same with disease bridged.
    bridged: Vec<Option<f64>>,
    columns: usize,
    /// First slice of the lung, and the one above its last.
    extent: [usize; 2],
}

impl Floor {
    pub(crate) fn of(sides: &Volume<u8>, lung: Lung) -> Self {
        let [slices, rows, columns] = sides.grid().shape();
        let (mut lowest, mut extent) = (vec![None; rows * columns], [slices, 0]);
        for (n, _) in sides.as_slice().iter().enumerate().filter(|(_, s)| **s == lung.label()) {
            let (k, place) = (n / (rows * columns), n % (rows * columns));
            lowest[place].get_or_insert(k);
            extent = [extent[0].min(k), extent[1].max(k + 1)];
        }
        let bridged = bridged(&lowest, columns, sides.grid().spacing());
        Self { lowest, bridged, columns, extent }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.extent[0] >= self.extent[1]
    }

    /// First slice of the lung, and the one above its last.
    pub(crate) fn extent(&self) -> [usize; 2] {
        self.extent
    }

    /// Lowest slice of the lung at `[j, i]`.
    pub(crate) fn lowest(&self, place: [usize; 2]) -> Option<usize> {
        self.at(&self.lowest, place)
    }

    /// Says whether slice `k` lies above the floor at `[j, i]`, with disease bridged.
    pub(crate) fn is_below(&self, k: usize, place: [usize; 2]) -> bool {
        self.at(&self.bridged, place).is_some_and(|floor| floor <= k as f64)
    }

    /// The slice at a share of the height of the lung.
    pub(crate) fn height(&self, share: f64) -> f64 {
        self.extent[0] as f64 + share * (self.extent[1] - self.extent[0]) as f64
    }

    fn at<T: Copy>(&self, floors: &[Option<T>], [j, i]: [usize; 2]) -> Option<T> {
        floors.get(j * self.columns + i).copied().flatten().filter(|_| i < self.columns)
    }
}

/// Floors with disease bridged from side to side and from front to back: the lower of the two.
fn bridged(lowest: &[Option<usize>], columns: usize, [dk, dj, di]: [f64; 3]) -> Vec<Option<f64>> {
    // A bridge goes over the farthest: here, what lies farthest down.
    let depths: Vec<Option<f64>> = lowest.iter().map(|k| k.map(|k| -(k as f64))).collect();
    let over = |row: &[Option<f64>], step: f64| {
        Bridge { line: straight, span: (SPAN / step) as usize, deep: DEEP / dk }.across(row)
    };
    let rows =
        par::collect(lowest.len() / columns, |j| over(&depths[j * columns..][..columns], di));
    let across = par::collect(columns, |i| {
        let column: Vec<_> = depths.iter().skip(i).step_by(columns).copied().collect();
        over(&column, dj)
    });
    let both = |place: usize| {
        let (j, i) = (place / columns, place % columns);
        let both = [rows[j][i], across[i][j]].into_iter().flatten();
        both.reduce(f64::max).map(|depth| -depth)
    };
    (0..lowest.len()).map(both).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hilum_core::Grid;

    /// A lung over a dome, with disease as high as the tenth slice over a part of it.
    fn floor(width: usize) -> Floor {
        let grid = Grid::axial([30, 40, 40], [5.0; 3]).expect("sound steps");
        let from = |n: usize| (n as f64 - 20.0).powi(2);
        let dome = |j: usize, i: usize| 8.0 - 0.02 * (from(j) + from(i));
        let sides = par::map_voxels(&grid, |[k, j, i]| {
            let is_sick = k < 14 && [j, i].iter().all(|n| (16..16 + width).contains(n));
            if k as f64 >= dome(j, i) && !is_sick { Lung::Left.label() } else { 0 }
        });
        Floor::of(&sides, Lung::Left)
    }

    #[test]
    fn disease_on_the_floor_is_bridged_and_a_dome_is_none() {
        let (well, sick, wide) = (floor(0), floor(8), floor(32));
        let top = [20, 20];
        assert_eq!(
            [&well, &sick, &wide].map(|floor| floor.lowest(top)),
            [Some(8), Some(14), Some(14)]
        );
        assert!(well.is_below(8, top) && !well.is_below(7, top), "a dome is no disease");
        assert!(sick.is_below(8, top) && !sick.is_below(6, top), "40 mm are bridged");
        assert!(!wide.is_below(13, top), "160 mm are not");
    }
}
