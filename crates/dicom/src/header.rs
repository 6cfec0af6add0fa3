//! Reads the facts of a file off its attributes.

use std::sync::Arc;

use dicom_core::Tag;
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;
use nalgebra::{Point3, Vector3};

use crate::acquisition::acquisition;
use crate::attributes::{bits, count, item, number, text};
use crate::dataset::{DataSet, Pixels};
use crate::slice::{Format, Header, Plane, Rescale, Slice, SourceFile};
use crate::view::View;

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
        rescale: rescale(&view, object),
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

fn rescale(view: &View<'_>, object: &InMemDicomObject) -> Rescale {
    let group = tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE;
    let slope = view.number(group, tags::RESCALE_SLOPE);
    let intercept = view.number(group, tags::RESCALE_INTERCEPT);
    Rescale {
        slope: slope.unwrap_or(1.0),
        intercept: intercept.unwrap_or(0.0),
        given: slope.is_some() && intercept.is_some(),
        table: item(object, tags::MODALITY_LUT_SEQUENCE).is_some(),
    }
}

fn padding(object: &InMemDicomObject) -> Option<[u32; 2]> {
    let value = bits(object, tags::PIXEL_PADDING_VALUE)?;
    Some([value, bits(object, tags::PIXEL_PADDING_RANGE_LIMIT).unwrap_or(value)])
}
