//! Angles and distances of a C-arm against what stands where in the room.

mod common;
mod run;

use common::put;
use dicom_core::VR;
use dicom_core::value::{DataSetSequence, PrimitiveValue};
use dicom_core::{DataElement, Length, Tag};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use hilum_core::{Anchor, Projection};
use nalgebra::{Point3, Vector3};
use run::{Run, codes, message};

const DETECTOR: f64 = 1200.0;
const ISOCENTRE: f64 = 750.0;

/// A run with all of its geometry, rows 0.4 mm and columns 0.3 mm apart on the detector.
fn run(primary: f64, secondary: f64) -> Run {
    Run::timed().with(|o| {
        number(o, tags::POSITIONER_PRIMARY_ANGLE, primary);
        number(o, tags::POSITIONER_SECONDARY_ANGLE, secondary);
        number(o, tags::DISTANCE_SOURCE_TO_DETECTOR, DETECTOR);
        number(o, tags::DISTANCE_SOURCE_TO_PATIENT, ISOCENTRE);
        put(o, tags::IMAGER_PIXEL_SPACING, VR::DS, "0.4\\0.3");
    })
}

fn number(object: &mut common::Object, tag: Tag, value: f64) {
    put(object, tag, VR::DS, value.to_string());
}

fn projection(run: &Run) -> Projection {
    run.facts().unwrap().projection.expect("the geometry is complete")
}

fn close(a: Vector3<f64>, b: Vector3<f64>) {
    assert!((a - b).norm() < 1e-9, "{a} {b}");
}

#[test]
fn the_detector_stands_where_the_angles_say() {
    let (left, back, head) = (Vector3::x(), Vector3::y(), Vector3::z());
    let rest = 0.5f64.sqrt();
    // Primary, secondary; towards the detector, along a row, down a column.
    let views = [
        (0.0, 0.0, -back, left, -head),
        (90.0, 0.0, left, back, -head),
        (-90.0, 0.0, -left, -back, -head),
        (180.0, 0.0, back, -left, -head),
        (0.0, 90.0, head, left, -back),
        (0.0, -90.0, -head, left, back),
        (45.0, 0.0, (left - back) * rest, (left + back) * rest, -head),
        (0.0, 45.0, (head - back) * rest, left, -(head + back) * rest),
    ];
    for (primary, secondary, towards, along_row, down_column) in views {
        let seen = projection(&run(primary, secondary));
        close(seen.normal(), towards);
        close(seen.along_row(), along_row);
        close(seen.down_column(), down_column);
        close(seen.source().coords, -towards * ISOCENTRE);
        assert!((seen.source_distance() - DETECTOR).abs() < 1e-9);
        assert_eq!(seen.anchor(), Anchor::Isocentre);
        assert_eq!(seen.pitch(), [0.4, 0.3]);
        // A viewer at the detector who looks at the source sees rows run to the right.
        close(along_row, (-towards).cross(&-down_column));
    }
}

#[test]
fn the_isocentre_is_seen_in_the_middle_and_enlarged() {
    for (primary, secondary) in [(0.0, 0.0), (30.0, -15.0), (-72.5, 33.0)] {
        let seen = projection(&run(primary, secondary));
        let [_, rows, columns] = run::SHAPE;
        let middle = [(rows as f64 - 1.0) / 2.0, (columns as f64 - 1.0) / 2.0];
        let place = |point| seen.pixel(seen.project(point).unwrap());
        let off =
            |found: [f64; 2], wanted: [f64; 2]| (found[0] - wanted[0]).hypot(found[1] - wanted[1]);
        assert!(off(place(Point3::origin()), middle) < 1e-9);
        // 3 mm along a row at the isocentre are 3 · 1.6 / 0.3 columns.
        let beside = Point3::origin() + seen.along_row() * 3.0;
        assert!(off(place(beside), [middle[0], middle[1] + 16.0]) < 1e-9);
    }
}

