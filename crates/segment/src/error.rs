//! Why lungs could not be outlined.

use std::fmt;

use hilum_core::Hint;

use crate::scheme::Scheme;

/// Why lungs could not be outlined.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The image shows no lungs: a head, an abdomen, something that is not CT.
    NoLungs {
        /// What the image shows instead, in one clause.
        found: String,
        /// What would have been taken for lungs.
        wanted: &'static str,
    },
    /// A mask or label map does not belong to the image.
    Domain(hilum_core::Error),
    /// A given mask holds no voxel.
    EmptyMask {
        /// Which volume, in the caller's words.
        role: &'static str,
    },
    /// The numbers of a given label map do not mean what was wanted of it.
    UnknownLabels {
        /// `lungs` or `lobes`.
        wanted: &'static str,
        /// Whose numbers they were taken for.
        scheme: Scheme,
        /// The numbers in the map, rising.
        found: Vec<u16>,
        /// Schemes in which every one of them has a meaning.
        fitting: Vec<Scheme>,
    },
    /// A table of the atlas of fissures is not of the form that was told of.
    Table {
        /// Which table.
        role: &'static str,
        /// What stands there.
        found: String,
        /// What should.
        wanted: &'static str,
    },
}

/// The first of a list of numbers, as people read them.
fn listed(numbers: &[u16]) -> String {
    const MOST: usize = 12;
    let first: Vec<String> = numbers.iter().take(MOST).map(u16::to_string).collect();
    match numbers.len() {
        0 => "no number but 0".into(),
        count if count > MOST => format!("{} … ({count} numbers)", first.join(", ")),
        _ => first.join(", "),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLungs { found, wanted } => {
                write!(f, "no lungs found: the image shows {found}, wanted {wanted}")
            }
            Self::Domain(error) => error.fmt(f),
            Self::EmptyMask { role } => {
                write!(f, "{role} is empty: found no voxel other than 0, wanted lungs")
            }
            Self::UnknownLabels { wanted, scheme, found, .. } => write!(
                f,
                "the given map holds {}, wanted {wanted} in the numbers of {}",
                listed(found),
                scheme.key()
            ),
            Self::Table { role, found, wanted } => {
                write!(f, "{role} cannot be used: found {found}, wanted {wanted}")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Domain(error) => Some(error),
            Self::NoLungs { .. }
            | Self::EmptyMask { .. }
            | Self::UnknownLabels { .. }
            | Self::Table { .. } => None,
        }
    }
}

impl Hint for Error {
    fn hint(&self) -> Option<String> {
        match self {
            Self::NoLungs { .. } => Some(
                "choose another series, or give a mask of the lungs where the image does show them"
                    .into(),
            ),
            Self::Domain(error) => error.hint(),
            Self::EmptyMask { .. } => Some("check that the mask is the one of this image".into()),
            Self::UnknownLabels { fitting, .. } => Some(match fitting.first() {
                Some(scheme) => format!("these are numbers of {0}: say --labels {0}", scheme.key()),
                None => "say whose numbers they are with --labels".into(),
            }),
            Self::Table { .. } => {
                Some("give the atlas of the Chest Imaging Platform as it was published".into())
            }
        }
    }
}

impl From<hilum_core::Error> for Error {
    fn from(error: hilum_core::Error) -> Self {
        Self::Domain(error)
    }
}
