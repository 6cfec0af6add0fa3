//! A series as it was found: what it is, and why it may not be a CT volume.

use std::fmt;

use hilum_core::Acquisition;

use crate::identity::Patient;
use crate::phase_label::PhaseLabel;
use crate::slice::{Slice, SourceFile};

/// Images that belong together: one series, or one of several stacks inside a series.
#[derive(Clone, Debug)]
pub struct Series {
    pub(crate) slices: Vec<Slice>,
    pub(crate) summary: Summary,
    /// Files that say they belong to this series but could not be read.
    pub(crate) broken: Vec<Unread>,
    /// DICOM files of the search that could not be read and do not say where they belong.
    pub(crate) unplaced: usize,
    /// Whether this is an even part of an uneven stack that is listed as a whole.
    pub(crate) even_part: bool,
}

/// What `hilum inspect` shows of a series. Nothing here identifies a patient.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Place in the list of the scan, from 1: what `--series` accepts.
    pub number: usize,
    /// How the images were made, as the first of them says.
    pub acquisition: Acquisition,
    /// Words of the image type, `ORIGINAL`, `PRIMARY`, `AXIAL` and their kin.
    pub image_type: Vec<String>,
    /// Number of images (frames).
    pub slices: usize,
    /// Rows of an image.
    pub rows: usize,
    /// Columns of an image.
    pub columns: usize,
    /// Distance of rows and of columns in mm, where the files give them.
    pub pixel_spacing_mm: Option<[f64; 2]>,
    /// Median distance of neighbouring slices along their normal in mm, from their positions.
    pub slice_step_mm: Option<f64>,
    /// `axial`, `coronal`, `sagittal` or `oblique`.
    pub orientation: Option<&'static str>,
    /// What sets this stack apart from others of the same series, where there are several.
    pub part: Option<String>,
    /// When in the breath it was taken, if it is one of several phases; see [`phases`](crate::phases).
    pub phase: Option<PhaseLabel>,
    /// UID of the transfer syntax of the first image.
    pub transfer_syntax: String,
    /// Study Instance UID.
    pub study_uid: String,
    /// Series Instance UID; several stacks may share one.
    pub series_uid: String,
    /// Frame of Reference UID.
    pub frame_of_reference_uid: Option<String>,
    /// Series Number.
    pub series_number: Option<i64>,
    /// Why this is not a CT volume; empty if it may be one.
    pub why_not_ct: Vec<String>,
    /// Why this is not a cine; empty if it may be one.
    pub why_not_cine: Vec<String>,
}

/// A file that is no image, or that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    pub(crate) file: SourceFile,
    pub(crate) kind: Kind,
    pub(crate) reason: String,
    /// The series it belongs to, as far as it could be read.
    pub(crate) series: Option<String>,
}

/// What kind of file was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    NotDicom,
    NotImage,
    Broken,
    Closed,
}

impl Unread {
    /// The file by its place in the search and its last name.
    pub fn file(&self) -> String {
        self.file.to_string()
    }

    /// Why it is not part of a series.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Says whether it is DICOM but damaged, rather than something else.
    pub fn is_damaged(&self) -> bool {
        self.kind == Kind::Broken || self.kind == Kind::Closed
    }
}

impl Series {
    /// What the series is.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Why this is not a CT volume; empty if it may be one. Gaps and duplicates are found by
    /// [`Series::load`].
    pub fn why_not_ct(&self) -> &[String] {
        &self.summary.why_not_ct
    }

    /// Why this is not a cine; empty if it may be one. Whether its frames have times is found by
    /// [`Series::cine_facts`].
    pub fn why_not_cine(&self) -> &[String] {
        &self.summary.why_not_cine
    }

    /// Says whether this is an evenly spaced part of a series that is listed as a whole as well.
    /// Parts are measured only where they are asked for by number.
    pub fn is_even_part(&self) -> bool {
        self.even_part
    }

    /// One line for a list from which a person chooses.
    pub fn label(&self) -> String {
        self.summary.to_string()
    }

    /// Whose it is and in which study: series are only compared within one.
    pub(crate) fn study(&self) -> (&Patient, &str) {
        let header = &self.slices[0].header;
        (&header.patient, &header.study)
    }

    /// What description and protocol say, to be searched for words.
    pub(crate) fn words(&self) -> String {
        let header = &self.slices[0].header;
        let told = [&header.acquisition.description, &header.protocol];
        let told: Vec<&str> = told.into_iter().flatten().map(String::as_str).collect();
        told.join(" / ")
    }

    /// Files that say they belong to this series but could not be read.
    pub fn broken(&self) -> &[Unread] {
        &self.broken
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let modality = self.acquisition.modality.as_deref().unwrap_or("unknown modality");
        write!(f, "[{}] {modality}", self.number)?;
        if let Some(description) = &self.acquisition.description {
            write!(f, " \"{description}\"")?;
        }
        write!(f, ", {} × {}×{}", self.slices, self.rows, self.columns)?;
        if let (Some([rows, columns]), Some(step)) = (self.pixel_spacing_mm, self.slice_step_mm) {
            write!(f, ", {columns:.3}×{rows:.3}×{step:.2} mm")?;
        }
        if let Some(kernel) = &self.acquisition.kernel {
            write!(f, ", kernel {kernel}")?;
        }
        if let Some(part) = &self.part {
            write!(f, ", {part}")?;
        }
        write!(f, ", UID …{}", tail(&self.series_uid))
    }
}

/// The end of a UID, enough to tell series apart.
pub(crate) fn tail(uid: &str) -> &str {
    let start = uid.char_indices().rev().nth(7).map_or(0, |(start, _)| start);
    &uid[start..]
}
