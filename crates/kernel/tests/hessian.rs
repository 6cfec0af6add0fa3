//! Second derivatives against closed forms.

mod support;

use hilum_core::{Grid, Mask, Volume};
use hilum_kernel::{Hessian, eigen, eigenvalues, recursive_gaussian};
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};
use support::{rough, rough_mask, voxels};

/// Thick slices, three different spacings, turned against the patient.
fn wide(spacing: [f64; 3], shape: [usize; 3]) -> Grid {
    let turn = Rotation3::from_euler_angles(0.3, -0.2, 0.5);
    let axes = turn.matrix() * Matrix3::from_diagonal(&Vector3::from(spacing));
    Grid::new(shape, Point3::new(-31.0, 12.5, 7.25), axes).expect("turned axes are sound")
}

fn middle(grid: &Grid) -> Point3<f64> {
    grid.centre(grid.shape().map(|length| length / 2))
}

/// `exp(-(x·P x)/2)` around the middle of the grid, with a symmetric `P` in patient space.
fn gaussian(grid: &Grid, precision: &Matrix3<f64>) -> Volume<f32> {
    let middle = middle(grid);
    Volume::from_fn(grid, |voxel| {
        let x = grid.centre(voxel) - middle;
        (-0.5 * x.dot(&(precision * x))).exp() as f32
    })
}

#[test]
fn a_blob_has_the_second_derivatives_of_the_formula() {
    let grid = wide([2.0, 1.1, 0.7], [33, 61, 91]);
    let volume = gaussian(&grid, &(Matrix3::identity() / 9.0));
    let hessian = Hessian::new(&volume, 4.0, None);
    let found = hessian.map([0.0; 6], |matrix| *matrix);
    let spacing = grid.spacing();
    let mut largest: f64 = 0.0;
    for voxel in voxels(&grid) {
        let mm = [0, 1, 2].map(|n| (voxel[n] as f64 - (grid.shape()[n] / 2) as f64) * spacing[n]);
        let height = 0.216 * (-0.02 * mm.iter().map(|x| x * x).sum::<f64>()).exp();
        for (entry, (a, b)) in
            [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)].into_iter().enumerate()
        {
            let same = if a == b { 1.0 } else { 0.0 };
            let expected = height * (mm[a] * mm[b] / 25.0 - same) / 25.0;
            largest = largest.max((f64::from(found.at(voxel)[entry]) - expected).abs());
        }
    }
    // The peak is 0.216 / 25.
    assert!(largest < 2e-3 * 0.216 / 25.0, "{largest}");
}

#[test]
fn tubes_sheets_and_blobs_have_their_eigenvalues_in_every_direction() {
    let grid = wide([1.5, 0.9, 0.7], [41, 61, 79]);
    let (width, sigma) = (2.0_f64, 1.5_f64);
    let square = width * width + sigma * sigma;
    for n in 0..6 {
        let angle = |m: usize| 7.0 * rough([n, m, 0]);
        let turn = Rotation3::from_euler_angles(angle(0), angle(1), angle(2));
        for (dimensions, shares) in [(1, [0.0, 0.0, 1.0]), (2, [0.0, 1.0, 1.0]), (3, [1.0; 3])] {
            let share = Matrix3::from_diagonal(&Vector3::from(shares));
            let precision = turn.matrix() * share * turn.matrix().transpose() / (width * width);
            let hessian = Hessian::new(&gaussian(&grid, &precision), sigma, None);
            let matrix = hessian.map([0.0; 6], |m| *m).at(grid.shape().map(|length| length / 2));
            let height = (width * width / square).powf(0.5 * f64::from(dimensions));
            let expected = [0, 1, 2].map(|m| if m < dimensions { -height / square } else { 0.0 });
            let (values, vectors) = eigen(&matrix);
            for (found, expected) in values.into_iter().zip(expected) {
                let error = (f64::from(found) - expected).abs() * square / height;
                assert!(error < 4e-3, "{dimensions} {n}: {values:?} for {expected}");
            }
            let lone = match dimensions {
                1 => (vectors[0], turn * Vector3::z()),
                2 => (vectors[2], turn * Vector3::x()),
                _ => continue,
            };
            let found = Vector3::from(hessian.to_patient(lone.0)).map(f64::from);
            assert!(found.dot(&lone.1).abs() > 0.9999, "{dimensions} {n}: {found}");
        }
    }
}

