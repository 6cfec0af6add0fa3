//! Geodesic distance and paths of least cost.

use hilum_core::{Grid, Mask, Volume};

use crate::buckets::{Buckets, bucket};

/// Least cost of a way from the seeds to each voxel: 0 at the seeds, infinite where no way leads.
///
/// A way goes from voxel to voxel over faces, edges or corners; each step costs its length in
/// mm times the mean `cost` of its two ends, so that a cost of 1 gives distances in mm. A voxel
/// whose cost is negative, infinite or not a number is a wall, even to a seed.
///
/// The best way on a lattice of 26 directions is up to 10 % longer than a straight line
/// between the same points. Cost: Dijkstra's algorithm with buckets[^meyer], nearly `O(n)` for the
/// `n` voxels that are reached; two volumes are held. It runs on one thread.
///
/// # Panics
///
/// If the two volumes differ in shape.
///
/// [^meyer]: Meyer and Sanders (2003), Delta-stepping: a parallelizable shortest path algorithm.
///     J Algorithms 49(1):114-152, doi:10.1016/S0196-6774(03)00076-2 (not checked).
pub fn geodesic(cost: &Volume<f32>, seeds: &Mask) -> Volume<f32> {
    assert_eq!(cost.grid().shape(), seeds.grid().shape(), "cost and seeds differ in shape");
    let mut front = Front::new(cost);
    for (row, inside) in seeds.as_slice().chunks(front.padding.columns.max(1)).enumerate() {
        let first = front.padding.row(row);
        for (i, _) in inside.iter().enumerate().filter(|(_, inside)| **inside) {
            front.start(first + i);
        }
    }
    while let Some(voxel) = front.next() {
        front.reach_neighbours(voxel, |_, _| ());
    }
    let reached = front.padding.strip(&front.voxels, |voxel| voxel.reached);
    Volume::from_vec(cost.grid().clone(), reached).expect("padding is taken off as it was put on")
}

/// The number of the seed from which the way to each voxel costs least, 0 where no way leads.
///
/// `seeds` holds the numbers, 0 is "none". Ways, costs and walls are those of [`geodesic`]; where two
/// ways cost the same the one found first counts, the same each time. Cost: that of [`geodesic`], and
/// a byte a voxel more.
///
/// # Panics
///
/// If the two volumes differ in shape.
pub fn nearest_seed(cost: &Volume<f32>, seeds: &Volume<u8>) -> Volume<u8> {
    assert_eq!(cost.grid().shape(), seeds.grid().shape(), "cost and seeds differ in shape");
    let mut front = Front::new(cost);
    let mut numbers = front.padding.pad(seeds.as_slice(), |seed| seed, 0);
    for (voxel, number) in numbers.iter_mut().enumerate().filter(|(_, number)| **number != 0) {
        front.start(voxel);
        if front.voxels[voxel].reached == f32::INFINITY {
            // A seed in a wall.
            *number = 0;
        }
    }
    while let Some(voxel) = front.next() {
        let number = numbers[voxel];
        front.reach_neighbours(voxel, |neighbour, _| numbers[neighbour] = number);
    }
    let numbers = front.padding.strip(&numbers, |number| *number);
    Volume::from_vec(cost.grid().clone(), numbers).expect("padding is taken off as it was put on")
}

/// The way of least cost between two voxels, both of them included; `None` if there is none.
///
/// Steps, costs and walls are those of [`geodesic`]. Of several ways that cost the same, the one
/// found first counts; it is the same each time. Cost: nearly `O(n)` for the `n` voxels that
/// are nearer to `from` than `to` is.
///
/// # Panics
///
/// If a voxel is outside of the grid.
pub fn minimal_path(
    cost: &Volume<f32>,
    from: [usize; 3],
    to: [usize; 3],
) -> Option<Vec<[usize; 3]>> {
    let shape = cost.grid().shape();
    for voxel in [from, to] {
        assert!((0..3).all(|axis| voxel[axis] < shape[axis]), "voxel {voxel:?} is outside");
    }
    let mut front = Front::new(cost);
    let [from, to] = [from, to].map(|voxel| front.padding.index(voxel));
    let mut steps = vec![0_u8; front.voxels.len()];
    front.start(from);
    while let Some(voxel) = front.next() {
        if bucket(front.voxels[voxel].reached) > bucket(front.voxels[to].reached) {
            break;
        }
        front.reach_neighbours(voxel, |neighbour, step| steps[neighbour] = step as u8);
    }
    if front.voxels[to].reached == f32::INFINITY {
        return None;
    }
    let mut path = vec![to];
    let mut here = to;
    while here != from {
        here = here.wrapping_sub_signed(front.steps[steps[here] as usize].offset);
        path.push(here);
    }
    Some(path.iter().rev().map(|index| front.padding.voxel(*index)).collect())
}

