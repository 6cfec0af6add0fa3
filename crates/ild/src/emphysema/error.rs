//! Why a model or patches cannot be used.

use std::fmt;

use hilum_core::Hint;

/// Why a model or patches cannot be used.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// Mask and image do not lie on one grid.
    Grid(hilum_core::Error),
    /// The bytes are no model, or not a whole one.
    NotAModel {
        /// What stands there.
        found: String,
        /// What should.
        wanted: String,
    },
    /// A model of a form that another version of hilum wrote.
    Version {
        /// Its number.
        found: u32,
        /// The number that is read here.
        wanted: u32,
    },
    /// A model that was trained on other features than those that are computed here.
    FeatureSet {
        /// Its number.
        found: u32,
        /// The number of the features here.
        wanted: u32,
    },
    /// A number of the model is not finite, or not of the sign that it must have.
    Number {
        /// Which of the numbers.
        part: &'static str,
        /// What stands there.
        found: f32,
        /// What should.
        wanted: &'static str,
    },
    /// Patches or their labels are not of the form that was told of.
    Patches {
        /// What was found.
        found: String,
        /// What was wanted.
        wanted: String,
    },
    /// Slices of the image do not lie across the patient.
    NotAxial,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grid(source) => source.fmt(f),
            Self::NotAModel { found, wanted } => {
                write!(f, "the model cannot be read: found {found}, wanted {wanted}")
            }
            Self::Version { found, wanted } => {
                write!(f, "the model is of version {found}, wanted version {wanted}")
            }
            Self::FeatureSet { found, wanted } => {
                write!(f, "the model takes feature set {found}, wanted set {wanted}")
            }
            Self::Number { part, found, wanted } => {
                write!(f, "the model has {found} among its {part}, wanted {wanted}")
            }
            Self::Patches { found, wanted } => {
                write!(f, "the patches cannot be used: found {found}, wanted {wanted}")
            }
            Self::NotAxial => {
                f.write_str("found slices that do not lie across the patient, wanted axial ones")
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
        let hint = match self {
            Self::Grid(source) => return source.hint(),
            Self::Version { .. } | Self::FeatureSet { .. } => {
                "train it again with `cargo run --release --example train_ild`"
            }
            Self::NotAModel { .. } | Self::Number { .. } => {
                "give a model that the example `train_ild` wrote, whole"
            }
            Self::Patches { .. } => "docs/emphysema.md says how a folder of patches is laid out",
            Self::NotAxial => "convert the image to axial slices first",
        };
        Some(hint.into())
    }
}

impl From<hilum_core::Error> for Error {
    fn from(source: hilum_core::Error) -> Self {
        Self::Grid(source)
    }
}
