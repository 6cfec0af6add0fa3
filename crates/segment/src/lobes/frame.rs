//! Coordinates in which one fissure is a smooth function.

use nalgebra::{Point3, Vector3};

use crate::lobes::fissure::Fissure;
use crate::lobes::sheet::Plane;

/// A plane through a fissure of the atlas, and the rectangle of it in which fissures were seen.
/// Heights over it are sums of products of Legendre polynomials.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) plane: Plane,
    /// Corners of the rectangle along `u` and `v`, mm.
    pub(crate) low: [f64; 2],
    pub(crate) high: [f64; 2],
}

/// Highest total degree of the polynomials of each fissure.
const DEGREE: [usize; 3] = [5, 3, 5];
/// Number of polynomials of each fissure.
pub(crate) const TERMS: [usize; 3] = [21, 10, 21];
/// Number of all of them.
pub(crate) const ALL_TERMS: usize = TERMS[0] + TERMS[1] + TERMS[2];

/// Place of a fissure in lists of three.
pub(crate) fn rank(fissure: Fissure) -> usize {
    fissure as usize
}

/// Where the terms of a fissure begin among all of them.
pub(crate) fn first_term(fissure: Fissure) -> usize {
    TERMS[..rank(fissure)].iter().sum()
}

impl Frame {
    /// A frame through `origin` with the given normal; `u` lies across the patient.
    pub(crate) fn new(origin: Point3<f64>, normal: Vector3<f64>) -> Self {
        let n = normal.normalize();
        let u = (Vector3::x() - n * n.x).normalize();
        let plane = Plane { origin, u, v: n.cross(&u), n };
        Self { plane, low: [-1.0; 2], high: [1.0; 2] }
    }

    /// Makes the rectangle the smallest that holds these points.
    pub(crate) fn bound(&mut self, points: impl Iterator<Item = Point3<f64>>) {
        (self.low, self.high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for p in points {
            let [u, v, _] = self.plane.coordinates(p);
            self.low = [self.low[0].min(u), self.low[1].min(v)];
            self.high = [self.high[0].max(u), self.high[1].max(v)];
        }
    }

    /// The polynomials at plane coordinates. Beyond the rectangle they keep the values of its border,
    /// for polynomials run away where nothing holds them.
    pub(crate) fn terms(&self, fissure: Fissure, along: [f64; 2], terms: &mut [f64]) {
        let degree = DEGREE[rank(fissure)];
        let [x, y] = [0, 1].map(|axis| {
            let (low, high) = (self.low[axis], self.high[axis]);
            (2.0 * (along[axis] - low) / (high - low) - 1.0).clamp(-1.0, 1.0)
        });
        let (x, y) = (legendre(x), legendre(y));
        let pairs = (0..=degree).flat_map(|i| (0..=degree - i).map(move |j| (i, j)));
        for (term, (i, j)) in terms.iter_mut().zip(pairs) {
            *term = x[i] * y[j];
        }
    }
}

/// The first Legendre polynomials.
fn legendre(x: f64) -> [f64; 6] {
    let mut p = [1.0, x, 0.0, 0.0, 0.0, 0.0];
    for n in 1..5 {
        let m = n as f64;
        p[n + 1] = ((2.0 * m + 1.0) * x * p[n] - m * p[n - 1]) / (m + 1.0);
    }
    p
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_terms_as_pairs_of_degrees() {
        for n in 0..3 {
            assert_eq!(TERMS[n], (DEGREE[n] + 1) * (DEGREE[n] + 2) / 2);
        }
    }

    #[test]
    fn legendre_polynomials_have_their_closed_form() {
        let x = 0.3;
        let p = legendre(x);
        assert!((p[2] - (3.0 * x * x - 1.0) / 2.0).abs() < 1e-15);
        assert!((p[5] - (63.0 * x.powi(5) - 70.0 * x.powi(3) + 15.0 * x) / 8.0).abs() < 1e-15);
    }
}
