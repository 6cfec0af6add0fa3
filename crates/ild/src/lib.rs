//! Interstitial lung disease on CT: patterns, their extent and distribution, what they fit, with
//! evidence.

mod classified;

pub use classified::Classified;
