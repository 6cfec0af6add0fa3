//! Bumps of a lumen are no branches, and what does not divide is one branch.

use super::front::Shell;
use super::grow::{Grown, Growth, median};

/// Branches that end blind are at least so many mm long, and so many shells and diameters.
const LENGTH: f64 = 4.0;
const SHELLS: f64 = 2.5;
const DIAMETERS: f64 = 1.0;

/// The branches without bumps, joined where only one goes on; parents before their children.
///
/// The voxels of a bump stay with the branch that it hangs on.
pub(crate) fn prune(growth: Growth, area: impl Fn(&Shell) -> f64) -> Vec<Grown> {
    let depth = growth.depth;
    let mut branches: Vec<Option<Grown>> = growth.branches.into_iter().map(Some).collect();
    for n in (1..branches.len()).rev() {
        let is_leaf = children(&branches, n).is_empty();
        let bump =
            branches[n].as_ref().is_some_and(|branch| is_leaf && is_bump(branch, depth, &area));
        if bump {
            absorb(&mut branches, n);
        }
    }
    joined(branches)
}

/// The branches without those that end blind and are not `certain`, joined as above, and how many
/// these were.
pub(crate) fn without_doubtful(branches: Vec<Grown>, certain: &[bool]) -> (Vec<Grown>, usize) {
    let mut branches: Vec<Option<Grown>> = branches.into_iter().map(Some).collect();
    let mut doubtful = 0;
    for n in (1..branches.len()).rev() {
        if !certain[n] && children(&branches, n).is_empty() {
            branches[n] = None;
            doubtful += 1;
        }
    }
    (joined(branches), doubtful)
}

fn joined(mut branches: Vec<Option<Grown>>) -> Vec<Grown> {
    for n in (0..branches.len()).rev() {
        if let [only] = children(&branches, n)[..] {
            join(&mut branches, n, only);
        }
    }
    numbered(branches)
}

fn children(branches: &[Option<Grown>], parent: usize) -> Vec<usize> {
    let of = |n: &usize| branches[*n].as_ref().is_some_and(|b| b.parent == Some(parent));
    (parent + 1..branches.len()).filter(of).collect()
}

fn is_bump(branch: &Grown, depth: f64, area: impl Fn(&Shell) -> f64) -> bool {
    let areas = branch.shells.iter().map(area).collect();
    let diameter = 2.0 * (median(areas) / std::f64::consts::PI).sqrt();
    let length = branch.shells.len() as f64 * depth;
    length < LENGTH.max(SHELLS * depth).max(DIAMETERS * diameter)
}

/// Makes a branch part of its parent.
fn absorb(branches: &mut [Option<Grown>], n: usize) {
    let Some(branch) = branches[n].take() else { return };
    let Some(parent) = branch.parent.and_then(|parent| branches[parent].as_mut()) else { return };
    parent.others.extend(branch.shells.into_iter().flatten().map(|(place, _)| place));
    parent.others.extend(branch.others);
}

/// Makes the only child of a branch its continuation.
fn join(branches: &mut [Option<Grown>], n: usize, only: usize) {
    let Some(child) = branches[only].take() else { return };
    for branch in branches.iter_mut().flatten() {
        if branch.parent == Some(only) {
            branch.parent = Some(n);
        }
    }
    if let Some(branch) = branches[n].as_mut() {
        branch.shells.extend(child.shells);
        branch.others.extend(child.others);
    }
}

/// The branches that are left, numbered anew.
fn numbered(branches: Vec<Option<Grown>>) -> Vec<Grown> {
    let mut number = 0;
    let numbers: Vec<usize> = branches
        .iter()
        .map(|branch| {
            let own = number;
            number += usize::from(branch.is_some());
            own
        })
        .collect();
    let left = branches.into_iter().flatten();
    left.map(|branch| Grown { parent: branch.parent.map(|n| numbers[n]), ..branch }).collect()
}
