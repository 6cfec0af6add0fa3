//! What a file says of its X-ray geometry, wherever it says it.

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use crate::attributes::{count, element_numbers, items, text};
use crate::view::View;

/// Geometry as told; lengths in mm, angles in degrees.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tags {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    /// Positioner angles of the first frame: primary, secondary.
    pub(crate) angles: [Option<f64>; 2],
    /// Largest turn away from the first frame; `None` where it turns by an angle that is not told.
    pub(crate) sweep: Option<f64>,
    pub(crate) source_detector: Option<f64>,
    pub(crate) source_isocentre: Option<f64>,
    /// Whether the isocentre is named as such, and not as the patient.
    pub(crate) isocentre_named: bool,
    pub(crate) magnification: Option<f64>,
    /// At the detector: distance of rows, then of columns.
    pub(crate) imager_spacing: Option<[f64; 2]>,
    /// At an unnamed depth.
    pub(crate) pixel_spacing: Option<[f64; 2]>,
    /// What of the geometry, angles apart, is not the same for all frames.
    pub(crate) varies: Option<&'static str>,
    /// What was done to the picture between the detector and the file.
    pub(crate) turned: Option<String>,
}

const POSITION: Tag = tags::POSITIONER_POSITION_SEQUENCE;
const GEOMETRY: Tag = tags::X_RAY_GEOMETRY_SEQUENCE;
const ANGLES: [Tag; 2] = [tags::POSITIONER_PRIMARY_ANGLE, tags::POSITIONER_SECONDARY_ANGLE];
const INCREMENTS: [Tag; 2] =
    [tags::POSITIONER_PRIMARY_ANGLE_INCREMENT, tags::POSITIONER_SECONDARY_ANGLE_INCREMENT];

impl Tags {
    /// Reads the first frame, and the angles of all `frames`.
    pub(crate) fn read(object: &InMemDicomObject, frames: usize) -> Self {
        let view = View::new(object, 0);
        let isocentre = view.number(GEOMETRY, tags::DISTANCE_SOURCE_TO_ISOCENTER);
        let patient = view.number(GEOMETRY, tags::DISTANCE_SOURCE_TO_PATIENT);
        let size = |tag| usize::from(count(object, tag).unwrap_or(0));
        Self {
            rows: size(tags::ROWS),
            columns: size(tags::COLUMNS),
            angles: ANGLES.map(|tag| view.number(POSITION, tag)),
            sweep: sweep(object, frames),
            source_detector: view.number(GEOMETRY, tags::DISTANCE_SOURCE_TO_DETECTOR),
            source_isocentre: isocentre.or(patient),
            isocentre_named: isocentre.is_some(),
            magnification: view.number(GEOMETRY, tags::ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR),
            imager_spacing: view
                .numbers(tags::FRAME_PIXEL_DATA_PROPERTIES_SEQUENCE, tags::IMAGER_PIXEL_SPACING),
            pixel_spacing: view.numbers(tags::PIXEL_MEASURES_SEQUENCE, tags::PIXEL_SPACING),
            varies: varies(object, frames),
            turned: turned(&view),
        }
    }
}

/// Largest turn away from the first frame, in degrees.
fn sweep(object: &InMemDicomObject, frames: usize) -> Option<f64> {
    let mut told = false;
    let mut widest = 0.0f64;
    for (angle, increment) in ANGLES.into_iter().zip(INCREMENTS) {
        let steps = object.get(increment).and_then(element_numbers).unwrap_or_default();
        told |= !steps.is_empty();
        widest = widest.max(turn(&steps));
        let own = |frame| View::new(object, frame).number(POSITION, angle);
        let Some(first) = own(0) else { continue };
        let turns = (1..frames).filter_map(own).map(|angle| (angle - first).abs());
        widest = turns.fold(widest, f64::max);
    }
    let moves = text(object, tags::POSITIONER_MOTION).as_deref() == Some("DYNAMIC");
    (!moves || told || widest > 0.0).then_some(widest)
}

/// The first part of the geometry in which a frame differs from the first, and tables that move.
fn varies(object: &InMemDicomObject, frames: usize) -> Option<&'static str> {
    let tables = [
        tags::TABLE_VERTICAL_INCREMENT,
        tags::TABLE_LATERAL_INCREMENT,
        tags::TABLE_LONGITUDINAL_INCREMENT,
    ];
    let steps = |tag: Tag| object.get(tag).and_then(element_numbers).unwrap_or_default();
    if tables.into_iter().any(|tag| turn(&steps(tag)) > MOVED) {
        return Some("the place of the table");
    }
    let own = items(object, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).len().min(frames);
    let differs = |(group, tag): (Tag, Tag)| {
        let value = |frame| View::new(object, frame).text(group, tag);
        let first = value(0);
        (1..own).any(|frame| value(frame) != first)
    };
    PARTS.into_iter().find(|(_, group, tag)| differs((*group, *tag))).map(|(name, ..)| name)
}

/// Tables that move less than this (mm) hold still.
const MOVED: f64 = 0.1;

/// Parts of the geometry that may be given frame by frame: name, functional group, attribute.
const PARTS: [(&str, Tag, Tag); 6] = [
    ("the plane of the system", tags::FRAME_CONTENT_SEQUENCE, tags::PLANE_IDENTIFICATION),
    ("the distance to the detector", GEOMETRY, tags::DISTANCE_SOURCE_TO_DETECTOR),
    ("the distance to the isocentre", GEOMETRY, tags::DISTANCE_SOURCE_TO_ISOCENTER),
    ("the distance to the patient", GEOMETRY, tags::DISTANCE_SOURCE_TO_PATIENT),
    (
        "the size of the pixels",
        tags::FRAME_PIXEL_DATA_PROPERTIES_SEQUENCE,
        tags::IMAGER_PIXEL_SPACING,
    ),
    ("the flip of the picture", tags::FIELD_OF_VIEW_SEQUENCE, tags::FIELD_OF_VIEW_HORIZONTAL_FLIP),
];

/// Increments are from frame to frame, the first belongs to the first frame; but some take each
/// from the first frame. The farthest of either reading.
fn turn(steps: &[f64]) -> f64 {
    let mut angle = 0.0f64;
    let mut farthest = 0.0f64;
    for step in steps {
        angle += step;
        farthest = farthest.max(angle.abs()).max(step.abs());
    }
    farthest
}

fn turned(view: &View<'_>) -> Option<String> {
    let group = tags::FIELD_OF_VIEW_SEQUENCE;
    let rotation = view.number(group, tags::FIELD_OF_VIEW_ROTATION).unwrap_or(0.0);
    let flip = view.text(group, tags::FIELD_OF_VIEW_HORIZONTAL_FLIP).as_deref() == Some("YES");
    match (rotation != 0.0, flip) {
        (false, false) => None,
        (true, false) => Some(format!("turned by {rotation}°")),
        (false, true) => Some("flipped".into()),
        (true, true) => Some(format!("turned by {rotation}° and flipped")),
    }
}
