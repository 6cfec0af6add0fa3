//! Interstitial lung disease on CT: patterns, their extent and distribution, what they fit, with
//! evidence.

pub mod emphysema;

mod classified;

pub use classified::Classified;
