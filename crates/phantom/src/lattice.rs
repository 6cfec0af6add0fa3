//! Shapes sampled on one lattice and joined by trilinear interpolation.
//!
//! The interpolated values *are* the shapes: every image of the chest, on whatever grid, is
//! one of the same surfaces.

use hilum_kernel::par;
use nalgebra::{Point3, Vector3};

use crate::level::Level;
use crate::tube::Tube;

/// Step of the lattice in mm.
pub(crate) const STEP: f64 = 3.0;
/// First point of the lattice, `[x, y, z]`.
pub(crate) const LOW: [f64; 3] = [-219.0, -135.0, -249.0];
/// Number of points along `[x, y, z]`.
pub(crate) const COUNT: [usize; 3] = [147, 86, 133];

/// What a shape holds where it was not sampled: far outside.
const FAR: f32 = 50.0;

/// A box of the lattice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Extent {
    /// First point, `[x, y, z]`.
    pub(crate) first: [usize; 3],
    /// Number of points, `[x, y, z]`.
    pub(crate) shape: [usize; 3],
}

impl Extent {
    /// The whole lattice.
    pub(crate) const ALL: Self = Self { first: [0; 3], shape: COUNT };

    /// The points between two corners in mm.
    pub(crate) fn new(low: [f64; 3], high: [f64; 3]) -> Self {
        let index = |n: usize, at: f64| ((at - LOW[n]) / STEP).clamp(0.0, (COUNT[n] - 1) as f64);
        let first = [0, 1, 2].map(|n| index(n, low[n]).floor() as usize);
        let last = [0, 1, 2].map(|n| index(n, high[n]).ceil() as usize);
        Self { first, shape: [0, 1, 2].map(|n| last[n] + 1 - first[n]) }
    }

    /// Place in mm of a point of this box.
    pub(crate) fn place(&self, [x, y, z]: [usize; 3]) -> Point3<f64> {
        let at = |n: usize, index: usize| LOW[n] + STEP * (self.first[n] + index) as f64;
        Point3::new(at(0, x), at(1, y), at(2, z))
    }
}

/// A shape as signed distances in mm, negative inside.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) extent: Extent,
    values: Vec<f32>,
}

impl Field {
    /// Samples a shape in a box; outside of the box the shape must not reach.
    pub(crate) fn sample(
        extent: Extent,
        distance: impl Fn(Point3<f64>, &Level) -> f64 + Sync + Send,
    ) -> Self {
        let [columns, rows, slices] = extent.shape;
        let values = par::collect(slices, |z| {
            let level = Level::at(extent.place([0, 0, z]).z);
            let mut values = Vec::with_capacity(rows * columns);
            for y in 0..rows {
                for x in 0..columns {
                    values.push(distance(extent.place([x, y, z]), &level) as f32);
                }
            }
            values
        });
        Self { extent, values: values.concat() }
    }

    /// Samples the three parts of a displacement in a box.
    pub(crate) fn sample_three(
        extent: Extent,
        displacement: impl Fn(Point3<f64>) -> Vector3<f64> + Sync + Send,
    ) -> [Self; 3] {
        let [columns, rows, slices] = extent.shape;
        let all = par::collect(slices, |z| {
            let places = (0..rows * columns).map(|n| extent.place([n % columns, n / columns, z]));
            places.map(&displacement).collect::<Vec<_>>()
        });
        [0, 1, 2].map(|axis| {
            let values = all.iter().flatten().map(|displacement| displacement[axis] as f32);
            Self { extent, values: values.collect() }
        })
    }

    /// No shape at all.
    pub(crate) fn nothing() -> Self {
        Self { extent: Extent { first: [0; 3], shape: [2; 3] }, values: vec![FAR; 8] }
    }

