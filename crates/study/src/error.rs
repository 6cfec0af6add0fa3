//! Which step of a study failed, and why.

use std::fmt;

use hilum_core::Hint;

/// Why a study came to no end.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The lungs could not be outlined.
    Segment(hilum_segment::Error),
    /// Density could not be measured.
    Density(hilum_density::Error),
    /// Patterns could not be told.
    Ild(hilum_ild::Error),
    /// The model of emphysema could not be applied.
    Emphysema(hilum_ild::emphysema::Error),
    /// Volumes do not fit each other.
    Grid(hilum_core::Error),
    /// A picture could not be made.
    Report(hilum_report::Error),
    /// The image is no slice on which patterns can be told: what was found, what was wanted.
    Slice(String),
}

impl Error {
    fn inner(&self) -> Option<&(dyn HintedError + 'static)> {
        Some(match self {
            Self::Segment(error) => error,
            Self::Density(error) => error,
            Self::Ild(error) => error,
            Self::Emphysema(error) => error,
            Self::Grid(error) => error,
            Self::Report(error) => error,
            Self::Slice(_) => return None,
        })
    }
}

trait HintedError: std::error::Error + Hint {}

impl<E: std::error::Error + Hint> HintedError for E {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slice(found) => write!(f, "this is {found}"),
            _ => self.inner().map_or(Ok(()), |error| fmt::Display::fmt(error, f)),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner()?.source()
    }
}

impl Hint for Error {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Slice(_) => Some("give one axial slice through both lungs".into()),
            _ => self.inner()?.hint(),
        }
    }
}

impl From<hilum_segment::Error> for Error {
    fn from(error: hilum_segment::Error) -> Self {
        Self::Segment(error)
    }
}

impl From<hilum_density::Error> for Error {
    fn from(error: hilum_density::Error) -> Self {
        Self::Density(error)
    }
}

impl From<hilum_core::Error> for Error {
    fn from(error: hilum_core::Error) -> Self {
        Self::Grid(error)
    }
}

impl From<hilum_report::Error> for Error {
    fn from(error: hilum_report::Error) -> Self {
        Self::Report(error)
    }
}

impl From<hilum_ild::Error> for Error {
    fn from(error: hilum_ild::Error) -> Self {
        Self::Ild(error)
    }
}

impl From<hilum_ild::emphysema::Error> for Error {
    fn from(error: hilum_ild::emphysema::Error) -> Self {
        Self::Emphysema(error)
    }
}
