//! Resampling against closed forms, and the two paths against each other.

mod support;

use hilum_core::{Grid, Hu, Volume};
use hilum_kernel::{Interpolation, coarsen, resample, resample_labels};
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};
use support::{anisotropic, oblique, rough, voxels};

/// A polynomial of patient coordinates, linear in each.
fn ramp(p: Point3<f64>) -> f64 {
    3.0 + 0.5 * p.x - 1.25 * p.y + 2.0 * p.z
}

fn ramp_on(grid: &Grid) -> Volume<f32> {
    Volume::from_fn(grid, |voxel| ramp(grid.centre(voxel)) as f32)
}

/// A grid inside of `grid`, finer, turned by `angle` about its middle.
fn inner(grid: &Grid, angle: f64) -> Grid {
    let middle = grid.point(grid.shape().map(|n| (n as f64 - 1.0) / 2.0));
    let turn = Rotation3::from_axis_angle(&Vector3::z_axis(), angle);
    let scale = Matrix3::from_diagonal(&Vector3::new(0.31, 0.37, 0.41));
    let axes = turn.matrix() * grid.axes() * scale;
    Grid::new([7, 9, 11], middle - axes * Vector3::new(3.0, 4.0, 5.0), axes).unwrap()
}

#[test]
fn a_ramp_stays_a_ramp_on_any_grid() {
    let grid = oblique();
    for angle in [0.0, 0.2] {
        let onto = inner(&grid, angle);
        let linear = resample(&ramp_on(&grid), &onto, Interpolation::Linear, f32::NAN);
        for voxel in voxels(&onto) {
            let expected = ramp(onto.centre(voxel));
            assert!((f64::from(linear.at(voxel)) - expected).abs() < 1e-4, "{voxel:?}");
        }
    }
}

#[test]
fn a_volume_on_its_own_grid_is_itself() {
    let grid = oblique();
    let volume = Volume::from_fn(&grid, |voxel| rough(voxel) as f32 * 1000.0);
    for interpolation in [Interpolation::Nearest, Interpolation::Linear] {
        assert_eq!(resample(&volume, &grid, interpolation, f32::NAN), volume);
    }
    let cubic = resample(&volume, &grid, Interpolation::Cubic, f32::NAN);
    for (found, expected) in cubic.as_slice().iter().zip(volume.as_slice()) {
        assert!((found - expected).abs() < 1e-3, "a spline runs through its points");
    }
}

#[test]
fn the_fast_path_is_the_slow_path() {
    let grid = anisotropic([9, 13, 17]);
    let volume = Volume::from_fn(&grid, |voxel| rough(voxel) as f32);
    let onto = Grid::new(
        [11, 15, 31],
        Point3::new(-1.3, 0.4, -0.9),
        grid.axes() * Matrix3::from_diagonal(&Vector3::new(0.77, -0.9, 0.53)),
    );
    let onto = onto.unwrap().window([0.0, -12.0, 0.0], [11, 15, 31]);
    // A turn that is too small to move a value, and large enough to be seen.
    let turn = Rotation3::from_euler_angles(4e-7, 4e-7, 4e-7);
    let turned =
        Grid::new(onto.shape(), onto.origin(), turn.matrix() * onto.axes()).expect("sound axes");
    for interpolation in [Interpolation::Nearest, Interpolation::Linear, Interpolation::Cubic] {
        let fast = resample(&volume, &onto, interpolation, -9.0);
        let slow = resample(&volume, &turned, interpolation, -9.0);
        let apart = fast.as_slice().iter().zip(slow.as_slice()).map(|(a, b)| (a - b).abs());
        assert!(apart.fold(0.0, f32::max) < 1e-4);
        assert!(fast.as_slice().contains(&-9.0), "some of it lies outside");
    }
    let labels = volume.map(|value| (*value * 200.0) as u8 + 1);
    assert_eq!(
        resample_labels(&labels, &onto).as_slice(),
        resample_labels(&labels, &turned).as_slice()
    );
}

#[test]
fn a_voxel_reaches_half_a_step_beyond_its_centre() {
    let grid = Grid::axial([1, 1, 3], [1.0; 3]).unwrap();
    let volume = Volume::from_vec(grid.clone(), vec![1.0, 2.0, 4.0]).unwrap();
    let fine = Grid::axial([1, 1, 9], [1.0, 1.0, 0.5]).unwrap().window([0.0, 0.0, -2.0], [1, 1, 9]);
    let nearest = resample(&volume, &fine, Interpolation::Nearest, -1.0);
    assert_eq!(nearest.as_slice(), [-1.0, 1.0, 1.0, 2.0, 2.0, 4.0, 4.0, 4.0, -1.0]);
    let linear = resample(&volume, &fine, Interpolation::Linear, -1.0);
    assert_eq!(linear.as_slice(), [-1.0, 1.0, 1.0, 1.5, 2.0, 3.0, 4.0, 4.0, -1.0]);
}

#[test]
fn what_is_coarsened_covers_all_when_brought_back() {
    let grid = oblique();
    let labels = Volume::from_fn(&grid.coarsened([2, 3, 4]), |_| 7_u8);
    assert!(resample_labels(&labels, &grid).as_slice().iter().all(|label| *label == 7));
}

#[test]
fn a_block_is_the_mean_of_its_voxels() {
    let grid = oblique();
    let image = Volume::from_fn(&grid, |voxel| Hu((rough(voxel) * 4000.0 - 2000.0) as i16));
    for factors in [[1, 1, 1], [2, 3, 4], [1, 2, 5], [4, 1, 3], [3, 4, 1], [100, 100, 100]] {
        let means = coarsen(&image, factors);
        for block in voxels(means.grid()) {
            let members: Vec<i64> = voxels(&grid)
                .filter(|v| (0..3).all(|axis| v[axis] / factors[axis] == block[axis]))
                .map(|v| i64::from(image.at(v).0))
                .collect();
            let mean = members.iter().sum::<i64>() as f64 / members.len() as f64;
            assert_eq!(means.at(block), Hu(mean.round() as i16), "{factors:?} {block:?}");
        }
    }
}
