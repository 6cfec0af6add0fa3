//! Lungs and lobes by a network that the user brings.
//!
//! A network is an ONNX file with a [`Description`] beside it, a small JSON file that says how
//! CT numbers become its input and what its output channels name. `Network::run`, in builds with
//! the feature `onnx`, takes a CT through it and gives a label map on the grid of the CT, which
//! then goes where a drawn map would go.
//!
//! No network comes with hilum, and nothing is downloaded.

mod description;
mod error;
#[cfg(feature = "onnx")]
mod onnx;

pub use description::{Description, Fit, Product, SCHEMA};
pub use error::Error;
#[cfg(feature = "onnx")]
pub use onnx::{Network, Progress};
