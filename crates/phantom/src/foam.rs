//! Foam: the Voronoi cells of scattered points, for nets, cysts and lobules.

use nalgebra::{Point3, Vector3};

use crate::random::Stream;

/// Points scattered on a jittered lattice, one in each of its cubes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Foam {
    pub(crate) pitch: f64,
    pub(crate) stream: Stream,
}

/// The cell of foam around a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bubble {
    /// The point that it is the cell of.
    pub(crate) middle: Point3<f64>,
    /// Random numbers of the cell.
    pub(crate) own: Stream,
    /// Distance to its nearest face in mm.
    pub(crate) face: f64,
    /// Random numbers of that face, the same from both sides.
    pub(crate) between: u64,
}

/// A scattered point, its distance squared and its random bits.
type Site = (f64, Point3<f64>, u64);

impl Foam {
    /// The cell that holds a place.
    pub(crate) fn at(&self, p: Point3<f64>) -> Bubble {
        self.along(p, Vector3::zeros())
    }

    /// The cell that holds a place of a sheet whose unit normal is `upright`, with its faces set upright on the
    /// sheet; the null vector leaves them as they are.
    pub(crate) fn along(&self, p: Point3<f64>, upright: Vector3<f64>) -> Bubble {
        let corner = [p.x, p.y, p.z].map(|c| (c / self.pitch).floor() as i64);
        let mut sites = [(f64::INFINITY, p, 0_u64); 27];
        let mut nearest = 0;
        for (n, site) in sites.iter_mut().enumerate() {
            let step = [n % 3, n / 3 % 3, n / 9].map(|m| m as i64 - 1);
            *site = self.site([0, 1, 2].map(|axis| corner[axis] + step[axis]), p);
        }
        for n in 1..27 {
            nearest = if sites[n].0 < sites[nearest].0 { n } else { nearest };
        }
        let first = sites[nearest];
        let (mut face, mut other) = (f64::INFINITY, 0);
        for (n, site) in sites.iter().enumerate() {
            let distance = face_distance(first, *site, upright);
            if n != nearest && distance < face {
                (face, other) = (distance, site.2);
            }
        }
        let own = self.stream.within(first.2);
        Bubble { middle: first.1, own, face, between: first.2 ^ other }
    }

    fn site(&self, cube: [i64; 3], p: Point3<f64>) -> Site {
        let bits = self.stream.voxel_bits(cube);
        let own = self.stream.within(bits);
        let at = |axis: usize| self.pitch * (cube[axis] as f64 + own.uniform(axis as u64));
        let middle = Point3::new(at(0), at(1), at(2));
        ((p - middle).norm_squared(), middle, bits)
    }
}

/// Distance to the plane halfway between the nearest point and another, going at right angles to `upright`.
fn face_distance(first: Site, other: Site, upright: Vector3<f64>) -> f64 {
    let apart: Vector3<f64> = other.1 - first.1;
    let across = apart - upright * apart.dot(&upright);
    (other.0 - first.0) / (2.0 * across.norm()).max(1e-9)
}

/// Share of a voxel of width `w` that a sheet of half thickness `half` covers, its middle `distance` away.
pub(crate) fn sheet(distance: f64, half: f64, w: f64) -> f64 {
    let overlap = (distance + 0.5 * w).min(half) - (distance - 0.5 * w).max(-half);
    (overlap / w).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOAM: fn() -> Foam = || Foam { pitch: 5.0, stream: Stream::new(3, 99) };

    /// Voronoi cells of any points have the mean chord 4 V / S; 0.66 to 0.70 of the step between a lattice of
    /// cubes (2/3) and points without order (0.687).
    #[test]
    fn chords_are_two_thirds_of_the_step() {
        let foam = FOAM();
        let step = 0.05;
        let (mut crossings, mut length) = (0_u32, 0.0);
        for line in 0..40 {
            let at = |n: i32| {
                Point3::new(f64::from(n) * step, f64::from(line) * 13.7, f64::from(line) * 9.1)
            };
            let mut before = foam.at(at(0)).middle;
            for n in 1..4000 {
                let now = foam.at(at(n)).middle;
                crossings += u32::from(now != before);
                (before, length) = (now, length + step);
            }
        }
        let chord = length / f64::from(crossings) / foam.pitch;
        assert!((0.64..0.71).contains(&chord), "{chord} of the step");
    }

    #[test]
    fn faces_are_where_the_cell_changes() {
        let foam = FOAM();
        for n in 0..2000 {
            let p = Point3::new(f64::from(n) * 0.37, f64::from(n % 37) * 1.3, f64::from(n % 11));
            let here = foam.at(p);
            let inside = 0.99 * here.face;
            for axis in [Vector3::x(), -Vector3::y(), Vector3::z()] {
                assert_eq!(foam.at(p + axis * inside).middle, here.middle, "at {p}");
            }
        }
    }

    #[test]
    fn sheets_keep_their_thickness() {
        for (half, w) in [(0.2, 0.7), (0.6, 0.7), (1.5, 0.7), (0.3, 2.0)] {
            let sum: f64 =
                (-4000..4000).map(|n| sheet(f64::from(n) * 0.001, half, w) * 0.001).sum();
            assert!((sum - 2.0 * half).abs() < 2e-3, "{sum} for {}", 2.0 * half);
        }
    }
}
