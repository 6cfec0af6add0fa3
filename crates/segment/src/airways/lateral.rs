//! Bronchi that leave the side of a wider one through a mouth that the blur has filled.
//!
//! A wave through a wide lumen stops at what its own threshold calls a wall. Where a narrow bronchus comes out
//! between two slices, that wall is its mouth, and lung nearby may be darker than it. What tells such a bronchus is
//! not its density but that it is darker than what surrounds it.

use std::collections::VecDeque;

use super::front::{End, Limits, Shell, Wall, Waves};
use super::graft::{graft, parents_first};
use super::grow::{GROWTH, Grown, Growth, excess, follow, is_bronchus, median, reach};

/// Lumen filled by its walls still reads below this, HU.
pub(crate) const DIM: f32 = -650.0;
/// Walls are at least so many HU, and so many deviations of the noise, denser than the lumen beside them.
const CONTRAST: f32 = 100.0;
const NOISES: f32 = 5.0;
/// What is open so far from a lumen, in mm, is no part of its wall.
const FAR: f32 = 3.0;
/// Walls are sought as around a lumen of this radius, mm.
const RADIUS: f32 = 2.0;
/// Share of directions in which a wall is seen, at least.
const LEAST: f32 = 0.85;
/// Area in mm² beyond which a side branch is none.
const WIDEST: f64 = 25.0;
/// Area in mm² of the lumen from whose side such branches come, at least.
const PARENT: f64 = 20.0;
/// More voxels than the mouth of one has.
const MOUTH: usize = 60;
/// More branches than lie behind one: cysts, whose walls the blur fills as well.
const MOST: usize = 100;

/// Follows bronchi from the sides of those that were followed.
///
/// Thin slices show mouths; there nothing is done. Nor is it in honeycombed lung, where cysts cannot be told from bronchi.
pub(crate) fn add_side_branches(waves: &mut Waves, growth: &mut Growth) {
    if excess(waves.depth) == 0.0 {
        return;
    }
    let is_wide = |branch: &&Grown| {
        let areas = branch.shells.iter().map(|shell| waves.area(shell)).collect();
        median(areas) >= PARENT
    };
    let places: Vec<u32> = growth
        .branches
        .iter()
        .filter(is_wide)
        .flat_map(|branch| branch.shells.iter().flatten())
        .map(|(n, _)| *n)
        .collect();
    let limits = limits(waves);
    let mut trees: Vec<Vec<Grown>> = Vec::new();
    for mouth in waves.away(&places, FAR, &limits) {
        let is_free = mouth.iter().all(|(place, _)| waves.is_free(*place));
        if !is_free || mouth.len() > MOUTH {
            continue;
        }
        trees.push(subtree(waves, mouth, limits));
        let last = trees.last().expect("just followed");
        if last.len() > MOST {
            trees.iter().flatten().for_each(|branch| waves.give_back(&branch.shells));
            return;
        }
        if !is_long(waves, last) {
            trees.pop().iter().flatten().for_each(|branch| waves.give_back(&branch.shells));
        }
    }
    for tree in trees {
        graft(waves, growth, tree);
    }
    growth.branches = parents_first(std::mem::take(&mut growth.branches));
}

fn limits(waves: &Waves) -> Limits {
    Limits {
        threshold: DIM,
        wall: Wall::Over(CONTRAST.max(NOISES * waves.field.noise as f32)),
        reach: reach(RADIUS, waves.depth),
        area: WIDEST,
        growth: GROWTH,
        walled: LEAST,
    }
}

/// What can be reached through a mouth; the first branch begins with the mouth itself.
fn subtree(waves: &mut Waves, mouth: Shell, limits: Limits) -> Vec<Grown> {
    waves.take(&mouth);
    let mut branches: Vec<Grown> = Vec::new();
    let mut waiting = VecDeque::from([(None, mouth)]);
    while let Some((parent, mouth)) = waiting.pop_front() {
        let (sweep, _) = follow(waves, &mouth, limits);
        let number = branches.len();
        let first = parent.is_none().then_some(mouth);
        let shells: Vec<Shell> = first.into_iter().chain(sweep.shells).collect();
        if shells.is_empty() {
            continue;
        }
        branches.push(Grown { parent, shells, others: Vec::new() });
        if let End::Divided(pieces) = sweep.end {
            waiting.extend(pieces.into_iter().map(|piece| (Some(number), piece)));
        }
    }
    branches
}

/// Whether one way from the mouth is long enough for a bronchus.
fn is_long(waves: &Waves, branches: &[Grown]) -> bool {
    (0..branches.len()).any(|last| {
        let mut way: Vec<Shell> = Vec::new();
        let mut here = Some(last);
        while let Some(n) = here {
            way.extend(branches[n].shells.iter().cloned());
            here = branches[n].parent;
        }
        is_bronchus(waves, &way)
    })
}
