//! Dense lines between air at the surface of the lungs: the walls of a net, of cysts, of small vessels.
//!
//! Depth below an outline cannot tell them from the wall of the chest, which is as dense and as near. But they have the same
//! lung on either side, and nearly always on more than one axis; walls have it on one side, or another lung on the other.

use hilum_core::{Mask, Volume};
use hilum_kernel::par;

/// Farthest in mm from lung to lung across what is taken in.
const ACROSS: f64 = 5.0;
/// Number of axes along which lung lies on both sides, at least.
const AXES: usize = 2;

/// The labels, with that of the lung around where it lies on both sides of a voxel that may be lung.
///
/// Cost: a few steps for each voxel that may be and is not yet.
pub(crate) fn laced(labels: &Volume<u8>, may_be: &Mask) -> Volume<u8> {
    let grid = labels.grid();
    let [slices, rows, columns] = grid.shape();
    let steps = grid.spacing().map(|mm| (ACROSS / mm) as usize);
    let strides = [rows * columns, columns, 1];
    let labels_at = labels.as_slice();
    par::map_voxels(grid, |voxel| {
        let n = (voxel[0] * rows + voxel[1]) * columns + voxel[2];
        if labels_at[n] > 0 || !may_be.as_slice()[n] {
            return labels_at[n];
        }
        let shape = [slices, rows, columns];
        let around = |axis: usize| {
            let first = |room: usize, forward: bool| {
                let step = |far: usize| {
                    let far = far * strides[axis];
                    labels_at[if forward { n + far } else { n - far }]
                };
                let found = (1..=room.min(steps[axis])).find(|far| step(*far) > 0)?;
                Some((step(found), found))
            };
            let (before, back) = first(voxel[axis], false)?;
            let (after, on) = first(shape[axis] - 1 - voxel[axis], true)?;
            (before == after && back + on <= steps[axis] + 1).then_some(before)
        };
        let mut found = (0..3).filter_map(around);
        let lung = found.next();
        lung.filter(|lung| found.filter(|other| other == lung).count() + 1 >= AXES).unwrap_or(0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hilum_core::Grid;

    #[test]
    fn the_lines_of_a_net_are_lung_and_walls_are_not() {
        let grid = Grid::axial([20; 3], [1.0; 3]).expect("sound steps");
        // Meshes between oblique sheets up to a wall; beyond it the other lung.
        let labels = par::map_voxels(&grid, |[k, j, i]| match i {
            0..12 if (i + j) % 6 > 1 && (i + 20 - k) % 6 > 1 => 1,
            15.. => 2,
            _ => 0,
        });
        let laced = laced(&labels, &Mask::filled(&grid, true));
        let within = |[k, j, i]: [usize; 3]| {
            (4..16).contains(&k) && (4..16).contains(&j) && (4..8).contains(&i)
        };
        let inner = par::map_voxels(&grid, within);
        let count = |labels: &Volume<u8>| {
            labels
                .as_slice()
                .iter()
                .zip(inner.as_slice())
                .filter(|(label, inner)| **inner && **label == 1)
                .count()
        };
        // Where two sheets cross, a ninth of all, neither lets the lung be seen on two axes.
        let all = inner.count() as usize;
        assert!(20 * count(&labels) < 10 * all, "{} of {all}", count(&labels));
        assert!(20 * count(&laced) > 17 * all, "{} of {all}", count(&laced));
        assert!(
            (0..20).all(|k| (0..20).all(|j| laced.at([k, j, 13]) == 0)),
            "a wall between two lungs"
        );
        assert_eq!(laced.at([6, 6, 17]), 2, "the other lung");
    }

    #[test]
    fn what_may_not_be_lung_stays_what_it_is() {
        let grid = Grid::axial([20; 3], [1.0; 3]).expect("sound steps");
        let line = par::map_voxels(&grid, |[_, j, i]| u8::from([j, i] != [8, 8]));
        assert_eq!(laced(&line, &Mask::filled(&grid, true)).at([8, 8, 8]), 1);
        assert_eq!(laced(&line, &Mask::filled(&grid, false)), line);
    }
}
