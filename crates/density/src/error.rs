//! What can be wrong with what a caller brings.

use std::fmt;

use hilum_core::Hint;

/// Why density could not be measured or compared.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// Two volumes do not lie on one grid.
    Grid(hilum_core::Error),
    /// A reference table is not laid out as it should be.
    Table {
        /// What was found.
        found: String,
        /// What was wanted.
        wanted: &'static str,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grid(source) => source.fmt(f),
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
            Self::Table { .. } => None,
        }
    }
}

impl Hint for Error {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Grid(source) => source.hint(),
            Self::Table { .. } => None,
        }
    }
}

impl From<hilum_core::Error> for Error {
    fn from(source: hilum_core::Error) -> Self {
        Self::Grid(source)
    }
}