#[test]
fn six_recursive_passes_give_the_same() {
    let grid = wide([0.9, 1.0, 0.8], [23, 25, 31]);
    let volume = Volume::from_fn(&grid, |voxel| rough(voxel) as f32);
    for sigma in [1.2, 2.0, 5.0] {
        let hessian = Hessian::new(&volume, sigma, None).map([0.0; 6], |matrix| *matrix);
        let orders = [[2, 0, 0], [0, 2, 0], [0, 0, 2], [1, 1, 0], [1, 0, 1], [0, 1, 1]];
        for (entry, orders) in orders.into_iter().enumerate() {
            let expected = recursive_gaussian(&volume, sigma, orders);
            let peak = expected.as_slice().iter().fold(0.0_f32, |peak, v| peak.max(v.abs()));
            let pairs = hessian.as_slice().iter().zip(expected.as_slice());
            let error = pairs.map(|(a, b)| (a[entry] - b).abs()).fold(0.0, f32::max);
            assert!(error < 0.01 * peak, "sigma {sigma} mm, {orders:?}: {error} of {peak}");
        }
    }
}

#[test]
fn a_constant_and_a_slope_have_no_curvature_and_a_parabola_has_its_own() {
    let grid = Grid::axial([31, 41, 51], [2.5, 0.9, 0.7]).unwrap();
    let mm = |voxel| grid.centre(voxel) - middle(&grid);
    for sigma in [0.8, 2.0, 4.0] {
        let at_middle = |value: &dyn Fn(Vector3<f64>) -> f64| {
            let volume = Volume::from_fn(&grid, |voxel| value(mm(voxel)) as f32);
            Hessian::new(&volume, sigma, None).map([0.0; 6], |m| *m).at([15, 20, 25])
        };
        assert!(at_middle(&|_| -874.5).iter().all(|entry| entry.abs() < 2e-3));
        assert!(at_middle(&|x| 3.0 * x.x - 2.0 * x.z).iter().all(|entry| entry.abs() < 1e-3));
        let parabola = at_middle(&|x| 1.5 * x.z * x.z + 0.5 * x.y * x.y - 2.0 * x.x * x.y);
        for (found, expected) in parabola.into_iter().zip([3.0, 1.0, 0.0, 0.0, 0.0, -2.0]) {
            assert!((found - expected).abs() < 4e-3, "sigma {sigma} mm: {parabola:?}");
        }
    }
}

#[test]
fn a_mask_changes_nothing_inside_of_it() {
    let grid = wide([2.0, 0.9, 0.7], [29, 37, 43]);
    let volume = Volume::from_fn(&grid, |voxel| rough(voxel) as f32);
    let sparse = rough_mask(&grid, 0.01);
    let mask = Mask::from_fn(&grid, |voxel| voxel[1] > 9 && voxel[2] < 30 && sparse.at(voxel));
    let all = Hessian::new(&volume, 1.5, None).map([0.0; 3], eigenvalues);
    let some = Hessian::new(&volume, 1.5, Some(&mask)).map([9.0; 3], eigenvalues);
    for voxel in voxels(&grid) {
        let expected = if mask.at(voxel) { all.at(voxel) } else { [9.0; 3] };
        let pairs = some.at(voxel).into_iter().zip(expected);
        assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-5), "{voxel:?}");
    }
    let nothing = Mask::filled(&grid, false);
    let empty = Hessian::new(&volume, 1.5, Some(&nothing)).map(1.0, |matrix| matrix[0]);
    assert!(empty.as_slice().iter().all(|value| *value == 1.0));
}

#[test]
fn eigenvalues_are_the_same_by_themselves_and_many_at_a_time() {
    let grid = wide([1.5, 0.9, 0.7], [9, 21, 33]);
    let volume = Volume::from_fn(&grid, |voxel| 100.0 * rough(voxel) as f32);
    let within = rough_mask(&grid, 0.4);
    let hessian = Hessian::new(&volume, 1.2, Some(&within));
    assert!(
        hessian.map([7.0; 3], eigenvalues) == hessian.map_eigenvalues([7.0; 3], |values| values)
    );
}
