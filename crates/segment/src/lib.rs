//! Body, airways and lungs on CT.

mod airway;
mod body;
mod checks;
mod close;
mod coarse;
mod dense;
mod error;
mod fine;
mod lungs;
mod options;
mod pieces;
mod split;
mod thorax;
mod trachea;
mod upright;
mod window;

pub use error::Error;
pub use options::Options;
pub use thorax::{Thorax, thorax};