/// What is known while costs spread.
struct Front {
    padding: Padding,
    voxels: Vec<Place>,
    queue: Buckets,
    steps: Vec<Step>,
}

/// A voxel; what is read together lies together.
#[derive(Clone, Copy)]
struct Place {
    /// Half the cost; infinite in walls and in the padding.
    half_cost: f32,
    /// Least cost of a way to it that is known.
    reached: f32,
}

/// A step to a neighbour.
struct Step {
    offset: isize,
    /// Length in mm.
    length: f32,
}

impl Front {
    fn new(cost: &Volume<f32>) -> Self {
        let padding = Padding::new(cost.grid());
        let place = |half_cost| Place { half_cost, reached: f32::INFINITY };
        let half = |cost: f32| place(if cost >= 0.0 { 0.5 * cost } else { f32::INFINITY });
        Self {
            voxels: padding.pad(cost.as_slice(), half, place(f32::INFINITY)),
            queue: Buckets::new(),
            steps: padding.steps(cost.grid()),
            padding,
        }
    }

    fn start(&mut self, voxel: usize) {
        if self.voxels[voxel].half_cost < f32::INFINITY {
            self.voxels[voxel].reached = 0.0;
            self.queue.push(0.0, voxel as u32);
        }
    }

    /// A voxel with about the least cost of those from which steps are still to be taken.
    fn next(&mut self) -> Option<usize> {
        loop {
            let (reached, voxel) = self.queue.pop()?;
            // An entry that a better one has overtaken is passed over.
            if reached <= self.voxels[voxel as usize].reached {
                return Some(voxel as usize);
            }
        }
    }

    /// Takes each step from a voxel; calls `better` with the neighbours that are reached at
    /// less cost than before, and the number of the step.
    fn reach_neighbours(&mut self, voxel: usize, mut better: impl FnMut(usize, usize)) {
        let here = self.voxels[voxel];
        for (n, step) in self.steps.iter().enumerate() {
            let index = voxel.wrapping_add_signed(step.offset);
            let neighbour = &mut self.voxels[index];
            let reached = here.reached + step.length * (here.half_cost + neighbour.half_cost);
            if reached < neighbour.reached {
                neighbour.reached = reached;
                self.queue.push(reached, index as u32);
                better(index, n);
            }
        }
    }
}

/// A volume with a rim of one voxel all around, in which every voxel has 26 neighbours.
struct Padding {
    rows: usize,
    columns: usize,
    slices: usize,
}

impl Padding {
    fn new(grid: &Grid) -> Self {
        let [slices, rows, columns] = grid.shape();
        let padding = Self { rows, columns, slices };
        assert!(u32::try_from(padding.len()).is_ok(), "paths need fewer than 2³² voxels");
        padding
    }

    fn len(&self) -> usize {
        (self.slices + 2) * (self.rows + 2) * (self.columns + 2)
    }

    /// Place of the first voxel of a row, counted over all slices.
    fn row(&self, row: usize) -> usize {
        self.index([row / self.rows, row % self.rows, 0])
    }

    fn index(&self, [k, j, i]: [usize; 3]) -> usize {
        ((k + 1) * (self.rows + 2) + j + 1) * (self.columns + 2) + i + 1
    }

    fn voxel(&self, index: usize) -> [usize; 3] {
        let row = index / (self.columns + 2);
        [row / (self.rows + 2) - 1, row % (self.rows + 2) - 1, index % (self.columns + 2) - 1]
    }

    fn pad<T: Copy, U: Copy>(&self, values: &[T], change: impl Fn(T) -> U, rim: U) -> Vec<U> {
        let mut padded = vec![rim; self.len()];
        for (row, values) in values.chunks(self.columns.max(1)).enumerate() {
            let first = self.row(row);
            let padded = &mut padded[first..first + self.columns];
            padded.iter_mut().zip(values).for_each(|(padded, value)| *padded = change(*value));
        }
        padded
    }

    fn strip<T, U>(&self, padded: &[T], change: impl Fn(&T) -> U) -> Vec<U> {
        let mut values = Vec::with_capacity(self.slices * self.rows * self.columns);
        for row in 0..self.slices * self.rows {
            values.extend(padded[self.row(row)..][..self.columns].iter().map(&change));
        }
        values
    }

    /// The steps to the 26 neighbours, in scan order.
    fn steps(&self, grid: &Grid) -> Vec<Step> {
        let strides = [(self.rows + 2) * (self.columns + 2), self.columns + 2, 1];
        let all = (0..27).map(|n| [n / 9 - 1, n / 3 % 3 - 1, n % 3 - 1_isize]);
        let to_neighbours = all.filter(|step| *step != [0, 0, 0]);
        to_neighbours
            .map(|step| Step {
                offset: (0..3).map(|axis| step[axis] * strides[axis] as isize).sum(),
                length: (grid.point(step.map(|s| s as f64)) - grid.origin()).norm() as f32,
            })
            .collect()
    }
}
