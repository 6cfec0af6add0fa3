//! What a CT volume is.

use dicom_dictionary_std::uids;

use crate::group;
use crate::slice::Slice;

/// The reason of a series of one image.
pub(crate) const SINGLE: &str = "a single slice, wanted a stack";

/// Why images of one series are not a CT volume; empty if they may be one.
pub(crate) fn why_not_ct(slices: &[Slice]) -> Vec<String> {
    let first = &slices[0];
    let header = &first.header;
    let mut reasons = Vec::new();
    match header.acquisition.modality.as_deref() {
        Some("CT") => {}
        Some(other) => reasons.push(format!("modality {other}, wanted CT")),
        None => reasons.push("no modality given, wanted CT".into()),
    }
    if let Some(kind) = not_a_slice(first) {
        reasons.push(kind);
    } else if let Some(lacking) = &first.labels.unplaced {
        reasons.push(lacking.clone());
    }
    if let Some(unit) = &first.labels.unit
        && !is_hounsfield(unit)
    {
        reasons.push(format!("values in {unit}, wanted HU"));
    }
    if slices.len() == 1 {
        reasons.push(SINGLE.into());
    } else if reasons.is_empty() && group::step(slices).is_none() {
        reasons
            .push(format!("{} images at one place (a run in time?), wanted a stack", slices.len()));
    }
    reasons
}

/// What an image is, if it is not a reconstructed slice.
fn not_a_slice(slice: &Slice) -> Option<String> {
    let is = |word: &str| slice.labels.image_type.iter().any(|kind| kind == word);
    if is("LOCALIZER") || is("SCOUT") {
        return Some("a localizer".into());
    }
    if is("MIP") || is("PROJECTION IMAGE") {
        return Some("a projection".into());
    }
    if slice.header.format.samples != 1 || is("SCREEN SAVE") {
        return Some("a picture, not CT numbers".into());
    }
    let class = slice.header.sop_class.as_str();
    let captures = [
        uids::SECONDARY_CAPTURE_IMAGE_STORAGE,
        uids::MULTI_FRAME_GRAYSCALE_BYTE_SECONDARY_CAPTURE_IMAGE_STORAGE,
        uids::MULTI_FRAME_TRUE_COLOR_SECONDARY_CAPTURE_IMAGE_STORAGE,
    ];
    (captures.contains(&class) && slice.plane.is_none()).then(|| "a secondary capture".into())
}

/// `HU`, or `US` (unspecified), which some scanners write for the same; and the unit written out,
/// one maker's spelling included.
fn is_hounsfield(unit: &str) -> bool {
    let unit = unit.trim().to_ascii_lowercase();
    ["hu", "us"].contains(&unit.as_str())
        || ["hounsfield", "houndsfield"].iter().any(|name| unit.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::is_hounsfield;

    #[test]
    fn a_unit_that_is_not_hounsfield_is_another_one() {
        assert!(["HU", "US", "Houndsfield Unit", "HOUNSFIELD"].into_iter().all(is_hounsfield));
        assert!(!["MGML", "PCT", "Z_EFF", "ED"].into_iter().any(is_hounsfield));
    }
}
