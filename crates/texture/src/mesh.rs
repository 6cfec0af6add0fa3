//! The surface of a mask, by marching cubes.
//!
//! Vertices lie half way between a voxel inside and one outside. The table of the 256 cubes is not
//! written down but worked out: on each face of a cube, crossings are joined so that corners inside
//! stay apart where a face can be read in two ways. Every face is read alike from both of its cubes,
//! so that the surface is closed. Loops of more than three vertices are cut from their middle, which
//! no flip of an axis changes.

use hilum_core::Mask;
use nalgebra::{Matrix3, Vector3};

/// Volume and area of a surface, and its vertices.
pub(crate) struct Mesh {
    /// mm³.
    pub(crate) volume: f64,
    /// mm².
    pub(crate) area: f64,
    /// Outermost vertices of each row, in halves of a voxel `[k, j, i]`.
    pub(crate) vertices: Vec<[i64; 3]>,
}

/// What all cubes with the same corners inside add to the surface.
#[derive(Clone, Copy, Default)]
struct Cube {
    area: f64,
    /// Sum of the vectors that stand on the triangles, as long as these are large.
    normal: Vector3<f64>,
    /// Volume between the triangles and the first corner.
    volume: f64,
}

impl Mesh {
    /// The surface of the voxels inside of bounds that hold them all.
    pub(crate) fn of(mask: &Mask, bounds: [[usize; 2]; 3]) -> Self {
        let axes = mask.grid().axes();
        let cubes = table(axes);
        let [_, rows, columns] = mask.grid().shape();
        let inside = |k: i64, j: i64, i: i64| {
            let within = [k, j, i]
                .iter()
                .zip(bounds)
                .all(|(n, [low, high])| (low as i64..high as i64).contains(n));
            within && mask.as_slice()[(k as usize * rows + j as usize) * columns + i as usize]
        };
        let [low, high] = [0, 1].map(|end| bounds.map(|bound| bound[end] as i64));
        let mut mesh = Self { volume: 0.0, area: 0.0, vertices: Vec::new() };
        for k in low[0] - 1..high[0] {
            for j in low[1] - 1..high[1] {
                for i in low[2] - 1..high[2] {
                    let corner = |n: i64| inside(k + (n >> 2), j + (n >> 1 & 1), i + (n & 1));
                    let case = (0..8).fold(0, |case, n| case | usize::from(corner(n)) << n);
                    if case == 0 || case == 255 {
                        continue;
                    }
                    let cube = &cubes[case];
                    // Near the region, so that no digits are lost far from the origin.
                    let place = [k - low[0], j - low[1], i - low[2]].map(|n| n as f64);
                    mesh.area += cube.area;
                    mesh.volume +=
                        cube.volume + (axes * Vector3::from(place)).dot(&cube.normal) / 3.0;
                }
            }
        }
        mesh.vertices = outermost(low, high, inside);
        mesh
    }
}

/// First and last vertex of each row along `i`, of those on rows between voxels as well.
fn outermost(
    low: [i64; 3],
    high: [i64; 3],
    inside: impl Fn(i64, i64, i64) -> bool,
) -> Vec<[i64; 3]> {
    let mut found = Vec::new();
    for row_k in 2 * low[0] - 1..2 * high[0] {
        for row_j in 2 * low[1] - 1..2 * high[1] {
            let (k, j) = (row_k.div_euclid(2), row_j.div_euclid(2));
            let between = [row_k.rem_euclid(2), row_j.rem_euclid(2)];
            let is_vertex = |i: i64| match between {
                [0, 0] => inside(k, j, i.div_euclid(2)) != inside(k, j, i.div_euclid(2) + 1),
                [1, 0] => inside(k, j, i) != inside(k + 1, j, i),
                [0, 1] => inside(k, j, i) != inside(k, j + 1, i),
                _ => false,
            };
            let columns: Vec<i64> = match between {
                [0, 0] => {
                    (low[2] - 1..high[2]).map(|i| 2 * i + 1).filter(|i| is_vertex(*i)).collect()
                }
                _ => (low[2]..high[2]).filter(|i| is_vertex(*i)).map(|i| 2 * i).collect(),
            };
            if let (Some(first), Some(last)) = (columns.first(), columns.last()) {
                found.push([row_k, row_j, *first]);
                found.push([row_k, row_j, *last]);
            }
        }
    }
    found.dedup();
    found
}

