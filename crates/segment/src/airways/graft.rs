//! Hangs a tree of branches into another where it comes nearest.

use nalgebra::Vector3;

use super::course::Places;
use super::front::{Shell, Waves};
use super::grow::{Grown, Growth};
use super::lateral::DIM;

/// Hangs branches where their mouth, the first front of the first of them, is nearest to a lumen, which divides there.
pub(crate) fn graft(waves: &mut Waves, growth: &mut Growth, branches: Vec<Grown>) {
    let grid = waves.field.grid();
    let places = Places { shape: grid.shape(), spacing: grid.spacing(), depth: growth.depth };
    let Some(mouth) = branches.first().and_then(|branch| branch.shells.first()) else { return };
    let middle = places.middle(mouth);
    let Some(near) = nearest(&growth.branches, &places, middle) else { return };
    let radius = (waves.area(mouth) / std::f64::consts::PI).sqrt();
    let bridge = between(waves, &places, [middle, places.of(near.voxel)], radius);
    waves.take(&bridge);
    let mut bridge: Vec<u32> = bridge.into_iter().map(|(place, _)| place).collect();
    divide(&mut growth.branches, near.branch, near.front);
    let first = growth.branches.len();
    for branch in branches {
        let parent = Some(branch.parent.map_or(near.branch, |own| first + own));
        let others = std::mem::take(&mut bridge);
        growth.branches.push(Grown { parent, others, ..branch });
    }
}

/// Where a lumen is nearest to something.
struct Near {
    branch: usize,
    front: usize,
    voxel: u32,
}

fn nearest(branches: &[Grown], places: &Places, to: Vector3<f64>) -> Option<Near> {
    let all = branches.iter().enumerate().flat_map(|(branch, grown)| {
        let fronts = grown.shells.iter().enumerate();
        fronts.flat_map(move |(front, shell)| {
            shell.iter().map(move |(voxel, _)| Near { branch, front, voxel: *voxel })
        })
    });
    let apart = |near: &Near| (places.of(near.voxel) - to).norm_squared();
    all.min_by(|a, b| apart(a).total_cmp(&apart(b)))
}

/// Free dim voxels within `radius` mm of a segment.
fn between(waves: &Waves, places: &Places, ends: [Vector3<f64>; 2], radius: f64) -> Shell {
    let [from, to] = ends;
    let along = to - from;
    let [slices, rows, columns] = [0, 1, 2].map(|n| {
        let low = (from[n].min(to[n]) - radius) / places.spacing[n];
        let high = (from[n].max(to[n]) + radius) / places.spacing[n];
        low.ceil().max(0.0) as usize..(high.floor().max(0.0) as usize + 1).min(places.shape[n])
    });
    let place =
        |k: usize, j: usize, i: usize| ((k * places.shape[1] + j) * places.shape[2] + i) as u32;
    let is_near = |voxel: &u32| {
        let away = places.of(*voxel) - from;
        let share =
            (away.dot(&along) / along.norm_squared().max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
        (away - along * share).norm() <= radius
    };
    let is_dim = |voxel: &u32| waves.field.hu.as_slice()[*voxel as usize] < DIM;
    let lines = slices.flat_map(|k| rows.clone().map(move |j| (k, j)));
    let voxels = lines.flat_map(|(k, j)| columns.clone().map(move |i| place(k, j, i)));
    voxels.filter(|n| waves.is_free(*n) && is_dim(n) && is_near(n)).map(|n| (n, 0.0)).collect()
}

/// Divides a branch behind a front, unless that is its last.
fn divide(branches: &mut Vec<Grown>, n: usize, front: usize) {
    if front + 1 >= branches[n].shells.len() {
        return;
    }
    let shells = branches[n].shells.split_off(front + 1);
    let rest = branches.len();
    for branch in branches.iter_mut().filter(|branch| branch.parent == Some(n)) {
        branch.parent = Some(rest);
    }
    branches.push(Grown { parent: Some(n), shells, others: Vec::new() });
}

/// The branches, numbered so that parents come before their children.
pub(crate) fn parents_first(branches: Vec<Grown>) -> Vec<Grown> {
    let children = |parent: Option<usize>| {
        let branches = &branches;
        (0..branches.len()).filter(move |n| branches[*n].parent == parent)
    };
    let mut order: Vec<usize> = children(None).collect();
    let mut next = 0;
    while next < order.len() {
        order.extend(children(Some(order[next])));
        next += 1;
    }
    let mut rank = vec![0; branches.len()];
    order.iter().enumerate().for_each(|(new, old)| rank[*old] = new);
    let mut branches: Vec<Option<Grown>> = branches.into_iter().map(Some).collect();
    let sorted = order.iter().filter_map(|n| branches[*n].take());
    sorted.map(|branch| Grown { parent: branch.parent.map(|n| rank[n]), ..branch }).collect()
}
