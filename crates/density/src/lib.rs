//! Density of the lung: histogram metrics, low-attenuation clusters, and what the making of a CT
//! means for them.
//!
//! [`measure`] takes a [`hilum_core::Ct`] and a [`hilum_core::Partition`] and gives every metric of every region, from one
//! pass over the image. [`clusters`] looks at how low attenuation hangs together, [`trachea_air`]
//! at the scanner's own zero point, [`check_acquisition`] at what the file says about the scan.
//!
//! # Conventions
//!
//! - **Thresholds are strict** (`HU < -950`) unless [`Options::bound`] says otherwise.
//! - **Nothing is rounded** before a threshold is applied: a [`Histogram`] counts every distinct
//!   value, whole or not.
//! - **Voxels that the scanner did not measure** ([`hilum_core::Ct::is_measured`]) enter no number.
//! - **Every measurement carries its definition**, made from the options it was taken with.
//!
//! `docs/density.md` has the equations and references.

mod acquisition;
mod cip;
mod cip_compare;
mod clusters;
mod concept;
mod error;
mod extent;
mod gather;
mod histogram;
mod mass;
mod measure;
mod metrics;
mod options;
mod power_law;
mod region;
mod trachea;

pub use acquisition::check_acquisition;
pub use cip::{CIP_METRICS, CipRegion, CipValues, cip_phenotypes};
pub use cip_compare::{
    CipComparison, CipDeviation, compare_cip_histograms, compare_cip_phenotypes,
};
pub use clusters::{ClusterSizes, Clusters, clusters};
pub use error::Error;
pub use histogram::Histogram;
pub use mass::MassModel;
pub use measure::{Density, measure};
pub use options::{Bound, Options, Percentile, ReferenceVolume};
pub use power_law::{PowerLaw, power_law, regression_exponent};
pub use trachea::trachea_air;
