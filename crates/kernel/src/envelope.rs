//! The lower envelope of parabolas on a line.

use crate::lines::{LANES, Tile};

/// Parabolas of one width on a line of voxels, and room to find the lowest of them.
pub(crate) struct Envelope {
    /// Square of the step along the line in mm².
    step: f64,
    /// Values above it stand for "nothing here".
    limit: f32,
    /// Squared distances in mm² up to the limit, where these are few.
    near: Option<Vec<f32>>,
    /// `0.5 / distance`, by distance in voxels: a product is cheaper than a quotient.
    half_inverse: Vec<f64>,
    /// The parabolas of the envelope so far.
    arcs: Vec<Arc>,
    /// The values as they were.
    before: Vec<[f32; LANES]>,
}

/// Voxels up to which looking at all neighbours, many lines at once, is faster than the envelope.
const NEAR: usize = 8;

/// A parabola of the envelope.
#[derive(Clone, Copy)]
struct Arc {
    /// Where its vertex lies, in voxels.
    vertex: usize,
    /// Height of its vertex, in squared steps.
    height: f64,
    /// From where on it is the lowest, in voxels.
    start: f64,
}

impl Envelope {
    /// Room for lines of `length` voxels that are `spacing` mm apart, for squared distances up to
    /// `limit` in mm².
    pub(crate) fn new(length: usize, spacing: f64, limit: f32) -> Self {
        let reach = (f64::from(limit).sqrt() / spacing) as usize;
        let square = |n: usize| (n as f64 * spacing).powi(2) as f32;
        Self {
            step: spacing * spacing,
            limit,
            near: (reach <= NEAR).then(|| (1..=reach).map(square).collect()),
            half_inverse: (0..length.max(1)).map(|n| 0.5 / n as f64).collect(),
            arcs: Vec::with_capacity(length),
            before: Vec::new(),
        }
    }

    /// Replaces each value `n` of each line by the least of `value[m] + (n - m)² step`, as far
    /// as this is at most the limit; elsewhere there may be any number above it.
    pub(crate) fn lower(&mut self, tile: &mut Tile<f32>) {
        let (least, greatest) = bounds(tile);
        // Without parabolas, or where all vertices lie at 0, a line stays as it is.
        let limit = self.limit;
        let mut lanes = (0..LANES).filter(|lane| least[*lane] <= limit && greatest[*lane] > 0.0);
        if self.near.is_none() {
            for lane in lanes {
                self.build(tile, lane);
                self.draw(tile, lane);
            }
        } else if lanes.next().is_some() {
            self.lower_near(tile);
        }
    }

    /// Looks at all neighbours that the limit lets count.
    fn lower_near(&mut self, tile: &mut Tile<f32>) {
        let near = self.near.as_deref().unwrap_or_default();
        let reach = near.len();
        self.before.clear();
        self.before.resize(reach, [f32::INFINITY; LANES]);
        self.before.extend_from_slice(tile);
        self.before.resize(tile.len() + 2 * reach, [f32::INFINITY; LANES]);
        for (values, around) in tile.iter_mut().zip(self.before.windows(2 * reach + 1)) {
            let pairs = around[..reach].iter().rev().zip(&around[reach + 1..]);
            let mut least = around[reach];
            for ((one, other), square) in pairs.zip(near) {
                for lane in 0..LANES {
                    least[lane] = lesser(least[lane], lesser(one[lane], other[lane]) + square);
                }
            }
            *values = least;
        }
    }

    /// Finds the parabolas that are lowest somewhere, from left to right.
    fn build(&mut self, tile: &Tile<f32>, lane: usize) {
        self.arcs.clear();
        let per_step = self.step.recip();
        for (vertex, values) in tile.iter().enumerate() {
            if values[lane] > self.limit {
                continue;
            }
            let height = f64::from(values[lane]) * per_step;
            let mut start = f64::NEG_INFINITY;
            while let Some(last) = self.arcs.last() {
                let between = 0.5 * (vertex + last.vertex) as f64;
                start = between + (height - last.height) * self.half_inverse[vertex - last.vertex];
                if start > last.start {
                    break;
                }
                self.arcs.pop();
                start = f64::NEG_INFINITY;
            }
            self.arcs.push(Arc { vertex, height, start });
        }
    }

    /// Writes the envelope down.
    fn draw(&self, tile: &mut Tile<f32>, lane: usize) {
        let mut arcs = self.arcs.iter();
        let Some(mut arc) = arcs.next() else { return };
        let mut next = arcs.next();
        for (n, values) in tile.iter_mut().enumerate() {
            while let Some(later) = next
                && later.start <= n as f64
            {
                arc = later;
                next = arcs.next();
            }
            let apart = n as f64 - arc.vertex as f64;
            values[lane] = ((arc.height + apart * apart) * self.step) as f32;
        }
    }
}

/// The least and the greatest value of each line.
fn bounds(tile: &Tile<f32>) -> ([f32; LANES], [f32; LANES]) {
    let (mut least, mut greatest) = ([f32::INFINITY; LANES], [0.0_f32; LANES]);
    for values in tile {
        for lane in 0..LANES {
            least[lane] = lesser(least[lane], values[lane]);
            greatest[lane] = -lesser(-greatest[lane], -values[lane]);
        }
    }
    (least, greatest)
}

/// The lesser of two numbers; unlike `f32::min` one instruction, since none is NaN here.
fn lesser(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}
