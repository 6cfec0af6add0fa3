//! Grids against closed form, on lattices that punish a forgotten spacing.

use hilum_core::{Error, Grid, Mask, Volume};
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};

/// Odd, anisotropic, oblique: every shortcut shows here.
fn oblique() -> Grid {
    let turn = Rotation3::from_euler_angles(0.3, -0.2, 0.5);
    let steps = Matrix3::from_diagonal(&Vector3::new(2.5, 0.8, 0.7));
    Grid::new([7, 11, 13], Point3::new(-100.0, 35.5, 1200.0), turn.matrix() * steps).unwrap()
}

#[test]
fn position_undoes_point() {
    let grid = oblique();
    let voxel = [1.25, 9.5, -3.0];
    for (found, wanted) in grid.position(grid.point(voxel)).into_iter().zip(voxel) {
        assert!((found - wanted).abs() < 1e-9);
    }
}

#[test]
fn a_rotation_keeps_spacing_and_volume() {
    let grid = oblique();
    for (found, wanted) in grid.spacing().into_iter().zip([2.5, 0.8, 0.7]) {
        assert!((found - wanted).abs() < 1e-12);
    }
    assert!((grid.voxel_volume() - 2.5 * 0.8 * 0.7).abs() < 1e-12);
    assert!(grid.shear() < 1e-12);
}

#[test]
fn a_tilted_gantry_shears_the_grid_and_keeps_the_perpendicular_volume() {
    // Slices 5 mm apart along z, each shifted along y by a 20° tilt.
    let tilt = 20_f64.to_radians();
    let axes = Matrix3::from_columns(&[
        Vector3::new(0.0, 5.0 * tilt.tan(), 5.0),
        Vector3::new(0.0, 0.7, 0.0),
        Vector3::new(0.7, 0.0, 0.0),
    ]);
    let grid = Grid::new([3, 4, 5], Point3::origin(), axes).unwrap();
    assert!((grid.shear() - tilt).abs() < 1e-12);
    assert!((grid.voxel_volume() - 5.0 * 0.7 * 0.7).abs() < 1e-12);
    assert!((grid.spacing()[0] - 5.0 / tilt.cos()).abs() < 1e-12);
}

#[test]
fn a_coarse_voxel_is_centred_on_the_voxels_it_covers() {
    let fine = oblique();
    let coarse = fine.coarsened([2, 3, 4]);
    assert_eq!(coarse.shape(), [4, 4, 4]);
    let covered = fine.point([2.5, 4.0, 9.5]);
    assert!((coarse.centre([1, 1, 2]) - covered).norm() < 1e-9);
}

#[test]
fn a_window_keeps_the_place_of_its_voxels() {
    let grid = oblique();
    let window = grid.window([2.0, 3.0, -4.0], [2, 2, 2]);
    assert!((window.centre([1, 1, 1]) - grid.point([3.0, 4.0, -3.0])).norm() < 1e-9);
    assert_eq!(window.shape(), [2, 2, 2]);
}

#[test]
fn the_nearest_axes_of_every_flip_and_order_are_found() {
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        for flips in 0..8u8 {
            let mut axes = Matrix3::zeros();
            for (axis, xyz) in order.into_iter().enumerate() {
                axes[(xyz, axis)] = if flips >> axis & 1 == 1 { -1.5 } else { 1.5 };
            }
            let grid = Grid::new([3, 3, 3], Point3::origin(), axes).unwrap();
            for (xyz, (axis, rising)) in grid.nearest_axes().into_iter().enumerate() {
                assert_eq!(order[axis], xyz);
                assert_eq!(rising, flips >> axis & 1 == 0);
            }
        }
    }
}

#[test]
fn steps_that_span_nothing_are_refused() {
    let flat = Matrix3::from_diagonal(&Vector3::new(1.0, 1.0, 0.0));
    let refused = Grid::new([2, 2, 2], Point3::origin(), flat).unwrap_err();
    assert!(matches!(refused, Error::DegenerateGrid { .. }));
    let endless = Matrix3::from_diagonal(&Vector3::new(1.0, 1.0, f64::INFINITY));
    assert!(Grid::new([2, 2, 2], Point3::origin(), endless).is_err());
    assert!(Grid::axial([2, 2, 2], [1.0, f64::NAN, 1.0]).is_err());
}

#[test]
fn a_shifted_grid_is_another_grid() {
    let grid = oblique();
    assert!(grid.require_same(&grid.window([0.001, 0.0, 0.0], grid.shape()), "a mask").is_ok());
    let shifted = grid.window([1.0, 0.0, 0.0], grid.shape());
    let message = grid.require_same(&shifted, "the mask").unwrap_err().to_string();
    assert_eq!(
        message,
        "the mask lies on another grid: its corners are up to 2.50 mm from those of the image"
    );
}

#[test]
fn the_volume_of_a_mask_counts_tilted_voxels_right() {
    let grid = oblique();
    let mask = Mask::from_fn(&grid, |[k, _, _]| k == 0);
    assert_eq!(mask.count(), 11 * 13);
    assert!((mask.millilitres() - 11.0 * 13.0 * 2.5 * 0.8 * 0.7 / 1000.0).abs() < 1e-12);
}

#[test]
fn an_array_in_another_layout_is_brought_into_order() {
    let grid = Grid::axial([2, 3, 4], [1.0; 3]).unwrap();
    let transposed = ndarray::Array3::from_shape_fn([4, 3, 2], |(i, j, k)| 100 * k + 10 * j + i);
    let volume = Volume::new(grid, transposed.reversed_axes()).unwrap();
    assert_eq!(volume.as_slice()[..5], [0, 1, 2, 3, 10]);
    assert_eq!(volume.at([1, 2, 3]), 123);
}
