//! Blurs and derivatives against closed forms.

mod support;

use hilum_core::{Grid, Volume};
use hilum_kernel::{gaussian, recursive_gaussian};
use support::{oblique, rough, voxels};

/// A round Gaussian of height 1 in the middle of the grid, around a point.
fn blob(grid: &Grid, sigma: f64) -> Volume<f32> {
    let middle = grid.point(grid.shape().map(|n| (n as f64 - 1.0) / 2.0));
    Volume::from_fn(grid, |voxel| {
        let square = (grid.centre(voxel) - middle).norm_squared();
        (-0.5 * square / (sigma * sigma)).exp() as f32
    })
}

/// Thick slices on purpose: a kernel that forgets the spacing fails here.
fn wide() -> Grid {
    Grid::axial([33, 65, 91], [2.0, 1.0, 0.7]).unwrap()
}

fn largest_difference(a: &Volume<f32>, b: &Volume<f32>, scale: f32) -> f32 {
    let pairs = a.as_slice().iter().zip(b.as_slice());
    pairs.map(|(a, b)| (a - scale * b).abs()).fold(0.0, f32::max)
}

#[test]
fn a_blurred_blob_is_a_wider_blob() {
    // Variances add, and the mass stays: height (3/5)³ for sigmas 3 and 4.
    let (narrow, expected) = (blob(&wide(), 3.0), blob(&wide(), 5.0));
    assert!(largest_difference(&gaussian(&narrow, 4.0), &expected, 0.216) < 2e-4);
    let recursive = recursive_gaussian(&narrow, 4.0, [0, 0, 0]);
    assert!(largest_difference(&recursive, &expected, 0.216) < 2e-4);
}

#[test]
fn the_recursive_blur_is_the_separable_one() {
    let grid = oblique();
    let volume = Volume::from_fn(&grid, |voxel| rough(voxel) as f32);
    for sigma in [0.5, 1.0, 3.0, 11.0] {
        let (a, b) = (gaussian(&volume, sigma), recursive_gaussian(&volume, sigma, [0, 0, 0]));
        assert!(largest_difference(&a, &b, 1.0) < 2e-5, "sigma {sigma} mm");
    }
}

#[test]
fn derivatives_of_a_blob_are_those_of_the_formula() {
    let grid = wide();
    let volume = blob(&grid, 3.0);
    let middle = [16.0, 32.0, 45.0];
    let spacing = [2.0, 1.0, 0.7];
    for orders in
        [[1, 0, 0], [0, 1, 0], [0, 0, 1], [2, 0, 0], [0, 2, 0], [0, 0, 2], [1, 1, 0], [0, 1, 1]]
    {
        let found = recursive_gaussian(&volume, 4.0, orders);
        for voxel in voxels(&grid) {
            let mm = [0, 1, 2].map(|n| (voxel[n] as f64 - middle[n]) * spacing[n]);
            let height = 0.216 * (-0.02 * mm.iter().map(|x| x * x).sum::<f64>()).exp();
            let factor = |n: usize| match orders[n] {
                0 => 1.0,
                1 => -mm[n] / 25.0,
                _ => (mm[n] * mm[n] / 25.0 - 1.0) / 25.0,
            };
            let expected = height * factor(0) * factor(1) * factor(2);
            let error = (f64::from(found.at(voxel)) - expected).abs();
            assert!(error < 2e-5, "{orders:?} at {voxel:?}: {error}");
        }
    }
}

#[test]
fn constants_slopes_and_parabolas_come_out_right() {
    let grid = Grid::axial([3, 5, 401], [3.0, 2.0, 0.7]).unwrap();
    let x = |[_, _, i]: [usize; 3]| 0.7 * (i as f32 - 200.0);
    let ones = Volume::filled(&grid, 1000.0);
    let slope = Volume::from_fn(&grid, |voxel| 3.0 * x(voxel));
    let parabola = Volume::from_fn(&grid, |voxel| x(voxel) * x(voxel) / 2.0);
    for sigma in [0.3, 0.7, 2.0, 6.0] {
        let middle = |volume, orders| recursive_gaussian(volume, sigma, orders).at([1, 2, 200]);
        assert!((middle(&ones, [0, 0, 0]) - 1000.0).abs() < 1e-2);
        assert!(middle(&ones, [0, 0, 1]).abs() < 1e-2 && middle(&ones, [0, 0, 2]).abs() < 1e-2);
        assert!((middle(&slope, [0, 0, 1]) - 3.0).abs() < 1e-4, "sigma {sigma} mm");
        assert!((middle(&parabola, [0, 0, 2]) - 1.0).abs() < 1e-3, "sigma {sigma} mm");
    }
}

#[test]
fn a_constant_stays_up_to_the_border() {
    let volume = Volume::filled(&oblique(), -874.5);
    for blurred in [gaussian(&volume, 2.5), recursive_gaussian(&volume, 2.5, [0, 0, 0])] {
        assert!(blurred.as_slice().iter().all(|value| (value + 874.5).abs() < 2e-3));
    }
}
