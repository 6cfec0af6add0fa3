//! One frame of one file: where it lies and what its numbers mean.

use std::path::PathBuf;
use std::sync::Arc;

use hilum_core::Acquisition;
use nalgebra::{Point3, Vector3};

use crate::dataset::Pixels;
use crate::identity::Patient;
use crate::phase_label::PhaseLabel;
use crate::table::Table;

/// A file that was searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SourceFile {
    pub(crate) path: PathBuf,
    /// Place among the files of the search, from 1.
    pub(crate) number: usize,
    /// Number of files of the search.
    pub(crate) of: usize,
}

/// What all frames of a file share.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub(crate) file: SourceFile,
    pub(crate) syntax: String,
    pub(crate) pixels: Pixels,
    pub(crate) format: Format,
    pub(crate) frames: usize,
    pub(crate) sop_class: String,
    pub(crate) sop_instance: String,
    pub(crate) patient: Patient,
    pub(crate) study: String,
    pub(crate) series: String,
    pub(crate) frame_of_reference: Option<String>,
    pub(crate) series_number: Option<f64>,
    /// Whether the pixels are, or once were, compressed with loss.
    pub(crate) lossy: bool,
    /// Stored numbers to CT numbers, where the file has a table instead of slope and intercept.
    pub(crate) table: Option<Table>,
    /// What the protocol calls itself.
    pub(crate) protocol: Option<String>,
    pub(crate) acquisition: Acquisition,
}

/// How pixels are stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Format {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) samples: u16,
    pub(crate) bits_allocated: u16,
    pub(crate) bits_stored: u16,
    pub(crate) high_bit: u16,
    pub(crate) signed: bool,
    pub(crate) photometric: String,
}

impl Format {
    /// Number of pixels in a frame.
    pub(crate) fn area(&self) -> usize {
        self.rows * self.columns
    }

    /// Bytes of a frame as stored without compression.
    pub(crate) fn frame_bytes(&self) -> usize {
        self.area() * usize::from(self.samples) * usize::from(self.bits_allocated).div_ceil(8)
    }
}

/// One frame of one file.
#[derive(Clone, Debug)]
pub(crate) struct Slice {
    pub(crate) header: Arc<Header>,
    /// Frame in the file, from 0.
    pub(crate) frame: usize,
    pub(crate) plane: Option<Plane>,
    pub(crate) rescale: Rescale,
    /// CT numbers that stand for "not measured", both ends included.
    pub(crate) padding: Option<[f64; 2]>,
    /// One copy for all frames of a file of which the same is said.
    pub(crate) labels: Arc<Labels>,
}

/// What is said of a frame in words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Labels {
    /// Why there is no plane.
    pub(crate) unplaced: Option<String>,
    pub(crate) image_type: Vec<String>,
    pub(crate) kernel: Option<String>,
    /// Unit of the rescaled numbers, where the file tells one.
    pub(crate) unit: Option<String>,
    /// When in the breath it was taken, as its tags say.
    pub(crate) phases: PhaseTags,
    /// What may tell apart several stacks of one series, in the order in which it is tried.
    pub(crate) distinctions: [Option<String>; DISTINCTIONS.len()],
}

/// Names of [`Labels::distinctions`].
pub(crate) const DISTINCTIONS: [&str; 8] = [
    "phase",
    "temporal position",
    "acquisition",
    "image type",
    "thickness",
    "description",
    "comment",
    "trigger time",
];

/// Phases of the breath that one frame is given by different attributes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct PhaseTags {
    /// Nominal percentage of the respiratory phase.
    pub(crate) percent: Option<PhaseLabel>,
    /// Temporal position.
    pub(crate) position: Option<PhaseLabel>,
    /// What an image comment says.
    pub(crate) comment: Option<PhaseLabel>,
    /// Trigger time.
    pub(crate) delay: Option<PhaseLabel>,
}

/// Where a frame lies in the patient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plane {
    /// Centre of the first pixel.
    pub(crate) position: Point3<f64>,
    /// Direction in which the column index grows: along a row.
    pub(crate) along_row: Vector3<f64>,
    /// Direction in which the row index grows: down a column.
    pub(crate) down_column: Vector3<f64>,
    /// Distance of neighbouring rows, then of neighbouring columns, in mm.
    pub(crate) spacing: [f64; 2],
}

/// Parallel planes have directions that differ by less than this, both together.
pub(crate) const PARALLEL: f64 = 2e-3;

/// Pixels of the same size differ by less than this share.
pub(crate) const SAME_SCALE: f64 = 1e-4;

impl Plane {
    pub(crate) fn normal(&self) -> Vector3<f64> {
        self.along_row.cross(&self.down_column)
    }

    /// How far another plane lies along the normal of this one, in mm.
    pub(crate) fn height(&self, other: &Self) -> f64 {
        (other.position - self.position).dot(&self.normal())
    }

    /// Parallel within about a twentieth of a degree, and of the same pixel size.
    pub(crate) fn is_parallel(&self, other: &Self) -> bool {
        let turned = (self.along_row - other.along_row).norm()
            + (self.down_column - other.down_column).norm();
        let scaled = [0, 1].map(|n| (self.spacing[n] / other.spacing[n] - 1.0).abs());
        turned < PARALLEL && scaled.iter().all(|change| *change < SAME_SCALE)
    }
}

/// Stored number to CT number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rescale {
    pub(crate) slope: f64,
    pub(crate) intercept: f64,
    /// Whether the file gives them.
    pub(crate) given: bool,
}
