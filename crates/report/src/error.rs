//! Why pictures could not be made.

use std::fmt;

use hilum_core::Hint;

/// Why a report could not be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Image and label maps do not lie on one grid.
    Grid(hilum_core::Error),
    /// An image could not be encoded.
    Encoding {
        /// Which picture, in words.
        picture: String,
        /// What the encoder says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A document could not be put together.
    Document {
        /// Which document.
        document: &'static str,
        /// What the writer says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What was given as an earlier report is none.
    Earlier {
        /// What it is instead.
        found: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grid(error) => error.fmt(f),
            Self::Encoding { picture, source } => {
                write!(f, "the picture `{picture}` could not be encoded: {source}")
            }
            Self::Document { document, source } => {
                write!(f, "{document} could not be written: {source}")
            }
            Self::Earlier { found } => {
                write!(f, "found {found}, wanted an earlier report of schema `{}`", crate::SCHEMA)
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Grid(error) => Some(error),
            Self::Encoding { source, .. } | Self::Document { source, .. } => Some(source.as_ref()),
            Self::Earlier { .. } => None,
        }
    }
}

impl Hint for Error {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Grid(error) => error.hint(),
            Self::Encoding { .. } | Self::Document { .. } => None,
            Self::Earlier { .. } => {
                Some("give the folder that an earlier run of `hilum ild` left behind".into())
            }
        }
    }
}

impl From<hilum_core::Error> for Error {
    fn from(error: hilum_core::Error) -> Self {
        Self::Grid(error)
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
