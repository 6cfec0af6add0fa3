//! A CT to a series of files.

use std::fs;
use std::path::{Path, PathBuf};

use dicom_core::value::{C, PrimitiveValue};
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use hilum_core::{Acquisition, Ct, Grid};
use hilum_kernel::par;
use nalgebra::Vector3;

use crate::Error;
use crate::decimal::{decimal, decimals};
use crate::uid::Digest;

/// What an exported series says about itself. All of it is made up: this is for phantoms.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// Patient's Name in DICOM's form.
    pub patient_name: String,
    /// Patient ID.
    pub patient_id: String,
    /// Study Date, `YYYYMMDD`.
    pub study_date: String,
    /// Study Description.
    pub study_description: String,
    /// Series Number.
    pub series_number: u32,
    /// How the image was made, as far as it is to be told.
    pub acquisition: Acquisition,
    /// UIDs follow from this and from the content: the same image gets the same ones.
    pub seed: u64,
    /// Study Instance UID to be shared with other series; one of its own where `None`.
    pub study_uid: Option<String>,
    /// Series Instance UID to be shared with other stacks, as the phases of a 4D-CT in one series.
    pub series_uid: Option<String>,
    /// Frame of Reference UID to be shared with other series.
    pub frame_of_reference_uid: Option<String>,
    /// Place among the temporal positions of a 4D-CT, from 1, and how many there are.
    pub temporal_position: Option<[u32; 2]>,
}

impl Default for Export {
    fn default() -> Self {
        Self {
            patient_name: "Phantom^Chest".into(),
            patient_id: "PHANTOM".into(),
            study_date: "20000101".into(),
            study_description: "Phantom".into(),
            series_number: 1,
            acquisition: Acquisition {
                manufacturer: Some("hilum".into()),
                body_part: Some("CHEST".into()),
                description: Some("Chest phantom".into()),
                patient_position: Some("HFS".into()),
                ..Acquisition::default()
            },
            seed: 0,
            study_uid: None,
            series_uid: None,
            frame_of_reference_uid: None,
            temporal_position: None,
        }
    }
}

/// Writes a CT as a series of CT Image Storage files, one for each slice `k`, named `0001.dcm`
/// onwards, and returns their paths. The folder is made if it is not there; files of the same
/// name are replaced.
///
/// Explicit VR little-endian, 16 bits signed, rescale slope 1 and intercept 0: reading the series
/// again gives the same CT numbers. Positions are written with up to 16 characters, as DICOM
/// allows. A grid whose `k` runs against the normal of its slices comes back with `k` reversed.
///
/// Cost: `O(voxels)`.
///
/// # Errors
///
/// [`Error::Unwritable`] for fractional CT numbers or slices that are not rectangular,
/// [`Error::WriteFailed`] where the system refuses.
pub fn write_series(ct: &Ct, export: &Export, folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let series = Writer::new(ct, export)?;
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::WriteFailed { path, source }
    };
    fs::create_dir_all(folder).map_err(failed(folder))?;
    par::try_collect(ct.grid().shape()[0], |k| {
        let path = folder.join(format!("{:04}.dcm", k + 1));
        fs::write(&path, series.file(k)).map_err(failed(&path))?;
        Ok(path)
    })
}

struct Writer<'a> {
    ct: &'a Ct,
    export: &'a Export,
    digest: Digest,
    along_row: Vector3<f64>,
    down_column: Vector3<f64>,
    /// Distance between slices along their normal in mm.
    step: f64,
}

/// Angles below this count as right ones: what 16 characters resolve.
const RIGHT_ANGLE: f64 = 1e-6;

impl<'a> Writer<'a> {
    fn new(ct: &'a Ct, export: &'a Export) -> Result<Self, Error> {
        if ct.exact().is_some() {
            let (found, wanted) = ("fractional CT numbers".into(), "whole ones");
            return Err(Error::Unwritable { found, wanted });
        }
        let axes = ct.grid().axes();
        let [step, down_column, along_row] = [0, 1, 2].map(|n| axes.column(n).into_owned());
        let (along_row, down_column) = (along_row.normalize(), down_column.normalize());
        if along_row.dot(&down_column).abs() > RIGHT_ANGLE {
            let found = "rows and columns that are not perpendicular".into();
            return Err(Error::Unwritable { found, wanted: "rectangular slices" });
        }
        if ct.grid().shape().iter().any(|n| *n == 0 || *n > usize::from(u16::MAX)) {
            let found = format!("{:?} voxels", ct.grid().shape());
            return Err(Error::Unwritable { found, wanted: "1 to 65535 along each axis" });
        }
        let normal = along_row.cross(&down_column);
        let step = step.dot(&normal).abs();
        Ok(Self { ct, export, digest: digest(ct, export), along_row, down_column, step })
    }

