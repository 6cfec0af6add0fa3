//! Lobes: surfaces between them, where those are expected, and the map.

mod affine;
mod atlas;
mod bronchi;
mod case;
mod complete;
mod divide;
mod figures;
mod fissure;
mod fit;
mod frame;
mod islands;
mod label;
mod leave_one_out;
mod model;
mod outlines;
mod prior;
mod register;
mod search;
mod sheet;
mod size;

pub use atlas::derive_lobe_prior;
pub(crate) use bronchi::{Bronchus, is_above};
pub use case::AtlasCase;
pub use divide::{LobeOptions, Lobes, lobes};
pub use figures::FissureFigures;
pub use fissure::Fissure;
pub use leave_one_out::{PriorErrors, prior_leave_one_out};
pub use prior::prior;
pub use sheet::{Plane, Sheet};
pub(crate) use size::Size;
