//! Who and when: kept apart from everything that is printed.

use std::fmt;
use std::path::Path;

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use crate::attributes::text;
use crate::{Error, dataset};

/// Whose images these are, for outputs that must say so (structured reports, segmentations).
///
/// Its `Debug` prints nothing of it, and no error carries any of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// Patient's Name, as the file writes it.
    pub patient_name: Option<String>,
    /// Patient ID.
    pub patient_id: Option<String>,
    /// Issuer of Patient ID.
    pub patient_id_issuer: Option<String>,
    /// Patient's Birth Date, `YYYYMMDD`.
    pub birth_date: Option<String>,
    /// Patient's Sex.
    pub sex: Option<String>,
    /// Study Instance UID.
    pub study_uid: Option<String>,
    /// Study ID.
    pub study_id: Option<String>,
    /// Study Date, `YYYYMMDD`.
    pub study_date: Option<String>,
    /// Study Time.
    pub study_time: Option<String>,
    /// Study Description.
    pub study_description: Option<String>,
    /// Accession Number.
    pub accession_number: Option<String>,
    /// Referring Physician's Name.
    pub referring_physician: Option<String>,
    /// Institution Name.
    pub institution: Option<String>,
    /// Series Instance UID.
    pub series_uid: Option<String>,
    /// Series Date, or that of the acquisition, `YYYYMMDD`.
    pub series_date: Option<String>,
    /// Series Number.
    pub series_number: Option<String>,
    /// Frame of Reference UID.
    pub frame_of_reference_uid: Option<String>,
    /// For each slice `k` the image it came from.
    pub images: Vec<ImageReference>,
}

/// The image behind a slice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageReference {
    /// SOP Class UID.
    pub class_uid: String,
    /// SOP Instance UID.
    pub instance_uid: String,
    /// Frame number, from 1, where the image has several.
    pub frame: Option<usize>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

/// Whose an image is, only to be compared: it prints nothing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Patient(Option<String>);

impl Patient {
    pub(crate) fn of(object: &InMemDicomObject) -> Self {
        Self(text(object, tags::PATIENT_ID))
    }
}

impl fmt::Debug for Patient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Patient")
    }
}

/// Reads the identity off one file of a series.
pub(crate) fn identity(path: &Path) -> Result<Identity, Error> {
    let found = dataset::read(path).map_err(|error| Error::unreadable(path, error))?;
    let Some(found) = found else { return Ok(Identity::default()) };
    let text = |tag| text(&found.object, tag);
    Ok(Identity {
        patient_name: text(tags::PATIENT_NAME),
        patient_id: text(tags::PATIENT_ID),
        patient_id_issuer: text(tags::ISSUER_OF_PATIENT_ID),
        birth_date: text(tags::PATIENT_BIRTH_DATE),
        sex: text(tags::PATIENT_SEX),
        study_uid: text(tags::STUDY_INSTANCE_UID),
        study_id: text(tags::STUDY_ID),
        study_date: text(tags::STUDY_DATE),
        study_time: text(tags::STUDY_TIME),
        study_description: text(tags::STUDY_DESCRIPTION),
        accession_number: text(tags::ACCESSION_NUMBER),
        referring_physician: text(tags::REFERRING_PHYSICIAN_NAME),
        institution: text(tags::INSTITUTION_NAME),
        series_uid: text(tags::SERIES_INSTANCE_UID),
        series_date: text(tags::SERIES_DATE).or_else(|| text(tags::ACQUISITION_DATE)),
        series_number: text(tags::SERIES_NUMBER),
        frame_of_reference_uid: text(tags::FRAME_OF_REFERENCE_UID),
        images: Vec::new(),
    })
}
