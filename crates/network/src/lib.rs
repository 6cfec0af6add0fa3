//! Lungs and lobes by a network that the user brings.
//!
//! A network is an ONNX file with a [`Description`] beside it, a small JSON file that says how
//! CT numbers become its input and what its output channels name.

mod description;
mod error;

pub use description::{Description, Fit, Product, SCHEMA};
pub use error::Error;
