//! What is done with an input: everything that a user could ask of such files.
//!
//! Files go through a folder in memory, so that what is tried is what is shipped.

use std::fmt::Display;
use std::fs;
use std::path::Path;

use hilum_core::{Hint, Quality};
use hilum_dicom::{
    Analysis, Error, LoadOptions, Scan, Series, Uneven, choose, choose_cine, choose_slice, pairs,
    phases, scan,
};
use tempfile::TempDir;

use super::envelope;

/// How far an input came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    /// Series that were found.
    pub(crate) series: usize,
    /// Images that were decoded.
    pub(crate) images: usize,
    /// Volumes or cines that were loaded.
    pub(crate) loaded: usize,
}

/// One file or several: scan, choose, decode each image, load each series.
///
/// # Panics
///
/// If anything is not as it should be.
pub(crate) fn series(input: &[u8]) -> Reach {
    let (_folder, scan) = scanned(input);
    let Some(scan) = told(scan) else { return Reach::default() };
    let _ = told(choose(&scan, None));
    let _ = told(choose_slice(&scan, None));
    overview(&scan);
    let mut reach = Reach { series: scan.series().len(), ..Reach::default() };
    for series in scan.series() {
        described(series);
        if let Some(images) = told(series.images()) {
            reach.images += images.filter_map(told).count();
        }
        let options = LoadOptions { uneven: Uneven::Interpolate };
        let made_up = || told(series.load_with(&options, &|_, _| {}));
        let single = || told(series.load_slice());
        if let Some(loaded) = told(series.load(&|_, _| {})).or_else(made_up).or_else(single) {
            rows(&loaded.quality);
            let ct = &loaded.ct;
            assert!(ct.grid().corners().iter().all(|p| p.coords.iter().all(|x| x.is_finite())));
            assert!(ct.exact().is_none_or(|v| v.as_slice().iter().all(|x| x.is_finite())));
            reach.loaded += 1;
        }
    }
    reach
}

/// One file or several: scan, choose, load each run with its facts.
///
/// # Panics
///
/// If anything is not as it should be.
pub(crate) fn cine(input: &[u8]) -> Reach {
    let (_folder, scan) = scanned(input);
    let Some(scan) = told(scan) else { return Reach::default() };
    let _ = told(choose_cine(&scan, None));
    let mut reach = Reach { series: scan.series().len(), ..Reach::default() };
    for series in scan.series() {
        described(series);
        let facts = told(series.cine_facts());
        let Some(loaded) = told(series.load_cine(&|_, _| {})) else { continue };
        rows(&loaded.quality);
        let facts = facts.expect("a run that is loaded has its facts");
        let cine = &loaded.cine;
        assert_eq!(cine.times(), facts.times);
        assert!(cine.times().windows(2).all(|pair| pair[0] < pair[1]));
        assert!(cine.frames().iter().all(|value| value.is_finite()));
        reach.images += cine.shape()[0];
        reach.loaded += 1;
    }
    reach
}

/// What a list of all series would show.
fn overview(scan: &Scan) {
    use Analysis::{Density, Ild, Motion, VentilationCine, VentilationCt};
    let _ = format!("{:?} {:?}", phases(scan), pairs(scan));
    for series in scan.series() {
        for analysis in [Density, Ild, VentilationCt, VentilationCine, Motion] {
            for reason in scan.why_not(series, analysis) {
                readable(&reason);
            }
        }
    }
}

/// A set is read as a folder, a single file as itself: it may be a DICOMDIR.
fn scanned(input: &[u8]) -> (TempDir, Result<Scan, Error>) {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    let folder = folder.expect("a folder can be made");
    let write = |name: usize, bytes: &[u8]| {
        let path = folder.path().join(format!("{name}.dcm"));
        fs::write(&path, bytes).expect("a file can be written");
        path
    };
    let path = match envelope::files(input) {
        Some(files) => {
            for (n, bytes) in files.iter().enumerate() {
                write(n, bytes);
            }
            folder.path().to_owned()
        }
        None => write(0, input),
    };
    let scan = scan(&path, &|_, _| {});
    (folder, scan)
}

/// Looks at what is said of a refusal.
fn told<T>(result: Result<T, Error>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            readable(&error);
            if let Some(hint) = error.hint() {
                readable(&hint);
            }
            let _ = format!("{error:?}");
            None
        }
    }
}

fn rows(quality: &[Quality]) {
    for row in quality {
        readable(&row.message);
    }
}

fn described(series: &Series) {
    readable(&series.label());
    for reason in series.why_not_ct().iter().chain(series.why_not_cine()) {
        readable(reason);
    }
    for file in series.broken() {
        readable(&file.reason());
    }
}

/// What is shown is one line, and does not steer a terminal.
fn readable(text: &impl Display) {
    let text = text.to_string();
    assert!(!text.chars().any(char::is_control), "control characters in {text:?}");
    assert!(text.len() < 1 << 14, "{} bytes of message", text.len());
}
