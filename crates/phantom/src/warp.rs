//! The bent part of a build: where a place in the body lies in the default adult's.

use nalgebra::{Point3, Vector3};

use crate::build::Build;
use crate::exact::sin;
use crate::lattice::{Extent, Field, cell_of};
use crate::shape::step;

/// Maps between the default adult and this one.
///
/// The chest wall only bows sideways. What lies inside of it is pushed aside and upwards on top of that, by
/// an amount that fades towards the wall and the apices.
#[derive(Clone, Debug)]
pub(crate) struct Warp {
    bow: f64,
    domes: [f64; 2],
    shift: f64,
    /// Displacement towards the default adult's organs along `x`, `y` and `z`; empty if there is none.
    unbend: Vec<Field>,
}

/// Steps of the iteration that inverts the inner map; each at least halves the error of some 45 mm.
const STEPS: usize = 18;

impl Warp {
    pub(crate) fn new(build: &Build) -> Self {
        let (bow, domes, shift) = (build.bow, build.domes, build.shift);
        let mut warp = Self { bow, domes, shift, unbend: Vec::new() };
        if !warp.is_identity() {
            let unbend = Field::sample_three(Extent::ALL, |p| warp.found_inner(p) - p);
            warp.unbend = unbend.into();
        }
        warp
    }

    /// Says whether nothing is bent.
    pub(crate) fn is_identity(&self) -> bool {
        self.bow == 0.0 && self.is_inner_identity()
    }

    fn is_inner_identity(&self) -> bool {
        self.domes == [0.0; 2] && self.shift == 0.0
    }

    /// Sideways displacement of the chest wall at a height.
    fn aside(&self, z: f64) -> f64 {
        self.bow * sin((z + 145.0) / 70.0)
    }

    /// Displacement of what lies inside, at a place in the default adult.
    fn push(&self, p: Point3<f64>) -> Vector3<f64> {
        let across = (p.x / 138.0).clamp(-1.0, 1.0);
        let free = 1.0 - across * across;
        let below = step(p.z, 80.0, -10.0);
        let before = 0.35 + 0.65 * step(p.y, 62.0, 20.0);
        let [right, left] = self.domes;
        let dome = right + (left - right) * step(p.x, -28.0, 32.0);
        let lift = dome * step(p.z, 30.0, -135.0);
        Vector3::new(self.shift * free * free * below * before, 0.0, lift)
    }

    /// The place in the default adult's chest wall.
    pub(crate) fn wall(&self, p: Point3<f64>) -> Point3<f64> {
        if self.bow == 0.0 { p } else { Point3::new(p.x - self.aside(p.z), p.y, p.z) }
    }

    /// The place among the default adult's organs.
    pub(crate) fn inner(&self, p: Point3<f64>) -> Point3<f64> {
        match (self.unbend.as_slice(), cell_of(p)) {
            ([x, y, z], Some((cell, t))) => {
                p + Vector3::from([x, y, z].map(|field| f64::from(field.within(cell, t))))
            }
            _ => p,
        }
    }

    /// The same by iteration.
    fn found_inner(&self, p: Point3<f64>) -> Point3<f64> {
        let straight = self.wall(p);
        if self.is_inner_identity() {
            return straight;
        }
        (0..STEPS).fold(straight, |q, _| straight - self.push(q))
    }

    /// Where a place in the default adult's chest wall lies here.
    pub(crate) fn wall_place(&self, p: Point3<f64>) -> Point3<f64> {
        if self.bow == 0.0 { p } else { Point3::new(p.x + self.aside(p.z), p.y, p.z) }
    }

    /// Where a place among the default adult's organs lies here.
    pub(crate) fn inner_place(&self, p: Point3<f64>) -> Point3<f64> {
        if self.is_identity() { p } else { self.wall_place(p + self.push(p)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_from_where_they_were_bent_to() {
        let bent = Build { bow: 9.0, domes: [45.0, -15.0], shift: 45.0, ..Build::default() };
        let warp = Warp::new(&bent);
        for n in 0..500_u32 {
            let at = |m: u32| f64::from(n * m % 97) / 97.0 - 0.5;
            let p = Point3::new(280.0 * at(31), 200.0 * at(53), 330.0 * at(71) - 80.0);
            assert!((warp.found_inner(warp.inner_place(p)) - p).norm() < 0.02, "found {p}");
            // Between the points of the lattice the map is interpolated.
            assert!((warp.inner(warp.inner_place(p)) - p).norm() < 0.15, "inner {p}");
            assert!((warp.wall(warp.wall_place(p)) - p).norm() < 1e-9, "wall {p}");
        }
    }
}
