//! Parts of the tree that wander: cysts and meshes entered by mistake.
//!
//! Bronchi run on: each goes on within some 45 degrees of the one before, however fibrosis has pulled at it. What leads from
//! cyst to cyst through gaps in blurred walls turns any way.

use nalgebra::Vector3;

use super::tree::{AirwayTree, Branch};

/// Mean cosine of the turns in a large tree below which it wanders: .6 to .7 in bronchi, .3 to .45 in cysts and nets (on
/// phantoms to tune on).
const RUNS_ON: f64 = 0.6;
/// How much less is allowed in a small one, by the root of its number of ends.
const CHANCE: f64 = 0.5;
/// Fewer ends say nothing.
const ENDS: usize = 8;

/// The turns of a branch and of all behind it.
#[derive(Clone, Copy, Default)]
struct Turns {
    cosines: f64,
    count: usize,
    ends: usize,
}

impl Turns {
    fn wander(self) -> bool {
        let mean = self.cosines / self.count.max(1) as f64;
        self.ends >= ENDS && mean < RUNS_ON - CHANCE / (self.ends as f64).sqrt()
    }
}

/// Says of each branch whether it runs on: whether it belongs to no part of the tree that wanders.
///
/// The smallest such parts are taken off first: what they hang on is judged by what is left.
pub(crate) fn runs_on(tree: &AirwayTree) -> Vec<bool> {
    let branches = tree.branches();
    let mut behind = vec![Turns::default(); branches.len()];
    let mut wanders = vec![false; branches.len()];
    for (n, branch) in branches.iter().enumerate().rev() {
        let Some(parent) = branch.parent else { continue };
        let Turns { cosines, count, ends } = behind[n];
        let cosine = direction(branch).dot(&direction(&branches[parent]));
        let own = Turns { cosines: cosines + cosine, count: count + 1, ends: ends.max(1) };
        wanders[n] = own.wander();
        if !wanders[n] {
            let whole = &mut behind[parent];
            whole.cosines += own.cosines;
            whole.count += own.count;
            whole.ends += own.ends;
        }
    }
    for n in 0..branches.len() {
        wanders[n] |= branches[n].parent.is_some_and(|parent| wanders[parent]);
    }
    wanders.into_iter().map(|wanders| !wanders).collect()
}

/// From the beginning to the end of a branch, 1 mm long; nothing if it has no length.
fn direction(branch: &Branch) -> Vector3<f64> {
    let ends = branch.centreline.first().zip(branch.centreline.last());
    let along = ends.map(|(first, last)| last - first);
    along.and_then(|along| along.try_normalize(0.0)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::Point3;

    /// A trachea, and behind it a tree that divides `levels` times; each branch turns by so many degrees from the one before,
    /// in the plane and out of it by turns.
    fn tree(levels: usize, degrees: f64) -> Vec<Branch> {
        let branch = |parent, generation, from: Point3<f64>, along: Vector3<f64>| Branch {
            parent,
            generation,
            label: None,
            centreline: vec![from, from + 8.0 * along],
            diameters: vec![3.0; 2],
            length_mm: 8.0,
            walled: 1.0,
            wall: None,
        };
        let mut branches = vec![branch(None, 0, Point3::origin(), -Vector3::z())];
        let mut first = 0;
        for level in 0..levels {
            let last = branches.len();
            for parent in first..last {
                let (from, along) = (branches[parent].centreline[1], direction(&branches[parent]));
                let across = along.cross(&if level % 2 == 0 { Vector3::y() } else { Vector3::x() });
                for side in [-1.0_f64, 1.0] {
                    let turn = side * degrees.to_radians();
                    let on = along * turn.cos() + across.normalize() * turn.sin();
                    branches.push(branch(Some(parent), level + 1, from, on));
                }
            }
            first = last;
        }
        branches
    }

    #[test]
    fn bronchi_run_on_and_what_leads_from_cyst_to_cyst_does_not() {
        let bronchi = tree(5, 40.0);
        assert!(!runs_on(&AirwayTree::new(bronchi.clone())).contains(&false));
        let cysts = tree(5, 80.0);
        let left = |runs_on: &[bool]| runs_on.iter().filter(|on| **on).count();
        assert!(left(&runs_on(&AirwayTree::new(cysts.clone()))[1..]) < 4, "cysts");
        // Cysts entered at the end of the last bronchus: they are taken off, the bronchi stay.
        let (count, last) = (bronchi.len(), bronchi.len() - 1);
        let moved = cysts.into_iter().skip(1).map(|branch| {
            let parent = branch.parent.map(|n| if n == 0 { last } else { count + n - 1 });
            Branch { parent, ..branch }
        });
        let both: Vec<Branch> = bronchi.into_iter().chain(moved).collect();
        let runs_on = runs_on(&AirwayTree::new(both));
        assert!(!runs_on[..count].contains(&false), "bronchi");
        assert!(left(&runs_on[count..]) < 4, "cysts behind bronchi");
    }

    #[test]
    fn a_few_turns_say_nothing() {
        assert!(!runs_on(&AirwayTree::new(tree(2, 80.0))).contains(&false));
    }
}
