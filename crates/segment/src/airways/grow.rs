//! Branch by branch from the trachea outwards: each wave is tried at the threshold that shows most,
//! and again at lower ones if it leaks.

use std::collections::VecDeque;

use super::air::{is_air, narrow};
use super::field::Field;
use super::front::{End, Limits, Shell, Sweep, Wall, Waves};
use super::lateral::add_side_branches;
use super::traction::pulled;

/// A branch as it was swept.
#[derive(Clone, Debug)]
pub(crate) struct Grown {
    pub(crate) parent: Option<usize>,
    /// Fronts from the mouth outwards.
    pub(crate) shells: Vec<Shell>,
    /// Voxels that hang on the branch besides.
    pub(crate) others: Vec<u32>,
}

/// What was swept and what was taken back.
pub(crate) struct Growth {
    pub(crate) branches: Vec<Grown>,
    /// Number of branches in which a wave burst at every threshold and was rolled back.
    pub(crate) leaks: usize,
    /// Depth of a shell in mm.
    pub(crate) depth: f64,
}

/// A mouth from which a branch is still to be followed.
struct Mouth {
    parent: Option<usize>,
    shell: Shell,
    /// Median area of the parent's fronts in mm².
    area: f64,
}

/// Lumen of wide bronchi is no more than so many HU denser than the air in the trachea; so much more is allowed in [`narrow`]
/// ones.
pub(crate) const WIDE: f32 = 80.0;
/// Steps in HU from threshold to threshold.
const STEP: f32 = 25.0;
/// Walls are this much denser than the lung around, and more where the image is noisy, HU.
const WALL: f32 = 45.0;
/// Walls are looked for within this many radii and so many mm more, and farther for each mm in
/// excess of [`THIN`].
const REACH: [f32; 3] = [2.2, 1.5, 1.5];
/// Lumen is so many HU less dense than the lung around, less by the second number for each mm in
/// excess of [`THIN`].
const BELOW: [f32; 2] = [20.0, 32.0];
/// Steps in mm up to this show the walls of small bronchi whichever way they run; of what is longer,
/// so much counts.
const THIN: f32 = 1.25;
const EXCESS: f32 = 1.25;
/// The mouth of a branch at the side of its parent shows only part of it, which is at least this
/// share of the parent's width.
const LATERAL: f32 = 0.8;
/// Share of the directions in which a voxel of a lumen sees a wall, at least.
const WALLED: f32 = 0.7;
/// Farthest a wall may be in mm.
pub(crate) const FARTHEST: f64 = 22.0;
/// A branch is at most so many times as wide in area as the one before it.
const WIDER: f64 = 1.5;
/// A front bursts where its area grows to so many times the least it has had.
pub(crate) const GROWTH: f64 = 2.2;
/// Of a branch that leaks at every threshold, what is at least so many mm and diameters long is kept.
const KEPT: [f64; 2] = [10.0, 3.0];
/// More branches than an image of a chest can show.
const MOST: usize = 4000;

/// Follows the airway from the top of what is trusted.
pub(crate) fn grow(field: &Field) -> Growth {
    let mut waves = Waves::new(field, FARTHEST);
    let mut growth = Growth { branches: Vec::new(), leaks: 0, depth: f64::from(waves.depth) };
    let top = top(field);
    waves.take(&top);
    let mut waiting = VecDeque::from([Mouth { parent: None, shell: top, area: trachea(field) }]);
    while let Some(mouth) = waiting.pop_front().filter(|_| growth.branches.len() < MOST) {
        let limits = limits(&waves, &mouth);
        let (sweep, leaked) = follow(&mut waves, &mouth.shell, limits);
        growth.leaks += usize::from(leaked);
        if sweep.shells.is_empty() {
            continue;
        }
        let area = median(sweep.shells.iter().map(|shell| waves.area(shell)).collect());
        if !is_air(field, &sweep.shells, area) {
            waves.give_back(&sweep.shells);
            growth.leaks += usize::from(!leaked);
            continue;
        }
        let parent = Some(growth.branches.len());
        if let End::Divided(pieces) = sweep.end {
            waiting.extend(pieces.into_iter().map(|shell| Mouth { parent, shell, area }));
        }
        let (parent, shells) = (mouth.parent, sweep.shells);
        growth.branches.push(Grown { parent, shells, others: Vec::new() });
    }
    add_side_branches(&mut waves, &mut growth);
    growth
}

