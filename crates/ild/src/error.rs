//! Why patterns could not be told.

use std::fmt;

use hilum_core::Hint;

/// Why patterns could not be told.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// Image and maps do not lie on one grid.
    Domain(hilum_core::Error),
    /// The map of the lungs holds no lung that was measured.
    NoLung {
        /// What it holds instead.
        found: String,
    },
    /// Voxels are too long to show any pattern.
    Coarse {
        /// The longest step of the grid in mm.
        found: f64,
        /// The longest that is taken, in mm.
        wanted: f64,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Domain(error) => error.fmt(f),
            Self::NoLung { found } => {
                write!(
                    f,
                    "no lung to look at: found {found}, wanted voxels of the right or left lung"
                )
            }
            Self::Coarse { found, wanted } => {
                write!(
                    f,
                    "voxels are {found:.1} mm long, wanted at most {wanted:.0} mm to tell patterns"
                )
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Domain(error) => Some(error),
            Self::NoLung { .. } | Self::Coarse { .. } => None,
        }
    }
}

impl Hint for Error {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Domain(error) => error.hint(),
            Self::NoLung { .. } => Some(
                "check that the lungs are those of this image, and that it shows a chest".into(),
            ),
            Self::Coarse { .. } => Some("choose a series with thinner slices".into()),
        }
    }
}

impl From<hilum_core::Error> for Error {
    fn from(error: hilum_core::Error) -> Self {
        Self::Domain(error)
    }
}
