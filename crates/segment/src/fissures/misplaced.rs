//! Vessels that a surface would leave on the wrong side.

use hilum_core::{Lobe, Region, Volume};
use hilum_kernel::{Boundary, convolve, par};

use crate::fissures::slab::{RISE, Slab};
use crate::lobes::is_above;

/// Distance in mm over which what is known of one column of the slab counts for its neighbours.
const AROUND: f64 = 5.0;

/// Length in mm of vessels on the wrong side of a surface through each place of a slab, in its column and those
/// around, given the label of the lobe of the vessel at each place.
pub(crate) fn misplaced(slab: &Slab, lobes: &Volume<u8>) -> Volume<f32> {
    let fissure = slab.sheet().fissure();
    let of_side = |side: bool| {
        let is_there = |lobe: &&Lobe| is_above(**lobe, fissure) == Some(side);
        let labels: Vec<u8> = Lobe::ALL.iter().filter(is_there).map(|lobe| lobe.label()).collect();
        across(par::map(lobes, |lobe| f32::from(u8::from(labels.contains(lobe)))))
    };
    on_wrong_side(of_side(true), &of_side(false))
}

/// At each level what there is of the upper side below it and of the lower side above it, times [`RISE`].
fn on_wrong_side(upper: Volume<f32>, lower: &Volume<f32>) -> Volume<f32> {
    let [levels, rows, columns] = upper.grid().shape();
    let mut wrong = upper;
    for n in 0..rows * columns {
        let column = (0..levels).map(|level| level * rows * columns + n);
        let mut above: f32 = column.clone().map(|place| lower.as_slice()[place]).sum();
        let mut below = 0.0;
        for place in column {
            above -= lower.as_slice()[place];
            let here = std::mem::take(&mut wrong.as_mut_slice()[place]);
            wrong.as_mut_slice()[place] = RISE as f32 * (above + below).max(0.0);
            below += here;
        }
    }
    wrong
}

/// Means over the neighbourhood in each level, not across levels; beyond the slab there is nothing.
fn across(mut volume: Volume<f32>) -> Volume<f32> {
    for axis in [1, 2] {
        let reach = (AROUND / volume.grid().spacing()[axis]).round() as usize;
        let count = 2 * reach + 1;
        convolve(&mut volume, axis, &vec![1.0 / count as f64; count], Boundary::Zero);
    }
    volume
}

#[cfg(test)]
mod tests {
    use hilum_core::Grid;

    use super::*;

    #[test]
    fn what_lies_beyond_a_surface_is_counted_on_both_sides() {
        let grid = Grid::axial([5, 1, 1], [RISE, 1.5, 1.5]).unwrap();
        let at = |levels: &[usize]| {
            Volume::from_fn(&grid, |v| f32::from(u8::from(levels.contains(&v[0]))))
        };
        // Upper vessels at levels 1 and 4, a lower one at level 2.
        let wrong = on_wrong_side(at(&[1, 4]), &at(&[2]));
        let expected = [1.0, 1.0, 1.0, 1.0, 1.0].map(|n| n * RISE as f32);
        assert_eq!(wrong.as_slice(), expected);
        // In order, some level between them has nothing on its wrong side.
        let wrong = on_wrong_side(at(&[3, 4]), &at(&[0]));
        let expected = [0.0, 0.0, 0.0, 0.0, 1.0].map(|n| n * RISE as f32);
        assert_eq!(wrong.as_slice(), expected);
    }

    #[test]
    fn neighbours_share_what_is_known_of_a_column() {
        let grid = Grid::axial([1, 15, 15], [RISE, 1.5, 1.5]).unwrap();
        let one = Volume::from_fn(&grid, |voxel| if voxel == [0, 7, 7] { 49.0 } else { 0.0 });
        let shared = across(one);
        assert!((shared.at([0, 4, 10]) - 1.0).abs() < 1e-5);
        assert!(shared.at([0, 3, 7]).abs() < 1e-6);
    }
}