#[test]
fn the_patients_left_is_on_the_right_of_a_frontal_view_and_the_head_on_top() {
    let seen = projection(&run(0.0, 0.0));
    let place = |x, y, z| seen.pixel(seen.project(Point3::new(x, y, z)).unwrap());
    assert!(place(10.0, 0.0, 0.0)[1] > place(-10.0, 0.0, 0.0)[1]);
    assert!(place(0.0, 0.0, 10.0)[0] < place(0.0, 0.0, -10.0)[0]);
    // What is near the source, at the back, is enlarged more.
    let wide = |y| place(10.0, y, 0.0)[1] - place(-10.0, y, 0.0)[1];
    assert!(wide(100.0) > wide(0.0) && wide(0.0) > wide(-100.0));
}

#[test]
fn every_assumption_is_told() {
    let facts = run(10.0, 5.0).facts().unwrap();
    let told =
        ["frame_times", "isocentre_unplaced", "central_ray_assumed", "isocentre_distance_assumed"];
    assert_eq!(codes(&facts.quality), told);
}

#[test]
fn a_magnification_stands_in_for_a_missing_distance() {
    for missing in [tags::DISTANCE_SOURCE_TO_DETECTOR, tags::DISTANCE_SOURCE_TO_PATIENT] {
        let run = run(20.0, 0.0).with(|o| {
            o.remove_element(missing);
            number(o, tags::ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR, 1.6);
        });
        let seen = projection(&run);
        assert!((seen.source_distance() - DETECTOR).abs() < 1e-9);
        assert!((seen.source().coords.norm() - ISOCENTRE).abs() < 1e-9);
        assert!(codes(&run.facts().unwrap().quality).contains(&"distance_from_magnification"));
    }
}

#[test]
fn a_magnification_that_contradicts_the_distances_is_told_and_left() {
    let run = run(20.0, 0.0).with(|o| {
        number(o, tags::ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR, 1.2);
    });
    assert_eq!(projection(&run).source().coords.norm().round(), ISOCENTRE);
    assert_eq!(
        message(&run.facts().unwrap().quality, "magnification_disagrees"),
        "magnification 1.2 is told, the distances 1200 and 750 mm say 1.600; the distances are taken"
    );
}

#[test]
fn a_pixel_size_in_the_patient_is_carried_to_the_detector() {
    let run = run(0.0, 0.0).with(|o| {
        o.remove_element(tags::IMAGER_PIXEL_SPACING);
        put(o, tags::PIXEL_SPACING, VR::DS, "0.25\\0.5");
    });
    assert_eq!(projection(&run).pitch(), [0.4, 0.8]);
    assert!(codes(&run.facts().unwrap().quality).contains(&"pixel_size_at_isocentre"));
}

type Change = fn(&mut common::Object);

#[test]
fn a_geometry_that_is_not_known_is_withheld_with_the_reason() {
    let sets: [(Change, &str); 9] = [
        (
            |o| drop(o.take_element(tags::POSITIONER_SECONDARY_ANGLE)),
            "positioner angles: primary 30°, secondary none, wanted both",
        ),
        (
            |o| number(o, tags::POSITIONER_PRIMARY_ANGLE, 190.0),
            "positioner angles 190° and -15°, wanted up to ±180° and ±90°",
        ),
        (
            |o| drop(o.take_element(tags::DISTANCE_SOURCE_TO_PATIENT)),
            "distance from the source to the detector 1200 mm, to the patient none, wanted both, or one and the magnification",
        ),
        (
            |o| number(o, tags::DISTANCE_SOURCE_TO_PATIENT, 1300.0),
            "the patient is 1300 mm from the source, the detector 1200 mm, wanted the detector farther",
        ),
        (
            |o| drop(o.take_element(tags::IMAGER_PIXEL_SPACING)),
            "no pixel size, wanted Imager Pixel Spacing",
        ),
        (
            |o| put(o, tags::POSITIONER_MOTION, VR::CS, "DYNAMIC"),
            "the positioner turns by an unknown angle during the run, wanted a still view",
        ),
        (
            |o| put(o, tags::POSITIONER_PRIMARY_ANGLE_INCREMENT, VR::DS, "0\\2\\2\\2"),
            "the positioner turns by 6.0° during the run, wanted a still view",
        ),
        (
            |o| number(o, tags::FIELD_OF_VIEW_ROTATION, 90.0),
            "the picture was turned by 90° after acquisition, wanted it as the detector saw it",
        ),
        (
            |o| put(o, tags::FIELD_OF_VIEW_HORIZONTAL_FLIP, VR::CS, "YES"),
            "the picture was flipped after acquisition, wanted it as the detector saw it",
        ),
    ];
    for (change, reason) in sets {
        let run = run(30.0, -15.0).with(change);
        let loaded = run.load().unwrap();
        assert_eq!(loaded.cine.projection(), None);
        assert_eq!(message(&loaded.quality, "projection_unknown"), reason);
    }
}

