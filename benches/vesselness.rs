//! Times the filters for tubes and sheets on a volume of the size of a chest CT.
//!
//! ```console
//! $ cargo bench --bench vesselness            # all
//! $ cargo bench --bench vesselness -- tubes
//! ```
//!
//! `benches/peers/vesselness.py` makes the same volume and times SimpleITK and scikit-image on it.

#[path = "measure/median.rs"]
mod median;

use hilum_core::{Grid, Mask, Volume};
use hilum_kernel::{
    self as kernel, Hessian, PlateOptions, SheetOptions, TubeMeasure, TubeOptions, par,
};

use median::median;

/// Of each filter; the median is printed.
const RUNS: usize = 3;

const SHAPE: [usize; 3] = [133, 512, 512];
const SPACING: [f64; 3] = [2.5, 0.86, 0.86];
const SCALES: [f64; 4] = [1.0, 1.5, 2.2, 3.3];
const FRANGI: TubeMeasure = TubeMeasure::Frangi { alpha: 0.5, beta: 0.5, gamma: 50.0 };

/// A number in `0..1` that follows from the place alone.
fn rough(n: u64) -> f64 {
    let mut bits = n;
    for factor in [0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb] {
        bits = (bits ^ bits >> 30).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(factor);
    }
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// From -0.5 to 0.5 along each axis.
fn place(voxel: [usize; 3]) -> [f64; 3] {
    [0, 1, 2].map(|n| (voxel[n] as f64 + 0.5) / SHAPE[n] as f64 - 0.5)
}

fn is_lung(voxel: [usize; 3]) -> bool {
    let [z, y, x] = place(voxel);
    let inside = |x: f64| (z / 0.48).powi(2) + (y / 0.24).powi(2) + (x / 0.14).powi(2) < 1.0;
    inside(x + 0.18) || inside(x - 0.18)
}

/// A crude chest: body, two lungs, a lattice of vessels, noise.
fn density(voxel: [usize; 3]) -> f32 {
    let [k, j, i] = voxel;
    let [_, y, x] = place(voxel);
    let vessel = (k as f64 * 0.4).sin() * (j as f64 * 0.15).sin() * (i as f64 * 0.15).sin() > 0.7;
    let tissue = if is_lung(voxel) && !vessel {
        -860.0
    } else if (y / 0.32).powi(2) + (x / 0.42).powi(2) < 1.0 {
        40.0
    } else {
        -1000.0
    };
    let n = 3 * ((k * SHAPE[1] + j) * SHAPE[2] + i) as u64;
    let noise: f64 = (n..n + 3).map(|n| rough(n) - 0.5).sum();
    (tissue + 160.0 * noise).round() as f32
}

/// Times `work` if the command line asks for it, or for nothing.
fn time<R>(name: &str, work: impl FnMut() -> R) {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    if !wanted.is_empty() && !wanted.iter().any(|word| name.contains(word.as_str())) {
        return;
    }
    println!("{name:28} {:8.4} s", median(RUNS, work));
}

fn main() {
    let grid = Grid::axial(SHAPE, SPACING).expect("grid of a chest CT");
    let volume = par::map_voxels(&grid, density);
    let lungs = par::map_voxels(&grid, is_lung);
    let rind = par::zip(&lungs, &kernel::erode(&lungs, 10.0), |lung, core| *lung && !*core);
    let share = lungs.count() as f64 / grid.voxel_count() as f64;
    println!("{SHAPE:?} voxels, {} threads, median of {RUNS}", par::threads());
    println!("lungs are {:.0} % of them, their rind is {:.0} %", 100.0 * share, {
        100.0 * rind.count() as f64 / grid.voxel_count() as f64
    });
    parts(&volume);
    filters(&volume, &lungs, &rind);
}

fn parts(volume: &Volume<f32>) {
    time("blur 2.2 mm", || kernel::recursive_gaussian(volume, 2.2, [0; 3]));
    time("hessian 2.2 mm, blur", || Hessian::new(volume, 2.2, None));
    let hessian = Hessian::new(volume, 2.2, None);
    time("hessian 2.2 mm, trace", || hessian.map(0.0, |[a, b, c, ..]| a + b + c));
    time("hessian 2.2 mm, eigenvalues", || hessian.map(0.0, |m| kernel::eigenvalues(m)[0]));
    time("hessian 2.2 mm, vectors", || hessian.map(0.0, |m| kernel::eigen(m).1[0][0]));
}

fn filters(volume: &Volume<f32>, lungs: &Mask, rind: &Mask) {
    let frangi = TubeOptions { measure: FRANGI, ..TubeOptions::default() };
    let told = TubeOptions { directions: true, ..TubeOptions::default() };
    let jerman = TubeOptions::default();
    for (name, within) in [("all", None), ("lungs", Some(lungs)), ("rind", Some(rind))] {
        let name = |what: &str| format!("{what}, {name}");
        time(&name("tubes Jerman"), || kernel::tubes(volume, &SCALES, within, &jerman));
        time(&name("tubes Frangi"), || kernel::tubes(volume, &SCALES, within, &frangi));
        time(&name("tubes directions"), || kernel::tubes(volume, &SCALES, within, &told));
        time(&name("sheets 1.5 mm"), || {
            kernel::sheets(volume, &[1.5], within, &SheetOptions::default())
        });
        if within.is_some() {
            let plates = PlateOptions::default();
            time(&name("plates"), || kernel::plates(volume, within, &plates));
        }
    }
}
