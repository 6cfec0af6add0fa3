//! Cross-sections: lumen and wall along rays, by full width at half maximum.

use hilum_core::Ct;
use nalgebra::{Point3, Vector3};

/// Rays of a cross-section.
const RAYS: usize = 32;
/// Step along a ray in mm.
const STEP: f64 = 0.15;
/// A wall rises at least so many HU above its lumen.
const RISE: f64 = 120.0;
/// A profile has turned where it leaves its extreme by this share of the rise.
const TURN: f64 = 0.15;
/// Outside of the wall the density falls by at least this share of its rise.
const FALL: f64 = 0.3;
/// Walls are looked for within this many radii and so many mm more.
const REACH: [f64; 2] = [1.7, 3.0];
/// Walls are thinner than this, mm.
const THICKEST: f64 = 4.5;
/// Shares of the rays on which the inner and the outer edge are found, at least.
const INNER: f64 = 0.7;
const OUTER: f64 = 0.4;
/// A ray counts up to so many times the lower quartile of thicknesses.
const FREE: f64 = 1.5;
/// Edges farther or nearer than the median by these factors are of something else.
const ODD: [f64; 2] = [0.5, 1.7];

/// A cross-section of a bronchus; the lumen is there, the wall perhaps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Section {
    /// Middle of the lumen.
    pub(crate) centre: Point3<f64>,
    /// Area of the lumen in mm².
    pub(crate) lumen: f64,
    /// Area in mm² and thickness in mm of the wall.
    pub(crate) wall: Option<[f64; 2]>,
}

impl Section {
    /// Diameter in mm of a disc with the area of the lumen.
    pub(crate) fn diameter(&self) -> f64 {
        2.0 * (self.lumen / std::f64::consts::PI).sqrt()
    }
}

/// The cross-section about a point, perpendicular to `along`, of a lumen of about `radius` mm.
pub(crate) fn section(
    ct: &Ct,
    centre: Point3<f64>,
    along: Vector3<f64>,
    radius: f64,
) -> Option<Section> {
    let around = circle(along)?;
    let rough = edges(ct, centre, &around, radius);
    let shift: Vector3<f64> = rough.iter().flatten().map(|(way, edge)| way * edge.inner).sum();
    let count = rough.iter().flatten().count();
    if (count as f64) < INNER * RAYS as f64 {
        return None;
    }
    let shift = shift / count as f64;
    let centre = centre + shift * (0.8 * radius / shift.norm().max(1e-9)).min(1.0);
    measured(centre, &edges(ct, centre, &around, radius))
}

/// The sums over all rays.
fn measured(centre: Point3<f64>, edges: &[Option<(Vector3<f64>, Edge)>]) -> Option<Section> {
    let mut inner: Vec<f64> = edges.iter().flatten().map(|(_, edge)| edge.inner).collect();
    inner.sort_by(f64::total_cmp);
    let middle = *inner.get(inner.len() / 2)?;
    let is_odd = |edge: &Edge| edge.inner < ODD[0] * middle || edge.inner > ODD[1] * middle;
    let sound: Vec<&Edge> =
        edges.iter().flatten().map(|(_, edge)| edge).filter(|edge| !is_odd(edge)).collect();
    if (sound.len() as f64) < INNER * RAYS as f64 {
        return None;
    }
    let squares = sound.iter().map(|edge| edge.inner * edge.inner).sum::<f64>();
    let lumen = std::f64::consts::PI * squares / sound.len() as f64;
    Some(Section { centre, lumen, wall: ring(&sound) })
}

/// Area and thickness of the wall where it stands free; where something else lies against it, it
/// seems thicker, and such rays are left out.
fn ring(edges: &[&Edge]) -> Option<[f64; 2]> {
    let mut walls: Vec<[f64; 2]> =
        edges.iter().filter_map(|edge| edge.outer.map(|outer| [edge.inner, outer])).collect();
    walls.sort_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])));
    let thin = walls.get(walls.len() / 4).map(|wall| wall[1] - wall[0])?;
    walls.retain(|wall| wall[1] - wall[0] <= FREE * thin);
    let count = walls.len() as f64;
    if count < OUTER * RAYS as f64 {
        return None;
    }
    let ring = walls.iter().map(|[inner, outer]| outer * outer - inner * inner).sum::<f64>();
    let thick = walls.iter().map(|[inner, outer]| outer - inner).sum::<f64>();
    Some([std::f64::consts::PI * ring / count, thick / count])
}

