//! Writes the files from which fuzzing starts.
//!
//! `cargo run -p hilum-dicom --example fuzz_seeds -- crates/dicom/fuzz/corpus` fills the folders
//! `series` and `cine` of that folder.

#[path = "../tests/fuzzing/mod.rs"]
mod fuzzing;

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = std::env::args_os().nth(1).unwrap_or_else(|| "corpus".into());
    for (target, seeds) in [("series", fuzzing::seeds::series()), ("cine", fuzzing::seeds::cine())]
    {
        let folder = Path::new(&folder).join(target);
        fs::create_dir_all(&folder)?;
        for (name, bytes) in seeds {
            fs::write(folder.join(name), bytes)?;
        }
    }
    Ok(())
}
