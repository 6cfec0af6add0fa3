//! A path to the series under it.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use dicom_dictionary_std::{tags, uids};
use hilum_kernel::par;

use crate::attributes::text;
use crate::series::{Kind, Series, Unread};
use crate::slice::{Slice, SourceFile};
use crate::{Error, breath, dataset, directory, group, header, preference, walk};

/// Called with the number of files or slices that are done, and how many there are. It may be
/// called from several threads at once. While a folder of thousands of files is still searched,
/// none is done and there are as many as were found so far.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// What was found under a path.
#[derive(Clone, Debug)]
pub struct Scan {
    files: usize,
    series: Vec<Series>,
    unread: Vec<Unread>,
}

/// Reads the headers of all files under a path: a folder that is searched with all below it, a
/// DICOMDIR, or a single file. Pixels are left alone.
///
/// Series are split where they hold stacks that are not one volume (localizers, other
/// orientations, frames of reference, repeated acquisitions), and listed in the order in which a
/// lung density analysis would want them.
///
/// Cost: `O(files)`; files that are not DICOM cost one short read.
///
/// # Errors
///
/// [`Error::Unreadable`], [`Error::NoFiles`], or [`Error::NoImages`].
pub fn scan(path: &Path, progress: Progress<'_>) -> Result<Scan, Error> {
    let (paths, closed) = candidates(path, progress)?;
    let of = paths.len() + closed.len();
    let number = |(n, path)| SourceFile { path, number: n + 1, of };
    let files: Vec<SourceFile> = paths.into_iter().enumerate().map(number).collect();
    if of == 0 {
        return Err(Error::NoFiles { path: path.to_owned() });
    }
    let done = AtomicUsize::new(0);
    let found = par::collect(files.len(), |n| {
        let found = read(&files[n]);
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, files.len());
        found
    });
    let mut slices = Vec::new();
    let mut unread = Vec::new();
    for found in found {
        match found {
            Ok(mut frames) => slices.append(&mut frames),
            Err(file) => unread.push(file),
        }
    }
    unread.extend(closed.into_iter().enumerate().map(|(n, path)| Unread {
        file: SourceFile { path, number: files.len() + n + 1, of },
        kind: Kind::Closed,
        reason: "it cannot be opened".into(),
        series: None,
    }));
    if slices.is_empty() {
        return Err(Error::NoImages { files: of, found: kinds(&unread) });
    }
    let mut series = group::group(slices, &unread);
    breath::mark(&mut series);
    preference::rank(&mut series);
    Ok(Scan { files: of, series, unread })
}

fn candidates(path: &Path, progress: Progress<'_>) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Error> {
    let about = std::fs::metadata(path).map_err(|error| Error::unreadable(path, error))?;
    if about.is_dir() {
        return walk::files(path, progress);
    }
    if !about.is_file() {
        let pipe = std::io::Error::new(ErrorKind::Unsupported, "neither a file nor a folder");
        return Err(Error::unreadable(path, pipe));
    }
    if let Some(listed) = directory::files(path)? {
        return Ok(listed);
    }
    Ok((vec![path.to_owned()], Vec::new()))
}

fn read(file: &SourceFile) -> Result<Vec<Slice>, Unread> {
    let unread = |kind, reason: String, series| Unread { file: file.clone(), kind, reason, series };
    let found = match dataset::read(&file.path) {
        Ok(Some(found)) => found,
        Ok(None) if is_called_dicom(&file.path) => {
            return Err(unread(Kind::Broken, "not DICOM in spite of its name".into(), None));
        }
        Ok(None) => return Err(unread(Kind::NotDicom, "not DICOM".into(), None)),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
            let reason = "it ends inside its file meta information";
            return Err(unread(Kind::Broken, reason.into(), None));
        }
        Err(error) => return Err(unread(Kind::Closed, error.to_string(), None)),
    };
    let series = text(&found.object, tags::SERIES_INSTANCE_UID);
    if let Some(reason) = found.broken {
        return Err(unread(Kind::Broken, reason, series));
    }
    let Some(pixels) = found.pixels else {
        let (kind, reason) = without_pixels(&found);
        return Err(unread(kind, reason, series));
    };
    header::slices(file.clone(), &found, pixels)
        .map_err(|reason| unread(Kind::Broken, reason, series))
}

/// An image that was cut to nothing, or overwritten, is known by its name alone.
fn is_called_dicom(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("dcm"))
}

/// A CT image without pixels is damaged; anything else is something else.
fn without_pixels(found: &dataset::DataSet) -> (Kind, String) {
    let images = [uids::CT_IMAGE_STORAGE, uids::ENHANCED_CT_IMAGE_STORAGE];
    let class = text(&found.object, tags::SOP_CLASS_UID).unwrap_or_default();
    if images.contains(&class.as_str()) || text(&found.object, tags::ROWS).is_some() {
        return (Kind::Broken, "it ends before its pixels".into());
    }
    let modality = text(&found.object, tags::MODALITY);
    let what = modality.unwrap_or_else(|| "DICOM".into());
    (Kind::NotImage, format!("{what} without pixels"))
}

/// `12 not DICOM, 1 RTSTRUCT without pixels`.
fn kinds(unread: &[Unread]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for file in unread {
        *counts.entry(&file.reason).or_default() += 1;
    }
    let counted: Vec<String> =
        counts.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    counted.join(", ")
}

impl Scan {
    /// Number of files that were looked at.
    pub fn files(&self) -> usize {
        self.files
    }

    /// The series, the one that a lung density analysis would want first.
    pub fn series(&self) -> &[Series] {
        &self.series
    }

    /// Files that are part of no series, with the reason.
    pub fn unread(&self) -> &[Unread] {
        &self.unread
    }
}
