//! Times every metric of every region against one plain reading of image and label map.
//!
//! ```console
//! $ cargo bench --bench metrics
//! ```
//!
//! The plain reading sums both arrays, on the same threads and in the same run. Clusters and the
//! writing of label maps are timed beside it.

use std::hint::black_box;
use std::time::Instant;

use hilum_core::{Ct, Grid, Hu, Lungs, Partition, Site, Third, Volume};
use hilum_density::{Options, clusters, measure};
use hilum_kernel::par;

/// Of each; the median is printed.
const RUNS: usize = 15;

/// A chest CT of usual size, and a long thin-sliced one.
const SHAPES: [[usize; 3]; 2] = [[133, 512, 512], [400, 512, 512]];

fn main() {
    for shape in SHAPES {
        let grid = Grid::axial(shape, [2.5, 0.7, 0.7]).expect("grid of a chest CT");
        let parts = par::map_voxels(&grid, |voxel| part(voxel, shape));
        let hu = par::map_voxels(&grid, |voxel| density(voxel, shape, part(voxel, shape)));
        let (ct, partition) = (Ct::new(hu), partition(parts));
        println!("{shape:?}, {} regions, {} threads", partition.sites().len(), par::threads());
        run(&ct, &partition);
    }
}

fn run(ct: &Ct, partition: &Partition) {
    let options = Options::default();
    let (mut reading, mut measuring, mut clustering, mut writing) =
        (vec![], vec![], vec![], vec![]);
    let folder = tempfile::tempdir().expect("a folder for files");
    let file = folder.path().join("parts.nii.gz");
    let mut numbers = 0;
    for _ in 0..RUNS {
        reading.push(seconds(|| {
            black_box(sum(ct, partition));
        }));
        measuring.push(seconds(|| {
            let found = measure(ct, partition, &options).expect("one grid");
            numbers = black_box(found).measurements.len();
        }));
        clustering.push(seconds(|| {
            black_box(clusters(ct, partition, &options).expect("one grid"));
        }));
        writing.push(seconds(|| {
            hilum_files::write_labels(&file, partition.parts()).expect("room for a file");
        }));
    }
    let fractions = fractions(ct);
    let exact = seconds(|| {
        black_box(measure(&fractions, partition, &options).expect("one grid"));
    });
    let [reading, measuring, clustering, writing] =
        [reading, measuring, clustering, writing].map(median);
    println!("  image and label map read once   {:7.1} ms", reading * 1e3);
    println!(
        "  all {numbers} metrics             {:7.1} ms, {:.2} readings",
        measuring * 1e3,
        measuring / reading
    );
    println!("  the same of fractions           {:7.1} ms (one run)", exact * 1e3);
    println!("  low-attenuation clusters        {:7.1} ms", clustering * 1e3);
    println!("  label map to .nii.gz            {:7.1} ms", writing * 1e3);
}

/// Whole sums, row by row, which the compiler turns into wide instructions: the memory is what
/// takes the time.
fn sum(ct: &Ct, partition: &Partition) -> i64 {
    let [slices, rows, columns] = ct.grid().shape();
    let area = rows * columns;
    let sums = par::collect(slices, |k| -> i64 {
        let hu = ct.hu().as_slice()[k * area..(k + 1) * area].chunks_exact(columns);
        let parts = partition.parts().as_slice()[k * area..(k + 1) * area].chunks_exact(columns);
        let row = |(hu, parts): (&[Hu], &[u8])| {
            let hu: i32 = hu.iter().map(|hu| i32::from(hu.0)).sum();
            i64::from(hu + parts.iter().map(|part| i32::from(*part)).sum::<i32>())
        };
        hu.zip(parts).map(row).sum()
    });
    sums.iter().sum()
}

/// The same image as a rescale slope of 0.37 would give it.
fn fractions(ct: &Ct) -> Ct {
    Ct::from_exact(par::map(ct.hu(), |hu| (f32::from(*hu) / 0.37).round() * 0.37))
}

fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

/// Side, third, rind or core, and vessel or not: 24 parts.
fn part([k, j, i]: [usize; 3], [slices, rows, columns]: [usize; 3]) -> u8 {
    let at = |n: usize, length: usize| (n as f64 + 0.5) / length as f64 - 0.5;
    let (z, y, x) = (at(k, slices), at(j, rows), at(i, columns));
    let radius = |x: f64| (z / 0.48).powi(2) + (y / 0.24).powi(2) + (x / 0.14).powi(2);
    let (side, radius) = if x < 0.0 { (0, radius(x + 0.18)) } else { (1, radius(x - 0.18)) };
    if radius >= 1.0 {
        return 0;
    }
    let third = 2 - (3 * k / slices) as u8;
    let vessel = (k as f64 * 0.4).sin() * (j as f64 * 0.15).sin() * (i as f64 * 0.15).sin() > 0.7;
    1 + side + 2 * third + 6 * u8::from(radius > 0.7) + 12 * u8::from(vessel)
}

fn partition(parts: Volume<u8>) -> Partition {
    let all = || 1..=24u8;
    let lung = |lungs: Lungs, part: u8| match lungs {
        Lungs::Both => true,
        Lungs::Right => (part - 1).is_multiple_of(2),
        Lungs::Left => !(part - 1).is_multiple_of(2),
    };
    let mut sites: Vec<(Site, Vec<u8>)> = Vec::new();
    for lungs in Lungs::ALL {
        let which = |is: &dyn Fn(u8) -> bool| all().filter(|p| lung(lungs, *p) && is(*p)).collect();
        sites.push((Site::Whole(lungs), which(&|_| true)));
        for (n, third) in Third::ALL.into_iter().enumerate() {
            sites.push((Site::Third(lungs, third), which(&|p| usize::from((p - 1) % 6 / 2) == n)));
        }
        sites.push((Site::Rind(lungs), which(&|p| (p - 1) % 12 >= 6)));
        sites.push((Site::Core(lungs), which(&|p| (p - 1) % 12 < 6)));
    }
    Partition::new(parts, sites, (13..=24).collect())
}

/// Lung around -860 HU, vessels and body around 40, noise of a thin slice.
fn density([k, j, i]: [usize; 3], [_, rows, columns]: [usize; 3], part: u8) -> Hu {
    let mut bits = ((k * rows + j) * columns + i) as u64;
    for factor in [0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb] {
        bits = (bits ^ (bits >> 30)).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(factor);
    }
    // Four uniform numbers add up to something like a Gaussian.
    let noise: f64 = (0..4).map(|n| ((bits >> (16 * n)) & 0xffff) as f64 / 65535.0 - 0.5).sum();
    let tissue = if (1..=12).contains(&part) { -860.0 } else { 40.0 };
    Hu((tissue + 90.0 * noise) as i16)
}
