//! Skin, fat and the muscles of the trunk.

use nalgebra::Point3;

use crate::level::Level;
use crate::shape::{capsule, ellipsoid, intersect, superellipse, unite};
use crate::thorax::cavity;

/// Skin of the trunk, flattened by the couch, with the roots of the raised arms.
pub(crate) fn body(p: Point3<f64>, level: &Level) -> f64 {
    let (middle, half) = (
        f64::midpoint(level.body_front, level.body_back),
        (level.body_back - level.body_front) / 2.0,
    );
    let trunk = superellipse(p.x, p.y - middle, level.body_half_width, half);
    let side = p.x.abs();
    let arm =
        capsule(Point3::new(side, p.y, p.z), [128.0, 34.0, 62.0], [186.0, -4.0, 240.0], 55.0, 46.0);
    intersect(unite(trunk, arm, 34.0), p.y - 118.0, 14.0)
}

/// Depth of the fat under the skin at a place.
fn fat(p: Point3<f64>, level: &Level) -> f64 {
    let lateral = (p.x / level.body_half_width).abs().min(1.0);
    let low = ((-60.0 - p.z) / 150.0).clamp(0.0, 1.0);
    let back = ((p.y - 40.0) / 60.0).clamp(0.0, 1.0);
    10.0 + 5.0 * lateral * (1.0 - back) + 7.0 * low * (1.0 - 0.5 * back)
}

/// Everything beneath the fat of the skin, without the fat of armpits and neck and between
/// the layers of the muscles. `roughness` of about 1 mm makes the layers uneven.
pub(crate) fn muscle(p: Point3<f64>, level: &Level, body: f64, roughness: f64) -> f64 {
    let under_skin = body + fat(p, level) + 2.5 * roughness;
    let q = Point3::new(p.x.abs(), p.y, p.z);
    let hollows = unite(
        ellipsoid(q, [130.0, 8.0, 42.0], [17.0, 26.0, 44.0]),
        ellipsoid(q, [118.0, -14.0, 66.0], [22.0, 17.0, 26.0]),
        12.0,
    )
    .min(ellipsoid(q, [66.0, -14.0, 98.0], [26.0, 15.0, 17.0]))
    .min(ellipsoid(q, [74.0, 30.0, 112.0], [30.0, 10.0, 22.0]));
    let wall = cavity(p, level);
    let layer = |depth: f64, half: f64| (wall - depth - 2.0 * roughness).abs() - half;
    let behind = (p.y - level.spine - 8.0).min(40.0 - p.x.abs());
    let planes = layer(14.5, 0.9).min(layer(25.0, 1.1)).max(behind).max(0.25 * (p.z - 52.0));
    intersect(under_skin, -hollows - 1.5 * roughness, 3.0).max(-planes)
}
