//! Texture: one cube of smooth noise that repeats in all directions.

use nalgebra::Point3;

use crate::exact::taps;
use crate::random::Stream;

/// Number of samples along each edge.
const EDGE: usize = 64;

/// Noise of mean 0 and standard deviation 1, smooth over about 2 samples, with coarser parts.
#[derive(Clone, Debug)]
pub(crate) struct Tile(Vec<f32>);

impl Tile {
    /// The tile of a stream of random numbers.
    pub(crate) fn new(stream: Stream) -> Self {
        let fine = standard(blurred(&white(stream.within(0)), 1.0));
        let coarse = standard(blurred(&white(stream.within(1)), 2.6));
        Self(standard(fine.iter().zip(&coarse).map(|(f, c)| 0.8 * f + 0.6 * c).collect()))
    }

    /// Value at a point whose coordinates count samples; the tile repeats.
    pub(crate) fn at(&self, p: [f32; 3]) -> f32 {
        let low = p.map(f32::floor);
        let t = [p[0] - low[0], p[1] - low[1], p[2] - low[2]];
        let index = low.map(|at| at as i32 as usize % EDGE);
        let next = index.map(|at| (at + 1) % EDGE);
        let along = |z: usize, y: usize| {
            let row = &self.0[(z * EDGE + y) * EDGE..][..EDGE];
            row[index[0]] + (row[next[0]] - row[index[0]]) * t[0]
        };
        let face = |z: usize| {
            let near = along(z, index[1]);
            near + (along(z, next[1]) - near) * t[1]
        };
        let near = face(index[2]);
        near + (face(next[2]) - near) * t[2]
    }

    /// Value at a place in mm with features of about `2 * scale` mm and more.
    pub(crate) fn around(&self, p: Point3<f64>, scale: f64) -> f64 {
        f64::from(self.at([p.x, p.y, p.z].map(|c| (c / scale) as f32)))
    }
}

fn white(stream: Stream) -> Vec<f32> {
    let edge = EDGE as i64;
    (0..edge * edge * edge)
        .map(|n| stream.normal([n / edge / edge, n / edge % edge, n % edge]) as f32)
        .collect()
}

/// Gaussian filter with the ends joined.
fn blurred(values: &[f32], sigma: f64) -> Vec<f32> {
    let taps = taps(sigma);
    let reach = taps.len() / 2;
    [1, EDGE, EDGE * EDGE].iter().fold(values.to_vec(), |source, stride| {
        let filtered = |n: usize| -> f32 {
            let at = n / stride % EDGE;
            let start = n - at * stride;
            let value = |m: usize| source[start + (at + m + EDGE - reach) % EDGE * stride];
            taps.iter().enumerate().map(|(m, tap)| tap * value(m)).sum()
        };
        (0..source.len()).map(filtered).collect()
    })
}

/// The same with mean 0 and standard deviation 1.
fn standard(values: Vec<f32>) -> Vec<f32> {
    let count = values.len() as f64;
    let mean = values.iter().map(|v| f64::from(*v)).sum::<f64>() / count;
    let square = |v: &f32| (f64::from(*v) - mean) * (f64::from(*v) - mean);
    let sd = (values.iter().map(square).sum::<f64>() / count).sqrt();
    values.into_iter().map(|v| ((f64::from(v) - mean) / sd) as f32).collect()
}
