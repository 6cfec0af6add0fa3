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

#[cfg(test)]
mod tests {
    use hilum_core::{Grid, LabelMap, Lung, Region, Volume};
    use nalgebra::{Matrix3, Vector3};

    use super::*;
    use crate::lobes::search::search;

    /// Two ellipsoids in place of lungs.
    fn lungs() -> LabelMap<Lung> {
        let axes =
            Matrix3::from_columns(&[Vector3::z() * 5.0, Vector3::y() * 4.0, Vector3::x() * 4.5]);
        let grid = Grid::new([56, 50, 70], Point3::new(-155.0, -98.0, -140.0), axes).unwrap();
        let inside = |p: Point3<f64>, x: f64| {
            ((p.x - x) / 62.0).powi(2) + (p.y / 88.0).powi(2) + (p.z / 128.0).powi(2) < 1.0
        };
        let labels = Volume::from_fn(&grid, |voxel| match grid.centre(voxel) {
            p if inside(p, -72.0) => Lung::Right.label(),
            p if inside(p, 72.0) => Lung::Left.label(),
            _ => 0,
        });
        LabelMap::new(labels).unwrap()
    }

    #[test]
    fn a_bronchus_keeps_the_fissure_on_its_right_side() {
        let lungs = lungs();
        let before = search(None, &lungs, &[], None).unwrap();
        let sheet = &before[2].sheet;
        assert_eq!(sheet.fissure(), Fissure::LeftOblique);
        let [rows, columns] = sheet.shape();
        let middle = sheet.node([rows / 2, columns / 2]);
        // Ten millimetres above the surface, yet of the lower lobe.
        let point = middle + sheet.plane().n * 10.0;
        let bronchi = [Bronchus { lobe: Lobe::LeftLower, point }; 4];
        let after = search(None, &lungs, &bronchi, None).unwrap();
        assert!(before[2].sheet.above(point) > 9.0);
        assert!(after[2].sheet.above(point) < 0.0, "{}", after[2].sheet.above(point));
        assert!(
            crossings(&before[2].sheet, &[Bronchus { lobe: Lobe::LeftUpper, point }]).is_empty()
        );
        // The other side moves less.
        let place = before[0].sheet.node([rows / 2, columns / 2]);
        assert!(after[0].sheet.above(place).abs() < 8.0);
    }
}