    /// The bytes of the file of slice `k`.
    fn file(&self, k: usize) -> Vec<u8> {
        let instance = self.digest.with(4).with(k as u64).uid();
        let mut object = InMemDicomObject::new_empty();
        self.put_identity(&mut object, &instance);
        self.put_acquisition(&mut object);
        self.put_plane(&mut object, k);
        self.put_pixels(&mut object, k);
        let meta = FileMetaTableBuilder::new()
            .transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN)
            .media_storage_sop_class_uid(uids::CT_IMAGE_STORAGE)
            .media_storage_sop_instance_uid(instance)
            .implementation_class_uid(Digest::new(0).uid())
            .implementation_version_name("HILUM");
        let mut bytes = Vec::new();
        let file = object.with_meta(meta).expect("the file meta information is complete");
        file.write_all(&mut bytes).expect("a complete object is written to memory");
        bytes
    }

    fn put_identity(&self, object: &mut InMemDicomObject, instance: &str) {
        let export = self.export;
        let shared =
            |uid: &Option<String>, n| uid.clone().unwrap_or_else(|| self.digest.with(n).uid());
        let study = shared(&export.study_uid, 1);
        let series = shared(&export.series_uid, 2);
        let frame_of_reference = shared(&export.frame_of_reference_uid, 3);
        for (tag, vr, value) in [
            (tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192"),
            (tags::IMAGE_TYPE, VR::CS, "DERIVED\\PRIMARY\\AXIAL"),
            (tags::SOP_CLASS_UID, VR::UI, uids::CT_IMAGE_STORAGE),
            (tags::SOP_INSTANCE_UID, VR::UI, instance),
            (tags::MODALITY, VR::CS, "CT"),
            (tags::PATIENT_NAME, VR::PN, &export.patient_name),
            (tags::PATIENT_ID, VR::LO, &export.patient_id),
            (tags::STUDY_INSTANCE_UID, VR::UI, &study),
            (tags::SERIES_INSTANCE_UID, VR::UI, &series),
            (tags::FRAME_OF_REFERENCE_UID, VR::UI, &frame_of_reference),
            (tags::STUDY_DESCRIPTION, VR::LO, &export.study_description),
            (tags::SERIES_NUMBER, VR::IS, &export.series_number.to_string()),
            (tags::STUDY_DATE, VR::DA, &export.study_date),
            (tags::STUDY_TIME, VR::TM, "000000"),
            (tags::STUDY_ID, VR::SH, "1"),
            (tags::ACQUISITION_NUMBER, VR::IS, "1"),
        ] {
            put(object, tag, vr, value);
        }
        if let Some([place, of]) = export.temporal_position {
            put(object, tags::TEMPORAL_POSITION_IDENTIFIER, VR::IS, &place.to_string());
            put(object, tags::NUMBER_OF_TEMPORAL_POSITIONS, VR::IS, &of.to_string());
        }
        // Type 2: they must be there, and may be empty.
        for (tag, vr) in [
            (tags::ACCESSION_NUMBER, VR::SH),
            (tags::REFERRING_PHYSICIAN_NAME, VR::PN),
            (tags::PATIENT_BIRTH_DATE, VR::DA),
            (tags::POSITION_REFERENCE_INDICATOR, VR::LO),
        ] {
            object.put(DataElement::new(tag, vr, PrimitiveValue::Empty));
        }
    }

    fn put_acquisition(&self, object: &mut InMemDicomObject) {
        let told = &self.export.acquisition;
        let number = |n: Option<f64>| n.map(decimal).unwrap_or_default();
        let whole = |n: Option<f64>| n.map(|n| format!("{n:.0}")).unwrap_or_default();
        let text = |t: &Option<String>| t.clone().unwrap_or_default();
        let tilt = told.gantry_tilt.map(f64::to_degrees);
        for (tag, vr, value, must) in [
            (tags::MANUFACTURER, VR::LO, text(&told.manufacturer), true),
            (tags::MANUFACTURER_MODEL_NAME, VR::LO, text(&told.model), false),
            (tags::BODY_PART_EXAMINED, VR::CS, text(&told.body_part), false),
            (tags::SERIES_DESCRIPTION, VR::LO, text(&told.description), false),
            (tags::CONVOLUTION_KERNEL, VR::SH, text(&told.kernel), false),
            (tags::KVP, VR::DS, number(told.kvp), true),
            (tags::X_RAY_TUBE_CURRENT, VR::IS, whole(told.tube_current_ma), false),
            (tags::EXPOSURE, VR::IS, whole(told.exposure_mas), false),
            (tags::RECONSTRUCTION_DIAMETER, VR::DS, number(told.reconstruction_diameter_mm), false),
            (tags::CONTRAST_BOLUS_AGENT, VR::LO, text(&told.contrast), false),
            (tags::GANTRY_DETECTOR_TILT, VR::DS, number(tilt), false),
            (tags::PATIENT_POSITION, VR::CS, text(&told.patient_position), true),
            (tags::SOFTWARE_VERSIONS, VR::LO, text(&told.software), false),
            (tags::PATIENT_SEX, VR::CS, text(&told.sex), true),
            (tags::PATIENT_SIZE, VR::DS, number(told.height_m), false),
            (tags::PATIENT_WEIGHT, VR::DS, number(told.weight_kg), false),
        ] {
            if must || !value.is_empty() {
                put(object, tag, vr, &value);
            }
        }
        if let Some(years) = told.age_years {
            put(object, tags::PATIENT_AGE, VR::AS, &format!("{:03.0}Y", years.clamp(0.0, 999.0)));
        }
    }

    fn put_plane(&self, object: &mut InMemDicomObject, k: usize) {
        let grid: &Grid = self.ct.grid();
        let [_, rows, columns] = grid.spacing();
        let thickness = self.export.acquisition.slice_thickness_mm.unwrap_or(self.step);
        let position = grid.centre([k, 0, 0]);
        let orientation = [self.along_row, self.down_column].map(|v| decimals(v.as_slice()));
        put(object, tags::INSTANCE_NUMBER, VR::IS, &(k + 1).to_string());
        put(object, tags::PIXEL_SPACING, VR::DS, &decimals(&[rows, columns]));
        put(object, tags::SLICE_THICKNESS, VR::DS, &decimal(thickness));
        put(object, tags::IMAGE_POSITION_PATIENT, VR::DS, &decimals(position.coords.as_slice()));
        put(object, tags::IMAGE_ORIENTATION_PATIENT, VR::DS, &orientation.join("\\"));
    }

    fn put_pixels(&self, object: &mut InMemDicomObject, k: usize) {
        let [_, rows, columns] = self.ct.grid().shape();
        for (tag, value) in [
            (tags::SAMPLES_PER_PIXEL, 1),
            (tags::ROWS, rows as u16),
            (tags::COLUMNS, columns as u16),
            (tags::BITS_ALLOCATED, 16),
            (tags::BITS_STORED, 16),
            (tags::HIGH_BIT, 15),
            (tags::PIXEL_REPRESENTATION, 1),
        ] {
            object.put(DataElement::new(tag, VR::US, PrimitiveValue::from(value)));
        }
        put(object, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2");
        put(object, tags::RESCALE_INTERCEPT, VR::DS, "0");
        put(object, tags::RESCALE_SLOPE, VR::DS, "1");
        put(object, tags::RESCALE_TYPE, VR::LO, "HU");
        if let Some(padding) = self.ct.padding() {
            let signed = |value: i16| PrimitiveValue::I16(C::from_iter([value]));
            let (least, most) = (*padding.start(), *padding.end());
            object.put(DataElement::new(tags::PIXEL_PADDING_VALUE, VR::SS, signed(least)));
            if most != least {
                let limit = tags::PIXEL_PADDING_RANGE_LIMIT;
                object.put(DataElement::new(limit, VR::SS, signed(most)));
            }
        }
        let area = rows * columns;
        let slice = &self.ct.hu().as_slice()[k * area..(k + 1) * area];
        let words: C<u16> = slice.iter().map(|hu| hu.0 as u16).collect();
        object.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(words)));
    }
}

/// What the UIDs follow from: seed, places and CT numbers.
fn digest(ct: &Ct, export: &Export) -> Digest {
    let [slices, rows, columns] = ct.grid().shape();
    let area = (rows * columns).max(1);
    let voxels = ct.hu().as_slice();
    let each = par::collect(slices, |k| {
        let slice = &voxels[k * area..(k + 1) * area];
        slice.iter().fold(Digest::new(k as u64), |digest, hu| digest.with(hu.0 as u16 as u64))
    });
    let origin = ct.grid().origin();
    let places = ct.grid().axes().iter().chain(origin.coords.iter());
    let whole = places.fold(Digest::new(export.seed), |digest, mm| digest.with(mm.to_bits()));
    each.into_iter().fold(whole.with(columns as u64), Digest::merged)
}

fn put(object: &mut InMemDicomObject, tag: Tag, vr: VR, value: &str) {
    object.put(DataElement::new(tag, vr, PrimitiveValue::from(value)));
}
