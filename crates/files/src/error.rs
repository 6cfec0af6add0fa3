//! What can be wrong with a volume file.

use std::fmt;
use std::path::PathBuf;

use hilum_core::Hint;

use crate::Format;

/// Why a volume could not be read or written.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The system refused a file.
    Io {
        /// What was tried: `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The name of a file ends in none of the known ways.
    UnknownName {
        /// The file.
        path: PathBuf,
    },
    /// The first bytes are not those of the format that the name promises.
    NotThisFormat {
        /// What the name promises.
        format: Format,
        /// What was found instead.
        found: String,
    },
    /// A field of the header is missing or senseless.
    Header {
        /// Format of the file.
        format: Format,
        /// Name of the field.
        field: &'static str,
        /// What was found.
        found: String,
        /// What was wanted.
        wanted: &'static str,
    },
    /// The file is sound as far as one can see, but says something that is not read here.
    Unsupported {
        /// Format of the file.
        format: Format,
        /// What was found.
        found: String,
        /// What is read.
        wanted: &'static str,
    },
    /// There are fewer voxels than the header promises.
    Truncated {
        /// Bytes of voxels that were found; for a compressed file at most this many.
        found: u64,
        /// Bytes of voxels that the header promises.
        wanted: u64,
    },
    /// The compressed voxels cannot be unpacked.
    Compression {
        /// Bytes that were unpacked before it failed.
        unpacked: u64,
        /// Bytes of voxels that the header promises.
        wanted: u64,
    },
    /// The geometry in the header spans nothing.
    Geometry(hilum_core::Error),
    /// A voxel of a label map holds something that is not a label.
    NotALabel {
        /// The value found.
        found: f64,
        /// The largest label that the caller can take.
        largest: u64,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { action, path, source } => {
                write!(f, "cannot {action} `{}`: {source}", path.display())
            }
            Self::UnknownName { path } => {
                let name = path.file_name().unwrap_or(path.as_os_str()).display();
                write!(f, "`{name}` names no known format, wanted one of {}", Format::NAMES)
            }
            Self::NotThisFormat { format, found } => {
                write!(f, "not a {format} file: it starts with {found}")
            }
            Self::Header { format, field, found, wanted } => {
                write!(f, "{format} header: `{field}` is {found}, wanted {wanted}")
            }
            Self::Unsupported { format, found, wanted } => {
                write!(f, "{format} file has {found}, wanted {wanted}")
            }
            Self::Truncated { found, wanted } => {
                write!(f, "voxels are cut off: {found} bytes found, the header promises {wanted}")
            }
            Self::Compression { unpacked, wanted } => write!(
                f,
                "compressed voxels are damaged: {unpacked} bytes could be unpacked, the header promises {wanted}"
            ),
            Self::Geometry(source) => write!(f, "{source}"),
            Self::NotALabel { found, largest } => {
                write!(
                    f,
                    "a voxel of the label map is {found}, wanted a whole number from 0 to {largest}"
                )
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Geometry(source) => Some(source),
            _ => None,
        }
    }
}

impl Hint for Error {
    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::UnknownName { .. } => "rename the file if it is one of these, or convert it",
            Self::NotThisFormat { .. } => "check that the name of the file tells its format",
            Self::Truncated { .. } | Self::Compression { .. } => "copy or export the file again",
            Self::Unsupported { .. } => "save the volume anew as one 3-D image of plain numbers",
            Self::NotALabel { .. } => "give a label map, not an image",
            Self::Geometry(source) => return source.hint(),
            Self::Io { .. } | Self::Header { .. } => return None,
        };
        Some(hint.into())
    }
}

impl From<hilum_core::Error> for Error {
    fn from(source: hilum_core::Error) -> Self {
        Self::Geometry(source)
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
