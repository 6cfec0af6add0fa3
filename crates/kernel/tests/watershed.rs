//! Floods against closed forms and against the lowest pass to each voxel.

mod support;

use hilum_core::{Hu, Mask, Volume};
use hilum_kernel::{Height, watershed};
use support::{anisotropic, oblique, rough, rough_mask, voxels};

/// Height of the lowest pass between each voxel and the voxels of one marker, both included, by
/// sweeping until nothing changes.
fn passes(height: &Volume<f32>, within: &Mask, start: impl Fn([usize; 3]) -> bool) -> Volume<f32> {
    let shape = height.grid().shape();
    let mut pass = Volume::from_fn(height.grid(), |voxel| {
        if within.at(voxel) && start(voxel) { height.at(voxel) } else { f32::INFINITY }
    });
    loop {
        let mut changed = false;
        for voxel in voxels(height.grid()).filter(|voxel| within.at(*voxel)) {
            for (axis, step) in [(0, -1), (1, -1), (2, -1), (0, 1), (1, 1), (2, 1)] {
                let mut next = voxel;
                let Some(n) = voxel[axis].checked_add_signed(step) else { continue };
                next[axis] = n;
                if n < shape[axis] && pass.at(next).max(height.at(voxel)) < pass.at(voxel) {
                    pass.voxels_mut()[voxel] = pass.at(next).max(height.at(voxel));
                    changed = true;
                }
            }
        }
        if !changed {
            return pass;
        }
    }
}

#[test]
fn two_basins_meet_on_the_ridge() {
    let grid = anisotropic([3, 5, 21]);
    let height = Volume::from_fn(&grid, |[_, _, i]| 100_u8 - 8 * (i as u8).abs_diff(12));
    let markers = Volume::from_fn(&grid, |voxel| {
        [[1, 2, 3], [1, 2, 20]].iter().position(|v| *v == voxel).map_or(0, |n| n as u32 + 7)
    });
    let labels = watershed(&height, &markers, None);
    for voxel in voxels(&grid).filter(|voxel| voxel[2] != 12) {
        assert_eq!(labels.at(voxel), if voxel[2] < 12 { 7 } else { 8 }, "{voxel:?}");
    }
}

#[test]
fn level_ground_is_shared_by_distance() {
    let grid = anisotropic([1, 1, 12]);
    let mut markers = Volume::filled(&grid, 0);
    markers.voxels_mut()[[0, 0, 1]] = 5;
    markers.voxels_mut()[[0, 0, 10]] = 3;
    let expected = [5, 5, 5, 5, 5, 5, 3, 3, 3, 3, 3, 3];
    assert_eq!(watershed(&Volume::filled(&grid, Hu(4)), &markers, None).as_slice(), expected);
    assert_eq!(watershed(&Volume::filled(&grid, 0.5_f32), &markers, None).as_slice(), expected);
}

#[test]
fn water_comes_over_the_lowest_pass() {
    let grid = oblique();
    let height = Volume::from_fn(&grid, |voxel| (rough(voxel) * 2000.0) as i16 - 1000);
    let floats = height.map(|height| f32::from(*height) * 0.37);
    let markers = Volume::from_fn(&grid, |[k, j, i]| {
        let share = rough([i, k, j]);
        if share < 0.005 { (share * 2000.0) as u32 + 1 } else { 0 }
    });
    let within = rough_mask(&grid, 0.85);
    let of_markers: Vec<_> = (1..=10)
        .map(|marker| passes(&floats, &within, |voxel| markers.at(voxel) == marker))
        .collect();
    let labels = watershed(&height, &markers, Some(&within));
    for voxel in voxels(&grid) {
        let lowest = of_markers.iter().map(|pass| pass.at(voxel)).fold(f32::INFINITY, f32::min);
        match labels.at(voxel) {
            0 => assert_eq!(lowest, f32::INFINITY, "no water gets to {voxel:?}"),
            label => assert_eq!(of_markers[label as usize - 1].at(voxel), lowest, "{voxel:?}"),
        }
    }
    assert_eq!(watershed(&floats, &markers, Some(&within)), labels, "the type does not matter");
}

#[test]
fn marked_voxels_keep_their_marks() {
    fn check<H: Height>(height: &Volume<H>) {
        let markers = Volume::from_fn(height.grid(), |[k, j, i]| {
            if rough([j, i, k]) < 0.1 { (k + j + i) as u32 } else { 0 }
        });
        let labels = watershed(height, &markers, None);
        for (label, marker) in labels.as_slice().iter().zip(markers.as_slice()) {
            assert!(*label > 0 && (*marker == 0 || label == marker));
        }
    }
    let noise = Volume::from_fn(&oblique(), |voxel| rough(voxel) as f32);
    check(&noise);
    check(&noise.map(|value| (*value * 9.0) as u8));
    check(&noise.map(|value| Hu((*value * 900.0) as i16)));
}
