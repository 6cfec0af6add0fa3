//! Follows lungs, airways, vessels and lobes through a chest CT of usual size: what each step costs.
//!
//! ```console
//! $ cargo bench --bench anatomy                    # a drawn chest of 512 × 512 × 300
//! $ cargo bench --bench anatomy -- 600 300 150     # several, to see how the cost grows
//! $ cargo bench --bench anatomy -- FOLDER          # the CT series in a folder
//! ```
//!
//! Columns are seconds on the clock, seconds of all processors together, and the peak of memory while a step ran, with
//! the image and all that earlier steps have left, where the kernel tells it. Clock times count
//! only where nobody else uses the machine.
//!
//! The drawn chest is synthetic: its vessels and fissures are as many as were drawn, its noise is that
//! of the phantom's scanner. It is drawn once, with the most slices that are asked for; fewer are means
//! of these, so their noise is less.

#[path = "measure/memory.rs"]
mod memory;
#[path = "measure/processor.rs"]
mod processor;

use std::path::Path;
use std::time::Instant;

use hilum_core::{Ct, Grid};
use hilum_dicom::{choose, scan};
use hilum_kernel::{coarsen, par};
use hilum_phantom::Chest;
use hilum_segment::{
    AirwayOptions, LobeOptions, Options, VesselOptions, airways, lobes, thorax, vessels,
};

use memory::{forget, memory};
use processor::processor;

/// Height in mm of the drawn chest, from below the diaphragm to above the shoulders.
const HEIGHT: f64 = 330.0;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    println!("{} threads", par::threads());
    if let Some(folder) = words.iter().find(|word| word.parse::<usize>().is_err()) {
        follow(folder, &read(Path::new(folder)));
        return;
    }
    let mut slices: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    slices.sort_unstable_by(|a, b| b.cmp(a));
    let mut ct = drawn(slices.first().copied().unwrap_or(300));
    follow("drawn chest", &ct);
    for fewer in slices.into_iter().skip(1) {
        let more = ct.grid().shape()[0];
        assert!(more.is_multiple_of(fewer), "{fewer} slices are not means of {more}");
        ct = Ct::new(coarsen(ct.hu(), [more / fewer, 1, 1]));
        follow("drawn chest", &ct);
    }
}

/// The only CT series in a folder.
fn read(folder: &Path) -> Ct {
    let found = scan(folder, &|_, _| {}).expect("a readable series");
    let series = choose(&found, None).expect("one CT series");
    series.load(&|_, _| {}).expect("a sound series").ct
}

/// A chest of so many slices of 512 × 512 voxels, drawn.
fn drawn(slices: usize) -> Ct {
    let adult = Chest::default();
    let spacing = [HEIGHT / slices as f64, 0.75, 0.75];
    let grid = Grid::axial([slices, 512, 512], spacing).expect("grid of a chest CT");
    let middle = adult.own_grid([2.0; 3]).point([87.0, 100.0, 100.0]);
    let half = grid.shape().map(|n| (n as f64 - 1.0) / 2.0);
    let origin = middle - (grid.point(half) - grid.origin());
    adult.image(&Grid::new(grid.shape(), origin, *grid.axes()).expect("the same grid elsewhere"))
}

/// Takes all steps and prints what each cost and found.
fn follow(name: &str, ct: &Ct) {
    let [k, j, i] = ct.grid().shape();
    println!("\n{name}: {k} × {j} × {i} voxels of {:.2?} mm", ct.grid().spacing());
    println!("{:<10}{:>9}{:>11}{:>7}", "step", "clock s", "processor s", "MiB");
    let mut total = Cost::default();
    let thorax = step("lungs", &mut total, || thorax(ct, &Options::default()));
    let thorax = thorax.expect("a chest has lungs");
    let options = AirwayOptions::default();
    let tree = step("airways", &mut total, || airways(ct, &thorax, &options));
    let tree = tree.expect("one lung or two");
    let options = VesselOptions::default();
    let blood = step("vessels", &mut total, || vessels(ct, &thorax, Some(&tree), &options));
    let blood = blood.expect("one grid");
    let options = LobeOptions::default();
    let parts =
        step("lobes", &mut total, || lobes(ct, &thorax, Some(&tree), Some(&blood), &options));
    let parts = parts.expect("lungs have lobes");
    total.print("all");
    let lungs = thorax.lungs.labels().as_slice().iter().filter(|label| **label > 0).count();
    println!("lungs {:.1} mL", lungs as f64 * ct.grid().voxel_volume() / 1000.0);
    let rows = tree.measurements.iter().chain(&blood.measurements).chain(&parts.measurements);
    for row in rows.filter(|row| row.key.ends_with("_ml") || row.key.contains("complete")) {
        println!("{} {:.3}", row.key, row.value);
    }
}

/// What a step cost.
#[derive(Clone, Copy, Default)]
struct Cost {
    clock: f64,
    processor: Option<f64>,
    mebibytes: Option<u64>,
}

impl Cost {
    fn print(&self, name: &str) {
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let processor = or_dash(self.processor.map(|seconds| format!("{seconds:.2}")));
        let mebibytes = or_dash(self.mebibytes.map(|mib| mib.to_string()));
        println!("{name:<10}{:>9.2}{processor:>11}{mebibytes:>7}", self.clock);
    }
}

/// Takes a step, prints its cost and adds it to that of all.
fn step<T>(name: &str, total: &mut Cost, work: impl FnOnce() -> T) -> T {
    forget();
    let (start, before) = (Instant::now(), processor());
    let result = work();
    let processor = processor().zip(before).map(|(after, before)| after - before);
    let cost =
        Cost { clock: start.elapsed().as_secs_f64(), processor, mebibytes: memory("VmHWM:") };
    cost.print(name);
    *total = Cost {
        clock: total.clock + cost.clock,
        processor: cost.processor.map(|seconds| seconds + total.processor.unwrap_or(0.0)),
        mebibytes: cost.mebibytes.max(total.mebibytes),
    };
    result
}
