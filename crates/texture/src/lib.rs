//! Features of the Image Biomarker Standardisation Initiative (IBSI) on regions of an image.
//!
//! [`Roi`] is an image with a region, [`Processing`] what is done to it, [`features`] takes what
//! [`Options`] ask for, [`cooccurrence_map`] takes one feature about every voxel.
//!
//! # Conventions
//!
//! - **Names, symbols and codes are the standard's** ([`Definition`]).
//! - **A number that a region does not have is absent, with the reason.** None is NaN or infinite.
//! - **The same bits** on any number of threads.
//!
//! `docs/texture.md` says what was chosen where the standard leaves a choice, and what was checked.
//! `hilum bench ibsi` compares with the published reference values. Research use only.
//!
//! ```
//! use hilum_core::{Grid, Mask, Volume};
//! use hilum_texture::{Options, Roi, features};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let grid = Grid::axial([1, 6, 6], [2.0; 3])?;
//! let checks = Volume::from_fn(&grid, |[_, j, i]| ((i + j) % 2 + 1) as f32);
//! let roi = Roi::new(checks, Mask::filled(&grid, true))?;
//! let found = features(&roi, &Options::default())?;
//! let contrast = found.iter().find(|f| f.tag() == "cm_contrast_2D_avg").expect("a known tag");
//! assert_eq!(contrast.definition.code, "ACUI");
//! assert_eq!(contrast.value, Some(0.5));
//! # Ok(())
//! # }
//! ```

mod compute;
mod cooccurrence;
mod cooccurrence_feature;
mod dense;
mod diagnostics;
mod distance_zone;
mod ellipsoid;
mod error;
mod feature;
mod filters;
mod histogram;
mod hull;
mod level_dependence;
mod levels;
mod local_intensity;
mod mesh;
mod morphology;
mod options;
mod pair_features;
mod processing;
mod reference;
mod roi;
mod run_length;
mod size_zone;
mod spatial;
mod statistics;
mod steps;
mod summary;
mod tally;
mod tone_difference;
mod volume_histogram;
mod window;
mod zone_maps;
mod zones;

pub use compute::{features, features_of_processed};
pub use cooccurrence_feature::CooccurrenceFeature;
pub use dense::{Map, cooccurrence_map};
pub use diagnostics::diagnostics;
pub use error::Error;
pub use feature::{Aggregation, Definition, Family, Feature};
pub use filters::{
    Band, Filter, Gabor, GaborResponse, Kernel, LaplacianOfGaussian, Laws, LawsKernel, Mean,
    NonSeparableWavelet, Orientation, Pooling, RadialWavelet, Riesz, SeparableWavelet, Wavelet,
};
pub use hilum_kernel::Boundary;
pub use options::{Dimensions, Options};
pub use processing::{Configuration, Discretisation, Processing, Resampling};
pub use reference::{Consensus, Reference, parse_references};
pub use roi::Roi;
