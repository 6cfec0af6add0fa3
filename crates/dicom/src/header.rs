//! Reads the facts of a file off its attributes.

use std::sync::Arc;

use dicom_core::Tag;
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;
use hilum_core::Acquisition;
use nalgebra::{Point3, Vector3};

use crate::attributes::{bits, count, element_numbers, element_text, item, items, number, text};
use crate::dataset::{DataSet, Pixels};
use crate::slice::{Format, Header, Plane, Rescale, Slice, SourceFile};

/// More frames than this are no CT but a broken number.
const MOST_FRAMES: f64 = 65_536.0;

/// The frames of an image file.
///
/// # Errors
///
/// What is missing for it to be one.
pub(crate) fn slices(
    file: SourceFile,
    found: &DataSet,
    pixels: Pixels,
) -> Result<Vec<Slice>, String> {
    let object = &found.object;
    let frames = match number(object, tags::NUMBER_OF_FRAMES) {
        None => 1,
        Some(frames) if (1.0..=MOST_FRAMES).contains(&frames) => frames as usize,
        Some(frames) => return Err(format!("it claims {frames} frames")),
    };
    let header = Arc::new(Header {
        file,
        syntax: found.syntax.clone(),
        pixels,
        format: format(object)?,
        frames,
        sop_class: text(object, tags::SOP_CLASS_UID).unwrap_or_default(),
        sop_instance: text(object, tags::SOP_INSTANCE_UID).unwrap_or_default(),
        study: text(object, tags::STUDY_INSTANCE_UID).unwrap_or_default(),
        series: text(object, tags::SERIES_INSTANCE_UID).unwrap_or_default(),
        frame_of_reference: text(object, tags::FRAME_OF_REFERENCE_UID),
        series_number: number(object, tags::SERIES_NUMBER),
        lossy: is_lossy(object, &found.syntax),
        acquisition: acquisition(object),
    });
    Ok((0..frames).map(|frame| slice(&header, object, frame)).collect())
}

fn format(object: &InMemDicomObject) -> Result<Format, String> {
    let wanted = |tag: Tag, name: &str| {
        count(object, tag).filter(|n| *n > 0).ok_or_else(|| format!("it does not give its {name}"))
    };
    let bits_allocated = wanted(tags::BITS_ALLOCATED, "bits allocated")?;
    let bits_stored = count(object, tags::BITS_STORED).unwrap_or(bits_allocated);
    let high_bit = count(object, tags::HIGH_BIT).unwrap_or(bits_stored.saturating_sub(1));
    if bits_stored == 0 || bits_stored > high_bit + 1 || high_bit >= bits_allocated {
        return Err(format!(
            "it stores {bits_stored} bits under bit {high_bit} of {bits_allocated}, which do not fit"
        ));
    }
    Ok(Format {
        rows: usize::from(wanted(tags::ROWS, "rows")?),
        columns: usize::from(wanted(tags::COLUMNS, "columns")?),
        samples: count(object, tags::SAMPLES_PER_PIXEL).unwrap_or(1).max(1),
        bits_allocated,
        bits_stored,
        high_bit,
        signed: count(object, tags::PIXEL_REPRESENTATION) == Some(1),
        photometric: text(object, tags::PHOTOMETRIC_INTERPRETATION)
            .unwrap_or_else(|| "MONOCHROME2".into()),
    })
}

fn is_lossy(object: &InMemDicomObject, syntax: &str) -> bool {
    let syntaxes =
        [uids::JPEG_BASELINE8_BIT, uids::JPEG_EXTENDED12_BIT, uids::JPEGLS_NEAR_LOSSLESS];
    text(object, tags::LOSSY_IMAGE_COMPRESSION).as_deref() == Some("01")
        || syntaxes.contains(&syntax)
}