/// Unit vectors around a direction.
fn circle(along: Vector3<f64>) -> Option<Vec<Vector3<f64>>> {
    let along = along.try_normalize(1e-9)?;
    let axes = [Vector3::x(), Vector3::y(), Vector3::z()];
    let least =
        axes.into_iter().min_by(|a, b| a.dot(&along).abs().total_cmp(&b.dot(&along).abs()))?;
    let u = along.cross(&least).normalize();
    let v = along.cross(&u);
    let angle = |n: usize| n as f64 * std::f64::consts::TAU / RAYS as f64;
    Some((0..RAYS).map(|n| u * angle(n).cos() + v * angle(n).sin()).collect())
}

/// Distances in mm from the middle of the lumen.
struct Edge {
    inner: f64,
    outer: Option<f64>,
}

fn edges(
    ct: &Ct,
    centre: Point3<f64>,
    around: &[Vector3<f64>],
    radius: f64,
) -> Vec<Option<(Vector3<f64>, Edge)>> {
    let reach = REACH[0] * radius + REACH[1];
    let count = ((reach + THICKEST) / STEP) as usize;
    let ray = |way: &Vector3<f64>| {
        let at = |n: usize| density(ct, centre + way * (n as f64 * STEP));
        let profile: Vec<f64> = (0..count).map_while(at).collect();
        edge(&profile, (reach / STEP) as usize).map(|edge| (*way, edge))
    };
    around.iter().map(ray).collect()
}

/// Inner and outer edge of the first wall on a profile, whose top lies within `reach` steps.
fn edge(profile: &[f64], reach: usize) -> Option<Edge> {
    let (mut least, mut top) = (0, 0);
    let mut turned = false;
    for n in 1..profile.len() {
        if profile[n] < profile[least] && profile[top] - profile[least] < RISE {
            (least, top) = (n, n);
        } else if profile[n] > profile[top] {
            top = n;
        }
        let rise = profile[top] - profile[least];
        if rise >= RISE && profile[top] - profile[n] > TURN * rise {
            turned = true;
            break;
        }
    }
    let rise = profile.get(top)? - profile[least];
    if rise < RISE || top > reach && turned {
        return None;
    }
    let half = profile[least] + 0.5 * rise;
    let below = (least..top).rev().find(|n| profile[*n] < half)?;
    let inner = crossing(profile, below, half);
    let outer = if turned { outer(profile, top, rise) } else { None };
    (inner <= reach as f64 * STEP).then_some(Edge { inner, outer })
}

/// Outer edge of a wall whose top is at `top`.
fn outer(profile: &[f64], top: usize, rise: f64) -> Option<f64> {
    let last = profile.len().min(top + (THICKEST / STEP) as usize);
    let mut foot = top;
    for n in top..last {
        if profile[n] < profile[foot] {
            foot = n;
        } else if profile[n] - profile[foot] > TURN * rise {
            break;
        }
    }
    let fall = profile[top] - profile[foot];
    if fall < FALL * rise {
        return None;
    }
    let half = profile[top] - 0.5 * fall;
    let above = (top..foot).find(|n| profile[*n + 1] <= half)?;
    Some(crossing(profile, above, half))
}

/// Where the profile passes `level` after step `n`, in mm.
fn crossing(profile: &[f64], n: usize, level: f64) -> f64 {
    let (a, b) = (profile[n], profile[n + 1]);
    let share = if (b - a).abs() > 1e-12 { (level - a) / (b - a) } else { 0.0 };
    (n as f64 + share.clamp(0.0, 1.0)) * STEP
}

/// Density at a patient point, linear between voxels; `None` outside of the image.
fn density(ct: &Ct, point: Point3<f64>) -> Option<f64> {
    let position = ct.grid().position(point);
    let shape = ct.grid().shape();
    if (0..3).any(|n| position[n] < 0.0 || position[n] > shape[n] as f64 - 1.0) {
        return None;
    }
    let low = [0, 1, 2].map(|n| (position[n] as usize).min(shape[n].saturating_sub(2)));
    let part = [0, 1, 2].map(|n| position[n] - low[n] as f64);
    let corner = |n: usize| {
        let step = [n >> 2 & 1, n >> 1 & 1, n & 1];
        let voxel = [0, 1, 2].map(|axis| (low[axis] + step[axis]).min(shape[axis] - 1));
        let weight = |axis: usize| if step[axis] == 1 { part[axis] } else { 1.0 - part[axis] };
        weight(0) * weight(1) * weight(2) * f64::from(ct.hu().at(voxel).0)
    };
    Some((0..8).map(corner).sum())
}
