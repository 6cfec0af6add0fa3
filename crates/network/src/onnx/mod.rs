//! Networks at work: all that needs a runtime.

mod frame;
mod network;
mod runtime;
mod scores;
mod windows;

pub use network::{Network, Progress};
