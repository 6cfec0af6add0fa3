//! Frames through `dicom-pixeldata`.

use dicom_core::value::{PixelFragmentSequence, PrimitiveValue, Value};
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{DefaultDicomObject, FileMetaTableBuilder, InMemDicomObject};
use dicom_pixeldata::PixelDecoder;

use crate::encapsulated::Frame;

/// The stored pixels, decoded out of an object that holds this frame alone.
///
/// # Errors
///
/// What went wrong, with the causes that the library keeps behind it.
pub(crate) fn decoded(frame: &Frame<'_>) -> Result<Vec<u8>, String> {
    let object = object(frame).map_err(|error| causes(&error))?;
    let decoded = object.decode_pixel_data_frame(0).map_err(|error| causes(&error))?;
    Ok(decoded.into_data())
}

fn object(frame: &Frame<'_>) -> Result<DefaultDicomObject, dicom_object::WithMetaError> {
    let format = frame.format;
    let number = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let mut object = InMemDicomObject::new_empty();
    for (tag, value) in [
        (tags::ROWS, number(format.rows)),
        (tags::COLUMNS, number(format.columns)),
        (tags::SAMPLES_PER_PIXEL, format.samples),
        (tags::BITS_ALLOCATED, format.bits_allocated),
        (tags::BITS_STORED, format.bits_stored),
        (tags::HIGH_BIT, format.high_bit),
        (tags::PIXEL_REPRESENTATION, u16::from(format.signed)),
    ] {
        put(&mut object, tag, VR::US, value);
    }
    put(&mut object, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, format.photometric.as_str());
    let value = PixelFragmentSequence::new_fragments(vec![frame.bytes.to_vec()]);
    object.put(DataElement::new(tags::PIXEL_DATA, VR::OB, Value::PixelSequence(value)));
    // Classes and instances play no part in decoding, but no object goes without.
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax(frame.syntax)
        .media_storage_sop_class_uid(uids::CT_IMAGE_STORAGE)
        .media_storage_sop_instance_uid("2.25.0");
    object.with_meta(meta)
}

fn put(object: &mut InMemDicomObject, tag: Tag, vr: VR, value: impl Into<PrimitiveValue>) {
    object.put(DataElement::new(tag, vr, value.into()));
}

fn causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let mut texts: Vec<String> = causes.map(ToString::to_string).collect();
    texts.dedup();
    texts.join(": ")
}
