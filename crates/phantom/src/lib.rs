//! Chest phantoms with exact truth.

mod chest;
mod crude;
mod exact;
mod filter;
mod random;
mod scan;
mod simple;
mod truth;

pub use chest::Chest;
pub use scan::Scan;
pub use simple::{ball, blob, gaussian_lung};
pub use truth::{Figures, Truth};
