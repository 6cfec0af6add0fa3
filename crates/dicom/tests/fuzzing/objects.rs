//! Runs of fluoroscopy as objects, and how elements get into one.

use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;

/// Slices or frames, rows and columns of everything that is made up here.
pub(crate) const SHAPE: [usize; 3] = [3, 7, 9];

/// A run of fluoroscopy, with the vectors and tables that one may have.
pub(crate) fn run(tables: bool) -> InMemDicomObject {
    let [frames, rows, columns] = SHAPE;
    let mut object = InMemDicomObject::new_empty();
    for (tag, text) in [
        (tags::SOP_CLASS_UID, uids::X_RAY_ANGIOGRAPHIC_IMAGE_STORAGE),
        (tags::SOP_INSTANCE_UID, "2.25.1"),
        (tags::STUDY_INSTANCE_UID, "2.25.2"),
        (tags::SERIES_INSTANCE_UID, "2.25.3"),
    ] {
        put(&mut object, tag, VR::UI, text.into());
    }
    for (tag, text) in [
        (tags::MODALITY, "XA"),
        (tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME2"),
        (tags::PIXEL_INTENSITY_RELATIONSHIP, if tables { "DISP" } else { "LIN" }),
        (tags::POSITIONER_MOTION, "DYNAMIC"),
    ] {
        put(&mut object, tag, VR::CS, text.into());
    }
    for (tag, text) in [
        (tags::FRAME_TIME_VECTOR, "0\\33\\34.5"),
        (tags::POSITIONER_PRIMARY_ANGLE, "30"),
        (tags::POSITIONER_SECONDARY_ANGLE, "-15"),
        (tags::POSITIONER_PRIMARY_ANGLE_INCREMENT, "0\\0.5\\0.5"),
        (tags::DISTANCE_SOURCE_TO_DETECTOR, "1200"),
        (tags::DISTANCE_SOURCE_TO_PATIENT, "750"),
        (tags::IMAGER_PIXEL_SPACING, "0.4\\0.3"),
    ] {
        put(&mut object, tag, VR::DS, text.into());
    }
    put(&mut object, tags::CINE_RATE, VR::IS, "30".into());
    put(&mut object, tags::NUMBER_OF_FRAMES, VR::IS, frames.to_string().into());
    let pointer = PrimitiveValue::Tags([tags::FRAME_TIME_VECTOR].as_slice().into());
    put(&mut object, tags::FRAME_INCREMENT_POINTER, VR::AT, pointer);
    for (tag, number) in [
        (tags::SAMPLES_PER_PIXEL, 1),
        (tags::ROWS, rows),
        (tags::COLUMNS, columns),
        (tags::BITS_ALLOCATED, 16),
        (tags::BITS_STORED, 12),
        (tags::HIGH_BIT, 11),
        (tags::PIXEL_REPRESENTATION, 0),
    ] {
        put(&mut object, tag, VR::US, PrimitiveValue::from(number as u16));
    }
    if tables {
        let table = sequence_item([
            (tags::LUT_DESCRIPTOR, VR::US, PrimitiveValue::U16([3, 0, 16].as_slice().into())),
            (tags::LUT_DATA, VR::US, PrimitiveValue::U16([0, 900, 4000].as_slice().into())),
        ]);
        put_sequence(&mut object, tags::PIXEL_INTENSITY_RELATIONSHIP_LUT_SEQUENCE, vec![table]);
        put(&mut object, tags::PIXEL_PADDING_VALUE, VR::US, PrimitiveValue::from(0u16));
    }
    let pixel = |n: usize| 100 + (n * 7919 % 1499) as u16;
    let pixels: Vec<u16> = (0..frames * rows * columns).map(pixel).collect();
    put(&mut object, tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(pixels.into()));
    object
}

/// The run with its times and places in functional groups.
pub(crate) fn enhanced_run() -> InMemDicomObject {
    let mut object = run(false);
    let group = |tag: Tag, item: InMemDicomObject| {
        DataElement::new(tag, VR::SQ, dicom_core::value::DataSetSequence::from(vec![item]))
    };
    let own = |n: usize| {
        let time = format!("2026010112000{n}.5");
        let content = sequence_item([
            (tags::FRAME_ACQUISITION_DATE_TIME, VR::DT, time.as_str().into()),
            (tags::FRAME_REFERENCE_DATE_TIME, VR::DT, time.as_str().into()),
        ]);
        let place = sequence_item([
            (tags::POSITIONER_PRIMARY_ANGLE, VR::DS, "30".into()),
            (tags::POSITIONER_SECONDARY_ANGLE, VR::DS, "-15".into()),
        ]);
        InMemDicomObject::from_element_iter([
            group(tags::FRAME_CONTENT_SEQUENCE, content),
            group(tags::POSITIONER_POSITION_SEQUENCE, place),
        ])
    };
    let frames = (0..SHAPE[0]).map(own).collect();
    put_sequence(&mut object, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frames);
    put(&mut object, tags::SOP_CLASS_UID, VR::UI, uids::ENHANCED_XA_IMAGE_STORAGE.into());
    for tag in [tags::FRAME_TIME_VECTOR, tags::FRAME_INCREMENT_POINTER, tags::CINE_RATE] {
        object.remove_element(tag);
    }
    object
}

pub(crate) fn put(object: &mut InMemDicomObject, tag: Tag, vr: VR, value: PrimitiveValue) {
    object.put(DataElement::new(tag, vr, value));
}

pub(crate) fn sequence_item<const N: usize>(
    elements: [(Tag, VR, PrimitiveValue); N],
) -> InMemDicomObject {
    InMemDicomObject::from_element_iter(
        elements.map(|(tag, vr, value)| DataElement::new(tag, vr, value)),
    )
}

pub(crate) fn put_sequence(object: &mut InMemDicomObject, tag: Tag, items: Vec<InMemDicomObject>) {
    object.put(DataElement::new(tag, VR::SQ, dicom_core::value::DataSetSequence::from(items)));
}
