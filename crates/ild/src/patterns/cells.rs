//! Cells: dark air that walls close in. Honeycombing is made of them, however thin its walls: the meshes of a net are
//! lung, and the holes of emphysema lie in lung without walls.

use hilum_core::Volume;

use crate::patterns::anatomy::Anatomy;
use crate::patterns::frame::Frame;

/// HU below normal lung from which on a voxel is air: deeper than what noise is left of, and than the meshes of any net.
const AIR: f32 = 40.0;
/// HU above normal lung from which on a voxel is wall: what a blur of 0.85 mm leaves of a sheet of soft tissue of 0.35 mm.
const WALL: f32 = 140.0;
/// Farthest in mm that a wall may be: honeycombing has cells of 3 to 10 mm.
const REACH: f64 = 6.0;
/// Most of the six directions along the axes in which there may be no wall: a bronchus is open at two ends.
const OPEN: usize = 1;

/// What says whether a voxel lies in a cell.
pub(crate) struct Cells<'a> {
    smooth: &'a Volume<f32>,
    lung: &'a [bool],
    lumen: &'a [bool],
    /// Most steps along each axis that a wall may be away.
    steps: [usize; 3],
}

impl<'a> Cells<'a> {
    pub(crate) fn new(frame: &'a Frame, anatomy: &'a Anatomy) -> Self {
        Self {
            smooth: &anatomy.smooth,
            lung: frame.lung.as_slice(),
            lumen: anatomy.lumen.as_slice(),
            steps: frame.grid.spacing().map(|mm| (REACH / mm) as usize),
        }
    }

    /// Says whether voxel `n` of the list is dark and closed in, where normal lung has so many HU.
    ///
    /// Cost: a few steps where it is dark, nothing elsewhere.
    pub(crate) fn holds(&self, n: usize, normal: f32) -> bool {
        let hu = self.smooth.as_slice();
        let is_air = self.lung[n] && !self.lumen[n] && hu[n] < normal - AIR;
        if !is_air {
            return false;
        }
        let is_wall = |n: usize| !self.lung[n] || hu[n] > normal + WALL;
        let [slices, rows, columns] = self.smooth.grid().shape();
        let [k, j, i] = [n / columns / rows, n / columns % rows, n % columns];
        let [up, back, across] = self.steps;
        // Nearest in memory first: most rays of what is not closed in are never sent.
        let axes =
            [(i, columns, 1, across), (j, rows, columns, back), (k, slices, rows * columns, up)];
        let rays = axes.into_iter().flat_map(|(at, length, stride, most)| {
            [(at.min(most), stride.wrapping_neg()), ((length - 1 - at).min(most), stride)]
        });
        let is_open = |(steps, stride): &(usize, usize)| {
            !(1..=*steps).any(|step| is_wall(n.wrapping_add(step.wrapping_mul(*stride))))
        };
        rays.filter(is_open).take(OPEN + 1).count() <= OPEN
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hilum_core::{Grid, Mask};
    use hilum_kernel::par;

    /// Normal lung of -880 HU, in it a box 6 mm wide within walls of 2 mm, which are left out towards the first so many of
    /// the six sides; says whether its middle lies in a cell.
    fn is_cell(inside: f32, open: usize) -> bool {
        let grid = Grid::axial([24; 3], [1.0; 3]).expect("sound steps");
        let smooth = par::map_voxels(&grid, |voxel| {
            let from = voxel.map(|n| n as i64 - 12);
            let out = from.map(|n| (n.abs() > 2).then_some(n > 0));
            match out {
                [None, None, None] => inside,
                _ if from.iter().any(|n| n.abs() > 4) => -880.0,
                [Some(far), None, None] if usize::from(far) < open => -880.0,
                [None, Some(far), None] if 2 + usize::from(far) < open => -880.0,
                _ => -500.0,
            }
        });
        let (lung, lumen) = (Mask::filled(&grid, true), Mask::filled(&grid, false));
        let cells = Cells {
            smooth: &smooth,
            lung: lung.as_slice(),
            lumen: lumen.as_slice(),
            steps: [REACH as usize; 3],
        };
        cells.holds((12 * 24 + 12) * 24 + 12, -880.0)
    }

    #[test]
    fn a_cell_is_air_within_walls() {
        assert!(is_cell(-960.0, 0), "walls all around");
        assert!(is_cell(-960.0, 1), "one of them is missing");
        assert!(!is_cell(-960.0, 2), "a tube");
        assert!(!is_cell(-860.0, 0), "the mesh of a net");
    }

    #[test]
    fn a_ray_ends_where_the_scan_does() {
        // Dark all over but for a wall in the first column, which a ray beyond the end of its row would meet.
        let grid = Grid::axial([9, 9, 9], [1.0; 3]).expect("sound steps");
        let smooth = par::map_voxels(&grid, |[_, _, i]| if i == 0 { -500.0 } else { -960.0 });
        let (lung, lumen) = (Mask::filled(&grid, true), Mask::filled(&grid, false));
        let cells = Cells {
            smooth: &smooth,
            lung: lung.as_slice(),
            lumen: lumen.as_slice(),
            steps: [6; 3],
        };
        assert!((0..729).all(|n| !cells.holds(n, -880.0)));
    }
}
