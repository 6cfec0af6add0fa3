//! The same bits on any number of threads.

mod support;

use std::fmt::Debug;

use hilum_core::{Hu, Volume};
use hilum_kernel::{
    Components, Connectivity, Interpolation, PlateOptions, Response, SheetOptions, TubeOptions, par,
};
use support::{anisotropic, oblique, rough, rough_mask};

fn same_on_any_threads<R: PartialEq + Debug + Send>(work: impl Fn() -> R + Send + Sync) {
    let expected = par::on_threads(1, &work);
    for threads in [2, 3, 7, 16] {
        assert!(par::on_threads(threads, &work) == expected, "{threads} threads");
    }
}

/// Floats by their bits, since -0 equals 0 and nothing equals NaN.
fn bits(volume: &Volume<f32>) -> Vec<u32> {
    volume.as_slice().iter().map(|value| value.to_bits()).collect()
}

fn rough_volume(shape: [usize; 3]) -> Volume<f32> {
    Volume::from_fn(&anisotropic(shape), |voxel| rough(voxel) as f32 * 2000.0 - 1000.0)
}

#[test]
fn sums_are_the_same() {
    let volume = rough_volume([33, 31, 37]);
    same_on_any_threads(|| par::sum_slices(&volume, |v| f64::from(*v).exp()).to_bits());
}

#[test]
fn components_are_the_same() {
    let mask = rough_mask(&anisotropic([67, 31, 70]), 0.3);
    for connectivity in [Connectivity::Faces, Connectivity::Edges, Connectivity::Corners] {
        same_on_any_threads(|| Components::new(&mask, connectivity));
        same_on_any_threads(|| Components::by_slice(&mask, connectivity));
    }
    same_on_any_threads(|| hilum_kernel::fill_holes(&mask));
}

#[test]
fn distances_and_balls_are_the_same() {
    let mask = rough_mask(&anisotropic([33, 31, 37]), 0.01);
    same_on_any_threads(|| bits(&hilum_kernel::distance(&mask)));
    same_on_any_threads(|| hilum_kernel::dilate(&mask, 3.0));
    same_on_any_threads(|| hilum_kernel::close(&mask, 3.0));
}

#[test]
fn resampled_and_coarse_volumes_are_the_same() {
    let volume = rough_volume([21, 23, 25]);
    for onto in [oblique(), anisotropic([40, 41, 39])] {
        for interpolation in [Interpolation::Nearest, Interpolation::Linear, Interpolation::Cubic] {
            same_on_any_threads(|| {
                bits(&hilum_kernel::resample(&volume, &onto, interpolation, -1.0))
            });
        }
    }
    let hu = volume.map(|value| Hu::nearest(*value));
    same_on_any_threads(|| hilum_kernel::coarsen(&hu, [2, 3, 4]));
}

#[test]
fn histograms_are_the_same() {
    let volume = rough_volume([33, 131, 137]);
    let hu = volume.map(|value| Hu::nearest(*value));
    let parts = volume.map(|value| (*value as i32).rem_euclid(5) as u8);
    same_on_any_threads(|| hilum_kernel::part_histograms(&hu, &parts));
}

#[test]
fn blurs_are_the_same() {
    let volume = rough_volume([21, 23, 37]);
    same_on_any_threads(|| bits(&hilum_kernel::gaussian(&volume, 2.0)));
    same_on_any_threads(|| bits(&hilum_kernel::recursive_gaussian(&volume, 2.0, [0, 1, 2])));
}

#[test]
fn paths_and_floods_are_the_same() {
    let volume = rough_volume([9, 31, 37]);
    let seeds = rough_mask(volume.grid(), 0.001);
    let cost = volume.map(|value| value + 1001.0);
    same_on_any_threads(|| bits(&hilum_kernel::geodesic(&cost, &seeds)));
    let numbers = seeds.map(|seed| u8::from(*seed));
    same_on_any_threads(|| hilum_kernel::nearest_seed(&cost, &numbers));
    same_on_any_threads(|| hilum_kernel::minimal_path(&cost, [0, 0, 0], [8, 30, 36]));
    let markers = seeds.map(|seed| u32::from(*seed));
    same_on_any_threads(|| hilum_kernel::watershed(&volume, &markers, None));
}

#[test]
fn shapes_are_the_same() {
    let volume = rough_volume([21, 23, 37]);
    let mask = rough_mask(volume.grid(), 0.4);
    let options = TubeOptions { directions: true, ..TubeOptions::default() };
    let answer = |found: Response| {
        let directions: Vec<_> =
            found.direction.iter().flat_map(Volume::as_slice).copied().collect();
        (
            bits(&found.strength),
            found.scale,
            directions.concat().into_iter().map(f32::to_bits).collect::<Vec<_>>(),
        )
    };
    for within in [None, Some(&mask)] {
        same_on_any_threads(|| answer(hilum_kernel::tubes(&volume, &[1.0, 2.0], within, &options)));
        let plates = PlateOptions { directions: true, unevenness: 0.3, ..PlateOptions::default() };
        same_on_any_threads(|| answer(hilum_kernel::plates(&volume, within, &plates)));
        let options = SheetOptions { directions: true, ..SheetOptions::default() };
        same_on_any_threads(|| {
            answer(hilum_kernel::sheets(&volume, &[1.0, 2.0], within, &options))
        });
    }
}