fn slice(header: &Arc<Header>, object: &InMemDicomObject, frame: usize) -> Slice {
    let view = View::new(object, frame);
    let image_type = view
        .text(tags::CT_IMAGE_FRAME_TYPE_SEQUENCE, tags::FRAME_TYPE)
        .or_else(|| text(object, tags::IMAGE_TYPE))
        .unwrap_or_default();
    let content = tags::FRAME_CONTENT_SEQUENCE;
    let kernel = &header.acquisition.kernel;
    Slice {
        frame,
        plane: plane(&view),
        rescale: rescale(&view),
        padding: padding(object),
        unit: view.text(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tags::RESCALE_TYPE),
        distinctions: [
            view.text(content, tags::FRAME_ACQUISITION_NUMBER)
                .or_else(|| text(object, tags::ACQUISITION_NUMBER)),
            view.text(content, tags::TEMPORAL_POSITION_INDEX)
                .or_else(|| text(object, tags::TEMPORAL_POSITION_IDENTIFIER)),
            Some(image_type.clone()).filter(|kind| !kind.is_empty()),
            kernel.clone(),
            header.acquisition.description.clone(),
        ],
        image_type: image_type.split('\\').map(str::to_owned).collect(),
        header: Arc::clone(header),
    }
}

/// Attributes as one frame sees them: its own functional group, the shared one, the top level.
struct View<'a> {
    object: &'a InMemDicomObject,
    own: Option<&'a InMemDicomObject>,
    shared: Option<&'a InMemDicomObject>,
}

impl<'a> View<'a> {
    fn new(object: &'a InMemDicomObject, frame: usize) -> Self {
        let own = items(object, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).get(frame);
        Self { object, own, shared: item(object, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE) }
    }

    fn element(&self, group: Tag, tag: Tag) -> Option<&'a dicom_object::mem::InMemElement> {
        let within = |macros: Option<&'a InMemDicomObject>| item(macros?, group)?.get(tag);
        within(self.own).or_else(|| within(self.shared)).or_else(|| self.object.get(tag))
    }

    fn text(&self, group: Tag, tag: Tag) -> Option<String> {
        element_text(self.element(group, tag)?)
    }

    fn numbers<const N: usize>(&self, group: Tag, tag: Tag) -> Option<[f64; N]> {
        element_numbers(self.element(group, tag)?)?.try_into().ok()
    }

    fn number(&self, group: Tag, tag: Tag) -> Option<f64> {
        element_numbers(self.element(group, tag)?)?.first().copied()
    }
}

fn plane(view: &View<'_>) -> Option<Plane> {
    let position: [f64; 3] =
        view.numbers(tags::PLANE_POSITION_SEQUENCE, tags::IMAGE_POSITION_PATIENT)?;
    let [a, b, c, d, e, f] =
        view.numbers(tags::PLANE_ORIENTATION_SEQUENCE, tags::IMAGE_ORIENTATION_PATIENT)?;
    let spacing: [f64; 2] = view.numbers(tags::PIXEL_MEASURES_SEQUENCE, tags::PIXEL_SPACING)?;
    let [along_row, down_column] = [Vector3::new(a, b, c), Vector3::new(d, e, f)];
    let unit = |v: &Vector3<f64>| (v.norm() - 1.0).abs() < 0.01;
    let sound = unit(&along_row)
        && unit(&down_column)
        && along_row.dot(&down_column).abs() < 0.01
        && spacing.iter().all(|s| *s > 0.0);
    sound.then(|| Plane {
        position: Point3::from(position),
        along_row: along_row.normalize(),
        down_column: down_column.normalize(),
        spacing,
    })
}

fn rescale(view: &View<'_>) -> Rescale {
    let group = tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE;
    let slope = view.number(group, tags::RESCALE_SLOPE);
    let intercept = view.number(group, tags::RESCALE_INTERCEPT);
    Rescale {
        slope: slope.unwrap_or(1.0),
        intercept: intercept.unwrap_or(0.0),
        given: slope.is_some() && intercept.is_some(),
    }
}

fn padding(object: &InMemDicomObject) -> Option<[u32; 2]> {
    let value = bits(object, tags::PIXEL_PADDING_VALUE)?;
    Some([value, bits(object, tags::PIXEL_PADDING_RANGE_LIMIT).unwrap_or(value)])
}

/// How the image was made. In an enhanced image the facts of the first frame stand for all.
fn acquisition(object: &InMemDicomObject) -> Acquisition {
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
