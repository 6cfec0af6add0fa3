//! Chest phantoms with exact truth.

mod body;
mod cage;
mod central;
mod chest;
mod code;
mod couch;
mod exact;
mod filter;
mod fissure;
mod lattice;
mod lesion;
mod level;
mod lobes;
mod model;
mod organs;
mod paint;
mod parts;
mod random;
mod render;
mod scan;
mod shape;
mod simple;
mod skeleton;
mod stamp;
mod thorax;
mod tile;
mod tree;
mod truth;
mod tube;

pub use chest::Chest;
pub use scan::Scan;
pub use simple::{ball, blob, gaussian_lung};
pub use truth::{Figures, Truth};
