//! The files under a path, in the same order every time.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::{Error, Progress};

/// Folders deeper than this are no patient's.
const DEEPEST: usize = 64;

/// Every so many files the number of those found is told.
const NEWS: usize = 1000;

/// All files under a folder, sorted by path, folders by folders. Symbolic links are followed;
/// a folder is entered once, whatever leads to it. What cannot be listed, or lies too deep, comes
/// second.
pub(crate) fn files(
    root: &Path,
    progress: Progress<'_>,
) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Error> {
    let mut walk =
        Walk { files: Vec::new(), closed: Vec::new(), entered: BTreeSet::new(), progress };
    walk.enter(root, 0).map_err(|error| Error::unreadable(root, error))?;
    Ok((walk.files, walk.closed))
}

struct Walk<'a> {
    files: Vec<PathBuf>,
    closed: Vec<PathBuf>,
    entered: BTreeSet<PathBuf>,
    progress: Progress<'a>,
}

impl Walk<'_> {
    fn enter(&mut self, folder: &Path, depth: usize) -> std::io::Result<()> {
        if !self.entered.insert(fs::canonicalize(folder)?) {
            return Ok(());
        }
        if depth > DEEPEST {
            return Err(ErrorKind::InvalidInput.into());
        }
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder)? {
            paths.push(entry?.path());
        }
        paths.sort();
        for path in paths {
            self.visit(path, depth);
        }
        Ok(())
    }

    fn visit(&mut self, path: PathBuf, depth: usize) {
        match fs::metadata(&path) {
            Ok(about) if about.is_dir() => {
                if self.enter(&path, depth + 1).is_err() {
                    self.closed.push(path);
                }
            }
            Ok(about) if about.is_file() => {
                self.files.push(path);
                if self.files.len().is_multiple_of(NEWS) {
                    (self.progress)(0, self.files.len());
                }
            }
            // Sockets, pipes and devices would block a reader or never end.
            Ok(_) => {}
            Err(_) => self.closed.push(path),
        }
    }
}
