//! Which pieces of a single slice are told, and which look like something else in one plane.

use hilum_core::{Ct, Lung, Mask, Pattern, Region, Volume};
use hilum_kernel::{Components, Connectivity, par};

/// Dense patches below this area in cm² are not told: vessels near the hilum and the blur of the heart's
/// beat look the same in a single plane.
pub(crate) const PATCH: f64 = 4.0;
/// Nor are those below this area in cm² that stay away from the chest wall.
pub(crate) const DEEP_PATCH: f64 = 12.0;
/// A patch at the chest wall comes as near to it in mm, and lies so to a share of its area.
const WALL: (f64, f64) = (12.0, 0.1);
/// Lung that lies along the edge of what was measured over more than this (mm) may be air beside the body.
const EDGE: f64 = 20.0;

/// What lies away from the edge of what was measured, piece by piece.
pub(crate) fn inner(ct: &Ct, lungs: &Volume<u8>) -> Mask {
    let [_, rows, columns] = ct.grid().shape();
    let [_, height, width] = ct.grid().spacing();
    let pieces = Components::by_slice(&par::map(lungs, |label| *label > 0), Connectivity::Faces);
    let hu = ct.hu().as_slice();
    let open = |j: isize, i: isize| {
        let inside = (0..rows as isize).contains(&j) && (0..columns as isize).contains(&i);
        !inside || !ct.is_measured(hu[j as usize * columns + i as usize])
    };
    let mut along = vec![0.0; pieces.count()];
    for j in 0..rows {
        for i in 0..columns {
            let piece = pieces.at([0, j, i]) as usize;
            let beside = [[0, 1], [0, -1], [1, 0], [-1, 0]];
            if piece > 0 && beside.iter().any(|[dj, di]| open(j as isize + dj, i as isize + di)) {
                along[piece - 1] += f64::midpoint(height, width);
            }
        }
    }
    pieces.mask(|piece| along[piece as usize - 1] <= EDGE)
}

/// Lung near the outer end of its row or near either end of its column: beneath the ribs, not at the
/// mediastinum.
pub(crate) fn at_the_wall(lungs: &Volume<u8>) -> Mask {
    let [_, rows, columns] = lungs.grid().shape();
    let [_, height, width] = lungs.grid().spacing();
    let labels = lungs.as_slice();
    let of = |side: Lung, j: usize, i: usize| labels[j * columns + i] == side.label();
    let column = |side| {
        let own = (0..rows * columns).filter(|n| of(side, n / columns, n % columns));
        let (count, sum) = own.fold((0, 0), |(count, sum), n| (count + 1, sum + n % columns));
        sum / count.max(1)
    };
    let right_first = column(Lung::Right) < column(Lung::Left);
    let mut wall = Volume::filled(lungs.grid(), false);
    for side in [Lung::Right, Lung::Left] {
        let outer_first = (side == Lung::Right) == right_first;
        let ends_of_rows: Vec<_> = (0..rows)
            .map(|j| {
                let inside = |i: &usize| of(side, j, *i);
                if outer_first { (0..columns).find(inside) } else { (0..columns).rfind(inside) }
            })
            .collect();
        let ends_of_columns: Vec<_> = (0..columns)
            .map(|i| {
                let inside = |j: &usize| of(side, *j, i);
                (0..rows).find(inside).zip((0..rows).rfind(inside))
            })
            .collect();
        let near = |a: usize, b: usize, step: f64| a.abs_diff(b) as f64 * step <= WALL.0;
        for (n, wall) in wall.as_mut_slice().iter_mut().enumerate() {
            let (j, i) = (n / columns, n % columns);
            *wall |= of(side, j, i)
                && (ends_of_rows[j].is_some_and(|end| near(i, end, width))
                    || ends_of_columns[i]
                        .is_some_and(|(a, b)| near(j, a, height) || near(j, b, height)));
        }
    }
    wall
}

/// Dense patches that are too small to be told are lung as good as normal.
pub(crate) fn without_small_patches(patterns: &Volume<u8>, wall: &Mask) -> Volume<u8> {
    const DENSE: [Pattern; 2] = [Pattern::GroundGlass, Pattern::Consolidation];
    let dense = par::map(patterns, |label| DENSE.iter().any(|dense| dense.label() == *label));
    let patches = Components::by_slice(&dense, Connectivity::Edges);
    let [_, height, width] = patterns.grid().spacing();
    let mut near = vec![0_u64; patches.count()];
    for (patch, wall) in patches.labels().as_slice().iter().zip(wall.as_slice()) {
        if *patch > 0 && *wall {
            near[*patch as usize - 1] += 1;
        }
    }
    let small = patches.mask(|patch| {
        let (size, near) = (patches.sizes()[patch as usize - 1], near[patch as usize - 1]);
        let reaches = near as f64 >= WALL.1 * size as f64;
        let area = size as f64 * height * width / 100.0;
        area < if reaches { PATCH } else { DEEP_PATCH }
    });
    par::zip(patterns, &small, |label, small| if *small { Pattern::Normal.label() } else { *label })
}
