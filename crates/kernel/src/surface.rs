//! The surface of least cost over a plane.

use ndarray::{Array2, ArrayView3};

use crate::flow::{Arc, ENDLESS, Flow};

/// The level at each place `[row, column]` of the surface with the least sum of costs: exactly the
/// least of all surfaces.
///
/// `costs` are `[row, column, level]`. Neighbours along rows and columns whose levels differ by `d`
/// add `bends[d - 1]`; they never differ by more than `bends.len()`. Of surfaces of
/// equal cost the lowest is taken, so that the result is unique.
///
/// Levels above each other are chained in a flow network so that a cut is a surface[^li]; bends
/// that grow convexly become arcs between neighbours[^ishikawa]. The least cut follows from the greatest
/// flow. Costs and bends are rounded to 2⁻¹⁶, or, where the ranges of the costs of all places add up to more than
/// 2¹⁰, to a 2²⁶th of that sum.
///
/// Cost: in practice nearly `O(n)` for `n` costs, each with `30 + 16 bends` bytes; one thread.
///
/// # Panics
///
/// If there is no level, a cost is not finite, or `bends` is empty, has a negative or infinite number, or is not
/// convex: from 0 on, each step must be at least as high as the one before.
///
/// [^li]: Li, Wu, Chen and Sonka (2006), Optimal surface segmentation in volumetric images: a
///     graph-theoretic approach. IEEE Transactions on Pattern Analysis and Machine Intelligence
///     28:119, doi:10.1109/TPAMI.2006.19 (not checked).
/// [^ishikawa]: Ishikawa (2003), Exact optimization for Markov random fields with convex priors. IEEE
///     Transactions on Pattern Analysis and Machine Intelligence 25:1333,
///     doi:10.1109/TPAMI.2003.1233908 (not checked).
pub fn cheapest_surface(costs: &ArrayView3<'_, f32>, bends: &[f32]) -> Array2<usize> {
    let (rows, columns, levels) = costs.dim();
    assert!(levels > 0, "a surface needs a level to lie on");
    assert!(costs.iter().all(|cost| cost.is_finite()), "costs must be finite");
    let costs: Vec<f32> = costs.iter().copied().collect();
    let network =
        Network { rows, columns, levels, kinks: kinks(bends), scale: scale(&costs, levels) };
    let mut flow = Flow::new(costs.len(), network.arcs());
    network.hang(&mut flow, &costs);
    network.tie(&mut flow);
    flow.run();
    Array2::from_shape_fn((rows, columns), |(row, column)| {
        let lowest = (row * columns + column) * levels;
        (1..levels).take_while(|level| flow.is_source(lowest + level)).count()
    })
}

/// Steps of cost that the ranges of all places may add up to.
const MOST: f64 = (1 << 26) as f64;
/// Steps of cost that are 1, at most.
const FINEST: f64 = 65536.0;

/// Steps of cost that are 1.
fn scale(costs: &[f32], levels: usize) -> f64 {
    let variation = |place: &[f32]| -> f64 {
        place.windows(2).map(|pair| f64::from((pair[1] - pair[0]).abs())).sum()
    };
    let total: f64 = costs.chunks(levels).map(variation).sum();
    FINEST.min(MOST / total.max(f64::MIN_POSITIVE))
}

/// How much steeper the bends get at each difference of levels; beyond the last they are endless.
fn kinks(bends: &[f32]) -> Vec<f32> {
    let sound = !bends.is_empty() && bends.iter().all(|bend| bend.is_finite() && *bend >= 0.0);
    assert!(sound, "bends must be finite and not negative: {bends:?}");
    let (mut last, mut slope) = (0.0, 0.0);
    let mut kinks = Vec::new();
    for bend in bends {
        kinks.push(bend - last - slope);
        slope = bend - last;
        last = *bend;
    }
    assert!(kinks.iter().all(|kink| *kink >= -1e-4 * last), "bends must be convex: {bends:?}");
    kinks.into_iter().map(|kink| kink.max(0.0)).collect()
}

/// The flow network of a surface. Node `[row, column, level]` is on the side of the source if the
/// surface lies at its level or above it; level 0 is there for the count and always is.
struct Network {
    rows: usize,
    columns: usize,
    levels: usize,
    kinks: Vec<f32>,
    scale: f64,
}

/// The two directions in which a place has a next one.
const DIRECTIONS: usize = 2;

impl Network {
    /// Every node has an arc to the level below and one to that above, and to the next place in
    /// both directions, and from there, one for each difference of levels.
    fn arcs(&self) -> Vec<Arc> {
        let mut arcs = Vec::new();
        let mut pair = |step: isize| {
            let first = arcs.len();
            arcs.push(Arc { step, back: first + 1 });
            arcs.push(Arc { step: -step, back: first });
        };
        pair(-1);
        for direction in 0..DIRECTIONS {
            let next = self.next(direction) as isize;
            pair(next);
            for lower in 1..=self.kinks.len() as isize {
                pair(next - lower);
                pair(-next - lower);
            }
        }
        arcs
    }

