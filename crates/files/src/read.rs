//! Reading, whatever the format.

use std::path::Path;

use hilum_core::{Ct, Volume};

use crate::stored::Stored;
use crate::{Error, Format, meta, nifti1, nrrd};

/// A CT image, its numbers taken as Hounsfield units.
///
/// Whole numbers are exact in [`Ct::hu`]; where any is not whole or needs more than 16 bits,
/// [`Ct::exact`] holds the very values (32-bit floats). Numbers that are none (NaN, infinite)
/// become -32768, which counts as not measured. Whether the numbers really are Hounsfield units,
/// none of these formats says.
///
/// Cost: `O(n)` for `n` voxels; the voxels are held twice while they are decoded.
///
/// # Errors
///
/// [`Error`] with what was found and what was wanted. Data never panics, and a header that
/// promises more than the file can hold is refused before memory is taken.
pub fn read(path: impl AsRef<Path>) -> Result<Ct, Error> {
    Ok(stored(path.as_ref())?.into_ct())
}

/// A label map, in 8 or 16 bits as the caller chooses: `read_labels::<u8>(path)`. Floating-point
/// files are taken if all their numbers are labels.
///
/// Cost: `O(n)` for `n` voxels.
///
/// # Errors
///
/// As [`read`], and [`Error::NotALabel`] for a voxel that is negative, a fraction or too large for
/// the type asked for.
pub fn read_labels<L>(path: impl AsRef<Path>) -> Result<Volume<L>, Error>
where
    L: TryFrom<u64> + Into<u64> + Copy + Default + Send,
{
    let largest = u64::MAX >> (64 - 8 * size_of::<L>().clamp(1, 8));
    stored(path.as_ref())?.into_labels(largest)
}

/// Any volume of one number a voxel, as 32-bit floats and without a claim on their unit.
///
/// Cost: `O(n)` for `n` voxels.
///
/// # Errors
///
/// As [`read`].
pub fn read_float(path: impl AsRef<Path>) -> Result<Volume<f32>, Error> {
    Ok(stored(path.as_ref())?.into_float())
}

fn stored(path: &Path) -> Result<Stored, Error> {
    match Format::of(path)? {
        Format::Nifti => nifti1::read(path),
        Format::MetaImage => meta::read(path),
        Format::Nrrd => nrrd::read(path),
    }
}