#[test]
fn an_enhanced_file_tells_the_same_in_its_groups() {
    let run = Run::new().with(|o| {
        put(o, tags::SOP_CLASS_UID, VR::UI, dicom_dictionary_std::uids::ENHANCED_XA_IMAGE_STORAGE);
        let decimal = |tag, vr, value: f64| DataElement::new(tag, vr, PrimitiveValue::from(value));
        let spacing = PrimitiveValue::from("0.4\\0.3");
        let properties = vec![
            DataElement::new(tags::IMAGER_PIXEL_SPACING, VR::DS, spacing),
            DataElement::new(tags::PIXEL_INTENSITY_RELATIONSHIP, VR::CS, "LIN"),
        ];
        let distances = vec![
            decimal(tags::DISTANCE_SOURCE_TO_DETECTOR, VR::FD, DETECTOR),
            decimal(tags::DISTANCE_SOURCE_TO_ISOCENTER, VR::FD, ISOCENTRE),
        ];
        let shared = vec![
            sequence(tags::FRAME_PIXEL_DATA_PROPERTIES_SEQUENCE, vec![properties]),
            sequence(tags::X_RAY_GEOMETRY_SEQUENCE, vec![distances]),
        ];
        o.put(sequence(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![shared]));
        let frame = |seconds: &str| {
            let moment = PrimitiveValue::from(format!("20240229235959{seconds}"));
            let content = DataElement::new(tags::FRAME_ACQUISITION_DATE_TIME, VR::DT, moment);
            let angles = vec![
                decimal(tags::POSITIONER_PRIMARY_ANGLE, VR::FD, 30.0),
                decimal(tags::POSITIONER_SECONDARY_ANGLE, VR::FD, -15.0),
            ];
            vec![
                sequence(tags::FRAME_CONTENT_SEQUENCE, vec![vec![content]]),
                sequence(tags::POSITIONER_POSITION_SEQUENCE, vec![angles]),
            ]
        };
        let frames = [".10", ".20", ".35", ".5"].map(frame);
        o.put(sequence(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frames.into()));
    });
    let loaded = run.load().unwrap();
    for (found, wanted) in loaded.cine.times().iter().zip([0.0, 0.1, 0.25, 0.4]) {
        assert!((found - wanted).abs() < 1e-6, "{found}");
    }
    assert_eq!(loaded.cine.intensity(), hilum_core::Intensity::LineIntegral);
    assert_eq!(loaded.cine.projection(), Some(&projection(&self::run(30.0, -15.0))));
    assert!(!codes(&loaded.quality).contains(&"isocentre_distance_assumed"));
}

type Item = Vec<DataElement<InMemDicomObject>>;

fn sequence(tag: Tag, items: Vec<Item>) -> DataElement<InMemDicomObject> {
    let items: Vec<_> = items.into_iter().map(InMemDicomObject::from_element_iter).collect();
    DataElement::new(tag, VR::SQ, DataSetSequence::new(items, Length::UNDEFINED))
}
