//! Volumes by the area of cross-sections.

use hilum_core::{Code, Lung, Lungs, Measurement, Quality, Region, Site, Unit};

use super::copy::Copy;
use super::paint::Painted;

/// Areas in mm² up to which a vessel is small.
const SMALL: [f32; 2] = [5.0, 10.0];
/// Steps of the image in mm from which on small vessels are lost.
const COARSE: f64 = 1.5;

const fn own(value: &'static str, meaning: &'static str) -> Code {
    Code::new(Code::PRIVATE, value, meaning)
}

const TOTAL: Code = own("TBV", "Total volume of vessels in lung");
const FIVE: Code = own("BV5", "Volume of vessels in lung of at most 5 mm² cross-section");
const TEN: Code = own("BV10", "Volume of vessels in lung of at most 10 mm² cross-section");
const SHARE: Code = own("BV5TBV", "Share of vessels in lung of at most 5 mm² cross-section");

/// Volumes of vessels in mL: all, at most 5 mm², at most 10 mm², of both, right and left lung.
fn volumes(copy: &Copy, painted: &Painted, counts: &[bool]) -> [[f64; 3]; 3] {
    let voxel = copy.hu.grid().voxel_volume() / 1000.0;
    let mut sums = [[0.0; 3]; 3];
    let labels = copy.lungs.as_slice();
    for (n, share) in copy.share.as_slice().iter().enumerate() {
        let area = painted.area.as_slice()[n];
        if area <= 0.0 || !counts[n] {
            continue;
        }
        let side = if labels[n] == Lung::Right.label() { 1 } else { 2 };
        let volume = f64::from(*share) * voxel;
        for lungs in [0, side] {
            sums[lungs][0] += volume;
            for (small, limit) in SMALL.iter().enumerate() {
                sums[lungs][small + 1] += if area <= *limit { volume } else { 0.0 };
            }
        }
    }
    sums
}

/// All numbers, in a fixed order.
pub(crate) fn measurements(copy: &Copy, painted: &Painted, counts: &[bool]) -> Vec<Measurement> {
    let mut rows = Vec::new();
    let how = format!(
        "sum over voxels of lung vessels of (HU - tissue) / (blood - tissue), blood {:.0} HU",
        copy.blood
    );
    let sums = volumes(copy, painted, counts);
    for (lungs, [total, five, ten]) in Lungs::ALL.into_iter().zip(sums) {
        if total <= 0.0 {
            continue;
        }
        let row = |key, value, unit, concept, definition: String| {
            Measurement::plain(key, Site::Whole(lungs), value, unit, concept, definition)
        };
        let small = |limit: usize| format!("{how}, cross-section at most {limit} mm²");
        rows.push(row("vessel_tbv_ml", total, Unit::Millilitre, TOTAL, how.clone()));
        rows.push(row("vessel_bv5_ml", five, Unit::Millilitre, FIVE, small(5)));
        rows.push(row("vessel_bv10_ml", ten, Unit::Millilitre, TEN, small(10)));
        let definition = String::from("BV5 over TBV");
        rows.push(row(
            "vessel_bv5_percent",
            100.0 * five / total,
            Unit::Percent,
            SHARE,
            definition,
        ));
    }
    rows
}

/// All remarks.
pub(crate) fn quality(spacing: [f64; 3], with_airways: bool) -> Vec<Quality> {
    let mut rows = Vec::new();
    let widest = spacing.into_iter().fold(0.0, f64::max);
    if widest > COARSE {
        rows.push(Quality::warning(
            "vessel_resolution",
            format!("voxels are {widest:.1} mm long, wanted at most {COARSE} mm: small vessels are lost, and BV5 compares only with images of the same voxels"),
        ));
    }
    if !with_airways {
        rows.push(Quality::info(
            "vessels_without_airways",
            "the airways are not known: bright walls of bronchi may count as vessels",
        ));
    }
    rows
}
