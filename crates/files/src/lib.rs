//! NIfTI, MetaImage and NRRD in and out of hilum's vocabulary.
//!
//! [`read`] gives a [`hilum_core::Ct`], [`read_labels`] a volume of region numbers,
//! [`read_float`] any other volume; [`write_ct`], [`write_labels`] and [`write_float`] are their
//! counterparts. The format follows from the name of the file:
//!
//! | name | format | space of the file |
//! |---|---|---|
//! | `.nii`, `.nii.gz` | NIfTI-1 | RAS, turned here |
//! | `.mha`, `.mhd` | MetaImage | LPS |
//! | `.nrrd`, `.nhdr` | NRRD | as its header says |
//!
//! # Conventions
//!
//! All three formats store the first index fastest, which is hilum's `[k, j, i]` in standard
//! layout: voxels are moved, never transposed, and the [`hilum_core::Grid`] carries the axes as
//! they are, oblique, sheared or left-handed.
//!
//! Sizes are checked against the file before memory is taken. Compression is parallel and gives
//! the same bytes on any number of threads.

mod element;
mod error;
mod format;
mod geometry;
mod header;
mod meta;
mod nifti1;
mod nrrd;
mod pack;
mod read;
mod source;
mod stored;
mod write;
mod write_header;

pub use error::Error;
pub use format::Format;
pub use read::{read, read_float, read_labels};
pub use write::{write_ct, write_float, write_labels};
