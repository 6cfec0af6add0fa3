//! Features of the Image Biomarker Standardisation Initiative (IBSI) on regions of an image.
//!
//! [`Roi`] is an image with a region, [`Processing`] what is done to it, [`features`] takes what
//! [`Options`] ask for. `hilum bench ibsi` compares them with the published reference values.

mod compute;
mod cooccurrence;
mod cooccurrence_feature;
mod dense;
mod diagnostics;
mod distance_zone;
mod ellipsoid;
mod error;
mod feature;
mod fourier;
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
pub use options::{Dimensions, Options};
pub use processing::{Configuration, Discretisation, Processing, Resampling};
pub use reference::{Consensus, Reference, parse_references};
pub use roi::Roi;
