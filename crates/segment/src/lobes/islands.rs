//! Each lobe is of one piece.

use hilum_core::{Lobe, Region, Volume};
use hilum_kernel::{Components, Connectivity, par};

use crate::window::{bounds, crop, view_mut};

/// Gives every piece of a lobe but its largest to the lobe of the same lung that it touches most; a
/// piece that touches none keeps its name.
///
/// Cost: `O(n)` for `n` voxels and each lobe.
pub(crate) fn join_islands(lobes: &mut Volume<u8>) {
    let Some(window) = bounds(lobes, |label| *label != 0) else { return };
    let mut near = crop(lobes, &window);
    let mut changed = false;
    for lobe in Lobe::ALL {
        let pieces =
            Components::new(&par::map(&near, |label| *label == lobe.label()), Connectivity::Faces);
        let Some(largest) = pieces.largest() else { continue };
        for piece in (1..=pieces.count() as u32).filter(|piece| *piece != largest) {
            let voxels = voxels_of(&pieces, piece);
            let Some(host) = host(&near, *lobe, &voxels) else { continue };
            changed = true;
            for voxel in voxels {
                near.voxels_mut()[voxel] = host;
            }
        }
    }
    if changed {
        view_mut(lobes, &window).assign(&near.voxels());
    }
}

fn voxels_of(pieces: &Components, piece: u32) -> Vec<[usize; 3]> {
    let [slices, rows, columns] = pieces.boxes()[piece as usize - 1].clone();
    let mut voxels = Vec::new();
    for k in slices {
        for j in rows.clone() {
            let row = columns.clone().map(|i| [k, j, i]);
            voxels.extend(row.filter(|voxel| pieces.at(*voxel) == piece));
        }
    }
    voxels
}

/// The other lobe of the same lung with most faces to these voxels.
fn host(lobes: &Volume<u8>, own: Lobe, voxels: &[[usize; 3]]) -> Option<u8> {
    let shape = lobes.grid().shape();
    let mut faces = [0_u64; 6];
    for voxel in voxels {
        for axis in 0..3 {
            for step in [-1_isize, 1] {
                let mut next = *voxel;
                next[axis] = next[axis].wrapping_add_signed(step);
                if next[axis] < shape[axis] {
                    faces[usize::from(lobes.at(next)).min(5)] += 1;
                }
            }
        }
    }
    let is_left = |lobe: Lobe| matches!(lobe, Lobe::LeftUpper | Lobe::LeftLower);
    let others =
        Lobe::ALL.iter().filter(|other| **other != own && is_left(**other) == is_left(own));
    let best = others.max_by_key(|other| faces[usize::from(other.label())])?;
    (faces[usize::from(best.label())] > 0).then(|| best.label())
}

#[cfg(test)]
mod tests {
    use hilum_core::Grid;

    use super::*;

    #[test]
    fn an_island_goes_to_the_lobe_around_it_and_a_lone_piece_keeps_its_name() {
        let grid = Grid::axial([1, 3, 9], [1.0; 3]).unwrap();
        let mut lobes = Volume::from_vec(
            grid,
            vec![
                1, 1, 1, 3, 3, 3, 0, 0, 0, //
                1, 1, 1, 3, 1, 3, 0, 5, 0, //
                1, 1, 1, 3, 3, 3, 0, 0, 1,
            ],
        )
        .unwrap();
        join_islands(&mut lobes);
        assert_eq!(lobes.at([0, 1, 4]), 3);
        assert_eq!(lobes.at([0, 1, 7]), 5);
        assert_eq!(lobes.at([0, 2, 8]), 1);
    }
}
