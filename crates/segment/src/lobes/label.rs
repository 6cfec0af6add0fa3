//! From sheets to a map of lobes.

use hilum_core::{LabelMap, Lobe, Lung, Region, Volume};
use hilum_kernel::par;

use crate::lobes::fissure::Fissure;
use crate::lobes::sheet::Sheet;

/// The lobe of each voxel of the lungs: its side, then the oblique fissure, then, above it on the right,
/// the horizontal one. A lung whose oblique fissure is not given stays 0.
///
/// Cost: `O(n)` for `n` voxels.
pub(crate) fn label(lungs: &LabelMap<Lung>, sheets: &[Sheet]) -> Volume<u8> {
    let sheet = |fissure: Fissure| sheets.iter().find(|sheet| sheet.fissure() == fissure);
    let [right, horizontal, left] = Fissure::ALL.map(sheet);
    let grid = lungs.grid();
    let [_, rows, columns] = grid.shape();
    let along = grid.axes().column(2).into_owned();
    let mut lobes = Volume::filled(grid, 0_u8);
    let sides = lungs.labels().as_slice();
    par::for_each_slice(&mut lobes, |k, slice| {
        for (j, row) in slice.chunks_mut(columns).enumerate() {
            let sides = &sides[(k * rows + j) * columns..][..columns];
            let Some(first) = sides.iter().position(|side| *side != 0) else { continue };
            let start = grid.centre([k, j, 0]);
            for (i, (lobe, side)) in row.iter_mut().zip(sides).enumerate().skip(first) {
                let p = || start + along * i as f64;
                let lobe_of = match *side {
                    1 => right.map(|right| right_lobe(right, horizontal, p())),
                    2 => left.map(|left| left_lobe(left, p())),
                    _ => None,
                };
                *lobe = lobe_of.map_or(0, Region::label);
            }
        }
    });
    lobes
}

fn right_lobe(oblique: &Sheet, horizontal: Option<&Sheet>, p: nalgebra::Point3<f64>) -> Lobe {
    if oblique.above(p) <= 0.0 {
        Lobe::RightLower
    } else if horizontal.is_none_or(|sheet| sheet.above(p) > 0.0) {
        Lobe::RightUpper
    } else {
        Lobe::RightMiddle
    }
}

fn left_lobe(oblique: &Sheet, p: nalgebra::Point3<f64>) -> Lobe {
    if oblique.above(p) > 0.0 { Lobe::LeftUpper } else { Lobe::LeftLower }
}
