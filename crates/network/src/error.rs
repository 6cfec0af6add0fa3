//! Why a network could not be used.

use std::fmt;

use hilum_core::Hint;

/// Why a network could not be used.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The description is not one: the field, what it holds, what was wanted.
    Description(String),
    /// The network could not be read or run: the runtime's words.
    Network(String),
    /// The network takes something else than the patches that are described.
    Input {
        /// What it takes: kind of number and shape, `?` for any size.
        found: String,
        /// Shape of a patch: batch, channel, sizes.
        wanted: Vec<usize>,
    },
    /// The network does not give scores for each voxel of a patch.
    Output {
        /// Shape of what it gives: batch, channels, sizes.
        found: String,
        /// Sizes of a patch.
        wanted: Vec<usize>,
    },
    /// The CT cannot be resampled as finely as is described.
    Grid {
        /// Extent of the CT in mm: between slices, rows, columns.
        size: [f64; 3],
        /// Spacing in mm that was asked for.
        spacing: [f64; 3],
        /// Voxels that are taken at most.
        most: f64,
    },
    /// The network gave a score that is no number.
    NotANumber,
    /// The network called every voxel background.
    Nothing,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Description(what) => write!(f, "the description of the network: {what}"),
            Self::Network(what) => write!(f, "the network cannot be run: {what}"),
            Self::Input { found, wanted } => {
                write!(f, "the network takes {found}, patches are F32 {wanted:?}")
            }
            Self::Output { found, wanted } => {
                let wanted: Vec<String> = wanted.iter().map(usize::to_string).collect();
                let wanted = wanted.join(", ");
                write!(f, "the network gives {found}, wanted [1, 1 to 255 channels, {wanted}]")
            }
            Self::Grid { size, spacing, most } => write!(
                f,
                "a CT of {size:.0?} mm at a spacing of {spacing:?} mm has more than {most} voxels"
            ),
            Self::NotANumber => {
                write!(f, "the network gave an infinite score or one that is no number")
            }
            Self::Nothing => {
                write!(f, "the network calls every voxel background, wanted a region somewhere")
            }
        }
    }
}

impl std::error::Error for Error {}

impl Hint for Error {
    fn hint(&self) -> Option<String> {
        Some(
            match self {
                Self::Description(_) => "docs/network.md lists every field with an example",
                Self::Network(_) => {
                    "export it as one file, with its weights, fixed shapes and plain ONNX operators"
                }
                Self::Input { .. } | Self::Output { .. } => {
                    "check `patch` in the description against the export: docs/network.md"
                }
                Self::Grid { .. } => "`spacing` is in mm, in the order slices, rows, columns",
                Self::NotANumber | Self::Nothing => {
                    "check `clip`, `subtract`, `divide` and `spacing` in the description"
                }
            }
            .into(),
        )
    }
}
