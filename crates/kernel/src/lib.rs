//! The numerics of hilum: parallel, deterministic, linear in voxels.

pub mod par;

mod coarsen;
mod components;
mod connectivity;
mod distance;
mod envelope;
mod forest;
mod histogram;
mod holes;
mod lines;
mod morphology;
mod resample;
mod runs;
mod slabs;
mod spline;
mod taps;

pub use coarsen::coarsen;
pub use components::Components;
pub use connectivity::Connectivity;
pub use distance::distance;
pub use histogram::{HuCounts, part_histograms};
pub use holes::{fill_holes, fill_holes_by_slice};
pub use morphology::{close, dilate, erode, open};
pub use resample::{Interpolation, resample, resample_labels};
