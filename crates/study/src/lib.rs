//! One CT in, its findings out: the order of the steps.
//!
//! A study takes volumes, never files, so that the whole pipeline runs on phantoms. Each analysis
//! is one function that reads as the list of its steps; whoever wants to know how a number came
//! about starts there and walks down.

mod anatomy;
mod classification;
mod density;
mod error;
mod hazy;
mod ild;
mod ild_slice;
mod progress;
mod provenance;
mod slice_bronchi;
mod slice_patches;
mod steps;

pub use anatomy::{Anatomy, AnatomyOptions};
pub use density::{Case, DensityOptions, DensityStudy, density};
pub use error::Error;
pub use ild::{IldOptions, IldStudy, ild};
pub use ild_slice::{IldSliceStudy, ild_slice};
pub use progress::Progress;
