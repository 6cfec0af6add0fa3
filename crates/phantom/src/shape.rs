//! Signed distances, negative inside, to first order near the surface.

use nalgebra::{Point3, Vector3};

/// Distance to an axis-parallel ellipsoid.
pub(crate) fn ellipsoid(p: Point3<f64>, centre: [f64; 3], radii: [f64; 3]) -> f64 {
    let q = p - Point3::from(centre);
    let r = Vector3::from(radii);
    let scaled = q.component_div(&r);
    near_distance(scaled.norm(), scaled.component_div(&r).norm(), r.min())
}

/// Distance to an ellipsoid of revolution around the line through `centre` along the unit
/// vector `axis`, with the radii `along` and `across`.
pub(crate) fn spheroid(
    p: Point3<f64>,
    centre: [f64; 3],
    axis: Vector3<f64>,
    along: f64,
    across: f64,
) -> f64 {
    let q = p - Point3::from(centre);
    let z = q.dot(&axis);
    let r = (q.norm_squared() - z * z).max(0.0).sqrt();
    ellipse(z, r, along, across)
}

/// Distance to an ellipse with the radii `a` and `b` in the plane.
pub(crate) fn ellipse(x: f64, y: f64, a: f64, b: f64) -> f64 {
    let (u, v) = (x / a, y / b);
    let (du, dv) = (u / a, v / b);
    near_distance((u * u + v * v).sqrt(), (du * du + dv * dv).sqrt(), a.min(b))
}

/// Distance to a superellipse of exponent 2.5: rounder than a box, fuller than an ellipse.
pub(crate) fn superellipse(x: f64, y: f64, a: f64, b: f64) -> f64 {
    let (u, v) = ((x / a).abs(), (y / b).abs());
    let (root_u, root_v) = (u.sqrt(), v.sqrt());
    let value = u * u * root_u + v * v * root_v - 1.0;
    let (du, dv) = (2.5 * u * root_u / a, 2.5 * v * root_v / b);
    let slope = (du * du + dv * dv).sqrt();
    (value / slope.max(1e-9)).max(-a.min(b))
}

fn near_distance(level: f64, slope: f64, thickness: f64) -> f64 {
    if slope < 1e-12 { -thickness } else { (level * (level - 1.0) / slope).max(-thickness) }
}

/// Distance to a cone with round ends, of radius `ra` at `a` and `rb` at `b`.
pub(crate) fn capsule(p: Point3<f64>, a: [f64; 3], b: [f64; 3], ra: f64, rb: f64) -> f64 {
    let (a, b) = (Point3::from(a), Point3::from(b));
    let along = b - a;
    let t = ((p - a).dot(&along) / along.norm_squared()).clamp(0.0, 1.0);
    (p - (a + along * t)).norm() - (ra + (rb - ra) * t)
}

/// Union with a fillet of about `width` mm.
pub(crate) fn unite(a: f64, b: f64, width: f64) -> f64 {
    let h = (width - (a - b).abs()).max(0.0) / width;
    a.min(b) - 0.25 * h * h * width
}

/// Intersection with a rounding of about `width` mm.
pub(crate) fn intersect(a: f64, b: f64, width: f64) -> f64 {
    -unite(-a, -b, width)
}

/// A bell of height 1 and half-width about 0.6 without a Gaussian's cost.
pub(crate) fn bell(t: f64) -> f64 {
    let wide = 1.0 + t * t;
    1.0 / (wide * wide)
}

/// A smooth step from 0 at `low` to 1 at `high`, which may be the smaller one.
pub(crate) fn step(x: f64, low: f64, high: f64) -> f64 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_hold_near_the_surface() {
        let p = |x: f64, y: f64, z: f64| Point3::new(x, y, z);
        assert!((ellipsoid(p(21.0, 0.0, 0.0), [0.0; 3], [20.0, 10.0, 5.0]) - 1.0).abs() < 0.06);
        assert!((ellipsoid(p(0.0, 0.0, 4.5), [0.0; 3], [20.0, 10.0, 5.0]) + 0.5).abs() < 0.06);
        assert!((superellipse(0.0, 51.0, 80.0, 50.0) - 1.0).abs() < 0.03);
        let along = capsule(p(5.0, 4.0, 0.0), [0.0; 3], [10.0, 0.0, 0.0], 2.0, 4.0);
        assert!((along - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_fillet_adds_and_a_rounding_takes() {
        assert_eq!(unite(1.0, 9.0, 4.0), 1.0);
        assert_eq!(unite(0.0, 0.0, 4.0), -1.0);
        assert_eq!(intersect(0.0, 0.0, 4.0), 1.0);
    }
}
