//! The numerics of hilum: parallel, deterministic, linear in voxels.
//!
//! Free functions from volumes to volumes, and [`Components`]. Lengths are mm, measured with
//! the spacing of each axis; masks are [`hilum_core::Mask`]. What each one computes, how exact it
//! is and what it was checked against stands in `docs/kernels.md`.
//!
//! Everything parallel goes through [`par`], which promises the same bits on any number of
//! threads.
//!
//! ```
//! use hilum_core::{Grid, Mask};
//! use hilum_kernel::{Components, Connectivity, dilate, distance};
//!
//! # fn main() -> Result<(), hilum_core::Error> {
//! let grid = Grid::axial([5, 9, 9], [2.5, 0.8, 0.8])?;
//! let two = Mask::from_fn(&grid, |voxel| voxel == [2, 4, 2] || voxel == [2, 4, 4]);
//! assert_eq!(Components::new(&two, Connectivity::Corners).count(), 2);
//! assert_eq!(Components::new(&dilate(&two, 1.0), Connectivity::Faces).count(), 1);
//! assert_eq!(distance(&two).at([0, 4, 2]), 5.0);
//! # Ok(())
//! # }
//! ```

pub mod par;

mod ball;
mod blur;
mod boundary;
mod buckets;
mod coarsen;
mod components;
mod connectivity;
mod convolve;
mod crest;
mod curvature;
mod damped;
mod disc;
mod distance;
mod eigen;
mod envelope;
mod flow;
mod forest;
mod fourier;
mod gaussian;
mod hessian;
mod histogram;
mod holes;
mod lines;
mod morphology;
mod packed;
mod path;
mod places;
mod plates;
mod queue;
mod recursive;
mod region;
mod resample;
mod response;
mod runs;
mod sheets;
mod slabs;
mod spline;
mod stencil;
mod surface;
mod taps;
mod tubes;
mod watershed;

pub use boundary::Boundary;
pub use coarsen::coarsen;
pub use components::Components;
pub use connectivity::Connectivity;
pub use convolve::convolve;
pub use crest::TubeMiddle;
pub use distance::distance;
pub use eigen::{Symmetric, eigen, eigenvalues, eigenvalues_of};
pub use fourier::{Complex, Direction, fourier, fourier_length};
pub use gaussian::{gaussian, gaussian_within};
pub use hessian::Hessian;
pub use histogram::{HuCounts, part_histograms};
pub use holes::{fill_holes, fill_holes_by_slice};
pub use morphology::{close, dilate, erode, open};
pub use path::{geodesic, minimal_path, nearest_seed};
pub use plates::{PlateOptions, plates};
pub use recursive::recursive_gaussian;
pub use resample::{Interpolation, resample, resample_labels};
pub use response::{Polarity, Response};
pub use sheets::{SheetOptions, sheets};
pub use surface::cheapest_surface;
pub use tubes::{TubeMeasure, TubeOptions, tubes};
pub use watershed::{Height, watershed};
