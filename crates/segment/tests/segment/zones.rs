//! Thirds, rind and core, lobes: closed forms on boxes and slabs.

use hilum_core::{Grid, LabelMap, Lobe, Lung, Lungs, Mask, Partition, Region, Site, Third, Volume};
use hilum_kernel::par;
use hilum_segment::{Error, ThirdsBy, Thorax, partition};
use nalgebra::{Matrix3, Point3, Rotation3};

use crate::support::{Patient, is_lung, patient};

fn labelled(grid: &Grid, label: impl Fn([usize; 3]) -> u8 + Sync + Send) -> Thorax {
    let lungs = LabelMap::new(par::map_voxels(grid, label)).unwrap();
    let vessels = Mask::filled(grid, false);
    Thorax { anatomical: lungs.clone(), lungs, vessels, quality: Vec::new() }
}

/// Voxels of each site.
fn count(partition: &Partition, site: Site) -> u64 {
    let (_, parts) = partition.sites().iter().find(|(s, _)| *s == site).unwrap();
    partition.parts().as_slice().iter().map(|part| u64::from(parts.contains(part))).sum()
}

/// Two boxes of 12 x 20 x 10 voxels with a gap between, right one first.
fn boxes(grid: &Grid) -> Thorax {
    labelled(grid, |[k, j, i]| {
        let inside = (4..16).contains(&k) && (5..25).contains(&j);
        match i {
            5..15 if inside => 1,
            18..28 if inside => 2,
            _ => 0,
        }
    })
}

fn odd() -> Grid {
    Grid::axial([21, 31, 35], [2.5, 1.3, 1.1]).unwrap()
}

#[test]
fn every_site_is_made_of_the_lungs() {
    let parts = partition(&boxes(&odd()), None, ThirdsBy::Volume, 3.0).unwrap();
    assert_eq!(count(&parts, Site::Whole(Lungs::Both)), 2 * 2400);
    assert_eq!(count(&parts, Site::Whole(Lungs::Right)), 2400);
    for third in Third::ALL {
        assert_eq!(count(&parts, Site::Third(Lungs::Both, third)), 1600);
        assert_eq!(count(&parts, Site::Third(Lungs::Left, third)), 800);
    }
}

#[test]
fn the_rind_is_what_lies_within_its_depth_of_the_surface() {
    let parts = partition(&boxes(&odd()), None, ThirdsBy::Volume, 3.0).unwrap();
    // Voxel centres at most 3 mm from the centre of a voxel outside: one of 2.5 mm along k, two of
    // 1.3 mm along j, two of 1.1 mm along i.
    assert_eq!(count(&parts, Site::Core(Lungs::Right)), 10 * 16 * 6);
    assert_eq!(count(&parts, Site::Rind(Lungs::Right)), 2400 - 960);
    let none = partition(&boxes(&odd()), None, ThirdsBy::Volume, 0.0).unwrap();
    assert_eq!(count(&none, Site::Rind(Lungs::Both)), 0);
}

#[test]
fn the_other_lung_is_outside_of_a_lung() {
    let grid = odd();
    let touching = labelled(&grid, |[k, j, i]| {
        let inside = (4..16).contains(&k) && (5..25).contains(&j);
        match i {
            5..15 if inside => 1,
            15..25 if inside => 2,
            _ => 0,
        }
    });
    let parts = partition(&touching, None, ThirdsBy::Volume, 3.0).unwrap();
    assert_eq!(count(&parts, Site::Core(Lungs::Both)), 2 * 960);
}

#[test]
fn the_face_along_which_the_image_cuts_a_lung_is_no_surface() {
    let grid = odd();
    let cut = labelled(&grid, |[k, j, i]| {
        u8::from(k < 12 && (5..25).contains(&j) && (5..15).contains(&i))
    });
    let parts = partition(&cut, None, ThirdsBy::Volume, 3.0).unwrap();
    assert_eq!(count(&parts, Site::Core(Lungs::Right)), 11 * 16 * 6);
}

#[test]
fn thirds_by_height_and_by_volume_differ_in_a_wedge() {
    // Row k holds k voxels: volume below height h goes with h².
    let grid = Grid::axial([30, 3, 64], [2.0, 1.0, 1.0]).unwrap();
    let wedge = labelled(&grid, |[k, j, i]| u8::from(j == 1 && i <= k));
    let by_height = partition(&wedge, None, ThirdsBy::Height, 1.0).unwrap();
    assert_eq!(count(&by_height, Site::Third(Lungs::Both, Third::Lower)), 55);
    assert_eq!(count(&by_height, Site::Third(Lungs::Both, Third::Middle)), 155);
    assert_eq!(count(&by_height, Site::Third(Lungs::Both, Third::Upper)), 255);
    // Tallies from the base: 153 in 17 rows, 171 in 18; 300 in 24, 325 in 25. Thirds of 465 are
    // 155 and 310: each cut lies behind the row in which it is reached.
    let by_volume = partition(&wedge, None, ThirdsBy::Volume, 1.0).unwrap();
    assert_eq!(count(&by_volume, Site::Third(Lungs::Both, Third::Lower)), 171);
    assert_eq!(count(&by_volume, Site::Third(Lungs::Both, Third::Middle)), 325 - 171);
    assert_eq!(count(&by_volume, Site::Third(Lungs::Both, Third::Upper)), 465 - 325);
}

