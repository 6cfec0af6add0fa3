//! A well-formed DICOM object in the making: what every object that hilum writes must have.

use dicom_core::value::{C, PrimitiveValue};
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};

use crate::uid::Digest;

/// An object under construction: Patient, General Study, General Series, General Equipment and
/// SOP Common are there from the start, in Unicode.
pub(crate) struct Object {
    class: &'static str,
    instance: String,
    elements: InMemDicomObject,
}

/// Whose an object is and where it belongs.
pub(crate) struct Belonging<'a> {
    pub(crate) patient_name: &'a str,
    pub(crate) patient_id: &'a str,
    pub(crate) sex: &'a str,
    pub(crate) study_uid: &'a str,
    pub(crate) study_date: &'a str,
    pub(crate) study_description: &'a str,
    pub(crate) series_uid: &'a str,
    pub(crate) series_number: u32,
    pub(crate) modality: &'a str,
    pub(crate) manufacturer: &'a str,
}

impl Object {
    /// An object of a storage class with its SOP Instance UID.
    pub(crate) fn new(class: &'static str, instance: String, of: &Belonging<'_>) -> Self {
        let mut new = Self { class, instance, elements: InMemDicomObject::new_empty() };
        let instance = new.instance.clone();
        let number = of.series_number.to_string();
        for (tag, vr, value) in [
            (tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192"),
            (tags::SOP_CLASS_UID, VR::UI, class),
            (tags::SOP_INSTANCE_UID, VR::UI, instance.as_str()),
            (tags::MODALITY, VR::CS, of.modality),
            (tags::PATIENT_NAME, VR::PN, of.patient_name),
            (tags::PATIENT_ID, VR::LO, of.patient_id),
            (tags::PATIENT_SEX, VR::CS, of.sex),
            (tags::STUDY_INSTANCE_UID, VR::UI, of.study_uid),
            (tags::SERIES_INSTANCE_UID, VR::UI, of.series_uid),
            (tags::STUDY_DESCRIPTION, VR::LO, of.study_description),
            (tags::SERIES_NUMBER, VR::IS, &number),
            (tags::STUDY_DATE, VR::DA, of.study_date),
            (tags::STUDY_TIME, VR::TM, "000000"),
            (tags::STUDY_ID, VR::SH, "1"),
            (tags::MANUFACTURER, VR::LO, of.manufacturer),
        ] {
            new.text(tag, vr, value);
        }
        new.empty(&[
            (tags::ACCESSION_NUMBER, VR::SH),
            (tags::REFERRING_PHYSICIAN_NAME, VR::PN),
            (tags::PATIENT_BIRTH_DATE, VR::DA),
        ]);
        new
    }

    /// Puts a text, or a number written as one.
    pub(crate) fn text(&mut self, tag: Tag, vr: VR, value: &str) {
        self.elements.put(DataElement::new(tag, vr, PrimitiveValue::from(value)));
    }

    /// Puts what must be there and may be empty (type 2).
    pub(crate) fn empty(&mut self, tags: &[(Tag, VR)]) {
        for (tag, vr) in tags {
            self.elements.put(DataElement::new(*tag, *vr, PrimitiveValue::Empty));
        }
    }

    /// Puts any value.
    pub(crate) fn value(&mut self, tag: Tag, vr: VR, value: impl Into<PrimitiveValue>) {
        self.elements.put(DataElement::new(tag, vr, value.into()));
    }

    /// Puts the Image Pixel module: grey pixels of 16 bits, of which `stored` count.
    pub(crate) fn grey(&mut self, [rows, columns]: [u16; 2], stored: u16, signed: bool) {
        for (tag, value) in [
            (tags::SAMPLES_PER_PIXEL, 1),
            (tags::ROWS, rows),
            (tags::COLUMNS, columns),
            (tags::BITS_ALLOCATED, 16),
            (tags::BITS_STORED, stored),
            (tags::HIGH_BIT, stored - 1),
            (tags::PIXEL_REPRESENTATION, u16::from(signed)),
        ] {
            self.value(tag, VR::US, value);
        }
        self.text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2");
    }

    /// Puts the pixels of all frames, one after the other.
    pub(crate) fn pixels(&mut self, words: impl Iterator<Item = u16>) {
        let words: C<u16> = words.collect();
        self.elements.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(words)));
    }

    /// The bytes of the file, explicit little-endian.
    pub(crate) fn bytes(self) -> Vec<u8> {
        let meta = FileMetaTableBuilder::new()
            .transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN)
            .media_storage_sop_class_uid(self.class)
            .media_storage_sop_instance_uid(self.instance)
            .implementation_class_uid(Digest::new(0).uid())
            .implementation_version_name("HILUM");
        let mut bytes = Vec::new();
        let file = self.elements.with_meta(meta).expect("the file meta information is complete");
        file.write_all(&mut bytes).expect("a complete object is written to memory");
        bytes
    }
}
