//! How an image was made, read off its attributes.

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use hilum_core::Acquisition;

use crate::attributes::{item, number, text};
use crate::view::View;

/// How the image was made. In an enhanced image the facts of the first frame stand for all.
pub(crate) fn acquisition(object: &InMemDicomObject) -> Acquisition {
    let view = View::new(object, 0);
    let text = |tag| text(object, tag);
    let number = |tag| number(object, tag);
    Acquisition {
        modality: text(tags::MODALITY),
        manufacturer: text(tags::MANUFACTURER),
        model: text(tags::MANUFACTURER_MODEL_NAME),
        body_part: text(tags::BODY_PART_EXAMINED),
        description: text(tags::SERIES_DESCRIPTION),
        kernel: view.text(tags::CT_RECONSTRUCTION_SEQUENCE, tags::CONVOLUTION_KERNEL),
        kvp: view.number(tags::CTX_RAY_DETAILS_SEQUENCE, tags::KVP),
        tube_current_ma: number(tags::X_RAY_TUBE_CURRENT)
            .or_else(|| view.number(tags::CT_EXPOSURE_SEQUENCE, tags::X_RAY_TUBE_CURRENT_INM_A)),
        exposure_mas: number(tags::EXPOSURE)
            .or_else(|| view.number(tags::CT_EXPOSURE_SEQUENCE, tags::EXPOSURE_INM_AS)),
        slice_thickness_mm: view.number(tags::PIXEL_MEASURES_SEQUENCE, tags::SLICE_THICKNESS),
        reconstruction_diameter_mm: view
            .number(tags::CT_RECONSTRUCTION_SEQUENCE, tags::RECONSTRUCTION_DIAMETER),
        contrast: contrast(object),
        gantry_tilt: view
            .number(tags::CT_GEOMETRY_SEQUENCE, tags::GANTRY_DETECTOR_TILT)
            .map(f64::to_radians),
        patient_position: text(tags::PATIENT_POSITION),
        iterative: iterative(object),
        software: text(tags::SOFTWARE_VERSIONS),
        age_years: text(tags::PATIENT_AGE).and_then(|age| years(&age)),
        sex: text(tags::PATIENT_SEX),
        height_m: number(tags::PATIENT_SIZE).filter(|size| *size > 0.0),
        weight_kg: number(tags::PATIENT_WEIGHT).filter(|weight| *weight > 0.0),
    }
}

/// The agent, or `unnamed agent` where a route or a volume tells that one was given.
fn contrast(object: &InMemDicomObject) -> Option<String> {
    let told = [tags::CONTRAST_BOLUS_ROUTE, tags::CONTRAST_BOLUS_START_TIME];
    let agent = text(object, tags::CONTRAST_BOLUS_AGENT).or_else(|| {
        let item = item(object, tags::CONTRAST_BOLUS_AGENT_SEQUENCE)?;
        text(item, tags::CODE_MEANING)
    });
    let dose = number(object, tags::CONTRAST_BOLUS_VOLUME).is_some_and(|volume| volume > 0.0);
    agent.or_else(|| {
        let given = dose || told.into_iter().any(|tag| text(object, tag).is_some());
        given.then(|| "unnamed agent".to_owned())
    })
}

/// The name of an iterative or learned reconstruction, where a public attribute tells one.
fn iterative(object: &InMemDicomObject) -> Option<String> {
    let view = View::new(object, 0);
    let group = tags::CT_RECONSTRUCTION_SEQUENCE;
    let algorithm = view.text(group, tags::RECONSTRUCTION_ALGORITHM);
    algorithm.filter(|name| !name.to_uppercase().contains("FILTER_BACK_PROJ"))
}

/// Years of an age string (`063Y`, `018M`).
fn years(age: &str) -> Option<f64> {
    let (number, unit) = age.split_at_checked(age.len().checked_sub(1)?)?;
    let per_year = match unit {
        "Y" => 1.0,
        "M" => 12.0,
        "W" => 52.18,
        "D" => 365.25,
        _ => return None,
    };
    number.trim().parse::<f64>().ok().map(|count| count / per_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_read_in_any_unit() {
        assert_eq!(years("063Y"), Some(63.0));
        assert_eq!(years("018M"), Some(1.5));
        assert_eq!(years("Y"), None);
        assert_eq!(years(""), None);
        assert_eq!(years("3ü"), None);
    }
}
