//! Ellipsoids.

use std::f64::consts::PI;

use nalgebra::{Matrix3, Matrix4, Vector3, Vector4};

/// Volume of the ellipsoid with three half axes.
pub(crate) fn volume([a, b, c]: [f64; 3]) -> f64 {
    4.0 / 3.0 * PI * a * b * c
}

/// What the standard calls the area of the ellipsoid with half axes `a >= b >= c`: a series of Legendre
/// polynomials, cut after the 20th.
///
/// The standard takes both eccentricities against the longest axis. With the second against the middle
/// one, as in the series of the true area, the result would be larger, by 4 % for axes of
/// 11.4, 9.3 and 8.5 mm; the published reference values are of the standard's form.
pub(crate) fn area([a, b, c]: [f64; 3]) -> f64 {
    let (first, second) = (1.0 - (b / a).powi(2), 1.0 - (c / a).powi(2));
    // The polynomials times powers of the product of both eccentricities: nothing is divided by 0
    // where one vanishes.
    let (product, sum) = (first * second, f64::midpoint(first, second));
    let (mut before, mut here) = (1.0, sum);
    let mut series = 1.0 - sum / 3.0;
    for n in 2..=20 {
        let n = f64::from(n);
        let next = ((2.0 * n - 1.0) * sum * here - (n - 1.0) * product * before) / n;
        (before, here) = (here, next);
        series += here / (1.0 - 4.0 * n * n);
    }
    4.0 * PI * a * b * series
}

/// Half axes of the smallest ellipsoid around points, to a thousandth of its volume; `None` where
/// they span no volume.
///
/// Source: Khachiyan LG (1996), Rounding of polytopes in the real number model of computation,
/// Mathematics of Operations Research 21(2):307-320, doi:10.1287/moor.21.2.307 (not checked).
pub(crate) fn smallest_around(points: &[Vector3<f64>]) -> Option<[f64; 3]> {
    let count = points.len() as f64;
    let mut weights = vec![1.0 / count; points.len()];
    for _ in 0..2000 {
        let mut spread = Matrix4::zeros();
        for (point, weight) in points.iter().zip(&weights) {
            let lifted = Vector4::new(point.x, point.y, point.z, 1.0);
            spread += lifted * lifted.transpose() * *weight;
        }
        let inverse = spread.try_inverse()?;
        let (mut farthest, mut most) = (0, 0.0);
        for (n, point) in points.iter().enumerate() {
            let lifted = Vector4::new(point.x, point.y, point.z, 1.0);
            let distance = lifted.dot(&(inverse * lifted));
            if distance > most {
                (farthest, most) = (n, distance);
            }
        }
        let step = (most - 4.0) / (4.0 * (most - 1.0));
        if step < 2e-4 {
            break;
        }
        for weight in &mut weights {
            *weight *= 1.0 - step;
        }
        weights[farthest] += step;
    }
    let pairs = || points.iter().zip(&weights);
    let centre: Vector3<f64> = pairs().map(|(point, weight)| point * *weight).sum();
    let spread: Matrix3<f64> = pairs()
        .map(|(point, weight)| (point - centre) * (point - centre).transpose() * *weight)
        .sum();
    let axes = spread.symmetric_eigenvalues().map(|value| (3.0 * value.max(0.0)).sqrt());
    let mut axes = [axes[0], axes[1], axes[2]];
    axes.sort_by(|a, b| b.total_cmp(a));
    Some(axes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ball_has_its_own_area_and_volume() {
        assert!((area([3.0; 3]) - 36.0 * PI).abs() < 1e-9);
        assert!((volume([3.0; 3]) - 36.0 * PI).abs() < 1e-9);
    }

    #[test]
    fn the_smallest_ellipsoid_around_a_box_reaches_its_corners() {
        let corner = |n: usize| [0, 1, 2].map(|axis| if n >> axis & 1 == 1 { 1.0 } else { -1.0 });
        let scaled = |n| Vector3::from(corner(n)).component_mul(&Vector3::new(3.0, 2.0, 1.0));
        let points: Vec<_> = (0..8).map(scaled).collect();
        let found = smallest_around(&points).expect("a box has volume");
        for (half, side) in found.into_iter().zip([3.0, 2.0, 1.0]) {
            assert!((half - 3.0_f64.sqrt() * side).abs() < 1e-3, "{half}");
        }
    }
}
