//! Self-checks: what is odd about the lungs that were found ends as a row, never as silence.

use hilum_core::{Lung, Mask, Quality, Region, Volume};
use hilum_kernel::par;

use crate::airway::{Airway, Rolled};
use crate::lungs::extent;
use crate::sides::is_lung;
use crate::split::Parting;

/// Volumes of both lungs in L that adults have on inspiration: 1.3 to 8.2 in 51 annotated scans,
/// and room for more.
const VOLUME: [f64; 2] = [1.3, 9.0];
/// Right over left lung volume: range in the same 51 scans.
const RATIO: [f64; 2] = [0.77, 1.56];
/// Area in mm² of lung in an end slice, or against the edge of the field, from which on it counts as
/// cut.
const CUT: f64 = 100.0;
/// Gas in mL outside of lungs and airway that is worth a word.
const REFUSED: f64 = 2.0;
/// Dense lung in mL that is worth a word.
const DENSE: f64 = 10.0;

/// What the checks look at.
pub(crate) struct Evidence<'a> {
    /// What the scanner did not measure, and the outlines, on the coarse grid.
    pub(crate) padded: &'a Mask,
    pub(crate) sides: &'a Volume<u8>,
    /// The maps on the voxels of the image.
    pub(crate) lungs: &'a Volume<u8>,
    pub(crate) anatomical: &'a Volume<u8>,
    pub(crate) parting: Parting,
    pub(crate) airway: Option<&'a Airway>,
    pub(crate) refused: f64,
    /// Air between lung and wall in mL.
    pub(crate) beside: f64,
}

/// All rows, in a fixed order.
pub(crate) fn checks(evidence: &Evidence) -> Vec<Quality> {
    let mut rows = Vec::new();
    let cut = [stack(evidence.lungs), field(evidence)];
    let is_cut = cut.iter().any(Option::is_some);
    rows.extend(cut.into_iter().flatten());
    let litres = litres(evidence.lungs);
    rows.extend(volume(litres, is_cut));
    rows.extend(sides(litres, evidence.parting));
    rows.extend(airway(evidence));
    rows.extend(others(evidence, litres));
    rows
}

/// Volumes of right and left lung in L.
fn litres(labels: &Volume<u8>) -> [f64; 2] {
    let [slices, rows, columns] = labels.grid().shape();
    let by_slice = par::collect(slices, |k| {
        let slice = &labels.as_slice()[k * rows * columns..][..rows * columns];
        let count = |lung: Lung| slice.iter().map(|n| u64::from(*n == lung.label())).sum::<u64>();
        [count(Lung::Right), count(Lung::Left)]
    });
    [0, 1].map(|n| {
        let count: u64 = by_slice.iter().map(|counts| counts[n]).sum();
        count as f64 * labels.grid().voxel_volume() / 1e6
    })
}

/// Lung that goes on beyond the first or last slice.
pub(crate) fn stack(labels: &Volume<u8>) -> Option<Quality> {
    let [slices, rows, columns] = labels.grid().shape();
    let [_, dj, di] = labels.grid().spacing();
    let area = |k: usize| {
        let slice = &labels.as_slice()[k * rows * columns..][..rows * columns];
        slice.iter().filter(|label| is_lung(**label)).count() as f64 * dj * di
    };
    let (lower, upper) = (area(0), area(slices - 1));
    let ends = match (lower >= CUT, upper >= CUT) {
        (false, false) => return None,
        (true, false) => format!("lowest slice, {:.1} cm²", lower / 100.0),
        (false, true) => format!("highest slice, {:.1} cm²", upper / 100.0),
        (true, true) => format!(
            "lowest slice, {:.1} cm², and in the highest, {:.1} cm²",
            lower / 100.0,
            upper / 100.0
        ),
    };
    Some(Quality::warning(
        "lung_cut_by_stack",
        format!(
            "lung lies in the {ends}: it goes on beyond the image, wanted all of it; volumes and thirds are of what is seen"
        ),
    ))
}

