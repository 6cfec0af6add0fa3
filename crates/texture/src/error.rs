//! What can be wrong with what a caller brings.

use std::fmt;

use hilum_core::Hint;

/// Why no feature could be taken.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// Two volumes do not lie on one grid, or a grid spans no volume.
    Grid(hilum_core::Error),
    /// The image holds a number that is none.
    NotFinite {
        /// Its place, `[k, j, i]`.
        voxel: [usize; 3],
        /// The number.
        found: f32,
    },
    /// A setting that means nothing.
    Setting {
        /// Which, and what was found.
        found: String,
        /// What was wanted.
        wanted: &'static str,
    },
    /// A reference table is not laid out as it should be.
    Table {
        /// What was found.
        found: String,
        /// What was wanted.
        wanted: &'static str,
    },
}

impl Error {
    pub(crate) fn setting(found: String, wanted: &'static str) -> Self {
        Self::Setting { found, wanted }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grid(source) => source.fmt(f),
            Self::NotFinite { voxel, found } => {
                write!(f, "voxel {voxel:?} of the image holds {found}, wanted a finite number")
            }
            Self::Setting { found, wanted } => write!(f, "{found}, wanted {wanted}"),
            Self::Table { found, wanted } => {
                write!(f, "the reference table has {found}, wanted {wanted}")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Grid(source) => Some(source),
            _ => None,
        }
    }
}

impl Hint for Error {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Grid(source) => source.hint(),
            Self::NotFinite { .. } => Some(
                "give voxels without a measurement a finite number and leave them out of the mask"
                    .into(),
            ),
            Self::Setting { .. } | Self::Table { .. } => None,
        }
    }
}

impl From<hilum_core::Error> for Error {
    fn from(source: hilum_core::Error) -> Self {
        Self::Grid(source)
    }
}
