//! Body, airways, lungs and vessels on CT.

mod airway;
mod airways;
mod average;
mod beside;
mod body;
mod bridge;
mod checks;
mod close;
mod coarse;
mod dense;
mod drawn;
mod error;
mod fine;
mod fissures;
mod floor;
mod given;
mod haze;
mod hull;
mod image;
mod lace;
mod lobes;
mod lungs;
mod near;
mod options;
mod pieces;
mod rind;
mod scheme;
mod sides;
mod solid;
mod split;
mod thirds;
mod thorax;
mod trachea;
mod upright;
mod vessels;
mod window;
mod zones;

pub use airways::{AirwayLabel, AirwayOptions, AirwayTree, Airways, Branch, WallFigures, airways};
pub use error::Error;
pub use fissures::{Evidence, Found, GAP, Slab, evidence, find};
pub use given::given_lungs;
pub use lobes::{
    AtlasCase, Fissure, FissureFigures, LobeOptions, Lobes, Plane, PriorErrors, Sheet,
    derive_lobe_prior, lobes, prior, prior_leave_one_out,
};
pub use options::Options;
pub use scheme::Scheme;
pub use thirds::ThirdsBy;
pub use thorax::{Thorax, thorax};
pub use vessels::{VesselOptions, Vessels, vessels};
pub use zones::{anatomical_partition, partition};
