//! What can be wrong with the data a caller brings.

use std::fmt;

/// A way out of an error, said apart from the error itself.
///
/// The message says what was found and what was wanted; the hint says what the
/// user can do about it. Only a program's edge prints either.
pub trait Hint {
    /// One sentence in the imperative, lower case, without a full stop.
    fn hint(&self) -> Option<String>;
}

/// Why a domain value could not be made.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The three steps of a grid do not span a volume.
    DegenerateGrid {
        /// Shape that was asked for, `[k, j, i]`.
        shape: [usize; 3],
        /// Volume of one voxel in mm³, signed; not finite or next to nothing.
        voxel_volume: f64,
    },
    /// An array does not have the shape of the grid it is laid on.
    ShapeMismatch {
        /// Shape of the grid, `[k, j, i]`.
        expected: [usize; 3],
        /// Shape of the array, `[k, j, i]`.
        found: [usize; 3],
    },
    /// A volume lies on another grid than the one it is combined with.
    GridMismatch {
        /// Which volume, in the caller's words.
        role: &'static str,
        /// Shape that was needed, `[k, j, i]`.
        expected: [usize; 3],
        /// Shape that was found, `[k, j, i]`.
        found: [usize; 3],
        /// Largest distance between corresponding corners in mm; `None` where the shapes differ.
        apart: Option<f64>,
    },
    /// A label map holds a number that its regions do not know.
    UnknownLabel {
        /// The number found.
        label: u8,
        /// The numbers that would have been right, with their meaning.
        known: String,
    },
    /// Source and detector span no projection.
    DegenerateProjection {
        /// What they are.
        found: String,
        /// What they should be.
        wanted: &'static str,
    },
    /// The times of a cine do not fit its frames.
    FrameTimes {
        /// Number of frames.
        frames: usize,
        /// What the times are.
        found: String,
    },
    /// The field of a cine is not of the size of its frames.
    FieldShape {
        /// Rows and columns of a frame.
        expected: [usize; 2],
        /// Rows and columns of the field.
        found: [usize; 2],
    },
    /// A cine has nothing to show.
    EmptyCine {
        /// Frames, rows and columns.
        shape: [usize; 3],
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DegenerateGrid { shape, voxel_volume } => write!(
                f,
                "a grid of {shape:?} voxels has a voxel volume of {voxel_volume} mm³, wanted a finite one that is not 0"
            ),
            Self::ShapeMismatch { expected, found } => {
                write!(f, "the array has {found:?} voxels, its grid {expected:?}")
            }
            Self::GridMismatch { role, expected, found, apart: None } => write!(
                f,
                "{role} lies on another grid: {found:?} voxels, the image has {expected:?}"
            ),
            Self::GridMismatch { role, apart: Some(apart), .. } => write!(
                f,
                "{role} lies on another grid: its corners are up to {apart:.2} mm from those of the image"
            ),
            Self::UnknownLabel { label, known } => {
                write!(f, "the label map holds the number {label}, known are {known}")
            }
            Self::DegenerateProjection { found, wanted } => {
                write!(f, "the projection has {found}, wanted {wanted}")
            }
            Self::FrameTimes { frames, found } => {
                write!(f, "the cine has {found}, wanted {frames} rising times")
            }
            Self::FieldShape { expected, found } => {
                write!(
                    f,
                    "the field has {found:?} pixels, the frames of the cine have {expected:?}"
                )
            }
            Self::EmptyCine { shape: [frames, rows, columns] } => {
                write!(f, "the cine has {frames} frames of {rows}×{columns} pixels, wanted some")
            }
        }
    }
}

impl std::error::Error for Error {}

impl Hint for Error {
    fn hint(&self) -> Option<String> {
        match self {
            Self::GridMismatch { .. } => Some("resample it onto the image's grid first".into()),
            Self::UnknownLabel { .. } => Some("map its labels to the known numbers first".into()),
            Self::DegenerateGrid { .. }
            | Self::ShapeMismatch { .. }
            | Self::DegenerateProjection { .. }
            | Self::FrameTimes { .. }
            | Self::FieldShape { .. }
            | Self::EmptyCine { .. } => None,
        }
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

    #[test]
    fn a_message_names_what_was_found_and_wanted() {
        let error = Error::GridMismatch {
            role: "the lung mask",
            expected: [4, 4, 4],
            found: [2, 4, 4],
            apart: None,
        };
        assert_eq!(
            error.to_string(),
            "the lung mask lies on another grid: [2, 4, 4] voxels, the image has [4, 4, 4]"
        );
        assert_eq!(error.hint().as_deref(), Some("resample it onto the image's grid first"));
    }
}
