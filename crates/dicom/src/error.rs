//! Why a path did not become a CT, or a CT not a series of files.

use std::io;
use std::path::{Path, PathBuf};

use hilum_core::Hint;

/// Why a path did not become a CT, or a CT not a series of files.
///
/// Messages name a file by its place in the search and its last name, a series by the end of its
/// UID. None carries a patient's name, identifier or date.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The path, or a file that was readable a moment ago, cannot be read.
    Unreadable {
        /// What was to be read.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no file under the path.
    NoFiles {
        /// Where they were looked for.
        path: PathBuf,
    },
    /// No file under the path is a DICOM image.
    NoImages {
        /// Number of files that were looked at.
        files: usize,
        /// What they are instead, e.g. `12 not DICOM, 1 RTSTRUCT without pixels`.
        found: String,
    },
    /// There are images, but no series among them is a CT volume.
    NoCt {
        /// What was found, e.g. `3 MR series, 1 localizer`.
        found: String,
    },
    /// CT volumes are of several patients or studies, and none was asked for.
    SeveralStudies {
        /// One line for each, without anything that names a patient.
        studies: Vec<String>,
    },
    /// Several series are CT volumes that nothing tells apart, and none was asked for.
    SeveralSeries {
        /// One line for each.
        series: Vec<String>,
    },
    /// The series that was asked for is not there, or its name fits several.
    NoSuchSeries {
        /// What was asked for.
        wanted: String,
        /// Number of series that fit.
        fitting: usize,
        /// One line for each series that is there.
        series: Vec<String>,
    },
    /// The series that was asked for is not a CT volume.
    NotCt {
        /// The series, in short.
        series: String,
        /// Why not.
        reasons: Vec<String>,
    },
    /// The series that was asked for is not a cine.
    NotCine {
        /// The series, in short.
        series: String,
        /// Why not.
        reasons: Vec<String>,
    },
    /// There are images, but no series among them is a cine.
    NoCine {
        /// What was found, e.g. `3 CT series`.
        found: String,
    },
    /// Several series are cines, and none was asked for.
    SeveralCines {
        /// One line for each.
        series: Vec<String>,
    },
    /// Slices are missing from the stack.
    MissingSlices {
        /// How many, over all gaps.
        missing: usize,
        /// Number of slices that are there.
        slices: usize,
        /// Slice after which the first gap lies, from 1, counted from the first end of the stack.
        after: usize,
        /// Width of the first gap in mm.
        gap: f64,
        /// Usual distance of slices in mm.
        step: f64,
        /// Files of this series, or of none that could be told, that could not be read.
        unreadable: usize,
    },
    /// The distances of the slices differ too much for a regular grid.
    UnevenSlices {
        /// Smallest and largest distance in mm.
        found: [f64; 2],
        /// Slice after which the distance first leaves the usual one, from 1.
        after: usize,
        /// Largest distance of a slice from its place on the grid in mm, found and allowed.
        apart: [f64; 2],
    },
    /// A gap is too wide to be filled with slices that were not measured.
    WideGap {
        /// Slice after which it lies, from 1.
        after: usize,
        /// Its width in mm.
        gap: f64,
        /// The widest that would be filled in mm.
        wanted: f64,
    },
    /// The slices lie beside each other, not in a straight stack.
    CrookedStack {
        /// The slice that is farthest off, from 1.
        slice: usize,
        /// How far it lies beside the line through the first and the last in mm.
        found: f64,
        /// How far would have been accepted in mm.
        wanted: f64,
    },
    /// Several different images lie at the same place.
    DuplicateSlices {
        /// Number of places that are taken more than once.
        places: usize,
        /// Two files at the first such place.
        files: [String; 2],
    },
    /// A file ends before its pixels do.
    Truncated {
        /// The file.
        file: String,
        /// Bytes of pixel data that are there.
        found: u64,
        /// Bytes of pixel data that ought to be there.
        wanted: u64,
    },
    /// A file of the series breaks off or goes wrong before its pixels.
    Broken {
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The pixels are compressed in a way that cannot be decoded here.
    UnsupportedSyntax {
        /// The file.
        file: String,
        /// UID of the transfer syntax.
        syntax: String,
    },
    /// The pixels are of a kind that no CT has.
    UnsupportedPixels {
        /// The file.
        file: String,
        /// What they are.
        found: String,
        /// What they should be.
        wanted: &'static str,
    },
    /// The compressed pixels cannot be decoded.
    Undecodable {
        /// The file.
        file: String,
        /// What the decoder said.
        reason: String,
    },
    /// The geometry spans no volume.
    Geometry(hilum_core::Error),
    /// A volume cannot be said in the form that was asked for.
    Unwritable {
        /// What stands against it.
        found: String,
        /// What is needed.
        wanted: &'static str,
    },
    /// A file cannot be written.
    WriteFailed {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Error {
    pub(crate) fn unreadable(path: &Path, source: io::Error) -> Self {
        Self::Unreadable { path: path.to_owned(), source }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { source, .. } | Self::WriteFailed { source, .. } => Some(source),
            Self::Geometry(error) => Some(error),
            _ => None,
        }
    }
}

impl Hint for Error {
    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Unreadable { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                "check the path for a typing error"
            }
            Self::Unreadable { .. } => "check that you may read it",
            Self::NoCt { found } if found.contains("single slice") => {
                "give the whole series; `hilum ild --single-slice` looks at one slice"
            }
            Self::NoFiles { .. } | Self::NoImages { .. } | Self::NoCt { .. } => {
                "give a folder, a DICOMDIR or a file of an axial chest CT"
            }
            Self::NoCine { .. } => "give a folder or a multi-frame file of XA or RF",
            Self::SeveralSeries { .. } | Self::SeveralCines { .. } => {
                "take one with `--series` and its number or UID"
            }
            Self::SeveralStudies { .. } => {
                "give the folder of one study, or take one with `--series` and its number or UID"
            }
            Self::NoSuchSeries { .. } => {
                "give `--series` the number in the list, the UID or the end of the UID"
            }
            Self::NotCt { .. } | Self::NotCine { .. } => {
                "take another series; `hilum inspect` lists them"
            }
            Self::MissingSlices { .. } => {
                "fetch the series again from its source, complete; else take an even part of it if `hilum inspect` lists any, or have slices made up with `--interpolate`"
            }
            Self::Truncated { .. } | Self::Broken { .. } => {
                "fetch the series again from its source, complete"
            }
            Self::UnevenSlices { .. } => {
                "take a reconstruction with even slices; else take an even part of this if `hilum inspect` lists any, or have slices made up with `--interpolate`"
            }
            Self::WideGap { .. } => {
                "fetch the series again from its source, complete; else take an even part of it if `hilum inspect` lists any"
            }
            Self::CrookedStack { .. } => "take a reconstruction with even slices",
            Self::DuplicateSlices { .. } => "keep the files of one reconstruction only",
            Self::UnsupportedSyntax { .. } => {
                "convert the files to an uncompressed or JPEG 2000 syntax first"
            }
            Self::UnsupportedPixels { .. } | Self::Undecodable { .. } => {
                "take the original series of the scanner"
            }
            Self::Geometry(error) => return error.hint(),
            Self::Unwritable { .. } => return None,
            Self::WriteFailed { .. } => {
                "check that the folder may be written to and the disk has room"
            }
        };
        Some(hint.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_cross_threads() {
        fn cross<T: Send + Sync + std::error::Error>() {}
        cross::<Error>();
    }
}
