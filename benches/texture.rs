//! Times all features of a region, and a map of contrast.
//!
//! ```console
//! $ HILUM_DATA=… cargo bench --bench texture
//! $ HILUM_DATA=… benches/peers/texture.py    # pyradiomics on the same, with the same settings
//! ```
//!
//! The region is the tumour of the CT phantom of the IBSI, bins of 25 HU.

#[path = "measure/median.rs"]
mod median;

use std::path::PathBuf;

use hilum_core::Mask;
use hilum_kernel::par;
use hilum_texture::{
    CooccurrenceFeature, Dimensions, Discretisation, Family, Options, Processing, Roi,
    cooccurrence_map, features,
};

use median::median;

/// Of each; the median is printed.
const RUNS: usize = 5;

/// Families that pyradiomics has as well; of each, at least its features.
const SHARED: [Family; 7] = [
    Family::Morphology,
    Family::Statistics,
    Family::Cooccurrence,
    Family::RunLength,
    Family::SizeZone,
    Family::ToneDifference,
    Family::LevelDependence,
];

/// Voxels `[k, j, i]` of the box whose part of the tumour the map of the peer is taken of.
const PATCH: [[usize; 2]; 3] = [[25, 41], [80, 100], [80, 100]];

fn main() {
    let Some(root) = std::env::var_os("HILUM_DATA") else {
        println!("skipped: HILUM_DATA is not set");
        return;
    };
    let folder = PathBuf::from(root).join("ibsi/ibsi_1_ct_radiomics_phantom/nifti");
    let read = |name: &str| hilum_files::read_float(folder.join(name)).expect("a volume");
    let image = read("image/phantom.nii.gz").map(|value| value.round());
    let mask = read("mask/mask.nii.gz").map(|value| value.round() != 0.0);
    let roi = Roi::new(image.clone(), mask.clone()).expect("one grid");
    // pyradiomics takes whole multiples of 25 HU as bounds of its bins.
    let processing = Processing {
        range: Some([-1000.0, 4000.0]),
        levels: Discretisation::BinSize(25.0),
        ..Processing::default()
    };
    let options = |families: &[Family]| Options {
        processing: processing.clone(),
        dimensions: Dimensions { by_slice: false, in_volume: true },
        families: families.to_vec(),
        all_pairs: families.len() == Family::ALL.len(),
    };
    println!("{} voxels, {} threads", roi.intensity().count(), par::threads());
    for (name, families) in
        [("families of pyradiomics", &SHARED[..]), ("all families", &Family::ALL)]
    {
        let options = options(families);
        let run = || features(&roi, &options).expect("a sound setting").len();
        let count = run();
        println!("{name:24} {count:4} features {:8.1} ms", 1e3 * median(RUNS, run));
        let one = par::on_threads(1, || median(RUNS, run));
        println!("{:24} on one thread {:8.1} ms", "", 1e3 * one);
    }
    for family in Family::ALL {
        let options = options(&[family]);
        let run = || features(&roi, &options).expect("a sound setting").len();
        println!("  {family:24?} {:8.1} ms", 1e3 * par::on_threads(1, || median(RUNS, run)));
    }
    let patch = Mask::from_fn(mask.grid(), |at| {
        mask.at(at) && (0..3).all(|n| (PATCH[n][0]..PATCH[n][1]).contains(&at[n]))
    });
    let patch = Roi::new(image, patch).expect("one grid");
    for (name, roi) in [("patch", &patch), ("tumour", &roi)] {
        for feature in [CooccurrenceFeature::Contrast, CooccurrenceFeature::JointEntropy] {
            let map = || cooccurrence_map(roi, &processing, 2, feature).expect("a sound setting");
            let voxels = roi.intensity().count() as f64;
            let found = map();
            let sum: f64 = found.values.as_slice().iter().map(|value| f64::from(*value)).sum();
            let mean = sum / found.defined.count() as f64;
            let micro = 1e6 * par::on_threads(1, || median(RUNS, map)) / voxels;
            println!(
                "{name}, radius 2, {feature:?}: {micro:.3} us/voxel on one thread, {voxels} voxels, mean {mean:.6}"
            );
        }
    }
}
