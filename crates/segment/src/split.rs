//! Right and left, told by where they lie in the patient.

use hilum_core::{Hu, Lung, Mask, Region, Volume};
use hilum_kernel::{Components, par};

use crate::pieces::{Piece, pieces};

/// Depths in mm to which the lungs are pared until they fall apart; 0 are lungs that do not touch.
const DEPTHS: [f64; 6] = [0.0, 3.0, 6.0, 9.0, 13.0, 18.0];
/// A core holds at least this share of all that is left after paring.
const CORE: f64 = 0.08;
/// The centres of two lungs are at least so many mm apart from right to left.
const APART: f64 = 60.0;
/// Air that has more than this share on either side of the spine, and falls apart at no depth, is
/// cut in the plane of the spine.
const ASTRIDE: f64 = 0.25;
/// Bone in block means.
const BONE: Hu = Hu(200);
/// Width in mm of the window in which most bone is spine.
const SPINE: f64 = 40.0;

/// How two lungs were told apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Parting {
    /// They did not touch.
    Apart,
    /// They touched, and were parted along the ridge of density between them.
    Ridge,
    /// They touched without a ridge, and were cut in the plane of the spine.
    Plane,
    /// There is one lung.
    Single(Lung),
}

/// Gives each voxel of the lungs its side: [`Lung::Right`] or [`Lung::Left`] as a label.
///
/// Lungs that touch are pared until two cores are left, and the cores grow back to meet where
/// the image is densest between them (watershed).
pub(crate) fn split(lungs: &Mask, crumbs: &Mask, hu: &Volume<Hu>) -> (Volume<u8>, Parting) {
    let middle = spine(lungs, hu);
    let (mut sides, parting) = part(lungs, hu, middle);
    let (crumbs_of, described) = pieces(crumbs, hu, BONE);
    for (n, label) in crumbs_of.labels().as_slice().iter().enumerate() {
        let Some(crumb) = (*label as usize).checked_sub(1).map(|n| &described[n]) else { continue };
        sides.as_mut_slice()[n] = match parting {
            Parting::Single(lung) => lung.label(),
            _ => side(crumb.centre[2], middle),
        };
    }
    (sides, parting)
}

fn part(lungs: &Mask, hu: &Volume<Hu>, middle: f64) -> (Volume<u8>, Parting) {
    let step = lungs.grid().spacing()[2];
    for depth in DEPTHS {
        let (components, found) = match depth {
            0.0 => pieces(lungs, hu, BONE),
            _ => pieces(&hilum_kernel::erode(lungs, depth), hu, BONE),
        };
        match two(&found, step) {
            Some(cores) if depth == 0.0 => {
                return (apart(&components, &found, cores), Parting::Apart);
            }
            Some(cores) if are_astride(cores, middle) => {
                return (grown(lungs, hu, &components, cores, middle), Parting::Ridge);
            }
            _ => {}
        }
    }
    whole(lungs, middle)
}

/// Label of the lung that a piece is the core of; 0 for other pieces.
fn core(number: u32, [right, left]: [&Piece; 2]) -> u8 {
    match number {
        0 => 0,
        n if n == right.number => Lung::Right.label(),
        n if n == left.number => Lung::Left.label(),
        _ => 0,
    }
}

/// Lungs that do not touch: two large pieces, and smaller ones by where they lie.
fn apart(components: &Components, found: &[Piece], cores: [&Piece; 2]) -> Volume<u8> {
    let between = cores[0].centre[2].midpoint(cores[1].centre[2]);
    par::map(&components.labels(), |number| match core(*number, cores) {
        0 if *number > 0 => side(found[*number as usize - 1].centre[2], between),
        core => core,
    })
}

/// Two cores grown back into the lungs, to meet where the image is densest between them.
fn grown(
    lungs: &Mask,
    hu: &Volume<Hu>,
    components: &Components,
    cores: [&Piece; 2],
    middle: f64,
) -> Volume<u8> {
    let markers = par::map(&components.labels(), |number| u32::from(core(*number, cores)));
    let height = par::map(hu, |hu| hu.0);
    let basins = hilum_kernel::watershed(&height, &markers, Some(lungs));
    par::map_voxels(lungs.grid(), |voxel| match basins.at(voxel) {
        0 if lungs.at(voxel) => side(voxel[2] as f64, middle),
        basin => basin as u8,
    })
}

/// One lung, or two that nothing parts.
fn whole(lungs: &Mask, middle: f64) -> (Volume<u8>, Parting) {
    let by_plane = par::map_voxels(lungs.grid(), |voxel| {
        if lungs.at(voxel) { side(voxel[2] as f64, middle) } else { 0 }
    });
    let right: u64 =
        by_plane.as_slice().iter().map(|side| u64::from(*side == Lung::Right.label())).sum();
    let left = lungs.count() - right;
    let share = right.min(left) as f64 / (right + left).max(1) as f64;
    if share > ASTRIDE {
        return (by_plane, Parting::Plane);
    }
    let lung = if right >= left { Lung::Right } else { Lung::Left };
    (par::map(lungs, |inside| if *inside { lung.label() } else { 0 }), Parting::Single(lung))
}

/// The two largest pieces, right one first, if they can be two lungs.
fn two(found: &[Piece], step: f64) -> Option<[&Piece; 2]> {
    let all: f64 = found.iter().map(|piece| piece.millilitres).sum();
    let mut large: Vec<&Piece> =
        found.iter().filter(|piece| piece.millilitres >= CORE * all).collect();
    large.sort_by(|a, b| b.millilitres.total_cmp(&a.millilitres));
    let [first, second, ..] = large[..] else { return None };
    let apart = (second.centre[2] - first.centre[2]) * step;
    if apart >= APART {
        Some([first, second])
    } else if apart <= -APART {
        Some([second, first])
    } else {
        None
    }
}

/// Says whether the spine lies between two cores: one large lung, pared far enough, falls apart as well.
fn are_astride([right, left]: [&Piece; 2], middle: f64) -> bool {
    right.centre[2] < middle && middle < left.centre[2]
}

/// The patient's left is where `i` grows.
fn side(i: f64, middle: f64) -> u8 {
    if i < middle { Lung::Right.label() } else { Lung::Left.label() }
}

/// Where the spine stands, as a position along `i`: the window with most bone behind the middle of
/// the lungs; the middle of the image where there is no bone.
pub(crate) fn spine(lungs: &Mask, hu: &Volume<Hu>) -> f64 {
    let [_, rows, columns] = lungs.grid().shape();
    let middle = columns as f64 / 2.0;
    let Some(window) = crate::window::bounds(lungs, |inside| *inside) else { return middle };
    let behind = window[1].start.midpoint(window[1].end);
    let mut bone = vec![0_u64; columns];
    for k in window[0].clone() {
        for j in behind..rows {
            let row = &hu.as_slice()[(k * rows + j) * columns..][..columns];
            bone.iter_mut().zip(row).for_each(|(sum, hu)| *sum += u64::from(*hu >= BONE));
        }
    }
    let width = ((SPINE / lungs.grid().spacing()[2]).round() as usize).clamp(1, columns);
    let sums: Vec<u64> = bone.windows(width).map(|some| some.iter().sum()).collect();
    match sums.iter().max() {
        Some(most) if *most > 0 => {
            let first = sums.iter().position(|sum| sum == most).unwrap_or(0);
            let last = sums.iter().rposition(|sum| sum == most).unwrap_or(first);
            (first + last) as f64 / 2.0 + (width - 1) as f64 / 2.0
        }
        _ => middle,
    }
}