/// Corners of each face of a cube in the order in which they are seen from outside, as numbers
/// `4 k + 2 j + i`.
const FACES: [[usize; 4]; 6] =
    [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]];

fn table(axes: &Matrix3<f64>) -> Vec<Cube> {
    (0..256).map(|case| cube(case, axes)).collect()
}

fn cube(case: usize, axes: &Matrix3<f64>) -> Cube {
    let mut sum = Cube::default();
    for ring in rings(case) {
        let points: Vec<Vector3<f64>> = ring.iter().map(|edge| middle(*edge, axes)).collect();
        let cuts = cuts_of(&ring);
        for triangles in &cuts {
            let share = axes.determinant().signum() / cuts.len() as f64;
            for corners in triangles {
                sum.add(corners.map(|n| points[n]), share);
            }
        }
    }
    sum
}

/// The ways in which a ring is cut.
///
/// Of the five edges that a ring of five crosses, three are parallel and follow each other. It is cut
/// from the first and from the last of these three: the two are images of each other.
fn cuts_of(ring: &[[usize; 2]]) -> Vec<Vec<[usize; 3]>> {
    let count = ring.len();
    if count != 5 {
        return cuts(0, count - 1);
    }
    let along = |n: usize| ring[n % count][0] ^ ring[n % count][1];
    let first = (0..count).find(|n| along(*n) == along(n + 1) && along(*n) == along(n + 2));
    let first = first.expect("a ring of five has three parallel edges");
    let fan =
        |apex: usize| (1..4).map(|n| [apex, apex + n, apex + n + 1].map(|n| n % count)).collect();
    vec![fan(first), fan(first + 2)]
}

/// All ways to cut the polygon of the vertices `first..=last` into triangles.
fn cuts(first: usize, last: usize) -> Vec<Vec<[usize; 3]>> {
    if last < first + 2 {
        return vec![Vec::new()];
    }
    let mut found = Vec::new();
    for apex in first + 1..last {
        for before in cuts(first, apex) {
            for after in cuts(apex, last) {
                let mut all = vec![[first, apex, last]];
                all.extend(&before);
                all.extend(&after);
                found.push(all);
            }
        }
    }
    found
}

impl Cube {
    /// Takes a share of a triangle in, a negative one on left-handed axes.
    fn add(&mut self, [a, b, c]: [Vector3<f64>; 3], share: f64) {
        let normal = (b - a).cross(&(c - a)) * (share / 2.0);
        self.area += normal.norm();
        self.normal += normal;
        self.volume += a.dot(&normal) / 3.0;
    }
}

/// The middle of an edge, in mm from the first corner.
fn middle([one, other]: [usize; 2], axes: &Matrix3<f64>) -> Vector3<f64> {
    let corner = |n: usize| Vector3::new((n >> 2) as f64, (n >> 1 & 1) as f64, (n & 1) as f64);
    axes * ((corner(one) + corner(other)) / 2.0)
}

/// Closed rings of crossed edges; an edge is its lower and its higher corner.
fn rings(case: usize) -> Vec<Vec<[usize; 2]>> {
    let inside = |corner: usize| case >> corner & 1 == 1;
    let mut links = Vec::new();
    for face in FACES {
        let at = |n: usize| face[n % 4];
        let edge = |n: usize| [at(n).min(at(n + 1)), at(n).max(at(n + 1))];
        for enter in (0..4).filter(|n| !inside(at(*n)) && inside(at(*n + 1))) {
            let leave = (enter + 1..enter + 4).find(|n| !inside(at(*n + 1)));
            links.push((edge(enter), edge(leave.unwrap_or(enter))));
        }
    }
    let mut rings = Vec::new();
    while let Some((start, mut next)) = links.pop() {
        let mut ring = vec![start];
        while next != start {
            ring.push(next);
            let link = links.iter().position(|(from, _)| *from == next);
            next = links.swap_remove(link.expect("rings are closed")).1;
        }
        rings.push(ring);
    }
    rings
}