/// Lung against the edge of the image or of what the scanner measured.
fn field(evidence: &Evidence) -> Option<Quality> {
    let sides = evidence.sides;
    let [_, rows, columns] = sides.grid().shape();
    let [dk, dj, di] = sides.grid().spacing();
    let padded = evidence.padded.as_slice();
    let mut area = 0.0;
    for (n, side) in sides.as_slice().iter().enumerate() {
        if !is_lung(*side) {
            continue;
        }
        let (j, i) = (n / columns % rows, n % columns);
        let beyond = |inside: bool, step: isize| !inside || padded[n.wrapping_add_signed(step)];
        area += dk * di * f64::from(u8::from(beyond(j > 0, -(columns as isize))));
        area += dk * di * f64::from(u8::from(beyond(j + 1 < rows, columns as isize)));
        area += dk * dj * f64::from(u8::from(beyond(i > 0, -1)));
        area += dk * dj * f64::from(u8::from(beyond(i + 1 < columns, 1)));
    }
    (area >= CUT).then(|| {
        Quality::warning(
            "lung_cut_by_field",
            format!("{:.1} cm² of lung lie against the edge of the field of view, wanted none; volumes are of what is seen", area / 100.0),
        )
    })
}

fn volume([right, left]: [f64; 2], is_cut: bool) -> Option<Quality> {
    let total = right + left;
    let [low, high] = VOLUME;
    if total >= low && total <= high {
        return None;
    }
    let why = if is_cut {
        "the lungs are not all in the image"
    } else if total < low {
        "a child, little breath, or lung that was missed"
    } else {
        "overinflation, or gas that is not lung"
    };
    Some(Quality::warning(
        "lung_volume",
        format!(
            "both lungs measure {total:.2} L, wanted {low:.1} to {high:.1} L of an adult: {why}"
        ),
    ))
}

fn sides([right, left]: [f64; 2], parting: Parting) -> Vec<Quality> {
    let mut rows = Vec::new();
    match parting {
        Parting::Apart => {}
        Parting::Ridge => rows.push(Quality::info(
            "lungs_fused",
            "right and left lung touch; they were parted along the densest path between them",
        )),
        Parting::Plane => rows.push(Quality::warning(
            "lungs_fused",
            "right and left lung touch and nothing dense parts them; they were cut in the plane of the spine",
        )),
        Parting::Single(lung) => {
            let (found, missing) = match lung {
                Lung::Left => ("left", "right"),
                _ => ("right", "left"),
            };
            rows.push(Quality::warning(
                "lung_missing",
                format!("one lung was found, the {found}; no {missing} lung that holds air, wanted two"),
            ));
            return rows;
        }
    }
    let (ratio, [low, high]) = (right / left, RATIO);
    if !(low..=high).contains(&ratio) {
        rows.push(Quality::warning(
            "lung_ratio",
            format!("the right lung measures {right:.2} L, the left {left:.2} L, ratio {ratio:.2}, wanted {low:.2} to {high:.2}"),
        ));
    }
    rows
}

fn airway(evidence: &Evidence) -> Vec<Quality> {
    let Some(airway) = evidence.airway else {
        return vec![Quality::warning(
            "trachea_not_found",
            "no trachea was found; air in trachea and main bronchi may count as lung",
        )];
    };
    let mut rows = Vec::new();
    match airway.rolled {
        Rolled::Freely => {}
        Rolled::Wider(radius) => rows.push(Quality::info(
            "airway_leak",
            format!("the airway leaked into the lung; it was followed again with a ball of {radius:.0} mm radius, and ends earlier"),
        )),
        Rolled::NotAtAll => rows.push(Quality::warning(
            "airway_leak",
            "the airway leaked into the lung at every calibre; only the trachea was kept, air in main bronchi counts as lung",
        )),
    }
    let beside = extent(evidence.sides).is_some_and(|lungs| !lungs[0].contains(&airway.carina));
    if beside {
        rows.push(Quality::warning(
            "trachea_outside",
            "what was taken for the trachea ends above or below the lungs, wanted between them",
        ));
    }
    rows
}

fn others(evidence: &Evidence, aerated: [f64; 2]) -> Vec<Quality> {
    let mut rows = Vec::new();
    if evidence.refused >= REFUSED {
        rows.push(Quality::info(
            "gas_excluded",
            format!("{:.0} mL of gas inside the body are neither lung nor airway (bowel, stomach, oesophagus, table) and were left out", evidence.refused),
        ));
    }
    if evidence.beside > 0.0 {
        rows.push(Quality::warning(
            "air_beside_lung",
            format!("{:.0} mL of pure gas lie in a layer between lung and wall, as in pneumothorax, wanted none; they count as no lung. A bulla that spread along the wall looks the same", evidence.beside),
        ));
    }
    let whole = litres(evidence.anatomical);
    let dense = 1000.0 * (whole[0] + whole[1] - aerated[0] - aerated[1]);
    if dense >= DENSE {
        rows.push(Quality::info(
            "dense_lung",
            format!(
                "{dense:.0} mL of dense lung lie outside of the aerated lung that density measures"
            ),
        ));
    }
    rows
}
