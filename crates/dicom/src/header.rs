//! Reads the facts of a file off its attributes.

use std::sync::Arc;

use dicom_core::Tag;
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;
use nalgebra::{Point3, Vector3};

use crate::acquisition::acquisition;
use crate::attributes::{bits, count, items, number, text};
use crate::codec::{JPEG_PROGRESSIVE, JPEG_SPECTRAL_SELECTION};
use crate::dataset::{DataSet, Pixels};
use crate::identity::Patient;
use crate::phase_label::PhaseLabel;
use crate::slice::{Format, Header, Labels, PhaseTags, Plane, Rescale, Slice, SourceFile};
use crate::stored::Stored;
use crate::table::{self, Table};
use crate::view::View;

/// More frames than this are no CT but a broken number.
const MOST_FRAMES: f64 = 65_536.0;

/// More pixels than this are no frame of a CT or a cine (8192 by 8192).
const MOST_PIXELS: usize = 1 << 26;

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
    let format = format(object)?;
    require_bounds(&format, frames, pixels)?;
    let header = Arc::new(Header {
        file,
        syntax: found.syntax.clone(),
        pixels,
        table: table::read(object, format.signed)?,
        format,
        frames,
        sop_class: text(object, tags::SOP_CLASS_UID).unwrap_or_default(),
        sop_instance: text(object, tags::SOP_INSTANCE_UID).unwrap_or_default(),
        patient: Patient::of(object),
        protocol: text(object, tags::PROTOCOL_NAME),
        study: text(object, tags::STUDY_INSTANCE_UID).unwrap_or_default(),
        series: text(object, tags::SERIES_INSTANCE_UID).unwrap_or_default(),
        frame_of_reference: text(object, tags::FRAME_OF_REFERENCE_UID),
        series_number: number(object, tags::SERIES_NUMBER),
        lossy: is_lossy(object, &found.syntax),
        acquisition: acquisition(object),
    });
    // Frames of which nothing is said one by one are alike.
    let told = items(object, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).len().min(frames);
    let mut slices: Vec<Slice> = Vec::with_capacity(frames);
    for frame in 0..told {
        let mut slice = slice(&header, object, frame);
        if let Some(last) = slices.last()
            && last.labels == slice.labels
        {
            slice.labels = Arc::clone(&last.labels);
        }
        slices.push(slice);
    }
    if told < frames {
        let alike = slice(&header, object, told);
        slices.extend((told..frames).map(|frame| Slice { frame, ..alike.clone() }));
    }
    Ok(slices)
}

/// Compressed pixels of more than 16 MiB do not unpack to more than this many times their bytes:
/// nothing but an empty image does, and that one is small.
const MOST_TIMES: u64 = 1024;

