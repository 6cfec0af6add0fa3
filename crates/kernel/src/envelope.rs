//! The lower envelope of parabolas on a line.

use crate::lines::{LANES, Tile};

/// Parabolas of one width on a line of voxels, and room to find the lowest of them.
pub(crate) struct Envelope {
    /// Square of the step along the line in mm².
    step: f64,
    /// `0.5 / distance`, by distance in voxels: a product is cheaper than a quotient.
    half_inverse: Vec<f64>,
    /// The parabolas of the envelope so far.
    arcs: Vec<Arc>,
}

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
    /// Room for lines of `length` voxels that are `spacing` mm apart.
    pub(crate) fn new(length: usize, spacing: f64) -> Self {
        let half_inverse = (0..length.max(1)).map(|n| 0.5 / n as f64).collect();
        Self { step: spacing * spacing, half_inverse, arcs: Vec::with_capacity(length) }
    }

    /// Replaces each value of each line by the least of `value[m] + (n - m)² step`, if some
    /// value is at most `limit`; values above it stand for "nothing here".
    pub(crate) fn lower(&mut self, tile: &mut Tile<f32>, limit: f32) {
        let (least, greatest) = bounds(tile);
        for lane in 0..LANES {
            // Without parabolas, or where all vertices lie at 0, a line stays as it is.
            if least[lane] <= limit && greatest[lane] > 0.0 {
                self.build(tile, lane, limit);
                self.draw(tile, lane);
            }
        }
    }

    /// Finds the parabolas that are lowest somewhere, from left to right.
    fn build(&mut self, tile: &Tile<f32>, lane: usize, limit: f32) {
        self.arcs.clear();
        let per_step = self.step.recip();
        for (vertex, values) in tile.iter().enumerate() {
            if values[lane] > limit {
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
            least[lane] = least[lane].min(values[lane]);
            greatest[lane] = greatest[lane].max(values[lane]);
        }
    }
    (least, greatest)
}
