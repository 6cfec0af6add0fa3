//! A cine to a multi-frame file.

use std::fs;
use std::path::Path;

use dicom_core::VR;
use dicom_core::value::PrimitiveValue;
use dicom_dictionary_std::{tags, uids};
use hilum_core::{Anchor, Cine, Intensity, Projection};

use crate::Error;
use crate::decimal::{decimal, decimals};
use crate::object::Object;
use crate::uid::Digest;
use crate::write::Export;

/// Greatest stored value: 16 bits.
const MOST: f64 = 65_535.0;

/// Writes a cine as one X-Ray Angiographic Image Storage file, explicit little-endian, 16 bits
/// unsigned, with the time of each frame as *Frame Time Vector*.
///
/// Line integrals *p* are written as intensities, 65535·exp(−*p* + least *p*), relationship LIN: they
/// come back within the rounding of those, up to a constant. Raw values are rounded, and have to lie
/// between 0 and 65535; their relationship is OTHER, and their direction its sign. The angles and
/// distances of a projection about the isocentre are written if its central ray meets the middle of
/// the picture with the head up, which is what a classic file can say.
///
/// Of `export` the patient, the study, the series and the maker are told. Cost: `O(pixels)`.
///
/// # Errors
///
/// [`Error::Unwritable`] for values or a projection that cannot be said, [`Error::WriteFailed`]
/// where the system refuses.
pub fn write_cine(cine: &Cine, export: &Export, path: &Path) -> Result<(), Error> {
    let words = words(cine)?;
    let [frames, rows, columns] = cine.shape();
    if [frames, rows, columns].iter().any(|n| *n > usize::from(u16::MAX)) {
        let found = format!("{frames} frames of {rows}×{columns} pixels");
        return Err(Error::Unwritable { found, wanted: "up to 65535 of each" });
    }
    let first = Digest::new(export.seed).with(columns as u64);
    let digest = words.iter().fold(first, |digest, word| digest.with(u64::from(*word)));
    let uids = export.uids(digest);
    let belonging = export.belonging(&uids, "XA");
    let class = uids::X_RAY_ANGIOGRAPHIC_IMAGE_STORAGE;
    let mut object = Object::new(class, digest.with(4).uid(), &belonging);
    put_run(&mut object, cine, export);
    put_projection(&mut object, cine.projection())?;
    object.grey([rows as u16, columns as u16], 16, false);
    object.pixels(words.into_iter());
    let failed = |source| Error::WriteFailed { path: path.to_owned(), source };
    fs::write(path, object.bytes()).map_err(failed)
}

fn put_run(object: &mut Object, cine: &Cine, export: &Export) {
    let (relation, sign) = match cine.intensity() {
        Intensity::LineIntegral => ("LIN", Some(1i16)),
        Intensity::Exposure => ("OTHER", Some(1)),
        Intensity::Attenuation => ("OTHER", Some(-1)),
        Intensity::Unknown => ("OTHER", None),
    };
    let ms: Vec<f64> = cine.times().windows(2).map(|pair| 1000.0 * (pair[1] - pair[0])).collect();
    let steps: Vec<f64> = std::iter::once(0.0).chain(ms).collect();
    let kvp = export.acquisition.kvp.map(decimal).unwrap_or_default();
    let description = export.acquisition.description.as_deref().unwrap_or("Cine");
    for (tag, vr, value) in [
        (tags::IMAGE_TYPE, VR::CS, "DERIVED\\PRIMARY\\SINGLE PLANE"),
        (tags::SERIES_DESCRIPTION, VR::LO, description),
        (tags::INSTANCE_NUMBER, VR::IS, "1"),
        (tags::NUMBER_OF_FRAMES, VR::IS, &cine.shape()[0].to_string()),
        (tags::FRAME_TIME_VECTOR, VR::DS, &decimals(&steps)),
        (tags::PIXEL_INTENSITY_RELATIONSHIP, VR::CS, relation),
        (tags::KVP, VR::DS, &kvp),
        (tags::RADIATION_SETTING, VR::CS, "SC"),
        (tags::LOSSY_IMAGE_COMPRESSION, VR::CS, "00"),
    ] {
        object.text(tag, vr, value);
    }
    if let Some(sign) = sign {
        let sign = PrimitiveValue::I16(vec![sign].into());
        object.value(tags::PIXEL_INTENSITY_RELATIONSHIP_SIGN, VR::SS, sign);
    }
    let pointer = PrimitiveValue::Tags(vec![tags::FRAME_TIME_VECTOR].into());
    object.value(tags::FRAME_INCREMENT_POINTER, VR::AT, pointer);
    object.empty(&[
        (tags::LATERALITY, VR::CS),
        (tags::PATIENT_ORIENTATION, VR::CS),
        (tags::X_RAY_TUBE_CURRENT, VR::IS),
        (tags::EXPOSURE_TIME, VR::IS),
        (tags::EXPOSURE, VR::IS),
    ]);
}

fn put_projection(object: &mut Object, projection: Option<&Projection>) -> Result<(), Error> {
    let Some(projection) = projection else {
        object.empty(&[
            (tags::POSITIONER_MOTION, VR::CS),
            (tags::POSITIONER_PRIMARY_ANGLE, VR::DS),
            (tags::POSITIONER_SECONDARY_ANGLE, VR::DS),
        ]);
        return Ok(());
    };
    let refuse = |found: &str| {
        let wanted = "a central ray about the isocentre, head up";
        Err(Error::Unwritable { found: found.into(), wanted })
    };
    if projection.anchor() != Anchor::Isocentre {
        return refuse("a projection laid into the patient");
    }
    let towards = projection.normal();
    let (primary, secondary) = (towards.x.atan2(-towards.y), towards.z.asin());
    let [_, along_row, down_column] = crate::projection::directions([primary, secondary]);
    let turned = (along_row - projection.along_row()).norm()
        + (down_column - projection.down_column()).norm();
    let isocentre = -projection.source().coords.dot(&towards);
    let beside = (projection.source().coords + towards * isocentre).norm();
    if turned > 1e-6 || beside > 1e-3 {
        return refuse("a picture that is turned, or beside the isocentre");
    }
    for (tag, mm) in [
        (tags::DISTANCE_SOURCE_TO_DETECTOR, projection.source_distance()),
        (tags::DISTANCE_SOURCE_TO_PATIENT, isocentre),
        (tags::POSITIONER_PRIMARY_ANGLE, primary.to_degrees()),
        (tags::POSITIONER_SECONDARY_ANGLE, secondary.to_degrees()),
    ] {
        object.text(tag, VR::DS, &decimal(mm));
    }
    object.text(tags::POSITIONER_MOTION, VR::CS, "STATIC");
    object.text(tags::IMAGER_PIXEL_SPACING, VR::DS, &decimals(&projection.pitch()));
    Ok(())
}

fn words(cine: &Cine) -> Result<Vec<u16>, Error> {
    let frames = cine.frames();
    let values = frames.iter().map(|value| f64::from(*value));
    let numbers: Vec<f64> = match cine.intensity() {
        Intensity::LineIntegral => {
            let least = values.clone().fold(f64::INFINITY, f64::min);
            values.map(|p| MOST * (least - p).exp()).collect()
        }
        _ => values.collect(),
    };
    match numbers.iter().find(|value| !(0.0..=MOST).contains(*value)) {
        Some(odd) => {
            let found = format!("a value of {odd}");
            Err(Error::Unwritable { found, wanted: "values from 0 to 65535" })
        }
        None => Ok(numbers.into_iter().map(|value| value.round() as u16).collect()),
    }
}
