//! How far a lumen may reach from its axis.

use nalgebra::Vector3;

use super::field::Field;
use super::tree::AirwayTree;
use crate::upright::Upright;

/// Lumen lies within so many radii and mm of the axis, and farther by a share of the depth of shells.
/// What lies beyond leads out of a hole or lies behind a wall too thin to be seen.
const RADII: f64 = 1.25;
const MM: f64 = 0.3;
const DEPTH: f64 = 0.25;

/// Axes of all branches with the distance from them up to which voxels are lumen, mm on the lattice.
pub(crate) struct Reach {
    lines: Vec<Vec<(Vector3<f64>, f64)>>,
    /// For each branch itself, its parent and its children.
    near: Vec<Vec<usize>>,
}

impl Reach {
    /// The reach of a measured tree.
    pub(crate) fn of(tree: &AirwayTree, field: &Field, upright: &Upright, depth: f64) -> Self {
        let spacing = field.grid().spacing();
        let lines = tree.branches().iter().map(|branch| {
            let points = branch.centreline.iter().zip(&branch.diameters);
            let on_lattice = points.map(|(point, diameter)| {
                let place = field.place(upright.place(*point));
                let middle = Vector3::from([0, 1, 2].map(|n| place[n] * spacing[n]));
                (middle, RADII * diameter / 2.0 + MM + DEPTH * depth)
            });
            on_lattice.collect()
        });
        let near = tree.branches().iter().enumerate().map(|(n, branch)| {
            branch.parent.into_iter().chain([n]).chain(tree.children(n)).collect()
        });
        Self { lines: lines.collect(), near: near.collect() }
    }

    /// Whether a place in mm may be lumen of a branch.
    pub(crate) fn holds(&self, branch: usize, place: Vector3<f64>) -> bool {
        let mut points = self.near[branch].iter().flat_map(|n| &self.lines[*n]);
        points.any(|(middle, reach)| (place - middle).norm_squared() <= reach * reach)
    }
}