/// Refuses what cannot be, before room is made for it. Every compressed frame takes a fragment
/// with a head of 8 bytes; a file that was cut still has half of its frames.
fn require_bounds(format: &Format, frames: usize, pixels: Pixels) -> Result<(), String> {
    if format.area() > MOST_PIXELS {
        let (rows, columns) = (format.rows, format.columns);
        return Err(format!("it claims {rows}×{columns} pixels, wanted at most 8192×8192"));
    }
    let claimed = (frames as u64).saturating_mul(format.frame_bytes() as u64);
    match (pixels.length, pixels.found) {
        (None, Some(found)) if found < 8 * frames as u64 => {
            Err(format!("it claims {frames} frames in {found} bytes"))
        }
        (None, Some(found)) if claimed > (1 << 24) + MOST_TIMES.saturating_mul(found) => {
            Err(format!("its pixels claim to unpack to {claimed} bytes from {found}"))
        }
        (Some(length), found) => {
            let held = found.unwrap_or(length).min(length);
            let half = (frames as u64 / 2) * format.frame_bytes() as u64;
            let refused = || format!("it claims {frames} frames in {held} bytes");
            if held < half { Err(refused()) } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

fn format(object: &InMemDicomObject) -> Result<Format, String> {
    let wanted = |tag: Tag, name: &str| {
        count(object, tag).filter(|n| *n > 0).ok_or_else(|| format!("it does not give its {name}"))
    };
    let bits_allocated = wanted(tags::BITS_ALLOCATED, "bits allocated")?;
    let bits_stored = count(object, tags::BITS_STORED).unwrap_or(bits_allocated);
    let high_bit = count(object, tags::HIGH_BIT).unwrap_or(bits_stored.saturating_sub(1));
    if bits_stored == 0 || bits_stored > high_bit.saturating_add(1) || high_bit >= bits_allocated {
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
    let syntaxes = [
        uids::JPEG_BASELINE8_BIT,
        uids::JPEG_EXTENDED12_BIT,
        JPEG_SPECTRAL_SELECTION,
        JPEG_PROGRESSIVE,
        uids::JPEGLS_NEAR_LOSSLESS,
    ];
    text(object, tags::LOSSY_IMAGE_COMPRESSION).as_deref() == Some("01")
        || syntaxes.contains(&syntax)
}

fn slice(header: &Arc<Header>, object: &InMemDicomObject, frame: usize) -> Slice {
    let view = View::new(object, frame);
    let rescale = rescale(&view, header.table.is_some());
    let plane = plane(&view);
    Slice {
        frame,
        plane,
        padding: padding(object, header, rescale),
        rescale,
        labels: Arc::new(labels(&view, object, header, plane.is_some())),
        header: Arc::clone(header),
    }
}

fn labels(view: &View<'_>, object: &InMemDicomObject, header: &Header, placed: bool) -> Labels {
    let image_type = view
        .text(tags::CT_IMAGE_FRAME_TYPE_SEQUENCE, tags::FRAME_TYPE)
        .or_else(|| text(object, tags::IMAGE_TYPE))
        .unwrap_or_default();
    let content = tags::FRAME_CONTENT_SEQUENCE;
    let phases = phases(view);
    let said = |label: Option<PhaseLabel>| label.map(|label| label.to_string());
    Labels {
        unplaced: (!placed).then(|| unplaced(view, object)),
        unit: header.table.as_ref().map_or_else(
            || view.text(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tags::RESCALE_TYPE),
            Table::unit,
        ),
        distinctions: [
            said(phases.percent),
            said(phases.position),
            view.text(content, tags::FRAME_ACQUISITION_NUMBER)
                .or_else(|| text(object, tags::ACQUISITION_NUMBER)),
            Some(image_type.clone()).filter(|kind| !kind.is_empty()),
            view.text(tags::PIXEL_MEASURES_SEQUENCE, tags::SLICE_THICKNESS),
            header.acquisition.description.clone(),
            said(phases.comment),
            said(phases.delay),
        ],
        kernel: view.text(tags::CT_RECONSTRUCTION_SEQUENCE, tags::CONVOLUTION_KERNEL),
        phases,
        image_type: image_type.split('\\').map(str::to_owned).collect(),
    }
}

fn phases(view: &View<'_>) -> PhaseTags {
    let content = tags::FRAME_CONTENT_SEQUENCE;
    let number = |tag| view.number(content, tag);
    let position = number(tags::TEMPORAL_POSITION_INDEX)
        .or_else(|| number(tags::TEMPORAL_POSITION_IDENTIFIER))
        .filter(|place| (0.0..=65_535.0).contains(place));
    let percent = view
        .number(
            tags::RESPIRATORY_SYNCHRONIZATION_SEQUENCE,
            tags::NOMINAL_PERCENTAGE_OF_RESPIRATORY_PHASE,
        )
        .filter(|percent| (0.0..=100.0).contains(percent));
    let comment = view
        .text(content, tags::FRAME_COMMENTS)
        .or_else(|| view.text(content, tags::IMAGE_COMMENTS));
    PhaseTags {
        percent: percent.map(PhaseLabel::Percent),
        position: position.map(|place| PhaseLabel::Position(place as u32)),
        comment: comment.and_then(|words| PhaseLabel::of_words(&words)),
        delay: number(tags::TRIGGER_TIME).map(PhaseLabel::Delay),
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

/// What keeps an image from having a place.
fn unplaced(view: &View<'_>, object: &InMemDicomObject) -> String {
    let given = [
        (tags::PLANE_POSITION_SEQUENCE, tags::IMAGE_POSITION_PATIENT, "position"),
        (tags::PLANE_ORIENTATION_SEQUENCE, tags::IMAGE_ORIENTATION_PATIENT, "orientation"),
        (tags::PIXEL_MEASURES_SEQUENCE, tags::PIXEL_SPACING, "pixel spacing"),
    ];
    let missing = given.iter().filter(|(group, tag, _)| view.text(*group, *tag).is_none());
    let missing: Vec<&str> = missing.map(|(_, _, name)| *name).collect();
    match missing[..] {
        [] => "position, orientation or pixel spacing in the patient that cannot be".into(),
        _ if text(object, tags::SLICE_LOCATION).is_some() => format!(
            "no {} in the patient, and a slice location does not stand for it",
            missing.join(", no ")
        ),
        _ => format!("no {} in the patient", missing.join(", no ")),
    }
}

fn rescale(view: &View<'_>, table: bool) -> Rescale {
    let group = tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE;
    let slope = view.number(group, tags::RESCALE_SLOPE);
    let intercept = view.number(group, tags::RESCALE_INTERCEPT);
    Rescale {
        slope: slope.unwrap_or(1.0),
        intercept: intercept.unwrap_or(0.0),
        given: table || slope.is_some() && intercept.is_some(),
    }
}

/// Padding goes through the same arithmetic as the pixels.
fn padding(object: &InMemDicomObject, header: &Header, rescale: Rescale) -> Option<[f64; 2]> {
    let stored = Stored::of(header, rescale);
    if header.pixels.float {
        let either = |a: Tag, b: Tag| number(object, a).or_else(|| number(object, b));
        let value =
            either(tags::FLOAT_PIXEL_PADDING_VALUE, tags::DOUBLE_FLOAT_PIXEL_PADDING_VALUE)?;
        let limit = either(
            tags::FLOAT_PIXEL_PADDING_RANGE_LIMIT,
            tags::DOUBLE_FLOAT_PIXEL_PADDING_RANGE_LIMIT,
        );
        return Some([value, limit.unwrap_or(value)].map(|number| stored.scaled(number)));
    }
    let value = bits(object, tags::PIXEL_PADDING_VALUE)?;
    let limit = bits(object, tags::PIXEL_PADDING_RANGE_LIMIT).unwrap_or(value);
    Some([value, limit].map(|raw| stored.rescaled(raw)))
}
