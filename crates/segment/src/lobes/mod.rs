//! Lobes: surfaces between them, where those are expected, and the map.

mod fissure;
mod sheet;

pub use fissure::Fissure;
pub use sheet::{Plane, Sheet};
