//! The small phantoms against closed forms.

use hilum_core::Grid;
use hilum_phantom::{ball, blob, gaussian_lung};

/// Thick slices on purpose: what forgets the spacing fails here.
fn anisotropic() -> Grid {
    Grid::axial([41, 65, 69], [2.5, 1.0, 0.9]).unwrap()
}

#[test]
fn a_ball_has_the_volume_of_a_ball() {
    let expected = 4.0 / 3.0 * std::f64::consts::PI * 25.0f64.powi(3) / 1000.0;
    let found = ball(&anisotropic(), 25.0).millilitres();
    assert!((found / expected - 1.0).abs() < 0.005, "{found} mL, wanted {expected} mL");
}

#[test]
fn a_blob_has_the_integral_of_a_gaussian() {
    let grid = anisotropic();
    let sum: f64 = blob(&grid, 6.0).as_slice().iter().map(|v| f64::from(*v)).sum();
    let expected = (2.0 * std::f64::consts::PI).powf(1.5) * 6.0f64.powi(3);
    assert!((sum * grid.voxel_volume() / expected - 1.0).abs() < 1e-3);
    assert_eq!(blob(&grid, 6.0).at([20, 32, 34]), 1.0);
}

#[test]
fn a_gaussian_lung_has_the_density_measures_of_its_distribution() {
    let grid = Grid::axial([100, 100, 100], [1.0; 3]).unwrap();
    let ct = gaussian_lung(&grid, -850.0, 50.0, 3);
    let hu: Vec<f64> = ct.hu().as_slice().iter().map(|hu| f64::from(*hu)).collect();
    let count = hu.len() as f64;
    let mean = hu.iter().sum::<f64>() / count;
    let sd = (hu.iter().map(|hu| (hu - mean).powi(2)).sum::<f64>() / count).sqrt();
    assert!((mean + 850.0).abs() < 4.0 * 50.0 / count.sqrt(), "mean {mean}");
    // Rounding to whole numbers adds a variance of 1/12.
    let wanted_sd = (2500.0f64 + 1.0 / 12.0).sqrt();
    assert!((sd - wanted_sd).abs() < 4.0 * 50.0 / (2.0 * count).sqrt(), "sd {sd}");
    let share = |below: f64| hu.iter().filter(|hu| **hu < below).count() as f64 / count;
    // Φ(-2.01): below -950 means rounded to -951 or less.
    let laa = 0.022215594429431457;
    assert!((share(-950.0) - laa).abs() < 4.0 * (laa / count).sqrt(), "LAA {}", share(-950.0));
    // The 15th percentile is -901.82: the integers around it bracket 15 %.
    assert!(share(-902.0) < 0.15 && share(-901.0) > 0.15);
}
