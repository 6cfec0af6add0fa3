//! A small run of X-ray pictures to be read.

#![allow(dead_code, reason = "each test uses its part")]

use std::path::{Path, PathBuf};

use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject, open_file};
use hilum_core::Quality;
use hilum_dicom::{CineFacts, Error, LoadedCine};
use tempfile::TempDir;

use crate::common::{Object, change, look, put};

/// Frames, rows and columns.
pub(crate) const SHAPE: [usize; 3] = [4, 5, 7];

/// Stored numbers without any symmetry, from 100 on.
pub(crate) fn numbers() -> Vec<u16> {
    let count = SHAPE.iter().product::<usize>();
    (0..count).map(|n| 100 + (n * 7919 % 1499) as u16).collect()
}

/// A folder that holds one file.
pub(crate) struct Run {
    folder: TempDir,
}

impl Run {
    /// A run of four frames of XA without times, geometry or meaning of its values.
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        object().write_to_file(folder.path().join("run.dcm")).unwrap();
        Self { folder }
    }

    /// The same at 25 frames a second.
    pub(crate) fn timed() -> Self {
        Self::new().with(|object| put(object, tags::FRAME_TIME, VR::DS, "40"))
    }

    pub(crate) fn with(self, each: impl FnOnce(&mut Object)) -> Self {
        change(&self.path(), each);
        self
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder().join("run.dcm")
    }

    pub(crate) fn copy_as(&self, name: &str, each: impl FnOnce(&mut Object)) {
        let mut object = open_file(self.path()).unwrap();
        each(&mut object);
        object.write_to_file(self.folder().join(name)).unwrap();
    }

    pub(crate) fn load(&self) -> Result<LoadedCine, Error> {
        load(self.folder())
    }

    pub(crate) fn facts(&self) -> Result<CineFacts, Error> {
        look(self.folder())?.series()[0].cine_facts()
    }
}

/// The first series of a folder.
pub(crate) fn load(path: &Path) -> Result<LoadedCine, Error> {
    look(path)?.series()[0].load_cine(&|_, _| {})
}

fn object() -> Object {
    let count = |n: usize| PrimitiveValue::from(n as u16);
    let [frames, rows, columns] = SHAPE;
    let pixels = PrimitiveValue::U16(numbers().into());
    InMemDicomObject::from_element_iter([
        DataElement::new(tags::SOP_CLASS_UID, VR::UI, uids::X_RAY_ANGIOGRAPHIC_IMAGE_STORAGE),
        DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, "2.25.1"),
        DataElement::new(tags::STUDY_INSTANCE_UID, VR::UI, "2.25.2"),
        DataElement::new(tags::SERIES_INSTANCE_UID, VR::UI, "2.25.3"),
        DataElement::new(tags::MODALITY, VR::CS, "XA"),
        DataElement::new(tags::SAMPLES_PER_PIXEL, VR::US, count(1)),
        DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
        DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, frames.to_string()),
        DataElement::new(tags::ROWS, VR::US, count(rows)),
        DataElement::new(tags::COLUMNS, VR::US, count(columns)),
        DataElement::new(tags::BITS_ALLOCATED, VR::US, count(16)),
        DataElement::new(tags::BITS_STORED, VR::US, count(12)),
        DataElement::new(tags::HIGH_BIT, VR::US, count(11)),
        DataElement::new(tags::PIXEL_REPRESENTATION, VR::US, count(0)),
        DataElement::new(tags::PIXEL_DATA, VR::OW, pixels),
    ])
    .with_meta(
        FileMetaTableBuilder::new()
            .transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN)
            .media_storage_sop_class_uid(uids::X_RAY_ANGIOGRAPHIC_IMAGE_STORAGE)
            .media_storage_sop_instance_uid("2.25.1"),
    )
    .unwrap()
}

pub(crate) fn codes(rows: &[Quality]) -> Vec<&'static str> {
    rows.iter().map(|row| row.code).collect()
}

/// The message of a row that has to be there.
pub(crate) fn message<'a>(rows: &'a [Quality], code: &str) -> &'a str {
    &rows.iter().find(|row| row.code == code).expect("the row is there").message
}

pub(crate) fn close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() < 1e-9, "{found:?} {expected:?}");
    }
}
