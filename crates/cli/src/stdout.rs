//! Data on standard output.

use std::io::{ErrorKind, Write};

use crate::failure::Failure;

/// Prints a text and a line break. A reader that has closed its end, as `head` does, has had enough.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n"));
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new(
            format!("standard output cannot be written: {error}"),
            "send it to a file on a disk with room",
        )),
        _ => Ok(()),
    }
}
