//! A CT to a series of files.

use std::fs;
use std::path::{Path, PathBuf};

use dicom_core::VR;
use dicom_core::value::{C, PrimitiveValue};
use dicom_dictionary_std::{tags, uids};
use hilum_core::{Acquisition, Ct, Grid};
use hilum_kernel::par;
use nalgebra::Vector3;

use crate::Error;
use crate::decimal::{decimal, decimals};
use crate::object::{Belonging, Object};
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

impl Export {
    /// UIDs of study and series: those that are shared, or those that follow from the content.
    pub(crate) fn uids(&self, digest: Digest) -> [String; 2] {
        let own = |uid: &Option<String>, n| uid.clone().unwrap_or_else(|| digest.with(n).uid());
        [own(&self.study_uid, 1), own(&self.series_uid, 2)]
    }

    pub(crate) fn belonging<'a>(
        &'a self,
        [study_uid, series_uid]: &'a [String; 2],
        modality: &'a str,
    ) -> Belonging<'a> {
        Belonging {
            patient_name: &self.patient_name,
            patient_id: &self.patient_id,
            sex: self.acquisition.sex.as_deref().unwrap_or_default(),
            study_uid,
            study_date: &self.study_date,
            study_description: &self.study_description,
            series_uid,
            series_number: self.series_number,
            modality,
            manufacturer: self.acquisition.manufacturer.as_deref().unwrap_or_default(),
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
        let export = self.export;
        let uids = export.uids(self.digest);
        let belonging = export.belonging(&uids, "CT");
        let mut object = Object::new(uids::CT_IMAGE_STORAGE, instance, &belonging);
        let frame = export.frame_of_reference_uid.clone();
        let frame = frame.unwrap_or_else(|| self.digest.with(3).uid());
        object.text(tags::FRAME_OF_REFERENCE_UID, VR::UI, &frame);
        object.text(tags::IMAGE_TYPE, VR::CS, "DERIVED\\PRIMARY\\AXIAL");
        object.text(tags::ACQUISITION_NUMBER, VR::IS, "1");
        object.empty(&[(tags::POSITION_REFERENCE_INDICATOR, VR::LO)]);
        if let Some([place, of]) = export.temporal_position {
            object.text(tags::TEMPORAL_POSITION_IDENTIFIER, VR::IS, &place.to_string());
            object.text(tags::NUMBER_OF_TEMPORAL_POSITIONS, VR::IS, &of.to_string());
        }
        self.put_acquisition(&mut object);
        self.put_plane(&mut object, k);
        self.put_pixels(&mut object, k);
        object.bytes()
    }

    fn put_acquisition(&self, object: &mut Object) {
        let told = &self.export.acquisition;
        let number = |n: Option<f64>| n.map(decimal).unwrap_or_default();
        let whole = |n: Option<f64>| n.map(|n| format!("{n:.0}")).unwrap_or_default();
        let text = |t: &Option<String>| t.clone().unwrap_or_default();
        let tilt = told.gantry_tilt.map(f64::to_degrees);
        for (tag, vr, value, must) in [
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
            (tags::PATIENT_SIZE, VR::DS, number(told.height_m), false),
            (tags::PATIENT_WEIGHT, VR::DS, number(told.weight_kg), false),
        ] {
            if must || !value.is_empty() {
                object.text(tag, vr, &value);
            }
        }
        if let Some(years) = told.age_years {
            object.text(tags::PATIENT_AGE, VR::AS, &format!("{:03.0}Y", years.clamp(0.0, 999.0)));
        }
    }

    fn put_plane(&self, object: &mut Object, k: usize) {
        let grid: &Grid = self.ct.grid();
        let [_, rows, columns] = grid.spacing();
        let thickness = self.export.acquisition.slice_thickness_mm.unwrap_or(self.step);
        let position = grid.centre([k, 0, 0]);
        let orientation = [self.along_row, self.down_column].map(|v| decimals(v.as_slice()));
        object.text(tags::INSTANCE_NUMBER, VR::IS, &(k + 1).to_string());
        object.text(tags::PIXEL_SPACING, VR::DS, &decimals(&[rows, columns]));
        object.text(tags::SLICE_THICKNESS, VR::DS, &decimal(thickness));
        object.text(tags::IMAGE_POSITION_PATIENT, VR::DS, &decimals(position.coords.as_slice()));
        object.text(tags::IMAGE_ORIENTATION_PATIENT, VR::DS, &orientation.join("\\"));
    }

    fn put_pixels(&self, object: &mut Object, k: usize) {
        let [_, rows, columns] = self.ct.grid().shape();
        object.grey([rows as u16, columns as u16], 16, true);
        object.text(tags::RESCALE_INTERCEPT, VR::DS, "0");
        object.text(tags::RESCALE_SLOPE, VR::DS, "1");
        object.text(tags::RESCALE_TYPE, VR::LO, "HU");
        if let Some(padding) = self.ct.padding() {
            let signed = |value: i16| PrimitiveValue::I16(C::from_iter([value]));
            let (least, most) = (*padding.start(), *padding.end());
            object.value(tags::PIXEL_PADDING_VALUE, VR::SS, signed(least));
            if most != least {
                object.value(tags::PIXEL_PADDING_RANGE_LIMIT, VR::SS, signed(most));
            }
        }
        let area = rows * columns;
        let slice = &self.ct.hu().as_slice()[k * area..(k + 1) * area];
        object.pixels(slice.iter().map(|hu| hu.0 as u16));
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
    let seed = export.temporal_position.into_iter().flatten();
    let seed = seed.fold(Digest::new(export.seed), |digest, n| digest.with(u64::from(n)));
    let whole = places.fold(seed, |digest, mm| digest.with(mm.to_bits()));
    each.into_iter().fold(whole.with(columns as u64), Digest::merged)
}
