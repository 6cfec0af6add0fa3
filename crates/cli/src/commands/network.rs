//! Outlines by a network that the user brings.

use std::path::Path;

use hilum_core::{Ct, Volume};

use crate::failure::Failure;
use crate::progress::Progress;

/// Labels on the grid of the CT, and the name of the network.
pub struct Labelled {
    /// The numbers that hilum writes.
    pub labels: Volume<u8>,
    /// What the description calls the network.
    pub name: String,
}

/// What a network is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Right and left lung.
    Lungs,
    /// The five lobes.
    Lobes,
}

#[cfg(feature = "onnx")]
impl Wanted {
    fn word(self) -> &'static str {
        match self {
            Self::Lungs => "lungs",
            Self::Lobes => "lobes",
        }
    }
}

/// Runs the network in `onnx`, described by the `.json` of the same name beside it.
#[cfg(feature = "onnx")]
pub fn run(onnx: &Path, wanted: Wanted, ct: &Ct, progress: &Progress) -> Result<Labelled, Failure> {
    use hilum_network::{Network, Product};

    let beside = onnx.with_extension("json");
    let bytes = std::fs::read(onnx).map_err(|error| unreadable(onnx, &error))?;
    let json = std::fs::read_to_string(&beside).map_err(|error| unreadable(&beside, &error))?;
    let network = Network::new(&bytes, &json)?;
    let description = network.description();
    let found = match description.produces {
        Product::Lungs => Wanted::Lungs,
        Product::Lobes => Wanted::Lobes,
    };
    if found != wanted {
        return Err(Failure::new(
            format!(
                "the network \"{}\" outlines {}, wanted {}",
                description.name,
                found.word(),
                wanted.word()
            ),
            "lungs come by --lungs-network, lobes by --lobes-network",
        ));
    }
    let step = format!("outlining {} by network", found.word());
    let labels = network.run(ct, &|done, of| progress.show(&step, done, of))?;
    Ok(Labelled { labels, name: description.name.clone() })
}

#[cfg(feature = "onnx")]
fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(
        format!("`{}` cannot be read: {error}", path.display()),
        "a network is an .onnx file with a .json description of the same name beside it: docs/network.md",
    )
}

/// Says how to get a build that can.
#[cfg(not(feature = "onnx"))]
pub fn run(_: &Path, _: Wanted, _: &Ct, _: &Progress) -> Result<Labelled, Failure> {
    Err(Failure::new(
        "this build of hilum runs no networks",
        "build it with `cargo build --release --features onnx`, or give outlines by --lungs and --lobes",
    ))
}
