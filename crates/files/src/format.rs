//! Which format a file has.

use std::fmt;
use std::path::Path;

use crate::Error;

/// A format of volume files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// `.nii`, `.nii.gz`.
    Nifti,
    /// `.mha`, `.mhd`.
    MetaImage,
    /// `.nrrd`, `.nhdr`.
    Nrrd,
}

impl Format {
    /// Endings of file names that are known, as people write them.
    pub const NAMES: &'static str = "`.nii`, `.nii.gz`, `.mha`, `.mhd`, `.nrrd`, `.nhdr`";

    /// The format that the name of a file promises; upper and lower case count the same.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownName`] if it promises none.
    pub fn of(path: &Path) -> Result<Self, Error> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        if ends(&[".nii", ".nii.gz"]) {
            Ok(Self::Nifti)
        } else if ends(&[".mha", ".mhd"]) {
            Ok(Self::MetaImage)
        } else if ends(&[".nrrd", ".nhdr"]) {
            Ok(Self::Nrrd)
        } else {
            Err(Error::UnknownName { path: path.to_owned() })
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nifti => "NIfTI",
            Self::MetaImage => "MetaImage",
            Self::Nrrd => "NRRD",
        })
    }
}