/// The highest slice of what is trusted.
fn top(field: &Field) -> Shell {
    let [slices, rows, columns] = field.grid().shape();
    let trusted = field.trusted.as_slice();
    for k in (0..slices).rev() {
        let slice = k * rows * columns..(k + 1) * rows * columns;
        let shell: Shell = slice.filter(|n| trusted[*n]).map(|n| (n as u32, 0.0)).collect();
        if !shell.is_empty() {
            return shell;
        }
    }
    Vec::new()
}

/// Median area in mm² of the slices of what is trusted: about that of the trachea.
fn trachea(field: &Field) -> f64 {
    let [_, rows, columns] = field.grid().shape();
    let [_, dj, di] = field.grid().spacing();
    let slices = field.trusted.as_slice().chunks((rows * columns).max(1));
    let counts = slices.map(|slice| slice.iter().filter(|inside| **inside).count() as f64);
    median(counts.filter(|count| *count > 0.0).map(|count| count * dj * di).collect())
}

/// Sweeps a branch at the highest threshold at which it does not leak, or as one that fibrosis has pulled open. Whether it
/// leaked either way is said beside.
pub(crate) fn follow(waves: &mut Waves, mouth: &Shell, limits: Limits) -> (Sweep, bool) {
    let lowest = waves.field.air as f32 + 40.0 + 1.5 * waves.field.noise as f32;
    let mut best: Option<Sweep> = None;
    let mut threshold = limits.threshold;
    loop {
        let sweep = waves.sweep(mouth, Limits { threshold, ..limits });
        let End::Burst(sound) = sweep.end else {
            let better = best.as_ref().is_some_and(|best| {
                best.shells.len() > sweep.shells.len() && is_bronchus(waves, &best.shells)
            });
            if sweep.end == End::Dead && better {
                waves.give_back(&sweep.shells);
                break;
            }
            return (sweep, false);
        };
        waves.give_back(&sweep.shells);
        let mut shells = sweep.shells;
        shells.truncate(sound);
        if best.as_ref().is_none_or(|best| shells.len() > best.shells.len()) {
            best = Some(Sweep { shells, end: End::Dead });
        }
        threshold -= STEP;
        if threshold < lowest {
            break;
        }
    }
    if let Some(sweep) = pulled(waves, mouth, limits) {
        return (sweep, false);
    }
    let kept = best.filter(|sweep| is_bronchus(waves, &sweep.shells));
    let sweep = kept.unwrap_or(Sweep { shells: Vec::new(), end: End::Dead });
    sweep.shells.iter().for_each(|shell| waves.take(shell));
    (sweep, true)
}

/// How the wave into a mouth may move at first.
fn limits(waves: &Waves, mouth: &Mouth) -> Limits {
    let field = waves.field;
    let count = mouth.shell.len().max(1);
    let lung = mouth.shell.iter().map(|(n, _)| field.lung(waves.voxel(*n))).sum::<f32>();
    let (lung, air) = (lung / count as f32, field.air as f32);
    let own = if mouth.parent.is_none() { mouth.area } else { waves.area(&mouth.shell) };
    let [radius, parent] =
        [own.min(mouth.area), mouth.area].map(|area| (area / std::f64::consts::PI).sqrt() as f32);
    let wide = radius.max(LATERAL * parent);
    let margin = WALL.max(2.5 * field.noise as f32);
    Limits {
        threshold: (air + WIDE + field.noise as f32 + narrow(radius))
            .min(lung - BELOW[0] + BELOW[1] * excess(waves.depth)),
        wall: Wall::Above((lung + margin).max(air + 120.0)),
        reach: reach(wide, waves.depth),
        walled: WALLED,
        area: WIDER * mouth.area.max(own) + 2.0,
        growth: GROWTH,
    }
}

/// How far the walls of a lumen of some radius may be, in shells of some depth, mm.
pub(crate) fn reach(radius: f32, depth: f32) -> f32 {
    (REACH[0] * radius + REACH[1] + 0.5 * depth + REACH[2] * excess(depth)).min(FARTHEST as f32)
}

/// Millimetres by which a step exceeds what shows walls whichever way they run.
pub(crate) fn excess(step: f32) -> f32 {
    (step - THIN).clamp(0.0, EXCESS)
}

/// Whether the sound part of a branch that leaks is long enough to be one.
pub(crate) fn is_bronchus(waves: &Waves, shells: &[Shell]) -> bool {
    let length = shells.len() as f64 * f64::from(waves.depth);
    let area = median(shells.iter().map(|shell| waves.area(shell)).collect());
    let diameter = 2.0 * (area / std::f64::consts::PI).sqrt();
    length >= KEPT[0] && length >= KEPT[1] * diameter
}

/// The median, 0 of nothing.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
