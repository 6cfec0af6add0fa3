//! Geodesic distance and paths of least cost.

use hilum_core::{Grid, Mask, Volume};

use crate::queue::RisingQueue;

/// Least cost of a way from the seeds to each voxel: 0 at the seeds, infinite where no way leads.
///
/// A way goes from voxel to voxel over faces, edges or corners; each step costs its length in
/// mm times the mean `cost` of its two ends, so that a cost of 1 gives distances in mm. A voxel
/// whose cost is negative, infinite or not a number is a wall, even to a seed.
///
/// The best way on a lattice of 26 directions is up to 10 % longer than a straight line
/// between the same points. Cost: Dijkstra's algorithm with buckets, nearly `O(n)` for the `n`
/// voxels that are reached; two volumes are held. It runs on one thread.
///
/// # Panics
///
/// If the two volumes differ in shape.
pub fn geodesic(cost: &Volume<f32>, seeds: &Mask) -> Volume<f32> {
    assert_eq!(cost.grid().shape(), seeds.grid().shape(), "cost and seeds differ in shape");
    let mut front = Front::new(cost);
    for (row, inside) in seeds.as_slice().chunks(front.padding.columns.max(1)).enumerate() {
        let first = front.padding.row(row);
        for (i, _) in inside.iter().enumerate().filter(|(_, inside)| **inside) {
            front.start(first + i);
        }
    }
    while let Some((_, voxel)) = front.settle_next() {
        front.reach_neighbours(voxel, |_, _| ());
    }
    Volume::from_vec(cost.grid().clone(), front.padding.strip(&front.reached))
        .expect("padding is taken off as it was put on")
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
    let mut steps = vec![0_u8; front.reached.len()];
    front.start(from);
    loop {
        let (_, voxel) = front.settle_next()?;
        if voxel == to {
            break;
        }
        front.reach_neighbours(voxel, |neighbour, step| steps[neighbour] = step as u8);
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
    /// Half the cost of each voxel; infinite in walls and in the padding.
    half_cost: Vec<f32>,
    /// Least cost known.
    reached: Vec<f32>,
    queue: RisingQueue,
    steps: Vec<Step>,
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
        let half = |cost: f32| if cost >= 0.0 { 0.5 * cost } else { f32::INFINITY };
        let half_cost = padding.pad(cost.as_slice(), half, f32::INFINITY);
        Self {
            // A bucket spans a 512th of its distance: 14 of the 23 bits of the fraction.
            queue: RisingQueue::new(31, 14),
            reached: vec![f32::INFINITY; half_cost.len()],
            steps: padding.steps(cost.grid()),
            padding,
            half_cost,
        }
    }

    fn start(&mut self, voxel: usize) {
        if self.half_cost[voxel] < f32::INFINITY {
            self.reached[voxel] = 0.0;
            self.queue.push(0, voxel as u32);
        }
    }

    /// The voxel with the least cost of those not settled, with this cost.
    fn settle_next(&mut self) -> Option<(f32, usize)> {
        loop {
            let (level, voxel) = self.queue.pop()?;
            let reached = f32::from_bits(level);
            // An entry that a better one has overtaken is passed over.
            if reached <= self.reached[voxel as usize] {
                return Some((reached, voxel as usize));
            }
        }
    }

    /// Takes each step from a settled voxel; calls `better` with the neighbours that are
    /// reached at less cost than before, and the number of the step.
    fn reach_neighbours(&mut self, voxel: usize, mut better: impl FnMut(usize, usize)) {
        let (here, half) = (self.reached[voxel], self.half_cost[voxel]);
        for (n, step) in self.steps.iter().enumerate() {
            let neighbour = voxel.wrapping_add_signed(step.offset);
            let reached = here + step.length * (half + self.half_cost[neighbour]);
            if reached < self.reached[neighbour] {
                self.reached[neighbour] = reached;
                // Costs are not negative, and such floats are ordered as their bits are.
                self.queue.push(reached.to_bits(), neighbour as u32);
                better(neighbour, n);
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

    fn strip<T: Copy>(&self, padded: &[T]) -> Vec<T> {
        let mut values = Vec::with_capacity(self.slices * self.rows * self.columns);
        for row in 0..self.slices * self.rows {
            values.extend_from_slice(&padded[self.row(row)..][..self.columns]);
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
