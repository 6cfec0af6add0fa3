//! Image formation: noise, point spread, field of view.

use hilum_core::{Grid, Hu, Volume};
use hilum_phantom::{Chest, Scan};
use nalgebra::{Matrix3, Point3, Vector3};

/// A grid in the air beside the couch, where the anatomy is -1000 HU everywhere.
fn air(shape: [usize; 3], [dk, dj, di]: [f64; 3]) -> Grid {
    let axes = Matrix3::from_columns(&[
        Vector3::new(0.0, 0.0, dk),
        Vector3::new(0.0, dj, 0.0),
        Vector3::new(di, 0.0, 0.0),
    ]);
    Grid::new(shape, Point3::new(300.0, 0.0, 0.0), axes).unwrap()
}

fn noisy(grid: &Grid, scan: &Scan) -> Vec<f64> {
    let scan = Scan { lowest: Hu(i16::MIN), ..scan.clone() };
    let chest = Chest { scan, emphysema: 0.0, ..Chest::default() };
    let ct = chest.image(grid);
    ct.hu().as_slice().iter().map(|hu| f64::from(*hu) + 1000.0).collect()
}

fn sd(values: &[f64]) -> f64 {
    (values.iter().map(|v| v * v).sum::<f64>() / values.len() as f64).sqrt()
}

/// Power at `cycles` per row of 64, over the power of white noise of the same variance.
fn power(values: &[f64], cycles: usize) -> f64 {
    let sum: f64 = values
        .chunks_exact(64)
        .map(|row| {
            let (mut re, mut im) = (0.0, 0.0);
            for (n, value) in row.iter().enumerate() {
                let angle = std::f64::consts::TAU * (cycles * n) as f64 / 64.0;
                re += value * angle.cos();
                im += value * angle.sin();
            }
            re * re + im * im
        })
        .sum();
    sum / values.len() as f64 / sd(values).powi(2)
}

#[test]
fn noise_has_the_asked_standard_deviation_and_spectrum() {
    let grid = air([48, 64, 64], [1.25, 0.7, 0.7]);
    let (noise, grain) = (40.0, 0.6);
    let values = noisy(&grid, &Scan { noise, grain, slice_grain: 0.8, ..Scan::default() });
    // Neighbours are alike, so fewer voxels count than there are.
    assert!((sd(&values) / noise - 1.0).abs() < 0.02, "{}", sd(&values));
    // Along i: the discrete Gaussian's transfer squared, normalised to mean 1 over frequencies.
    let step = grain / 0.7;
    let transfer = |cycles: usize| {
        let weight = |n: i32| (-0.5 * (f64::from(n) / step).powi(2)).exp();
        let angle = std::f64::consts::TAU * cycles as f64 / 64.0;
        let sum: f64 = (-4..=4).map(|n| weight(n) * (angle * f64::from(n)).cos()).sum();
        sum * sum
    };
    let mean = (0..64).map(transfer).sum::<f64>() / 64.0;
    for cycles in [1, 4, 8, 12, 16, 20] {
        let (found, wanted) = (power(&values, cycles), transfer(cycles) / mean);
        // The leakage of a row of 64 and 3072 rows that are not independent leave 8 %.
        assert!(
            (found - wanted).abs() < 0.08 * wanted + 0.01,
            "{cycles}: {found}, wanted {wanted}"
        );
    }
}

#[test]
fn noise_without_grain_is_white() {
    let values = noisy(
        &air([32, 64, 64], [1.0, 0.8, 0.8]),
        &Scan { noise: 30.0, grain: 0.0, slice_grain: 0.0, ..Scan::default() },
    );
    assert!((sd(&values) / 30.0 - 1.0).abs() < 0.01);
    for cycles in [1, 9, 17, 30] {
        assert!((power(&values, cycles) - 1.0).abs() < 0.1);
    }
    let neighbours: f64 = values.windows(2).map(|pair| pair[0] * pair[1]).sum();
    assert!((neighbours / values.len() as f64 / 900.0).abs() < 0.02);
}

#[test]
fn the_point_spread_is_the_kernels_gaussian() {
    let grid = Chest::grid([9.0, 3.1, 3.3]).window([10.0, 20.0, 20.0], [15, 60, 70]);
    let rendered = |blur: f64| {
        let scan = Scan { blur, slice_blur: blur, ..Scan::ideal() };
        Chest { scan, emphysema: 0.0, ..Chest::default() }.truth(&grid).noiseless
    };
    let expected = hilum_kernel::gaussian(&rendered(0.0), 5.0);
    let found = rendered(5.0);
    let largest = largest_difference(&found, &expected);
    // Weights are cut at four sigmas here and wherever the kernel cuts them.
    assert!(largest < 0.5, "{largest} HU apart");
}

fn largest_difference(a: &Volume<f32>, b: &Volume<f32>) -> f32 {
    let pairs = a.as_slice().iter().zip(b.as_slice());
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn outside_of_the_field_of_view_nothing_is_measured() {
    let grid = Chest::grid([30.0, 5.0, 5.0]);
    let scan = Scan { field_of_view: Some(390.0), ..Scan::default() };
    let ct = Chest { scan, emphysema: 0.0, ..Chest::default() }.image(&grid);
    let measured = ct.hu().as_slice().iter().filter(|hu| ct.is_measured(**hu)).count() as f64;
    let circle = std::f64::consts::PI / 4.0 * 390.0 * 390.0 / (400.0 * 400.0);
    assert!((measured / grid.voxel_count() as f64 - circle).abs() < 0.003);
    assert_eq!(ct.hu().at([3, 0, 0]), Hu(-2000));
    assert!(ct.is_measured(ct.hu().at([3, 40, 40])));
}

#[test]
fn an_ideal_scan_rounds_and_nothing_else() {
    let grid = Chest::grid([30.0, 7.0, 7.0]);
    let chest = Chest { scan: Scan::ideal(), emphysema: 0.0, ..Chest::default() };
    let (ct, truth) = chest.render(&grid);
    let rounded = truth.noiseless.map(|hu| Hu::nearest(*hu));
    assert_eq!(ct.hu(), &rounded);
}
