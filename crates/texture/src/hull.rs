//! The convex hull of points on a lattice, exact in whole numbers.

use std::collections::BTreeSet;

use nalgebra::{Matrix3, Vector3};

/// Triangles and corners of a hull.
pub(crate) struct Hull {
    /// Corners in mm, each once.
    pub(crate) corners: Vec<Vector3<f64>>,
    /// mm³.
    pub(crate) volume: f64,
    /// mm².
    pub(crate) area: f64,
}

type Point = [i64; 3];

/// Six times the volume of a tetrahedron: above 0 where `d` lies on the side that the triangle is
/// seen from.
fn side(a: Point, b: Point, c: Point, d: Point) -> i64 {
    let [u, v, w] = [b, c, d].map(|p| [p[0] - a[0], p[1] - a[1], p[2] - a[2]]);
    w[0] * (u[1] * v[2] - u[2] * v[1])
        + w[1] * (u[2] * v[0] - u[0] * v[2])
        + w[2] * (u[0] * v[1] - u[1] * v[0])
}

impl Hull {
    /// The hull of points in halves of a step; `None` where they span no volume.
    ///
    /// Points are taken in one by one: triangles that see a new point give way to the cone from it to
    /// their rim. Whether a point is seen is a question of whole numbers, so that points in one plane
    /// do no harm. Cost: points times triangles at most.
    pub(crate) fn of(points: &[Point], axes: &Matrix3<f64>) -> Option<Self> {
        let points = &corners_of_slices(points);
        let mut triangles = first(points)?;
        // From near the ends inwards: most points are then inside when their turn comes.
        let mut order: Vec<&Point> = points.iter().collect();
        let middle = points[points.len() / 2];
        let distance = |p: &Point| (0..3).map(|n| (p[n] - middle[n]).pow(2)).sum::<i64>();
        order.sort_by_key(|p| (-distance(p), **p));
        for point in order {
            let (seen, kept): (Vec<[Point; 3]>, Vec<[Point; 3]>) =
                triangles.iter().copied().partition(|[a, b, c]| side(*a, *b, *c, *point) > 0);
            if seen.is_empty() {
                continue;
            }
            let edges: BTreeSet<[Point; 2]> =
                seen.iter().flat_map(|[a, b, c]| [[*a, *b], [*b, *c], [*c, *a]]).collect();
            triangles = kept;
            let rim = edges.iter().filter(|[a, b]| !edges.contains(&[*b, *a]));
            triangles.extend(rim.map(|[a, b]| [*a, *b, *point]));
        }
        Some(Self::measured(&triangles, axes))
    }

    fn measured(triangles: &[[Point; 3]], axes: &Matrix3<f64>) -> Self {
        let mm = |p: &Point| axes * Vector3::from(p.map(|n| n as f64 / 2.0));
        let corners: BTreeSet<Point> = triangles.iter().flatten().copied().collect();
        let origin = mm(&triangles[0][0]);
        let (mut volume, mut area) = (0.0, 0.0);
        for [a, b, c] in triangles {
            let [a, b, c] = [a, b, c].map(|p| mm(p) - origin);
            let normal = (b - a).cross(&(c - a)) / 2.0;
            area += normal.norm();
            volume += a.dot(&normal) / 3.0;
        }
        Self { corners: corners.iter().map(mm).collect(), volume: volume.abs(), area }
    }

    /// The greatest distance between two corners, in mm.
    pub(crate) fn diameter(&self) -> f64 {
        let corners = &self.corners;
        let pairs = corners
            .iter()
            .enumerate()
            .flat_map(|(n, a)| corners[n + 1..].iter().map(move |b| (a - b).norm_squared()));
        pairs.fold(0.0, f64::max).sqrt()
    }
}

/// The corners of the hull of each slice, which those of the whole are among.
fn corners_of_slices(points: &[Point]) -> Vec<Point> {
    let mut points = points.to_vec();
    points.sort_unstable();
    points.dedup();
    let mut corners = Vec::new();
    for slice in points.chunk_by(|a, b| a[0] == b[0]) {
        half_hull(slice.iter(), &mut corners);
        half_hull(slice.iter().rev(), &mut corners);
    }
    corners.sort_unstable();
    corners.dedup();
    corners
}

/// One side of the hull of the sorted points of a slice.
fn half_hull<'a>(points: impl Iterator<Item = &'a Point>, corners: &mut Vec<Point>) {
    let start = corners.len();
    for point in points {
        while let [.., a, b] = corners[start..] {
            let turn = (b[1] - a[1]) * (point[2] - a[2]) - (b[2] - a[2]) * (point[1] - a[1]);
            if turn > 0 {
                break;
            }
            corners.pop();
        }
        corners.push(*point);
    }
}

/// Four points that span a volume, as triangles seen from outside.
fn first(points: &[Point]) -> Option<Vec<[Point; 3]>> {
    let a = *points.first()?;
    let b = *points.iter().find(|p| **p != a)?;
    let is_off = |p: &&Point| {
        (0..3).any(|n| {
            let (m, l) = ((n + 1) % 3, (n + 2) % 3);
            (b[m] - a[m]) * (p[l] - a[l]) != (b[l] - a[l]) * (p[m] - a[m])
        })
    };
    let c = *points.iter().find(is_off)?;
    let d = *points.iter().find(|p| side(a, b, c, **p) != 0)?;
    let (b, c) = if side(a, b, c, d) > 0 { (c, b) } else { (b, c) };
    Some(vec![[a, b, c], [a, c, d], [c, b, d], [b, a, d]])
}
