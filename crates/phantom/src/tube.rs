//! Round bars: vessels, bronchi, ribs. They are drawn as segments, each into the voxels near it.

use nalgebra::{Point3, Vector3};

/// What a tube is made of, and so where it is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Muscle around nothing: gullet, the crura.
    Soft,
    /// Costal cartilage.
    Cartilage,
    /// Cortex around marrow.
    Bone,
    /// Blood.
    Vessel,
    /// A wall around air.
    Airway,
}

/// A cone with round ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tube {
    pub(crate) kind: Kind,
    pub(crate) a: Point3<f64>,
    pub(crate) b: Point3<f64>,
    /// Outer radii at `a` and `b`.
    pub(crate) radii: [f64; 2],
    /// Thickness of the shell of bones and bronchi, at `a` and `b`.
    pub(crate) wall: [f64; 2],
    /// Direction in which the tube is half as thick; the null vector for round ones.
    pub(crate) flat: Vector3<f64>,
}

impl Tube {
    /// A round bar.
    pub(crate) fn solid(kind: Kind, a: Point3<f64>, b: Point3<f64>, radii: [f64; 2]) -> Self {
        Self { kind, a, b, radii, wall: radii, flat: Vector3::zeros() }
    }

    /// A bronchus by the radii of its lumen.
    pub(crate) fn bronchus(a: Point3<f64>, b: Point3<f64>, lumen: [f64; 2]) -> Self {
        let wall = lumen.map(wall_of);
        let radii = [lumen[0] + wall[0], lumen[1] + wall[1]];
        Self { kind: Kind::Airway, a, b, radii, wall, flat: Vector3::zeros() }
    }

    /// The same bronchus with a wall `times` as thick around the same lumen.
    pub(crate) fn thickened(self, times: f64) -> Self {
        let wall = self.wall.map(|mm| mm * times);
        let radii = [0, 1].map(|n| self.radii[n] - self.wall[n] + wall[n]);
        Self { radii, wall, ..self }
    }

    /// The same tube with its ends elsewhere.
    pub(crate) fn moved(self, place: impl Fn(Point3<f64>) -> Point3<f64>) -> Self {
        Self { a: place(self.a), b: place(self.b), ..self }
    }

    /// Signed distance to the surface of a round tube.
    pub(crate) fn distance(&self, p: Point3<f64>) -> f64 {
        let along = self.b - self.a;
        let t = ((p - self.a).dot(&along) / along.norm_squared().max(1e-12)).clamp(0.0, 1.0);
        (p - (self.a + along * t)).norm() - (self.radii[0] + (self.radii[1] - self.radii[0]) * t)
    }
}

/// Thickness of the wall of a bronchus from the radius of its lumen.
pub(crate) fn wall_of(lumen: f64) -> f64 {
    0.2 + 0.18 * lumen.min(6.0)
}

/// Share of a voxel of width `w` that a round bar of radius `r` covers, its axis `distance`
/// away. Summed over a plane of voxels it gives the bar's section exactly; all in mm.
pub(crate) fn coverage(distance: f32, r: f32, w: f32) -> f32 {
    if r < 0.577_350_3 * w {
        return (3.0 * r * r / (w * w)) * (1.0 - distance / w).max(0.0);
    }
    let edge = (r * r - w * w / 12.0).sqrt();
    ((edge - distance) / w + 0.5).clamp(0.0, 1.0)
}

/// Distance beyond which [`coverage`] is 0.
pub(crate) fn reach(r: f64, w: f64) -> f64 {
    (r + 0.5 * w).max(w)
}

/// A smooth course through points, as short segments: Catmull and Rom's spline.
pub(crate) fn course(points: &[([f64; 3], f64)], pieces: usize) -> Vec<(Point3<f64>, f64)> {
    let at = |n: usize| {
        let (p, r) = points[n.min(points.len() - 1)];
        (Point3::from(p), r)
    };
    let mut smooth = vec![at(0)];
    for n in 0..points.len() - 1 {
        let [before, from, to, after] = [at(n.saturating_sub(1)), at(n), at(n + 1), at(n + 2)];
        for piece in 1..=pieces {
            let t = piece as f64 / pieces as f64;
            let (t2, t3) = (t * t, t * t * t);
            let p = from.0.coords * (2.0 * t3 - 3.0 * t2 + 1.0)
                + (to.0 - before.0) * (0.5 * (t3 - 2.0 * t2 + t))
                + to.0.coords * (3.0 * t2 - 2.0 * t3)
                + (after.0 - from.0) * (0.5 * (t3 - t2));
            smooth.push((Point3::from(p), from.1 + (to.1 - from.1) * t));
        }
    }
    smooth
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_sums_to_the_section() {
        for r in [0.2, 0.5, 0.8, 1.5, 4.0] {
            let step = 0.01f32;
            let area: f64 = (0..1000)
                .map(|n| (n as f32 + 0.5) * step)
                .map(|d| f64::from(coverage(d, r, 1.0) * std::f32::consts::TAU * d * step))
                .sum();
            let section = std::f64::consts::PI * f64::from(r * r);
            assert!((area / section - 1.0).abs() < 2e-3, "radius {r}: {area} for {section}");
        }
    }

    #[test]
    fn a_course_goes_through_its_points() {
        let points = [([0.0, 0.0, 0.0], 2.0), ([10.0, 5.0, 0.0], 1.0), ([20.0, 0.0, 9.0], 3.0)];
        let smooth = course(&points, 4);
        assert_eq!(smooth.len(), 9);
        assert_eq!(smooth[4], (Point3::from(points[1].0), 1.0));
        assert_eq!(smooth[8], (Point3::from(points[2].0), 3.0));
    }
}
