//! Ellipsoids.

use std::f64::consts::PI;

use nalgebra::{Matrix3, Matrix4, Vector3, Vector4};

/// Volume of the ellipsoid with three half axes.
pub(crate) fn volume([a, b, c]: [f64; 3]) -> f64 {
    4.0 / 3.0 * PI * a * b * c
}

/// Area of the ellipsoid with three half axes, by a quadrature over heights and angles; for axes as
/// unlike as 1 : 10 right to a millionth.
pub(crate) fn area([a, b, c]: [f64; 3]) -> f64 {
    const HEIGHTS: usize = 400;
    const ANGLES: usize = 64;
    let mut sum = 0.0;
    for n in 0..HEIGHTS {
        let height = (n as f64 + 0.5) / HEIGHTS as f64;
        for m in 0..ANGLES {
            let angle = (m as f64 + 0.5) / ANGLES as f64 * PI / 2.0;
            let (sin, cos) = angle.sin_cos();
            let across = (b * c * cos).powi(2) + (a * c * sin).powi(2);
            sum += ((1.0 - height * height) * across + (a * b * height).powi(2)).sqrt();
        }
    }
    4.0 * PI * sum / (HEIGHTS * ANGLES) as f64
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
    Some([axes[0], axes[1], axes[2]])
}
