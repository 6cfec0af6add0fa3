//! Bones other than the ribs: spine, breastbone, shoulder blades, upper arms.

use nalgebra::Point3;

use crate::body::body;
use crate::level::{Level, spine};
use crate::shape::{capsule, ellipse, intersect, step, unite};
use crate::thorax::cavity;

/// Height of the middle of the thoracic vertebra `n` (1 to 12; 0 and below are cervical,
/// 13 and above lumbar).
pub(crate) fn vertebra(n: i32) -> f64 {
    let from_fifth = f64::from(n - 5);
    -6.0 - from_fifth * (23.0 + 0.45 * from_fifth)
}

/// Distance between neighbouring vertebrae at a vertebra.
fn pitch(n: i32) -> f64 {
    (vertebra(n - 1) - vertebra(n + 1)) / 2.0
}

/// The vertebra nearest to a height.
fn nearest(z: f64) -> i32 {
    let distance = |n: &i32| (vertebra(*n) - z).abs();
    (-2..=16).min_by(|a, b| distance(a).total_cmp(&distance(b))).expect("there are vertebrae")
}

/// Vertebral bodies, arches and processes.
pub(crate) fn vertebrae(p: Point3<f64>, level: &Level) -> f64 {
    let n = nearest(p.z);
    bone_of(n - 1, p, level).min(bone_of(n, p, level)).min(bone_of(n + 1, p, level))
}

fn bone_of(n: i32, p: Point3<f64>, level: &Level) -> f64 {
    let (height, v) = (p.z - vertebra(n), p.y - level.spine);
    let half = 0.41 * pitch(n);
    if height.abs() > half + 34.0 || !(-30.0..75.0).contains(&v) {
        return 40.0;
    }
    let [a, b] = radii(f64::from(n));
    let waist = 1.0 - 0.11 * (1.0 - (height / half) * (height / half)).max(0.0);
    let body = intersect(ellipse(p.x, v, a * waist, b * waist), height.abs() - half, 3.0);
    let q = Point3::new(p.x.abs(), v, height);
    let back = b + 9.0;
    let transverse = capsule(q, [13.0, back + 1.0, 2.0], [34.0, back + 11.0, 5.0], 5.0, 3.6);
    let spinous = capsule(q, [0.0, back + 11.0, 0.0], [0.0, back + 33.0, -17.0], 4.0, 3.2);
    body.min(arch(q, back, half)).min(transverse).min(spinous)
}

/// Pedicles and laminae: a ring around the canal, open between the vertebrae.
fn arch(q: Point3<f64>, back: f64, half: f64) -> f64 {
    let ring = (ellipse(q.x, q.y - back, 12.5, 11.5)).abs() - 2.6;
    let tall = half * (1.0 - 0.35 * step(q.y, back - 8.0, back));
    intersect(ring, (q.z - 1.0).abs() - tall, 2.0)
}

fn radii(n: f64) -> [f64; 2] {
    [15.5 + 0.45 * n, 13.0 + 0.35 * n]
}

/// Discs and what else joins the vertebral bodies.
pub(crate) fn discs(p: Point3<f64>, level: &Level) -> f64 {
    let [a, b] = radii(f64::from(nearest(p.z)));
    ellipse(p.x, p.y - level.spine, a - 0.5, b - 0.5)
}

/// The spinal canal.
pub(crate) fn canal(p: Point3<f64>, level: &Level) -> f64 {
    let [_, b] = radii(f64::from(nearest(p.z)));
    ellipse(p.x, p.y - level.spine - b - 9.0, 9.6, 8.4)
}

/// Manubrium, body and xiphoid.
pub(crate) fn sternum(p: Point3<f64>, level: &Level) -> f64 {
    let half = 16.0 + 13.0 * step(p.z, 8.0, 34.0) - 10.0 * step(p.z, -88.0, -108.0);
    let across = ellipse(p.x, (p.y - (level.front - 8.5)) * 2.0, half, 11.0) * 0.7;
    let tall = (p.z + 32.0).abs() - 86.0;
    let joint = 1.6 - (p.z - 10.0).abs();
    intersect(across, tall, 6.0).max(joint)
}

/// Shoulder blades, turned outwards by the raised arms, and the upper ends of the arm bones.
pub(crate) fn shoulders(p: Point3<f64>, level: &Level) -> f64 {
    let q = Point3::new(p.x.abs(), p.y, p.z);
    if q.x < 55.0 || q.z < -60.0 {
        return 40.0;
    }
    let wall = cavity(p, level);
    let (across, along) = ((q.x - 97.0 - 0.15 * (q.z - 20.0)) / 40.0, (q.z - 22.0) / 62.0);
    let edge = ((across * across + along * along).sqrt() - 1.0) * 40.0;
    let under_skin = body(p, level) + 13.0;
    let blade = ((wall - 20.5).abs() - 2.6).max(edge).max(20.0 - q.y).max(under_skin);
    let ridge = capsule(q, [82.0, 97.0, 40.0], [142.0, 62.0, 92.0], 4.5, 7.0);
    let neck = capsule(q, [118.0, 66.0, 58.0], [138.0, 42.0, 80.0], 7.5, 12.0);
    let head = capsule(q, [152.0, 30.0, 92.0], [155.0, 27.0, 100.0], 23.0, 22.0);
    let shaft = capsule(q, [156.0, 26.0, 105.0], [186.0, -4.0, 240.0], 13.0, 11.5);
    unite(unite(blade, ridge, 4.0), neck, 6.0).min(unite(head, shaft, 10.0))
}

/// Course of a rib (1 to 12) on the right side or the left (`side` -1 or 1) as points from
/// the spine to the front, and the number of them that are bone; the others are cartilage.
pub(crate) fn rib(n: i32, side: f64) -> (Vec<Point3<f64>>, usize) {
    const POINTS: usize = 48;
    let (reach, bone) = match n {
        1..=7 => (1.0, 0.80),
        8..=10 => (0.90, 0.80),
        11 => (0.50, 0.50),
        _ => (0.33, 0.33),
    };
    let fall = if n == 1 { 42.0 } else { 62.0 + 4.5 * f64::from(n.min(9)) };
    let count = (POINTS as f64 * reach) as usize;
    let points = (0..count).map(|at| {
        let t = at as f64 / POINTS as f64;
        let rise = step(t, 0.78, 1.0) * 9.0 * f64::from(n.clamp(1, 10) - 1);
        let z = vertebra(n) + 5.0 - fall * step(t, -0.12, 0.92) + rise;
        on_wall(t, z, side)
    });
    (points.collect(), (POINTS as f64 * bone) as usize)
}

/// Point 7 mm outside of the rib cage's inner surface, `t` from the spine (0) to the breastbone (1).
fn on_wall(t: f64, z: f64, side: f64) -> Point3<f64> {
    let level = Level::at(z);
    let angle = 0.20 + t * (std::f64::consts::PI - 0.34);
    let (across, back) = (crate::exact::sin(angle), crate::exact::cos(angle));
    let centre = f64::midpoint(level.front, level.back);
    let at = |r: f64| Point3::new(side * across * r, centre + back * r, z);
    let (mut near, mut far) = (5.0, 220.0);
    for _ in 0..40 {
        let middle = f64::midpoint(near, far);
        if cavity(at(middle), &level) < 7.0 { near = middle } else { far = middle }
    }
    let p = at(near);
    let hugging = step(t, 0.0, 0.10);
    let start = Point3::new(side * 22.0, spine(z) + 16.0, z);
    start + (p - start) * hugging.max(0.25 * step(t, -0.1, 0.1))
}
