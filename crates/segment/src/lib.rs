//! Body, airways and lungs on CT.

mod airway;
mod beside;
mod body;
mod checks;
mod close;
mod coarse;
mod dense;
mod drawn;
mod error;
mod fine;
mod given;
mod hull;
mod image;
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
mod window;
mod zones;

pub use error::Error;
pub use given::given_lungs;
pub use options::Options;
pub use scheme::Scheme;
pub use thirds::ThirdsBy;
pub use thorax::{Thorax, thorax};
pub use zones::partition;
