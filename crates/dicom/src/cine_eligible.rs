//! What a cine is.

use dicom_dictionary_std::uids;

use crate::slice::Slice;

/// Storage classes of X-ray pictures in time.
const CLASSES: [&str; 4] = [
    uids::X_RAY_ANGIOGRAPHIC_IMAGE_STORAGE,
    uids::X_RAY_RADIOFLUOROSCOPIC_IMAGE_STORAGE,
    uids::ENHANCED_XA_IMAGE_STORAGE,
    uids::ENHANCED_XRF_IMAGE_STORAGE,
];

/// Fewer files of one frame are views, not a run.
const FEWEST_FILES: usize = 3;

/// Why images of one series are not a cine; empty if they may be one. Whether the frames have
/// times is known only to [`Series::cine_facts`](crate::Series::cine_facts).
pub(crate) fn why_not_cine(slices: &[Slice]) -> Vec<String> {
    let header = &slices[0].header;
    let mut reasons = Vec::new();
    let modality = header.acquisition.modality.as_deref();
    let single = header.frames == 1 && modality == Some("DX");
    if !single && !is_fluoroscopy(modality, &header.sop_class) {
        let found = modality.map_or("no modality given".into(), |name| format!("modality {name}"));
        reasons.push(format!("{found}, wanted XA or RF"));
    }
    if slices.len() == 1 {
        reasons.push("a single frame, wanted a run of frames".into());
    } else if header.frames == 1 && slices.len() < FEWEST_FILES {
        reasons.push(format!("{} single frames, wanted {FEWEST_FILES} or more", slices.len()));
    }
    if header.format.samples != 1 || !header.format.photometric.starts_with("MONOCHROME") {
        reasons.push(format!("{} pixels, wanted monochrome", header.format.photometric));
    }
    reasons
}

/// Says whether each file is a run of its own: several frames of XA or RF.
pub(crate) fn is_run(slice: &Slice) -> bool {
    let header = &slice.header;
    let modality = header.acquisition.modality.as_deref();
    header.frames > 1 && is_fluoroscopy(modality, &header.sop_class)
}

fn is_fluoroscopy(modality: Option<&str>, class: &str) -> bool {
    match modality {
        Some(name) => name == "XA" || name == "RF",
        None => CLASSES.contains(&class),
    }
}
