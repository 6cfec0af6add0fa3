//! Chest phantoms with exact truth: the patient of `hilum demo`, and what tests and benches measure.
//!
//! [`Chest`] is an anatomical chest, made to look like a CT of one, with everything known that a
//! measurement could ask: lungs, lobes, airways, vessels, emphysema, the image without noise, and
//! volumes and shares of the anatomy itself ([`Truth`]). [`Scan`] says how the image is formed.
//! [`ball`], [`blob`] and [`gaussian_lung`] are small phantoms in closed form.
//!
//! # Conventions
//!
//! - The patient lies on the back, arms up, with the **carina at the origin** of patient space.
//!   Any grid may look at any part of it; [`Chest::grid`] covers the chest.
//! - **A voxel belongs to a structure if its centre does.** CT numbers are averages over voxels.
//! - **The same bits everywhere**: whatever the number of threads, and since nothing but
//!   `+ - * /`, square roots and integer hashes is used, whatever the machine as far as it keeps
//!   to IEEE 754. Random numbers depend on a seed and a place, never on an order.
//!
//! The chest is synthetic: what holds on it has not been shown on patients.

mod body;
mod border;
mod bronchi;
mod build;
mod cage;
mod central;
mod chest;
mod code;
mod couch;
mod exact;
mod filter;
mod fissure;
mod foam;
mod form;
mod frame;
mod hole;
mod ild;
mod interstitial;
mod lattice;
mod lesion;
mod level;
mod lobes;
mod model;
mod organs;
mod paint;
mod parts;
mod pattern;
mod random;
mod render;
mod scan;
mod shape;
mod sick;
mod simple;
mod skeleton;
mod stamp;
mod thorax;
mod tile;
mod tissue;
mod traction;
mod tree;
mod truth;
mod tube;
mod variants;
mod warp;
mod weave;

pub use border::BorderPoint;
pub use bronchi::Bronchus;
pub use build::Build;
pub use chest::Chest;
pub use fissure::FissureShape;
pub use form::Form;
pub use ild::{IldKind, IldPatient, IldSet, ild_patients};
pub use lesion::{Disease, Lesion};
pub use pattern::{Extents, Shares};
pub use scan::Scan;
pub use simple::{ball, blob, gaussian_lung};
pub use truth::{Figures, Truth};
pub use variants::{Variant, variants};
