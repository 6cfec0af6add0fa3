//! Eigenvalues and tubes against scikit-image and SimpleITK.
//!
//! Results of theirs were written by `testdata/oracles/shapes.py`, which makes the same volume.

use std::path::Path;

use hilum_core::{Grid, Volume};
use hilum_kernel::{Hessian, TubeMeasure, TubeOptions, eigenvalues, tubes};

const SIZE: usize = 49;
const SIGMA: f64 = 3.0;

/// Their values in the box that was kept.
fn kept(name: &str) -> Vec<f32> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/oracles/kernel");
    let bytes = std::fs::read(folder.join(format!("{name}.f4")))
        .expect("the results lie beside the script that made them");
    bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect()
}

/// Our values there.
fn boxed(volume: &Volume<f32>) -> Vec<f32> {
    let places = || (15..34).step_by(2);
    let rows = places().flat_map(|k| places().map(move |j| (k, j)));
    rows.flat_map(|(k, j)| places().map(move |i| volume.at([k, j, i]))).collect()
}

fn volume() -> Volume<f32> {
    let grid = Grid::axial([SIZE; 3], [1.0; 3]).unwrap();
    Volume::from_fn(&grid, |voxel| {
        let [k, j, i] = voxel.map(|n| n as f64 - (SIZE / 2) as f64);
        let bell = |square: f64, width: f64| (-square / (2.0 * width * width)).exp();
        let one = bell((j - 0.3 * k).powi(2) + (i + 0.2 * k).powi(2), 2.5);
        let other = bell((k + 5.0).powi(2) + (j - 4.0).powi(2), 3.0);
        let ball = bell((k - 4.0).powi(2) + (j + 5.0).powi(2) + (i - 3.0).powi(2), 2.5);
        (400.0 * one + 300.0 * other + 200.0 * ball - 900.0) as f32
    })
}

fn largest_difference(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn eigenvalues_are_those_of_scikit_image() {
    let hessian = Hessian::new(&volume(), SIGMA, None);
    for (n, name) in ["low", "middle", "high"].into_iter().enumerate() {
        let found = boxed(&hessian.map(0.0, |matrix| eigenvalues(matrix)[n]));
        let expected = kept(&format!("eigenvalue_{name}"));
        let difference = largest_difference(&found, &expected);
        println!("{name}: {difference}");
        // The largest eigenvalue is about 14 in magnitude.
        assert!(difference < 0.01, "{name}: {difference}");
    }
}

#[test]
fn tubes_are_those_of_scikit_image_and_simpleitk() {
    let measure = TubeMeasure::Frangi { alpha: 0.5, beta: 0.5, gamma: 50.0 };
    let options = TubeOptions { measure, ..TubeOptions::default() };
    let found = boxed(&tubes(&volume(), &[SIGMA], None, &options).strength);
    // SimpleITK takes differences of neighbours for derivatives.
    for (name, allowed) in [("frangi", 1e-3), ("objectness", 0.03)] {
        let difference = largest_difference(&found, &kept(name));
        println!("{name}: {difference}");
        assert!(difference < allowed, "{name}: {difference}");
    }
}