    /// Nodes between a place and the next one.
    fn next(&self, direction: usize) -> usize {
        if direction == 0 { self.levels } else { self.levels * self.columns }
    }

    /// Number of the arc between places, of those to a level so much lower.
    fn arc(&self, direction: usize, lower: usize, backward: bool) -> usize {
        let each = 2 + 4 * self.kinks.len();
        let first = 2 + direction * each;
        if lower == 0 {
            first + usize::from(backward)
        } else {
            first + 2 + 4 * (lower - 1) + 2 * usize::from(backward)
        }
    }

    fn steps(&self, cost: f32) -> i32 {
        (f64::from(cost) * self.scale).round() as i32
    }

    /// What each level costs more than the one below.
    fn hang(&self, flow: &mut Flow, costs: &[f32]) {
        for (place, costs) in costs.chunks(self.levels).enumerate() {
            let lowest = place * self.levels;
            for level in 1..self.levels {
                let rise = self.steps(costs[level]) - self.steps(costs[level - 1]);
                flow.add_terminal(lowest + level, -rise);
                if level > 1 {
                    flow.add(lowest + level, 0, ENDLESS);
                }
            }
            flow.settle(lowest + 1..lowest + self.levels, 0);
        }
    }

    /// What neighbours at different levels cost.
    fn tie(&self, flow: &mut Flow) {
        for place in 0..self.rows * self.columns {
            let (row, column) = (place / self.columns, place % self.columns);
            for (direction, more) in [(0, column + 1 < self.columns), (1, row + 1 < self.rows)] {
                if more {
                    let here = place * self.levels;
                    let there = here + self.next(direction);
                    self.tie_pair(flow, direction, here, there);
                }
            }
        }
    }

    fn tie_pair(&self, flow: &mut Flow, direction: usize, here: usize, there: usize) {
        for level in 1..self.levels {
            for lower in 0..=self.kinks.len().min(level - 1) {
                let capacity = self.kinks.get(lower).map_or(ENDLESS, |kink| self.steps(*kink));
                flow.add(here + level, self.arc(direction, lower, false), capacity);
                flow.add(there + level, self.arc(direction, lower, true), capacity);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array3;

    use super::*;

    fn total(costs: &Array3<f32>, bends: &[f32], levels: &Array2<usize>) -> f64 {
        let mut total = 0.0;
        for ((row, column), level) in levels.indexed_iter() {
            total += f64::from(costs[[row, column, *level]]);
            for next in [(row + 1, column), (row, column + 1)] {
                if let Some(other) = levels.get(next) {
                    total += match level.abs_diff(*other) {
                        0 => 0.0,
                        d => bends.get(d - 1).map_or(f64::INFINITY, |bend| f64::from(*bend)),
                    };
                }
            }
        }
        total
    }

    /// Numbers from 0 to 1 that look like chance.
    fn noise(seed: u64) -> impl FnMut() -> f32 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1 << 24) as f32
        }
    }

    #[test]
    fn no_surface_of_a_small_lattice_is_cheaper() {
        for seed in 0..60 {
            let mut next = noise(seed + 1);
            let (rows, columns, levels) =
                (1 + seed as usize % 3, 1 + seed as usize / 3 % 3, 2 + seed as usize % 2);
            // Halves and quarters, so that nothing is rounded.
            let costs =
                Array3::from_shape_fn((rows, columns, levels), |_| (next() * 8.0).floor() / 4.0);
            let bends: &[f32] =
                [&[0.25, 1.0][..], &[0.5][..], &[0.0, 0.25, 0.5][..]][seed as usize % 3];
            let found = cheapest_surface(&costs.view(), bends);
            let places = rows * columns;
            let (mut least, mut lowest) = (f64::INFINITY, Array2::zeros((rows, columns)));
            for number in 0..levels.pow(places as u32) {
                let mut rest = number;
                let levels = Array2::from_shape_fn((rows, columns), |_| {
                    let level = rest % levels;
                    rest /= levels;
                    level
                });
                let cost = total(&costs, bends, &levels);
                if cost < least {
                    (least, lowest) = (cost, levels);
                } else if cost == least {
                    lowest.zip_mut_with(&levels, |low, level| *low = (*low).min(*level));
                }
            }
            assert_eq!(total(&costs, bends, &found), least, "seed {seed}");
            assert_eq!(found, lowest, "seed {seed}");
        }
    }
}
