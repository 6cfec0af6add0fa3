//! What a CT volume is, and which of several a reader would rather measure.

use std::cmp::Reverse;

use dicom_dictionary_std::uids;

use crate::group;
use crate::series::{Series, Summary};
use crate::slice::Slice;

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
    } else if let Some(lacking) = &first.unplaced {
        reasons.push(lacking.clone());
    }
    if let Some(unit) = &first.unit
        && !is_hounsfield(unit)
    {
        reasons.push(format!("values in {unit}, wanted HU"));
    }
    if slices.len() == 1 {
        reasons.push("a single slice, wanted a stack".into());
    } else if reasons.is_empty() && group::step(slices).is_none() {
        reasons
            .push(format!("{} images at one place (a run in time?), wanted a stack", slices.len()));
    }
    reasons
}

/// What an image is, if it is not a reconstructed slice.
fn not_a_slice(slice: &Slice) -> Option<String> {
    let is = |word: &str| slice.image_type.iter().any(|kind| kind == word);
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

/// Sorts series so that the one to be measured comes first, and numbers them: volumes before
/// their even parts before others, chest before the unnamed before other parts, original before derived, thin before
/// thick, softer before sharper, many slices before few.
pub(crate) fn rank(series: &mut [Series]) {
    series.sort_by_cached_key(|series| {
        let summary = &series.summary;
        let preference = (
            !summary.why_not_ct.is_empty(),
            series.even_part,
            part_of_body(summary),
            !summary.image_type.iter().any(|word| word == "ORIGINAL"),
            thickness(summary),
            sharpness(summary.acquisition.kernel.as_deref()),
            Reverse(summary.slices),
        );
        let order = (summary.series_number, summary.series_uid.clone(), summary.part.clone());
        (preference, order)
    });
    for (n, series) in series.iter_mut().enumerate() {
        series.summary.number = n + 1;
    }
}

/// 0 chest, 1 not told, 2 elsewhere.
fn part_of_body(summary: &Summary) -> u8 {
    let told = [&summary.acquisition.body_part, &summary.acquisition.description];
    let told: String = told.into_iter().flatten().map(|text| text.to_uppercase() + " ").collect();
    let names = |words: &[&str]| words.iter().any(|word| told.contains(word));
    match () {
        () if names(&["CHEST", "THORAX", "LUNG", "TORAX"]) => 0,
        () if names(&["HEAD", "BRAIN", "NECK", "ABD", "PELVIS", "SPINE", "KNEE"]) => 2,
        () => 1,
    }
}

/// 0 for thin-section CT (up to 1.5 mm), 1 up to 3 mm, 2 beyond or unknown.
fn thickness(summary: &Summary) -> u8 {
    let nominal = summary.acquisition.slice_thickness_mm.unwrap_or(0.0);
    match summary.slice_step_mm.map(|step| step.max(nominal)) {
        Some(thin) if thin <= 1.5 => 0,
        Some(medium) if medium <= 3.0 => 1,
        _ => 2,
    }
}

/// 0 soft, 1 unknown, 2 sharp. Kernels for lung, bone and edges raise the noise, and with it the
/// low-attenuation area.
fn sharpness(kernel: Option<&str>) -> u8 {
    let Some(kernel) = kernel else { return 1 };
    let name = kernel.split('\\').next().unwrap_or_default().trim().to_uppercase();
    if ["LUNG", "BONE", "EDGE", "ULTRA", "SHARP"].iter().any(|word| name.contains(word)) {
        return 2;
    }
    if ["STANDARD", "SOFT", "DETAIL"].iter().any(|word| name.contains(word)) {
        return 0;
    }
    let digits: String = name.chars().skip_while(|c| !c.is_ascii_digit()).collect();
    let digits: String = digits.chars().take_while(char::is_ascii_digit).collect();
    match (name.chars().next(), digits.parse::<u32>()) {
        // Siemens: B31f, Br40d, I50f; the number grows with sharpness.
        (Some('B' | 'I' | 'Q' | 'H'), Ok(number)) => {
            if number < 48 {
                0
            } else {
                2
            }
        }
        // Canon: FC01 to FC19 for the body, from FC30 for bone and lung.
        (Some('F'), Ok(number)) => {
            if number < 30 {
                0
            } else {
                2
            }
        }
        // Philips: A to C smooth, D and beyond sharp.
        (Some('A'..='C'), Err(_)) if name.len() == 1 => 0,
        (Some('D' | 'E' | 'L' | 'Y'), Err(_)) if name.len() <= 2 => 2,
        _ => 1,
    }
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
    use super::{is_hounsfield, sharpness};

    #[test]
    fn kernels_of_four_makers_are_told_apart() {
        for soft in ["STANDARD", "B31f", "Br38f\\3", "FC08", "B", "I31s"] {
            assert_eq!(sharpness(Some(soft)), 0, "{soft}");
        }
        for sharp in ["LUNG", "BONEPLUS", "B70f", "Bl57d", "FC51", "L", "YA"] {
            assert_eq!(sharpness(Some(sharp)), 2, "{sharp}");
        }
        assert_eq!(sharpness(Some("something new")), 1);
        assert_eq!(sharpness(None), 1);
    }

    #[test]
    fn a_unit_that_is_not_hounsfield_is_another_one() {
        assert!(["HU", "US", "Houndsfield Unit", "HOUNSFIELD"].into_iter().all(is_hounsfield));
        assert!(!["MGML", "PCT", "Z_EFF", "ED"].into_iter().any(is_hounsfield));
    }
}
