//! Loads a CT series from DICOM files in several codings, and lets other software do the same in
//! the same call.
//!
//! ```console
//! $ HILUM_DATA=… PEER_PYTHON=python3 cargo bench --bench load
//! $ PEER_PYTHON=python3 cargo bench --bench load -- jpeg_2000
//! ```
//!
//! The series is the 133-slice thorax of the public data, or a made-up one of the same size where
//! that is absent. Both sides have two threads and a warm file cache; figures are medians of five
//! runs after one that does not count. `PEER_PYTHON` names a Python with what `load.py` asks for,
//! which packs the series too; without one only hilum is timed, and only without compression.

use std::ffi::OsString;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use hilum_core::{Ct, Grid, Hu, Volume};
use hilum_dicom::{Export, choose, scan, write_series};
use hilum_kernel::par;
use tempfile::TempDir;

const RUNS: usize = 5;

/// How the slices are packed, the first not at all.
const CODINGS: [&str; 5] = ["plain", "jpeg_lossless", "jpeg_2000", "jpeg_ls", "rle"];

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let (_made, folder) = series();
    let python = std::env::var_os("PEER_PYTHON");
    if python.is_none() {
        println!("PEER_PYTHON names no Python: no compression, no comparison");
    }
    println!("| coding | software | s | × hilum |\n|---|---|---|---|");
    for coding in CODINGS {
        if !wanted.is_empty() && wanted.iter().all(|name| name != coding) {
            continue;
        }
        let packed = TempDir::new().expect("room for 70 MB");
        let Some(source) = packed_series(python.as_ref(), coding, &folder, packed.path()) else {
            continue;
        };
        let ours = ours(&source);
        println!("| {coding} | hilum, 2 threads | {ours:.3} | 1 |");
        for (name, seconds) in python.iter().flat_map(|python| peers(python, &source)) {
            println!("| {coding} | {name} | {seconds:.3} | {:.1} |", seconds / ours);
        }
    }
}

/// Median of the seconds from a path to a volume in HU.
fn ours(folder: &Path) -> f64 {
    let mut seconds = Vec::new();
    par::on_threads(2, || {
        for _ in 0..=RUNS {
            let start = Instant::now();
            let found = scan(folder, &|_, _| {}).expect("a readable series");
            let series = choose(&found, None).expect("one CT series");
            let loaded = black_box(series.load(&|_, _| {}).expect("a sound series"));
            seconds.push(start.elapsed().as_secs_f64());
            drop(loaded);
        }
    });
    let runs = &mut seconds[1..];
    runs.sort_by(f64::total_cmp);
    runs[runs.len() / 2]
}

/// The folder of the series in a coding; `None` if there is nobody to pack it.
fn packed_series(
    python: Option<&OsString>,
    coding: &str,
    folder: &Path,
    into: &Path,
) -> Option<PathBuf> {
    if coding == CODINGS[0] {
        return Some(folder.to_owned());
    }
    let status = script(python?).args(["pack", coding]).arg(folder).arg(into).status();
    assert!(status.expect("Python starts").success(), "the series can be packed");
    Some(into.to_owned())
}

fn script(python: &OsString) -> Command {
    let mut command = Command::new(python);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/load.py"));
    command
}

fn series() -> (Option<TempDir>, PathBuf) {
    if let Some(data) = std::env::var_os("HILUM_DATA") {
        let folder = Path::new(&data).join("lidc_idri_1011");
        if folder.is_dir() {
            return (None, folder);
        }
    }
    println!("HILUM_DATA has no thorax: a made-up series of the same size instead");
    let grid = Grid::axial([133, 512, 512], [2.5, 0.86, 0.86]).expect("grid of a chest CT");
    let rough = |[k, j, i]: [usize; 3]| Hu(((k * 7919 + j * 104_729 + i * 1_299) % 4096) as i16);
    let scratch = TempDir::new().expect("room for 70 MB");
    let ct = Ct::new(Volume::from_fn(&grid, rough));
    write_series(&ct, &Export::default(), scratch.path()).expect("room for 70 MB");
    let folder = scratch.path().to_owned();
    (Some(scratch), folder)
}

/// What other software needs, as its script prints it: a name, a tab, seconds.
fn peers(python: &OsString, folder: &Path) -> Vec<(String, f64)> {
    let output = script(python).arg("time").arg(folder).output().expect("Python starts");
    let text = String::from_utf8_lossy(&output.stdout);
    let row = |line: &str| {
        let (name, seconds) = line.split_once('\t')?;
        Some((name.to_owned(), seconds.parse().ok()?))
    };
    text.lines().filter_map(row).collect()
}