    /// Distances to the surfaces of tubes, exact up to `reach` mm from them.
    pub(crate) fn around_tubes(extent: Extent, tubes: &[Tube], reach: f64) -> Self {
        let [columns, rows, slices] = extent.shape;
        let near = |n: usize, at: f64| {
            let index = (at - LOW[n]) / STEP - extent.first[n] as f64;
            index.clamp(0.0, extent.shape[n] as f64) as usize
        };
        let values = par::collect(slices, |z| {
            let mut values = vec![FAR; rows * columns];
            let height = extent.place([0, 0, z]).z;
            for tube in tubes {
                let margin = tube.radii[0].max(tube.radii[1]) + reach;
                let (low, high) = (tube.a.inf(&tube.b), tube.a.sup(&tube.b));
                if height < low.z - margin || height > high.z + margin {
                    continue;
                }
                for y in near(1, low.y - margin)..near(1, high.y + margin) {
                    for x in near(0, low.x - margin)..near(0, high.x + margin) {
                        let value = &mut values[y * columns + x];
                        *value = value.min(tube.distance(extent.place([x, y, z])) as f32);
                    }
                }
            }
            values
        });
        Self { extent, values: values.concat() }
    }

    /// Value at a point of the whole lattice.
    pub(crate) fn value(&self, index: [usize; 3]) -> f32 {
        let [columns, rows, slices] = self.extent.shape;
        let [x, y, z] = [0, 1, 2].map(|n| index[n].wrapping_sub(self.extent.first[n]));
        if x < columns && y < rows && z < slices {
            self.values[(z * rows + y) * columns + x]
        } else {
            FAR
        }
    }

    /// Value in the cell whose lowest corner is the lattice point `cell`, at the fractions `t` of it.
    pub(crate) fn within(&self, cell: [usize; 3], t: [f32; 3]) -> f32 {
        let [columns, rows, slices] = self.extent.shape;
        let [x, y, z] = [0, 1, 2].map(|n| cell[n].wrapping_sub(self.extent.first[n]));
        if x.wrapping_add(1) >= columns || y.wrapping_add(1) >= rows || z.wrapping_add(1) >= slices
        {
            return FAR;
        }
        let start = (z * rows + y) * columns + x;
        if t == [0.0; 3] {
            return self.values[start];
        }
        let along = |at: usize| {
            let pair = &self.values[at..at + 2];
            pair[0] + (pair[1] - pair[0]) * t[0]
        };
        let face = |at: usize| {
            let low = along(at);
            low + (along(at + columns) - low) * t[1]
        };
        let low = face(start);
        low + (face(start + rows * columns) - low) * t[2]
    }

    /// Value anywhere; far outside where the shape was not sampled.
    pub(crate) fn at(&self, p: Point3<f64>) -> f32 {
        match cell_of(p) {
            Some((cell, t)) => self.within(cell, t),
            None => FAR,
        }
    }

    /// Smallest and largest value at the corners of each cell of the box in row `y` and slice `z` of the
    /// whole lattice.
    pub(crate) fn ranges(&self, [y, z]: [usize; 2]) -> impl Iterator<Item = [f32; 2]> + '_ {
        let [columns, rows, _] = self.extent.shape;
        let start = (z - self.extent.first[2]) * rows + y - self.extent.first[1];
        let four = [0, 1, rows, rows + 1];
        let four = four.map(|row| &self.values[(start + row) * columns..][..columns]);
        let column = move |x: usize| {
            let values = four.map(|row| row[x]);
            [
                values.into_iter().fold(f32::INFINITY, f32::min),
                values.into_iter().fold(f32::NEG_INFINITY, f32::max),
            ]
        };
        (1..columns).scan(column(0), move |left, x| {
            let right = column(x);
            let [low, high] = std::mem::replace(left, right);
            Some([low.min(right[0]), high.max(right[1])])
        })
    }

    /// Smallest and largest value at the corners of a cell of the whole lattice.
    pub(crate) fn range(&self, cell: [usize; 3]) -> [f32; 2] {
        let mut range = [f32::INFINITY, f32::NEG_INFINITY];
        for corner in 0..8 {
            let value = self.value([0, 1, 2].map(|n| cell[n] + (corner >> n & 1)));
            range = [range[0].min(value), range[1].max(value)];
        }
        range
    }
}

/// The cell that holds a point, and where in it; `None` outside of the lattice.
pub(crate) fn cell_of(p: Point3<f64>) -> Option<([usize; 3], [f32; 3])> {
    let at = [0, 1, 2].map(|n| (p[n] - LOW[n]) / STEP);
    let inside = (0..3).all(|n| at[n] >= 0.0 && at[n] < (COUNT[n] - 1) as f64);
    inside.then(|| (at.map(|a| a as usize), at.map(|a| (a - a.floor()) as f32)))
}
