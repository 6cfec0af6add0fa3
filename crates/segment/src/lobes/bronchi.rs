//! Bronchi tell on which side of a fissure they are.

use hilum_core::Lobe;
use nalgebra::Point3;

use crate::airways::Airways;
use crate::lobes::fissure::Fissure;
use crate::lobes::sheet::Sheet;

/// A place on the centreline of a bronchus, and the only lobe that it can be in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bronchus {
    pub(crate) lobe: Lobe,
    pub(crate) point: Point3<f64>,
}

/// Distance in mm along a lobar bronchus before it has surely entered its lobe.
const HILUM: f64 = 15.0;
/// Distance in mm of the places that are taken from a centreline.
const APART: f64 = 5.0;

/// Places on the bronchi that lead to one lobe alone.
pub(crate) fn bronchi(airways: &Airways) -> Vec<Bronchus> {
    let tree = &airways.tree;
    let mut found = Vec::new();
    for (number, branch) in tree.branches().iter().enumerate() {
        let Some(lobe) = tree.lobe(number) else { continue };
        // What carries a name is the lobar bronchus itself: its first part lies in the hilum.
        let hilar = if branch.label.is_some() { HILUM } else { 0.0 };
        let mut along = 0.0;
        let mut next = hilar;
        for pair in branch.centreline.windows(2) {
            along += (pair[1] - pair[0]).norm();
            if along >= next {
                found.push(Bronchus { lobe, point: pair[1] });
                next = along + APART;
            }
        }
    }
    found
}

/// Whether a lobe lies above a fissure (towards the upper lobe), or below; `None` where the fissure
/// does not border it or divides another lung.
pub(crate) fn is_above(lobe: Lobe, fissure: Fissure) -> Option<bool> {
    match (fissure, lobe) {
        (Fissure::RightOblique, Lobe::RightUpper | Lobe::RightMiddle)
        | (Fissure::RightHorizontal, Lobe::RightUpper)
        | (Fissure::LeftOblique, Lobe::LeftUpper) => Some(true),
        (Fissure::RightOblique, Lobe::RightLower)
        | (Fissure::RightHorizontal, Lobe::RightMiddle)
        | (Fissure::LeftOblique, Lobe::LeftLower) => Some(false),
        _ => None,
    }
}

/// Room in mm between a bronchus and the fissure of its lobe.
const ROOM: f64 = 4.0;

/// Bronchi that lie on the wrong side of a sheet or hardly off it: where the sheet should at least
/// have been.
pub(crate) fn crossings(sheet: &Sheet, bronchi: &[Bronchus]) -> Vec<Point3<f64>> {
    let normal = sheet.plane().n;
    let wrong = |bronchus: &Bronchus| {
        let is_above = is_above(bronchus.lobe, sheet.fissure())?;
        let side = if is_above { 1.0 } else { -1.0 };
        let room = side * sheet.signed_distance(bronchus.point);
        (room < ROOM).then(|| bronchus.point - normal * (side * ROOM))
    };
    bronchi.iter().filter_map(wrong).collect()
}
