//! The built command, and a phantom to try it on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use tempfile::TempDir;

/// Runs `hilum` with these arguments.
pub(crate) fn hilum(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hilum")).args(arguments).output().expect("the command starts")
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("temporary paths are plain")
}

/// A coarse phantom: `dicom/` and the truth beside it. Made once for all tests of a file.
pub(crate) fn phantom() -> &'static Path {
    static PHANTOM: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = PHANTOM.get_or_init(|| {
        let parent = tempfile::tempdir().expect("a temporary folder");
        let path = parent.path().join("phantom");
        let made = hilum(&["phantom", "-o", text(&path), "--spacing", "5,2.5,2.5"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        (parent, path)
    });
    path
}

/// A copy of the phantom's slices that a test may damage.
pub(crate) fn slices(folder: &Path) -> Vec<PathBuf> {
    fs::create_dir_all(folder).expect("a folder");
    let mut copies: Vec<PathBuf> = fs::read_dir(phantom().join("dicom"))
        .expect("the phantom's slices")
        .map(|entry| {
            let from = entry.expect("an entry").path();
            let to = folder.join(from.file_name().expect("a name"));
            fs::copy(from, &to).expect("a copy");
            to
        })
        .collect();
    copies.sort();
    copies
}

/// Asserts a refusal: status 1, one line that holds `wanted`, one hint, nothing on standard output.
pub(crate) fn assert_refused(run: &Output, wanted: &str) {
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1), "{said}");
    assert!(run.stdout.is_empty(), "{}", String::from_utf8_lossy(&run.stdout));
    let errors: Vec<&str> = said.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(errors.len(), 1, "{said}");
    assert!(errors[0].contains(wanted), "found {said}, wanted {wanted}");
    assert_eq!(said.lines().filter(|line| line.starts_with("hint: ")).count(), 1, "{said}");
}

/// Asserts that a folder holds nothing, hidden files included.
pub(crate) fn assert_empty(folder: &Path) {
    let left: Vec<_> = fs::read_dir(folder).expect("a folder").map(|e| e.unwrap().path()).collect();
    assert!(left.is_empty(), "{left:?}");
}
