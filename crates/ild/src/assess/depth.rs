//! How deep below the pleura lung lies.

use hilum_core::{Grid, Lungs, Mask, Partition, Pattern, Region, Site, Volume};
use hilum_kernel::par;

use crate::Classified;

/// Width of a shell in mm.
pub(crate) const SHELL: f64 = 2.5;
/// Shells that are told apart; the last holds all that is deeper.
const SHELLS: usize = 24;

/// Patterns by depth below the surface of their lung.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Profile {
    /// Voxels of each pattern in each shell.
    shells: Vec<[u64; 6]>,
}

impl Profile {
    /// Share in per cent of some patterns between two depths in mm, `None` where nothing is told.
    pub(crate) fn share(&self, [from, to]: [f64; 2], patterns: &[Pattern]) -> Option<f64> {
        let [first, end] = [from, to].map(|mm| (mm / SHELL).round() as usize);
        let (mut inside, mut told) = (0, 0);
        for shell in self.shells.iter().take(end).skip(first) {
            told += shell.iter().sum::<u64>();
            inside += patterns.iter().map(|p| shell[usize::from(p.label()) - 1]).sum::<u64>();
        }
        (told > 0).then(|| 100.0 * inside as f64 / told as f64)
    }
}

/// Depth in mm below the surface of its own lung: 0 outside of the lungs, at most `u8::MAX`.
///
/// Cost: `O(n)`; nine bytes a voxel are held besides for a while.
pub(crate) fn depths(partition: &Partition) -> Volume<u8> {
    let mut depth = Volume::filled(partition.grid(), 0_u8);
    for lungs in [Lungs::Right, Lungs::Left] {
        let Some((_, parts)) = partition.sites().iter().find(|s| s.0 == Site::Whole(lungs)) else {
            continue;
        };
        let mut inside = [false; 256];
        for part in parts {
            inside[usize::from(*part)] = true;
        }
        let outside = par::map(partition.parts(), |part| !inside[usize::from(*part)]);
        if outside.as_slice().iter().all(|outside| *outside) {
            continue;
        }
        let straight = straight(partition.grid());
        let outside = Mask::from_vec(straight, outside.into_vec()).expect("one value a voxel");
        let away = hilum_kernel::distance(&outside);
        for (depth, away) in depth.as_mut_slice().iter_mut().zip(away.as_slice()) {
            *depth = (*depth).max(away.min(255.0).ceil() as u8);
        }
    }
    depth
}

/// The grid with perpendicular axes: slices of a tilted scan are pushed above each other.
fn straight(grid: &Grid) -> Grid {
    let [_, _, (slices, _)] = grid.nearest_axes();
    let mut steps = grid.spacing();
    let others: f64 = (0..3).filter(|axis| *axis != slices).map(|axis| steps[axis]).product();
    steps[slices] = grid.voxel_volume() / others;
    Grid::axial(grid.shape(), steps).expect("sound steps stay sound")
}

/// Counts patterns by depth.
pub(crate) fn profile(classified: &Classified, depth: &Volume<u8>) -> Profile {
    let mut shells = vec![[0; 6]; SHELLS];
    let labels = classified.patterns.labels().as_slice();
    for (label, depth) in labels.iter().zip(depth.as_slice()) {
        if *label > 0 && *depth > 0 {
            let shell = (f64::from(*depth - 1) / SHELL) as usize;
            shells[shell.min(SHELLS - 1)][usize::from(*label) - 1] += 1;
        }
    }
    Profile { shells }
}
