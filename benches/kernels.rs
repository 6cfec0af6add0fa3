//! Times the kernels on a volume of the size of a chest CT, in Mvoxel/s of that volume.
//!
//! ```console
//! $ cargo bench --bench kernels            # all
//! $ cargo bench --bench kernels -- distance closing
//! ```
//!
//! `benches/peers/kernels.py` makes the same volume and times SciPy and SimpleITK on it.

#[path = "measure/median.rs"]
mod median;

use hilum_core::{Grid, Hu, Mask, Volume};
use hilum_kernel::{self as kernel, Components, Connectivity, Interpolation, par};

use median::median;

/// Of each kernel; the median is printed.
const RUNS: usize = 5;

/// A crude chest: body, two lungs, a lattice of vessels, noise. Not anatomy, but its air has
/// as many runs and pieces as that of a patient.
struct Chest {
    hu: Volume<Hu>,
    air: Mask,
    lungs: Mask,
    parts: Volume<u8>,
    coarse_lungs: Mask,
}

/// A number in `0..1` that follows from the place alone.
fn rough(n: u64) -> f64 {
    let mut bits = n;
    for factor in [0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb] {
        bits = (bits ^ bits >> 30).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(factor);
    }
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// 1 and 2 inside of the lungs, 0 elsewhere.
fn side([k, j, i]: [usize; 3], [slices, rows, columns]: [usize; 3]) -> u8 {
    let at = |n: usize, length: usize| (n as f64 + 0.5) / length as f64 - 0.5;
    let (z, y, x) = (at(k, slices), at(j, rows), at(i, columns));
    let inside = |x: f64| (z / 0.48).powi(2) + (y / 0.24).powi(2) + (x / 0.14).powi(2) < 1.0;
    if inside(x + 0.18) {
        1
    } else if inside(x - 0.18) {
        2
    } else {
        0
    }
}

fn density(voxel: [usize; 3], shape: [usize; 3]) -> Hu {
    let [k, j, i] = voxel;
    let at = |n: usize, length: usize| (n as f64 + 0.5) / length as f64 - 0.5;
    let (y, x) = (at(j, shape[1]), at(i, shape[2]));
    let vessel = (k as f64 * 0.4).sin() * (j as f64 * 0.15).sin() * (i as f64 * 0.15).sin() > 0.7;
    let tissue = if side(voxel, shape) > 0 && !vessel {
        -860.0
    } else if (y / 0.32).powi(2) + (x / 0.42).powi(2) < 1.0 {
        40.0
    } else {
        -1000.0
    };
    let n = 3 * ((k * shape[1] + j) * shape[2] + i) as u64;
    let noise: f64 = (n..n + 3).map(|n| rough(n) - 0.5).sum();
    Hu::nearest((tissue + 160.0 * noise) as f32)
}

impl Chest {
    fn new(shape: [usize; 3]) -> Self {
        let grid = Grid::axial(shape, [2.5, 0.86, 0.86]).expect("grid of a chest CT");
        let coarse =
            Grid::axial([shape[0] * 5 / 6, 146, 146], [3.0; 3]).expect("grid of 3 mm voxels");
        let hu = par::map_voxels(&grid, |voxel| density(voxel, shape));
        let parts = par::map_voxels(&grid, |voxel| {
            side(voxel, shape) * (1 + (3 * voxel[0] / shape[0]) as u8 * 2)
        });
        Self {
            air: par::map(&hu, |hu| hu.0 < -500),
            lungs: par::map_voxels(&grid, |voxel| side(voxel, shape) > 0),
            coarse_lungs: par::map_voxels(&coarse, |voxel| side(voxel, coarse.shape()) > 0),
            hu,
            parts,
        }
    }
}

/// Times `work` if the command line asks for it, or for nothing.
fn time<R>(name: &str, voxels: usize, work: impl FnMut() -> R) {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    if !wanted.is_empty() && !wanted.iter().any(|word| name.contains(word.as_str())) {
        return;
    }
    let median = median(RUNS, work);
    println!("{name:28} {median:8.4} s {:8.1} Mvoxel/s", voxels as f64 / median / 1e6);
}

fn main() {
    let chest = Chest::new([133, 512, 512]);
    let float = chest.hu.map(|hu| f32::from(*hu));
    println!("{:?} voxels, {} threads, median of {RUNS}", chest.hu.grid().shape(), par::threads());
    binary(&chest);
    counts_and_grids(&chest, &float);
    smooth(&float);
    fronts(&chest, &float);
}

fn binary(chest: &Chest) {
    let n = chest.hu.grid().voxel_count();
    let coarse = chest.coarse_lungs.grid().voxel_count();
    for connectivity in [Connectivity::Faces, Connectivity::Corners] {
        let name = format!("components {connectivity:?}");
        time(&name, n, || Components::new(&chest.air, connectivity));
    }
    let components = Components::new(&chest.air, Connectivity::Faces);
    println!("  ({} components)", components.count());
    time("components labels", n, || components.labels());
    time("components mask", n, || components.mask(|number| number < 3));
    time("fill holes", n, || kernel::fill_holes(&chest.air));
    time("fill holes by slice", n, || kernel::fill_holes_by_slice(&chest.air));
    time("distance of lungs", n, || kernel::distance(&chest.lungs));
    time("distance of air", n, || kernel::distance(&chest.air));
    time("dilation 5 mm", n, || kernel::dilate(&chest.lungs, 5.0));
    time("dilation 20 mm", n, || kernel::dilate(&chest.lungs, 20.0));
    time("erosion 5 mm", n, || kernel::erode(&chest.lungs, 5.0));
    time("closing 5 mm", n, || kernel::close(&chest.lungs, 5.0));
    time("closing 5 mm, coarse", coarse, || kernel::close(&chest.coarse_lungs, 5.0));
    time("closing 20 mm, coarse", coarse, || kernel::close(&chest.coarse_lungs, 20.0));
}

fn counts_and_grids(chest: &Chest, float: &Volume<f32>) {
    let n = chest.hu.grid().voxel_count();
    time("read both volumes", n, || {
        let hu = par::collect(133, |k| {
            let slice = &chest.hu.as_slice()[k << 18..(k + 1) << 18];
            slice.iter().fold(0_u16, |sum, hu| sum.wrapping_add(hu.0 as u16))
        });
        let parts = par::collect(133, |k| {
            let slice = &chest.parts.as_slice()[k << 18..(k + 1) << 18];
            slice.iter().fold(0_u8, |sum, part| sum.wrapping_add(*part))
        });
        (hu, parts)
    });
    time("histograms by part", n, || kernel::part_histograms(&chest.hu, &chest.parts));
    for factors in [[1, 2, 2], [1, 3, 3], [2, 4, 4], [1, 5, 5]] {
        time(&format!("coarsen {factors:?}"), n, || kernel::coarsen(&chest.hu, factors));
    }
    let coarse = chest.coarse_lungs.grid();
    let m = coarse.voxel_count();
    let turned = Grid::new(coarse.shape(), coarse.origin(), {
        nalgebra::Rotation3::from_euler_angles(0.1, 0.1, 0.1).matrix() * coarse.axes()
    })
    .expect("turned axes are sound");
    let small = kernel::resample(float, coarse, Interpolation::Linear, -1000.0);
    for interpolation in [Interpolation::Nearest, Interpolation::Linear, Interpolation::Cubic] {
        let name = |how: &str| format!("resample {interpolation:?} {how}");
        time(&name("down"), m, || kernel::resample(float, coarse, interpolation, -1000.0));
        time(&name("up"), n, || kernel::resample(&small, float.grid(), interpolation, -1000.0));
        time(&name("oblique"), m, || kernel::resample(float, &turned, interpolation, -1000.0));
    }
    let labels = kernel::resample_labels(&chest.parts, coarse);
    time("resample labels up", n, || kernel::resample_labels(&labels, float.grid()));
}

fn smooth(float: &Volume<f32>) {
    let n = float.grid().voxel_count();
    for sigma in [1.0, 3.0] {
        time(&format!("gaussian {sigma} mm"), n, || kernel::gaussian(float, sigma));
    }
    time("recursive gaussian", n, || kernel::recursive_gaussian(float, 3.0, [0, 0, 0]));
    time("recursive derivative", n, || kernel::recursive_gaussian(float, 3.0, [0, 1, 1]));
}

fn fronts(chest: &Chest, float: &Volume<f32>) {
    let coarse = chest.coarse_lungs.grid();
    let m = coarse.voxel_count();
    let small = kernel::resample(float, coarse, Interpolation::Linear, -1000.0);
    let cost = small.map(|hu| ((hu + 1100.0) / 100.0).max(0.1));
    let [slices, rows, columns] = coarse.shape();
    let (top, bottom) = ([slices - 1, rows / 2, columns / 2], [0, rows / 2, columns / 3]);
    let seeds = Mask::from_fn(coarse, |voxel| voxel == top);
    time("geodesic, coarse", m, || kernel::geodesic(&cost, &seeds));
    time("minimal path, coarse", m, || kernel::minimal_path(&cost, top, bottom));
    let markers = Components::new(&kernel::erode(&chest.coarse_lungs, 30.0), Connectivity::Faces);
    let markers = markers.labels();
    time("watershed f32, coarse", m, || kernel::watershed(&small, &markers, None));
    let small = small.map(|value| Hu::nearest(*value));
    time("watershed HU, coarse", m, || kernel::watershed(&small, &markers, None));
    let markers = Components::new(&kernel::erode(&chest.lungs, 30.0), Connectivity::Faces).labels();
    let n = chest.hu.grid().voxel_count();
    time("watershed HU, lungs", n, || kernel::watershed(&chest.hu, &markers, Some(&chest.lungs)));
}
