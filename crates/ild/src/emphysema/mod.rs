//! Emphysema and its subtypes, told from the density around each site by a trained model.

mod posteriors;

pub use posteriors::Posteriors;
