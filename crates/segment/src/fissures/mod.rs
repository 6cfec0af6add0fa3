//! Fissures: what the image shows of them, and the surface that fits it best.

mod costs;
mod evidence;
mod find;
mod gap;
mod membership;
mod misplaced;
mod plates;
mod refine;
mod slab;
mod tissue;

pub(crate) use evidence::measured;
pub use evidence::{Evidence, evidence};
pub use find::{Found, GAP, find};
pub use slab::Slab;
