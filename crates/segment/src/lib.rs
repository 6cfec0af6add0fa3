//! Body, airways, lungs and vessels on CT.

mod airway;
mod airways;
mod body;
mod checks;
mod close;
mod coarse;
mod dense;
mod drawn;
mod error;
mod fine;
mod given;
mod lungs;
mod near;
mod options;
mod pieces;
mod rind;
mod sides;
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
pub use given::given_lungs;
pub use options::Options;
pub use thirds::ThirdsBy;
pub use thorax::{Thorax, thorax};
pub use vessels::{VesselOptions, Vessels, vessels};
pub use zones::partition;
