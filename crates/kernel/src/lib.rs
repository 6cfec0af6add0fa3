//! The numerics of hilum: parallel, deterministic, linear in voxels.

pub mod par;

mod buckets;
mod coarsen;
mod components;
mod connectivity;
mod damped;
mod distance;
mod envelope;
mod forest;
mod gaussian;
mod histogram;
mod holes;
mod lines;
mod morphology;
mod path;
mod queue;
mod recursive;
mod resample;
mod runs;
mod slabs;
mod spline;
mod taps;
mod watershed;

pub use coarsen::coarsen;
pub use components::Components;
pub use connectivity::Connectivity;
pub use distance::distance;
pub use gaussian::gaussian;
pub use histogram::{HuCounts, part_histograms};
pub use holes::{fill_holes, fill_holes_by_slice};
pub use morphology::{close, dilate, erode, open};
pub use path::{geodesic, minimal_path};
pub use recursive::recursive_gaussian;
pub use resample::{Interpolation, resample, resample_labels};
pub use watershed::{Height, watershed};
