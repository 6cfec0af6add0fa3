//! The vocabulary of quantitative lung CT: where a voxel lies, what its number
//! means, and what a measurement claims.
//!
//! # Conventions
//!
//! - **Patient space** is DICOM's: +x left, +y posterior, +z superior (LPS), in
//!   millimetres. Every [`nalgebra::Point3`] in this workspace is a patient point, or one about
//!   the isocentre of a C-arm where an [`Anchor`] says so; every [`nalgebra::Point2`] is a point
//!   on a detector.
//! - **Arrays** are indexed `[k, j, i]` (slice, row, column), `i` fastest, in
//!   standard layout. Voxel coordinates never leave [`Grid`].
//! - **Densities** are [`Hu`]; a [`Ct`] keeps the exact value beside them where
//!   the scanner's numbers are not whole. Other voxels say in their name what
//!   they hold.
//! - **Every length is mm, every time s, every mass g, every angle rad.** Degrees
//!   live at the edges, in DICOM and on the command line.
//! - **A number that leaves a measuring crate is a [`Measurement`]**: it carries
//!   key, region, unit, concept and definition. What could not be measured is
//!   absent, and a [`Quality`] row says why.

mod acquisition;
mod cine;
mod code;
mod ct;
mod error;
mod grid;
mod guard;
mod hu;
mod label;
mod measurement;
mod partition;
mod pattern;
mod projection;
mod quality;
mod sharpness;
mod site;
mod unit;
mod volume;

pub use acquisition::Acquisition;
pub use cine::{Cine, Intensity};
pub use code::Code;
pub use ct::Ct;
pub use error::{Error, Hint};
pub use grid::Grid;
pub use guard::{guarded, quiet_guarded};
pub use hu::Hu;
pub use label::{LabelMap, Lobe, Lung, Region};
pub use measurement::Measurement;
pub use partition::Partition;
pub use pattern::{EmphysemaSubtype, Pattern};
pub use projection::{Anchor, Projection};
pub use quality::{Quality, Severity};
pub use sharpness::Sharpness;
pub use site::{Lungs, Site, Third};
pub use unit::Unit;
pub use volume::{Mask, Volume};

/// The words that stand on every output of hilum.
pub const RESEARCH_USE_ONLY: &str = "research use only";
