//! Rib cage, diaphragm and the surface of the lungs.

use nalgebra::Point3;

use crate::level::Level;
use crate::shape::{bell, ellipse, intersect, step, superellipse, unite};

/// Inner surface of the rib cage; the spine bulges into it.
pub(crate) fn cavity(p: Point3<f64>, level: &Level) -> f64 {
    let bulge = 30.0 * bell(p.x / 30.0) * step(p.y, 0.0, 50.0);
    let (middle, half) = (f64::midpoint(level.front, level.back), (level.back - level.front) / 2.0);
    superellipse(p.x, p.y + bulge - middle, level.half_width, half)
}

/// The tops of the pleura, above which there is no lung.
pub(crate) fn apex(p: Point3<f64>) -> f64 {
    let top = if p.x < 0.0 { 88.0 } else { 85.0 };
    let (aside, back) = (p.x.abs() - 45.0, p.y - 22.0);
    let height = top - 0.017 * aside * aside - 0.012 * back * back;
    let slope = (0.034 * aside, 0.024 * back);
    (p.z - height) / (1.0 + slope.0 * slope.0 + slope.1 * slope.1).sqrt()
}

/// Upper surface of the diaphragm, negative below: two domes, the right one higher, and the
/// central tendon between them.
pub(crate) fn diaphragm(p: Point3<f64>) -> f64 {
    let right = dome(p, [-66.0, 2.0, -208.0], [77.0, 165.0, 84.0, 92.0]);
    let left = dome(p, [64.0, 6.0, -212.0], [77.0, 160.0, 82.0, 86.0]);
    let tendon = dome(p, [0.0, -15.0, -215.0], [80.0, 120.0, 70.0, 76.0]);
    unite(unite(right, left, 30.0), tendon, 20.0)
}

/// Half an ellipsoid with the radii `[across, front, back, up]` on a cylinder.
fn dome(p: Point3<f64>, centre: [f64; 3], [across, front, back, up]: [f64; 4]) -> f64 {
    let q = p - Point3::from(centre);
    let deep = if q.y < 0.0 { front } else { back };
    let round = ((q.x / across) * (q.x / across) + (q.y / deep) * (q.y / deep)).sqrt();
    let radius = across.min(deep);
    ellipse(round * radius, q.z.max(0.0), radius, up)
}

/// Half the width of the sheet of tissue that parts the lungs where nothing bigger does.
pub(crate) fn septum(p: Point3<f64>, level: &Level) -> f64 {
    let upper = step(p.z, -55.0, -15.0);
    let neck = step(p.z, 30.0, 75.0);
    let trunk = 25.0 * upper * bell((p.y + 2.0) / 34.0);
    let great = 14.0 * neck * bell((p.y - 8.0) / 34.0);
    let gullet = 9.0 * bell((p.y - 20.0) / 22.0);
    let fat = 3.0 * step(level.front + 22.0 - p.y, 0.0, 22.0);
    let half = 4.0 + (trunk + great).max(gullet) + fat;
    (p.x - 1.0).abs() - half
}

/// The vertebral column with what clings to it.
pub(crate) fn column(p: Point3<f64>, level: &Level) -> f64 {
    ellipse(p.x, p.y - level.spine, 25.0, 22.0)
}

/// The lungs: within the rib cage, below the apices, above the diaphragm, beside the
/// mediastinum, whose distances are given. `roughness` of about 1 mm keeps the surface from being too smooth.
pub(crate) fn lungs(
    p: Point3<f64>,
    level: &Level,
    [mediastinum, diaphragm]: [f64; 2],
    roughness: f64,
) -> f64 {
    let wall = intersect(cavity(p, level) + 1.2 + roughness, apex(p), 14.0);
    let base = intersect(wall, -diaphragm + 1.5 * roughness, 3.0);
    intersect(base, -mediastinum, 5.0)
}