#[test]
fn the_upper_third_is_the_patients_whatever_the_array() {
    let grid = Grid::axial([30, 3, 64], [2.0, 1.0, 1.0]).unwrap();
    let axes = Matrix3::from_columns(&[
        -grid.axes().column(0).into_owned(),
        grid.axes().column(1).into_owned(),
        grid.axes().column(2).into_owned(),
    ]);
    let downwards = Grid::new(grid.shape(), grid.point([29.0, 0.0, 0.0]), axes).unwrap();
    let wedge = labelled(&downwards, |[k, j, i]| u8::from(j == 1 && i <= 29 - k));
    let parts = partition(&wedge, None, ThirdsBy::Height, 1.0).unwrap();
    assert_eq!(count(&parts, Site::Third(Lungs::Both, Third::Upper)), 255);
}

#[test]
fn on_an_oblique_grid_thirds_are_cut_across_the_patients_z() {
    let turn = Rotation3::from_euler_angles(0.3, -0.2, 0.1);
    let upright = Grid::axial([40, 40, 40], [2.0, 2.1, 1.9]).unwrap();
    let axes = turn.matrix() * upright.axes();
    let grid = Grid::new(upright.shape(), Point3::new(3.0, -7.0, 11.0), axes).unwrap();
    let middle = grid.point([19.5; 3]);
    let ball = labelled(&grid, |voxel| u8::from((grid.centre(voxel) - middle).norm() < 30.0));
    let parts = partition(&ball, None, ThirdsBy::Height, 5.0).unwrap();
    // A ball cut at a third of its height: 7/27 of its volume lies below.
    let [lower, upper] = [Third::Lower, Third::Upper]
        .map(|third| count(&parts, Site::Third(Lungs::Both, third)) as f64);
    let whole = count(&parts, Site::Whole(Lungs::Both)) as f64;
    assert!((lower / whole - 7.0 / 27.0).abs() < 0.01, "{}", lower / whole);
    assert!((upper / whole - 7.0 / 27.0).abs() < 0.01, "{}", upper / whole);
    let core = count(&parts, Site::Core(Lungs::Both)) as f64;
    // Depth is counted to the nearest centre outside, up to a step beyond the surface.
    let (least, most) = ((25.0 / 30.0_f64).powi(3), (26.0 / 30.0_f64).powi(3));
    assert!((least..most).contains(&(core / whole)), "{}", core / whole);
}

#[test]
fn vessels_are_parts_of_their_own() {
    let mut thorax = boxes(&odd());
    thorax.vessels = par::map_voxels(thorax.lungs.grid(), |[k, j, i]| [k, j, i] == [9, 9, 9]);
    let parts = partition(&thorax, None, ThirdsBy::Volume, 3.0).unwrap();
    let vessel: Vec<u8> =
        parts.parts().as_slice().iter().copied().filter(|part| parts.is_vessel(*part)).collect();
    assert_eq!(vessel, [parts.parts().at([9, 9, 9])]);
    assert_eq!(count(&parts, Site::Whole(Lungs::Right)), 2400);
}

#[test]
fn lobes_are_sites_where_they_are_given() {
    let Patient { truth, thorax, .. } = patient();
    let without = partition(thorax, None, ThirdsBy::Volume, 10.0).unwrap();
    assert!(!without.sites().iter().any(|(site, _)| matches!(site, Site::Lobe(_))));
    let with = partition(thorax, Some(&truth.lobes), ThirdsBy::Volume, 10.0).unwrap();
    for lobe in Lobe::ALL {
        let both = thorax.lungs.labels().as_slice().iter().zip(truth.lobes.labels().as_slice());
        let both = both.filter(|(lung, n)| is_lung(lung) && **n == lobe.label()).count();
        assert_eq!(count(&with, Site::Lobe(*lobe)), both as u64);
    }
    let other = Grid::axial([2, 2, 2], [1.0; 3]).unwrap();
    let error =
        partition(thorax, Some(&LabelMap::empty(&other)), ThirdsBy::Volume, 10.0).unwrap_err();
    assert!(matches!(error, Error::Domain(hilum_core::Error::GridMismatch { .. })));
}

#[test]
fn the_trachea_is_measured_away_from_its_wall() {
    let Patient { ct, thorax, .. } = patient();
    let parts = partition(thorax, None, ThirdsBy::Volume, 10.0).unwrap();
    let (_, trachea) = parts.sites().iter().find(|(site, _)| *site == Site::Trachea).unwrap();
    let inside = parts.parts().as_slice().iter().zip(ct.hu().as_slice());
    let air: Vec<f64> =
        inside.filter(|(part, _)| trachea.contains(part)).map(|(_, hu)| f64::from(*hu)).collect();
    let mean = air.iter().sum::<f64>() / air.len() as f64;
    assert!(air.len() > 200, "{} voxels", air.len());
    assert!((mean + 1000.0).abs() < 8.0, "{mean:.1} HU");
    assert!((air.len() as u64) < thorax.lungs.count(Lung::Airway));
}

#[test]
fn a_volume_without_lungs_has_no_parts() {
    let grid = odd();
    let parts = partition(&labelled(&grid, |_| 0), None, ThirdsBy::Height, 3.0).unwrap();
    assert_eq!(parts.parts(), &Volume::filled(&grid, 0));
}
