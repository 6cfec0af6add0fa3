//! Distances and morphology against all pairs of voxels, on an oblique grid.

mod support;

use hilum_core::{Grid, Mask, Volume};
use hilum_kernel::{close, dilate, distance, erode, open};
use support::{anisotropic, oblique, rough_mask, voxels};

/// The distance by asking every voxel, in patient space.
fn all_pairs(mask: &Mask) -> Volume<f64> {
    let grid = mask.grid();
    let inside: Vec<_> =
        voxels(grid).filter(|voxel| mask.at(*voxel)).map(|voxel| grid.centre(voxel)).collect();
    Volume::from_fn(grid, |voxel| {
        let centre = grid.centre(voxel);
        inside.iter().map(|other| (centre - other).norm()).fold(f64::INFINITY, f64::min)
    })
}

#[test]
fn distances_are_those_in_the_patient() {
    for grid in [oblique(), anisotropic([1, 20, 33]), anisotropic([40, 3, 2])] {
        for share in [0.002, 0.02, 0.2] {
            let mask = rough_mask(&grid, share);
            let (found, expected) = (distance(&mask), all_pairs(&mask));
            for (found, expected) in found.as_slice().iter().zip(expected.as_slice()) {
                let same = f64::from(*found) == *expected;
                assert!(same || (f64::from(*found) - expected).abs() <= 2e-7 * expected);
            }
        }
    }
}

#[test]
fn nothing_is_infinitely_far() {
    let nearest = distance(&Mask::filled(&anisotropic([3, 5, 7]), false));
    assert!(nearest.as_slice().iter().all(|mm| *mm == f32::INFINITY));
}

#[test]
fn a_dilated_voxel_is_a_ball_in_the_patient() {
    let grid = oblique();
    let middle = [4, 6, 8];
    let mut voxel = Mask::filled(&grid, false);
    voxel.voxels_mut()[middle] = true;
    for radius in [0.0, 0.7, 2.1, 3.3, 5.0, 40.0] {
        let ball = Mask::from_fn(&grid, |v| {
            (grid.centre(v) - grid.centre(middle)).norm() <= radius + 1e-6
        });
        assert_eq!(dilate(&voxel, radius), ball, "{radius} mm");
    }
}

#[test]
fn erosion_is_dilation_of_the_outside() {
    let mask = rough_mask(&oblique(), 0.97);
    let outside = mask.map(|inside| !inside);
    for radius in [0.0, 0.8, 1.5, 2.6] {
        assert_eq!(erode(&mask, radius), dilate(&outside, radius).map(|inside| !inside));
    }
}

#[test]
fn an_eroded_full_mask_is_full() {
    let full = Mask::filled(&oblique(), true);
    assert_eq!(erode(&full, 3.0), full);
    assert_eq!(open(&full, 3.0), full);
}

/// Erosion of the dilation, by asking every voxel, on a grid with a rim of `rim` voxels.
fn closed_by_all_pairs(mask: &Mask, radius: f64, rim: usize) -> Mask {
    let grid = mask.grid();
    let wide = grid.window([-(rim as f64); 3], grid.shape().map(|n| n + 2 * rim));
    let middle = |v: [usize; 3]| {
        let inner: Option<Vec<usize>> = v.iter().map(|n| n.checked_sub(rim)).collect();
        inner.filter(|v| v.iter().zip(grid.shape()).all(|(n, length)| *n < length))
    };
    let padded = Mask::from_fn(&wide, |v| middle(v).is_some_and(|v| mask.at([v[0], v[1], v[2]])));
    let grown = all_pairs(&padded).map(|mm| *mm <= radius + 1e-6);
    let shrunk = all_pairs(&grown.map(|inside| !inside)).map(|mm| *mm > radius + 1e-6);
    Mask::from_fn(grid, |v| shrunk.at(v.map(|n| n + rim)))
}

#[test]
fn a_closing_is_that_of_an_endless_grid() {
    let grid = Grid::axial([5, 9, 11], [1.5, 0.9, 0.7]).unwrap();
    for share in [0.02, 0.1, 0.3] {
        let mask = rough_mask(&grid, share);
        for radius in [0.9, 1.6, 2.8] {
            assert_eq!(close(&mask, radius), closed_by_all_pairs(&mask, radius, 6));
        }
    }
}

#[test]
fn opening_and_closing_are_done_once() {
    let mask = rough_mask(&oblique(), 0.7);
    for radius in [0.7, 1.0, 2.6] {
        let (opened, closed) = (open(&mask, radius), close(&mask, radius));
        assert_eq!(open(&opened, radius), opened);
        assert_eq!(close(&closed, radius), closed);
        let triples = opened.as_slice().iter().zip(mask.as_slice()).zip(closed.as_slice());
        for ((opened, mask), closed) in triples {
            assert!(opened <= mask && mask <= closed);
        }
    }
}

#[test]
#[should_panic(expected = "perpendicular")]
fn a_tilted_grid_is_refused() {
    let mut axes = *anisotropic([2, 2, 2]).axes();
    axes[(1, 0)] = 0.5;
    let grid = Grid::new([2, 2, 2], nalgebra::Point3::origin(), axes).unwrap();
    distance(&Mask::filled(&grid, true));
}

#[test]
fn balls_leave_a_mask_without_voxels_as_it_is() {
    for shape in [[0, 4, 4], [4, 0, 4], [4, 4, 0]] {
        let mask = Mask::filled(&Grid::axial(shape, [1.0; 3]).unwrap(), true);
        for radius in [0.4, 1.0, 3.0] {
            for ball in [dilate, erode, open, close] {
                assert!(ball(&mask, radius) == mask, "{shape:?}, {radius} mm");
            }
        }
    }
}
