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
        let padded = Padded::of(mask, bounds);
        let low = bounds.map(|bound| bound[0] as i64);
        let [slices, rows, columns] = padded.shape;
        let mut mesh = Self { volume: 0.0, area: 0.0, vertices: Vec::new() };
        for k in 0..slices - 1 {
            for j in 0..rows - 1 {
                let row = [[k, j], [k, j + 1], [k + 1, j], [k + 1, j + 1]].map(|at| padded.row(at));
                let corners =
                    |i: usize| (0..4).fold(0, |bits, n| bits | usize::from(row[n][i]) << (2 * n));
                let mut before = corners(0);
                for i in 0..columns - 1 {
                    let after = corners(i + 1);
                    let case = before | after << 1;
                    before = after;
                    if case == 0 || case == 255 {
                        continue;
                    }
                    let cube = &cubes[case];
                    // Near the region, so that no digits are lost far from the origin.
                    let place = Vector3::from([k, j, i].map(|n| n as f64 - 1.0));
                    mesh.area += cube.area;
                    mesh.volume += cube.volume + (axes * place).dot(&cube.normal) / 3.0;
                }
            }
        }
        mesh.vertices = padded.outermost(low);
        mesh
    }
}

/// A mask on the box around it, with a rim of one voxel that is outside.
struct Padded {
    shape: [usize; 3],
    inside: Vec<bool>,
}

impl Padded {
    fn of(mask: &Mask, bounds: [[usize; 2]; 3]) -> Self {
        let shape = bounds.map(|[low, high]| high - low + 2);
        let mut inside = vec![false; shape.iter().product()];
        let [_, rows, columns] = mask.grid().shape();
        for k in bounds[0][0]..bounds[0][1] {
            for j in bounds[1][0]..bounds[1][1] {
                let source =
                    &mask.as_slice()[(k * rows + j) * columns..][bounds[2][0]..bounds[2][1]];
                let row = (k - bounds[0][0] + 1) * shape[1] + j - bounds[1][0] + 1;
                inside[row * shape[2] + 1..][..source.len()].copy_from_slice(source);
            }
        }
        Self { shape, inside }
    }

    fn row(&self, [k, j]: [usize; 2]) -> &[bool] {
        &self.inside[(k * self.shape[1] + j) * self.shape[2]..][..self.shape[2]]
    }

    /// First and last vertex of each row along `i`, of those on rows between voxels as well, with
    /// `low` as the place of the first voxel within the rim.
    fn outermost(&self, low: [i64; 3]) -> Vec<[i64; 3]> {
        let mut found = Vec::new();
        let mut push = |row: [usize; 2], ends: Option<(usize, usize)>| {
            let (Some((first, last)), [k, j]) = (ends, row) else { return };
            let place = |i: usize| [k, j, i].map(|n| n as i64);
            for end in [place(first), place(last)] {
                found.push([0, 1, 2].map(|n| end[n] + 2 * (low[n] - 1)));
            }
        };
        for k in 0..self.shape[0] {
            for j in 0..self.shape[1] {
                let here = self.row([k, j]);
                let along = ends(here.len() - 1, |i| here[i] != here[i + 1]);
                push([2 * k, 2 * j], along.map(|(first, last)| (2 * first + 1, 2 * last + 1)));
                for (step, place) in [([1, 0], [2 * k + 1, 2 * j]), ([0, 1], [2 * k, 2 * j + 1])] {
                    let next = [k + step[0], j + step[1]];
                    if next[0] < self.shape[0] && next[1] < self.shape[1] {
                        let other = self.row(next);
                        let across = ends(here.len(), |i| here[i] != other[i]);
                        push(place, across.map(|(first, last)| (2 * first, 2 * last)));
                    }
                }
            }
        }
        found
    }
}

/// The first and the last number below `length` that is one.
fn ends(length: usize, is_one: impl Fn(usize) -> bool) -> Option<(usize, usize)> {
    let first = (0..length).find(|n| is_one(*n))?;
    let last = (first..length).rev().find(|n| is_one(*n)).unwrap_or(first);
    Some((first, last))
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
