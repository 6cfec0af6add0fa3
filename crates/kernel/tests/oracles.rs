//! The kernels against SciPy, SimpleITK and scikit-image.
//!
//! Results of theirs were written by `testdata/oracles/kernel.py`, which makes the same volumes.

mod support;

use std::path::Path;

use hilum_core::{Grid, Hu, Mask, Volume};
use hilum_kernel::{
    Components, Connectivity, Interpolation, close, dilate, distance, erode, fill_holes,
    fill_holes_by_slice, gaussian, geodesic, minimal_path, recursive_gaussian, resample,
    resample_labels, watershed,
};
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};
use support::{oblique, rough, rough_mask, voxels};

fn bytes(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/oracles/kernel");
    std::fs::read(folder.join(name)).expect("the results lie beside the script that made them")
}

fn floats(name: &str) -> Vec<f32> {
    let bytes = bytes(&format!("{name}.f4"));
    bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect()
}

fn mask(name: &str) -> Mask {
    let values = bytes(&format!("{name}.u1")).iter().map(|byte| *byte == 1).collect();
    Volume::from_vec(oblique(), values).expect("the same shape")
}

fn largest_difference(found: &Volume<f32>, expected: &[f32]) -> f32 {
    assert_eq!(found.as_slice().len(), expected.len());
    let pairs = found.as_slice().iter().zip(expected);
    pairs.map(|(a, b)| if a == b { 0.0 } else { (a - b).abs() }).fold(0.0, f32::max)
}

fn image() -> Volume<f32> {
    Volume::from_fn(&oblique(), |voxel| (rough(voxel) * 2000.0 - 1000.0) as f32)
}

#[test]
fn components_are_those_of_scipy_and_simpleitk() {
    let kinds = [
        ("faces", Connectivity::Faces),
        ("edges", Connectivity::Edges),
        ("corners", Connectivity::Corners),
    ];
    for share in [15, 30, 60] {
        let mask = rough_mask(&oblique(), f64::from(share) / 100.0);
        for (name, connectivity) in kinds {
            let bytes = bytes(&format!("components_{name}_{share}.u2"));
            let pairs = bytes.as_chunks::<2>().0.iter();
            let expected: Vec<u32> = pairs.map(|two| u16::from_le_bytes(*two).into()).collect();
            let components = Components::new(&mask, connectivity);
            assert_eq!(components.labels().as_slice(), expected, "{name} {share} %");
        }
    }
}

#[test]
fn holes_are_those_of_scipy() {
    let wall = rough_mask(&oblique(), 0.75);
    assert_eq!(fill_holes(&wall), mask("filled"));
    assert_eq!(fill_holes_by_slice(&wall), mask("filled_by_slice"));
    assert_ne!(mask("filled"), wall);
}

#[test]
fn distances_are_those_of_scipy_and_simpleitk() {
    let found = distance(&rough_mask(&oblique(), 0.01));
    assert!(largest_difference(&found, &floats("distance")) < 1e-6);
}

#[test]
fn balls_are_those_of_scipy() {
    let (sparse, thick) = (rough_mask(&oblique(), 0.05), rough_mask(&oblique(), 0.97));
    for tenths in [8, 26] {
        let radius = f64::from(tenths) / 10.0;
        assert_eq!(dilate(&sparse, radius), mask(&format!("dilated_{tenths}")));
        assert_eq!(erode(&thick, radius), mask(&format!("eroded_{tenths}")));
        assert_eq!(close(&sparse, radius), mask(&format!("closed_{tenths}")));
    }
}

#[test]
fn blurs_are_those_of_scipy() {
    // Numbers up to 1000 in f32, so 1e-3 is a few units in the last place.
    assert!(largest_difference(&gaussian(&image(), 3.0), &floats("gaussian")) < 1e-3);
    let recursive = recursive_gaussian(&image(), 3.0, [0, 0, 0]);
    assert!(largest_difference(&recursive, &floats("derivative_000")) < 5e-3);
}

