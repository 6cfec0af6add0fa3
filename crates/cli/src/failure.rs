//! What went wrong, and what the user can do about it.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use hilum_core::Hint;

/// A reason to stop: one line, and a hint where there is one.
#[derive(Debug)]
pub struct Failure {
    message: String,
    hint: Option<String>,
}

impl Failure {
    /// A reason with a way out.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: Some(hint.into()) }
    }

    /// A file or folder that could not be written.
    pub fn unwritable(path: &Path, error: &std::io::Error) -> Self {
        let hint = match error.kind() {
            std::io::ErrorKind::StorageFull => "free some space, or write to another disk",
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                "write to a folder that you may change"
            }
            _ => "check that the folder above it exists and may be written to",
        };
        Self::new(format!("`{}` cannot be written: {error}", path.display()), hint)
    }

    /// Prints the reason and the hint to standard error, each on its line.
    pub fn print(&self) {
        eprintln!("error: {}", self.message);
        if let Some(hint) = &self.hint {
            eprintln!("hint: {hint}");
        }
    }
}

impl<E: Error + Hint> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            let said = inner.to_string();
            if !message.contains(&said) {
                let _ = write!(message, ": {said}");
            }
            cause = inner.source();
        }
        Self { message: message.replace('\n', " "), hint: error.hint() }
    }
}
