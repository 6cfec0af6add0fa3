//! How deep below the pleura lung lies.

use std::ops::Range;

use hilum_core::{Grid, Lungs, Mask, Partition, Pattern, Region, Site, Volume};
use hilum_kernel::par;

use crate::Classified;
use crate::rounding::ceiling;
use crate::sides::{is_empty, sides};

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
/// Cost: `O(n)`; six bytes for each voxel of the box around a lung are held besides for a while.
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
        deepen(&mut depth, partition, &inside);
    }
    depth
}

/// Writes the depth of the voxels in the parts that are `inside`.
fn deepen(depth: &mut Volume<u8>, partition: &Partition, inside: &[bool; 256]) {
    let parts = partition.parts().as_slice();
    let shape @ [_, rows, columns] = partition.grid().shape();
    let may_hold = |row: usize| inside[0] || !is_empty(&parts[row..row + columns]);
    let sides = sides(shape, may_hold, |n| inside[usize::from(parts[n])]);
    let Some(sides) = sides else { return };
    // What is nearest of all that is outside lies in the box or next to it.
    let sides: [Range<usize>; 3] =
        std::array::from_fn(|n| sides[n].start.saturating_sub(1)..(sides[n].end + 1).min(shape[n]));
    let [first_k, first_j, first_i] = sides.each_ref().map(|side| side.start);
    let [_, height, width] = sides.each_ref().map(ExactSizeIterator::len);
    let window =
        straight(partition.grid()).window([0.0; 3], sides.each_ref().map(ExactSizeIterator::len));
    let start = |k: usize, j: usize| ((k + first_k) * rows + j + first_j) * columns + first_i;
    let mut outside = Mask::filled(&window, false);
    par::for_each_slice(&mut outside, |k, slice| {
        for (j, row) in slice.chunks_exact_mut(width).enumerate() {
            let parts = &parts[start(k, j)..][..width];
            row.iter_mut().zip(parts).for_each(|(out, part)| *out = !inside[usize::from(*part)]);
        }
    });
    let away = hilum_kernel::distance(&outside);
    par::for_each_slice(depth, |k, slice| {
        let Some(k) = k.checked_sub(first_k).filter(|k| *k < sides[0].len()) else { return };
        for j in 0..height {
            let row = &mut slice[(j + first_j) * columns + first_i..][..width];
            let away = &away.as_slice()[(k * height + j) * width..][..width];
            for (depth, away) in row.iter_mut().zip(away) {
                *depth = (*depth).max(ceiling(*away));
            }
        }
    });
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
    let labels = classified.patterns.labels().as_slice();
    let shell = |depth: u8| ((f64::from(depth - 1) / SHELL) as usize).min(SHELLS - 1);
    let shell_of: Vec<usize> = (0..=u8::MAX).map(|depth| shell(depth.max(1))).collect();
    let [slices, rows, columns] = depth.grid().shape();
    let of_slices = par::collect(slices, |k| {
        let mut shells = vec![[0; 6]; SHELLS];
        for row in (k * rows..(k + 1) * rows).map(|row| row * columns..(row + 1) * columns) {
            let (labels, depth) = (&labels[row.clone()], &depth.as_slice()[row]);
            if is_empty(labels) {
                continue;
            }
            for (label, depth) in labels.iter().zip(depth) {
                if *label > 0 && *depth > 0 {
                    shells[shell_of[usize::from(*depth)]][usize::from(*label) - 1] += 1;
                }
            }
        }
        shells
    });
    let mut shells = vec![[0; 6]; SHELLS];
    for of_slice in &of_slices {
        for (sums, counts) in shells.iter_mut().zip(of_slice) {
            sums.iter_mut().zip(counts).for_each(|(sum, count): (&mut u64, &u64)| *sum += count);
        }
    }
    Profile { shells }
}
