//! Slices to parallel stacks.

use std::collections::BTreeMap;

use nalgebra::Vector3;

use crate::slice::{PARALLEL, Plane, SAME_SCALE, Slice};

/// Slices that are parallel to the first of their stack, in the order in which they came.
///
/// Cost: `O(slices · log stacks)`, as long as stacks are spread over orientations or pixel sizes.
pub(crate) fn by_orientation(slices: Vec<Slice>) -> Vec<Vec<Slice>> {
    let mut stacks: Vec<Vec<Slice>> = Vec::new();
    let mut unplaced: Option<usize> = None;
    let mut index = Index::default();
    for slice in slices {
        let found = match &slice.plane {
            Some(plane) => index.parallel(plane, &stacks),
            None => unplaced,
        };
        if let Some(n) = found {
            stacks[n].push(slice);
            continue;
        }
        match &slice.plane {
            Some(plane) => index.put(plane, stacks.len()),
            None => unplaced = Some(stacks.len()),
        }
        stacks.push(vec![slice]);
    }
    stacks
}

/// Stacks by what parallel ones nearly share: first the directions, then the pixel size, both cut
/// into cells as wide as parallel planes may differ.
#[derive(Default)]
struct Index {
    cells: BTreeMap<[i64; 3], BTreeMap<[i64; 2], Vec<usize>>>,
}

impl Index {
    fn put(&mut self, plane: &Plane, stack: usize) {
        let cell = self.cells.entry(directions(plane)).or_default();
        cell.entry(sizes(plane)).or_default().push(stack);
    }

    /// The first of the stacks that are parallel to a plane.
    fn parallel(&self, plane: &Plane, stacks: &[Vec<Slice>]) -> Option<usize> {
        let is_parallel =
            |n: &usize| stacks[*n][0].plane.is_some_and(|first| first.is_parallel(plane));
        let cells = around(directions(plane)).into_iter().filter_map(|cell| self.cells.get(&cell));
        cells
            .flat_map(|cell| around(sizes(plane)).into_iter().filter_map(|size| cell.get(&size)))
            .filter_map(|stacks| stacks.iter().copied().find(is_parallel))
            .min()
    }
}

/// Three numbers that move by at most [`PARALLEL`] between parallel planes and together tell any
/// two directions apart: directions in a plane have three degrees of freedom.
fn directions(plane: &Plane) -> [i64; 3] {
    let mixed = [
        [Vector3::new(0.8, 0.4, -0.3), Vector3::new(-0.2, 0.5, 0.7)],
        [Vector3::new(-0.3, 0.7, 0.5), Vector3::new(0.6, 0.1, -0.6)],
        [Vector3::new(0.2, -0.5, 0.8), Vector3::new(0.5, -0.7, 0.3)],
    ];
    mixed.map(|[row, column]| {
        let number = row.dot(&plane.along_row) + column.dot(&plane.down_column);
        (number / PARALLEL).floor() as i64
    })
}

fn sizes(plane: &Plane) -> [i64; 2] {
    plane.spacing.map(|spacing| (spacing.ln() / (2.0 * SAME_SCALE)).floor() as i64)
}

/// A cell and its neighbours.
fn around<const N: usize>(cell: [i64; N]) -> Vec<[i64; N]> {
    let mut cells = vec![cell];
    for axis in 0..N {
        let both = [-1, 1].map(|by| {
            cells.iter().map(move |cell| {
                let mut cell = *cell;
                cell[axis] += by;
                cell
            })
        });
        let more: Vec<[i64; N]> = both.into_iter().flatten().collect();
        cells.extend(more);
    }
    cells
}