#[test]
fn derivatives_are_those_of_scipy() {
    for orders in [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 2, 0], [0, 0, 2], [0, 1, 1]] {
        let name = format!("derivative_{}{}{}", orders[0], orders[1], orders[2]);
        let expected = floats(&name);
        let peak = expected.iter().fold(0.0, |peak: f32, value| peak.max(value.abs()));
        let found = recursive_gaussian(&image(), 3.0, orders);
        let share = largest_difference(&found, &expected) / peak;
        assert!(share < 1e-3, "{name}: {share} of the peak");
    }
}

#[test]
fn resampled_volumes_are_those_of_simpleitk() {
    let turn = Rotation3::from_euler_angles(-0.2, 0.4, 0.1);
    let axes = turn.matrix() * Matrix3::from_diagonal(&Vector3::new(1.3, 1.1, 0.8));
    let onto = Grid::new([11, 15, 19], Point3::new(-29.0, 10.0, 5.0), axes).unwrap();
    let kinds = [
        ("nearest", Interpolation::Nearest, 0.0),
        ("linear", Interpolation::Linear, 2e-3),
        ("cubic", Interpolation::Cubic, 5e-2),
    ];
    for (name, interpolation, allowed) in kinds {
        let expected = floats(&format!("resampled_{name}"));
        let found = resample(&image(), &onto, interpolation, -5000.0);
        let apart = largest_difference(&found, &expected);
        assert!(apart <= allowed, "{name}: {apart}");
        assert!(expected.contains(&-5000.0) && expected.iter().any(|v| *v > -1000.0));
    }
    let labels = image().map(|value| (*value / 10.0 + 110.0) as u8);
    let found = resample_labels(&labels, &onto);
    for (label, value) in found.as_slice().iter().zip(floats("resampled_nearest")) {
        assert_eq!(*label, if value < -1000.0 { 0 } else { (value / 10.0 + 110.0) as u8 });
    }
}

#[test]
fn ways_cost_what_scikit_image_says() {
    let grid = oblique();
    let cost = Volume::from_fn(&grid, |voxel| match rough(voxel) {
        wall if wall > 0.75 => f32::INFINITY,
        share => (share * 5.0 + 0.01) as f32,
    });
    let from = [0, 1, 2];
    let found = geodesic(&cost, &Mask::from_fn(&grid, |voxel| voxel == from));
    let expected = floats("geodesic");
    assert!(largest_difference(&found, &expected) < 1e-4);
    for (voxel, expected) in voxels(&grid).zip(expected).step_by(97) {
        assert_eq!(minimal_path(&cost, from, voxel).is_some(), expected.is_finite());
    }
}

#[test]
fn floods_are_those_of_scikit_image() {
    let grid = oblique();
    let mut order: Vec<[usize; 3]> = voxels(&grid).collect();
    order.sort_by(|a, b| rough(*a).total_cmp(&rough(*b)));
    let mut ranks = Volume::filled(&grid, Hu(0));
    for (rank, voxel) in order.iter().enumerate() {
        ranks.voxels_mut()[*voxel] = Hu(rank as i16);
    }
    let markers = Volume::from_fn(&grid, |[k, j, i]| match rough([i, k, j]) {
        seed if seed < 0.005 => (seed * 2000.0) as u32 + 1,
        _ => 0,
    });
    let within = Mask::from_fn(&grid, |[k, j, i]| rough([j, i, k]) < 0.85);
    let expected: Vec<u32> = bytes("watershed.u1").iter().map(|byte| u32::from(*byte)).collect();
    assert_eq!(watershed(&ranks, &markers, Some(&within)).as_slice(), expected);
    let floats = ranks.map(|rank| f32::from(*rank) / 7.0);
    assert_eq!(watershed(&floats, &markers, Some(&within)).as_slice(), expected);
}
