//! Measures each branch: middle, calibre and wall along its centreline.

use hilum_core::Ct;
use hilum_kernel::par;
use nalgebra::{Point3, Vector3};

use super::axis::length;
use super::grow::median;
use super::section::{Section, section};
use super::tree::{AirwayTree, Branch, WallFigures};

/// The course of a branch over so many points on either side tells its direction.
const AROUND: usize = 3;
/// Share of the length at either end that is no measure of the branch.
const END: f64 = 0.2;
/// Walls are told from so many cross-sections, at least.
const SECTIONS: usize = 3;
/// Least room in mm into which a middle may move, and how much of a radius.
const MOVE: f64 = 0.6;

/// Puts centrelines into the middle of the lumen, and writes calibres and walls into the tree.
pub(crate) fn measure(tree: &mut AirwayTree, ct: &Ct, walls: bool) {
    let branches = tree.branches();
    let all = par::collect(branches.len(), |n| sections(&branches[n], ct));
    for (branch, sections) in tree.branches_mut().iter_mut().zip(all) {
        let seen = sections.iter().flatten().count() as f64;
        branch.walled = seen / sections.len().max(1) as f64;
        improve(branch, &sections);
        if walls {
            branch.wall = figures(&sections);
        }
    }
}

/// The cross-section at each point of a centreline, where there is one.
fn sections(branch: &Branch, ct: &Ct) -> Vec<Option<Section>> {
    let line = &branch.centreline;
    let at = |n: usize| {
        let along = direction(line, n)?;
        let radius = branch.diameters[n] / 2.0;
        let found = section(ct, line[n], along, radius)?;
        let moved = (found.centre - line[n]).norm();
        let sound = found.diameter() < 2.0 * branch.diameters[n] + 1.0
            && moved <= (MOVE * radius).max(MOVE);
        sound.then_some(found)
    };
    (0..line.len()).map(at).collect()
}

fn direction(line: &[Point3<f64>], n: usize) -> Option<Vector3<f64>> {
    let (from, to) = (n.saturating_sub(AROUND), (n + AROUND).min(line.len().checked_sub(1)?));
    (to > from).then(|| line[to] - line[from])
}

/// Takes middles and calibres from the cross-sections; the first point stays on the parent's axis.
fn improve(branch: &mut Branch, sections: &[Option<Section>]) {
    for (n, found) in sections.iter().enumerate().skip(1) {
        if let Some(section) = found {
            branch.centreline[n] = section.centre;
            branch.diameters[n] = section.diameter();
        }
    }
    let line = branch.centreline.clone();
    for n in 1..line.len().saturating_sub(1) {
        let middle = (line[n - 1].coords + line[n].coords * 2.0 + line[n + 1].coords) / 4.0;
        branch.centreline[n] = Point3::from(middle);
    }
    branch.length_mm = length(&branch.centreline);
}

/// Medians over the middle part of a branch.
fn figures(sections: &[Option<Section>]) -> Option<WallFigures> {
    let end = (END * sections.len() as f64) as usize;
    let middle = sections.get(end..sections.len() - end)?;
    let whole: Vec<(Section, [f64; 2])> =
        middle.iter().flatten().filter_map(|s| s.wall.map(|wall| (*s, wall))).collect();
    if whole.len() < SECTIONS {
        return None;
    }
    let of = |value: fn(&(Section, [f64; 2])) -> f64| median(whole.iter().map(value).collect());
    let lumen = of(|(section, _)| section.lumen);
    let wall = of(|(_, wall)| wall[0]);
    Some(WallFigures {
        lumen_diameter_mm: of(|(section, _)| section.diameter()),
        lumen_area_mm2: lumen,
        perimeter_mm: of(|(section, _)| std::f64::consts::PI * section.diameter()),
        wall_area_mm2: wall,
        thickness_mm: of(|(_, wall)| wall[1]),
        wall_percent: 100.0 * wall / (wall + lumen),
        sections: whole.len(),
    })
}
