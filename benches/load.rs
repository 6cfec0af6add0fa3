//! Loads a CT series from DICOM files, and lets other software do the same in the same call.
//!
//! ```console
//! $ HILUM_DATA=… PEER_PYTHON=python3 cargo bench --bench load
//! ```
//!
//! The series is the 133-slice thorax of the public data, or a made-up one of the same size where
//! that is absent. Both sides have two threads and a warm file cache. `PEER_PYTHON` names a Python
//! with numpy, pydicom and SimpleITK; without one only hilum is timed.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use hilum_core::{Ct, Grid, Hu, Volume};
use hilum_dicom::{Export, choose, scan, write_series};
use hilum_kernel::par;
use tempfile::TempDir;

const RUNS: usize = 9;

fn main() {
    let (_scratch, folder) = series();
    let (mut scanning, mut loading) = (Vec::new(), Vec::new());
    par::on_threads(2, || {
        for _ in 0..=RUNS {
            let start = Instant::now();
            let found = scan(&folder, &|_, _| {}).expect("a readable series");
            scanning.push(start.elapsed().as_secs_f64());
            let series = choose(&found, None).expect("one CT series");
            let loaded = black_box(series.load(&|_, _| {}).expect("a sound series"));
            loading.push(start.elapsed().as_secs_f64());
            drop(loaded);
        }
    });
    let ours = median(&mut loading);
    println!("{:<34}{:>8.3} s", "hilum, headers alone", median(&mut scanning));
    println!("{:<34}{ours:>8.3} s", "hilum, scan and load, 2 threads");
    for (name, seconds) in peers(&folder) {
        println!("{name:<34}{seconds:>8.3} s   {:>5.1} × hilum", seconds / ours);
    }
}

/// The median after a first run that warms the file cache.
fn median(seconds: &mut [f64]) -> f64 {
    let runs = &mut seconds[1..];
    runs.sort_by(f64::total_cmp);
    runs[runs.len() / 2]
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
fn peers(folder: &Path) -> Vec<(String, f64)> {
    let Some(python) = std::env::var_os("PEER_PYTHON") else {
        println!("PEER_PYTHON names no Python: no comparison");
        return Vec::new();
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/load.py");
    let output = Command::new(python).arg(script).arg(folder).output().expect("Python starts");
    let text = String::from_utf8_lossy(&output.stdout);
    let row = |line: &str| {
        let (name, seconds) = line.split_once('\t')?;
        Some((name.to_owned(), seconds.parse().ok()?))
    };
    text.lines().filter_map(row).collect()
}
