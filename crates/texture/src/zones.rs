//! Zones: voxels of one grey level that hang together.

use hilum_core::Mask;
use hilum_kernel::par;

use crate::levels::Levels;

/// A zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Zone {
    /// Its grey level.
    pub(crate) level: u16,
    /// Number of its voxels.
    pub(crate) size: u64,
    /// Distance to the border of the region of its voxel that is nearest to it; 1 on the border.
    pub(crate) distance: u64,
}

/// The zones of a slice or of the volume, and of how many voxels they are.
pub(crate) struct Zones {
    pub(crate) zones: Vec<Zone>,
    pub(crate) voxels: u64,
}

/// Zones of each slice that holds any, by 8 neighbours.
pub(crate) fn by_slice(levels: &Levels, mask: &Mask) -> Vec<Zones> {
    let distances = distances(levels, mask, false);
    let slices = levels.slices();
    let flat: Vec<[isize; 3]> = neighbours(false);
    par::collect(slices.len(), |n| grow(levels, &distances, levels.slice(slices[n]), &flat))
}

/// Zones of the volume, by 26 neighbours.
pub(crate) fn in_volume(levels: &Levels, mask: &Mask) -> Zones {
    let distances = distances(levels, mask, true);
    grow(levels, &distances, 0..levels.values.len(), &neighbours(true))
}

/// The 26 neighbours in space or the 8 in the plane of a slice.
pub(crate) fn neighbours(in_space: bool) -> Vec<[isize; 3]> {
    let slices = if in_space { -1..=1 } else { 0..=0 };
    let rows = slices.flat_map(|k| (-1..=1).map(move |j| (k, j)));
    let all = rows.flat_map(|(k, j)| (-1..=1).map(move |i| [k, j, i]));
    all.filter(|step| *step != [0; 3]).collect()
}

fn grow(
    levels: &Levels,
    distances: &[u32],
    places: std::ops::Range<usize>,
    steps: &[[isize; 3]],
) -> Zones {
    let offsets: Vec<isize> = steps.iter().map(|step| levels.offset(*step)).collect();
    let first = places.start;
    let mut left = levels.values[places.clone()].to_vec();
    let mut zones = Vec::new();
    let (mut front, mut voxels) = (Vec::new(), 0);
    for place in places {
        let level = left[place - first];
        if level == 0 {
            continue;
        }
        let (mut size, mut distance) = (0, u32::MAX);
        left[place - first] = 0;
        front.push(place);
        while let Some(here) = front.pop() {
            size += 1;
            distance = distance.min(distances[here]);
            for offset in &offsets {
                let there = here.wrapping_add_signed(*offset);
                if left[there - first] == level {
                    left[there - first] = 0;
                    front.push(there);
                }
            }
        }
        voxels += size;
        zones.push(Zone { level, size, distance: u64::from(distance) });
    }
    Zones { zones, voxels }
}

/// Steps over faces from each voxel of the box around the levels out of the mask, in space or in its
/// slice. What lies outside of the image is out of the mask.
///
/// Two passes over the whole mask are exact: the least number of steps over faces has no detours.
fn distances(levels: &Levels, mask: &Mask, in_space: bool) -> Vec<u32> {
    let [slices, rows, columns] = mask.grid().shape();
    let inside = mask.as_slice();
    let mut steps = vec![0_u32; inside.len()];
    let area = rows * columns;
    let mut relax = |n: usize, [k, j, i]: [bool; 3], sign: isize| {
        if !inside[n] {
            return;
        }
        // `false` says that the neighbour lies outside of the image.
        let near = |within: bool, by: usize| {
            if within { steps[n.wrapping_add_signed(sign * by as isize)] } else { 0 }
        };
        let across = if in_space { near(k, area) } else { u32::MAX - 1 };
        let least = across.min(near(j, columns)).min(near(i, 1)) + 1;
        steps[n] = if sign < 0 { least } else { least.min(steps[n]) };
    };
    for k in 0..slices {
        for j in 0..rows {
            for i in 0..columns {
                relax((k * rows + j) * columns + i, [k > 0, j > 0, i > 0], -1);
            }
        }
    }
    for k in (0..slices).rev() {
        for j in (0..rows).rev() {
            for i in (0..columns).rev() {
                let within = [k + 1 < slices, j + 1 < rows, i + 1 < columns];
                relax((k * rows + j) * columns + i, within, 1);
            }
        }
    }
    onto(levels, &steps, [rows, columns])
}

/// Numbers of an image on the box of the levels.
fn onto(levels: &Levels, steps: &[u32], [rows, columns]: [usize; 2]) -> Vec<u32> {
    let mut found = vec![0; levels.values.len()];
    let [box_slices, box_rows, box_columns] = levels.shape;
    let width = box_columns - 2;
    for k in 1..box_slices - 1 {
        for j in 1..box_rows - 1 {
            let row = (k + levels.first[0] - 1) * rows + j + levels.first[1] - 1;
            let source = row * columns + levels.first[2];
            let place = (k * box_rows + j) * box_columns + 1;
            found[place..place + width].copy_from_slice(&steps[source..source + width]);
        }
    }
    found
}
