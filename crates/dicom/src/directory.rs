//! DICOMDIR: the files that a medium lists.

use std::path::{Path, PathBuf};

use dicom_dictionary_std::{tags, uids};

use crate::attributes::{items, text};
use crate::{Error, dataset};

/// Files that are listed and there, and files that are listed and missing.
pub(crate) type Listed = (Vec<PathBuf>, Vec<PathBuf>);

/// The images that a DICOMDIR lists; `None` if the file is none.
pub(crate) fn files(path: &Path) -> Result<Option<Listed>, Error> {
    let found = dataset::read(path).map_err(|error| Error::unreadable(path, error))?;
    let Some(found) = found else { return Ok(None) };
    let records = items(&found.object, tags::DIRECTORY_RECORD_SEQUENCE);
    let class = text(&found.object, tags::FILE_SET_ID).is_some()
        || text(&found.object, tags::SOP_CLASS_UID).as_deref()
            == Some(uids::MEDIA_STORAGE_DIRECTORY_STORAGE);
    if records.is_empty() && !class {
        return Ok(None);
    }
    let root = path.parent().unwrap_or(Path::new("."));
    let mut listed = (Vec::new(), Vec::new());
    for record in records {
        let Some(parts) = text(record, tags::REFERENCED_FILE_ID) else { continue };
        match resolve(root, &parts) {
            Some(file) if file.is_file() => listed.0.push(file),
            _ => listed.1.push(parts.split('\\').collect()),
        }
    }
    listed.0.sort();
    listed.0.dedup();
    Ok(Some(listed))
}

/// Media write names in capitals, and file systems change them: the letter case is tried as
/// written first, then in lower case. Names that lead out of the folder are not followed.
fn resolve(root: &Path, parts: &str) -> Option<PathBuf> {
    let mut path = root.to_owned();
    for part in parts.split('\\') {
        let part = part.trim();
        if part.is_empty() || part == ".." || part.contains(['/', '\0']) {
            return None;
        }
        let written = path.join(part);
        path = if written.exists() { written } else { path.join(part.to_lowercase()) };
    }
    Some(path)
}
