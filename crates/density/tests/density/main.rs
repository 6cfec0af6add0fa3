//! Density through its public names.

mod acquisition;
mod cip;
mod clusters;
mod gaussian;
mod metrics;
mod regions;
mod support;
mod trachea;
