//! One module for each command.

mod bench;
mod bench_cip_patches;
mod bench_ibsi;
mod bench_lobe_prior;
mod case;
mod convert;
mod demo;
mod density;
mod ild;
mod ild_slice;
mod inspect;
mod inspect_json;
mod inspect_lines;
mod network;
mod phantom;
mod results;

pub use bench::bench;
pub use convert::convert;
pub use demo::demo;
pub use density::density;
pub use ild::ild;
pub use inspect::inspect;
pub use phantom::phantom;
