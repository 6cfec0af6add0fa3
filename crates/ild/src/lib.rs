//! Interstitial lung disease on CT: patterns, their extent and distribution, what they fit, with
//! evidence.

pub mod emphysema;

mod classified;
mod error;
mod patterns;

pub use classified::Classified;
pub use error::Error;
pub use patterns::{PatternOptions, Scene, classify};
