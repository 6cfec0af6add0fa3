//! Phantoms whose lungs are known.

use hilum_core::{Grid, Hu, Lung};
use hilum_phantom::{Chest, Scan};
use nalgebra::{Matrix3, Rotation3, Vector3};

use crate::support::{
    Patient, dice, grid, has, is_lung, laa_950, millilitres, overlap, patient, rendered,
};

/// Dice of both lungs at least 0.98, volume within 1 %, LAA-950 within half a point.
fn agrees(name: &str, chest: &Chest, grid: &Grid) {
    let (ct, truth, thorax) = rendered(chest, grid);
    agree(name, &Patient { ct, truth, thorax });
}

fn agree(name: &str, Patient { ct, truth, thorax }: &Patient) {
    let (found, wanted) = (thorax.lungs.labels(), truth.lungs.labels());
    let [right, left, airway] =
        [Lung::Right, Lung::Left, Lung::Airway].map(|lung| overlap(found, wanted, lung));
    let volume = 100.0 * (millilitres(found) / millilitres(wanted) - 1.0);
    let laa = laa_950(found, ct.hu()) - laa_950(wanted, ct.hu());
    println!(
        "{name:14} Dice right {right:.4} left {left:.4} airway {airway:.3}, \
         volume {volume:+.2} %, LAA-950 {laa:+.3} points"
    );
    assert!(right >= 0.98 && left >= 0.98, "{name}: Dice {right:.4}, {left:.4}");
    assert!(volume.abs() <= 1.0, "{name}: volume {volume:+.2} %");
    assert!(laa.abs() <= 0.5, "{name}: LAA-950 {laa:+.3} points");
    assert!(airway >= 0.7, "{name}: airway {airway:.3}");
    assert!(!has(&thorax.quality, "trachea_not_found"), "{name}: {:?}", thorax.quality);
    assert!(!has(&thorax.quality, "lung_cut_by_stack"), "{name}: {:?}", thorax.quality);
}

#[test]
fn lungs_agree_with_the_truth_on_anisotropic_voxels() {
    agree("anisotropic", patient());
}

#[test]
fn lungs_agree_with_the_truth_on_thin_slices() {
    agrees("thin slices", &Chest::default(), &Chest::grid([1.2, 1.4, 1.4]));
}

#[test]
fn lungs_agree_with_the_truth_on_thick_slices() {
    agrees("thick slices", &Chest::default(), &Chest::grid([5.0, 1.1, 1.1]));
}

#[test]
fn lungs_agree_with_the_truth_in_noise() {
    let scan = Scan { noise: 80.0, ..Scan::default() };
    agrees("noise 80 HU", &Chest { scan, ..Chest::default() }, &Chest::grid([2.5, 1.0, 1.0]));
}

#[test]
fn lungs_agree_with_the_truth_in_emphysema() {
    agrees("emphysema 35 %", &Chest { emphysema: 0.35, ..Chest::default() }, &grid());
}

#[test]
fn lungs_agree_with_the_truth_in_expiration() {
    agrees("lung at -700", &Chest { parenchyma: -700.0, ..Chest::default() }, &grid());
}

#[test]
fn lungs_agree_with_the_truth_in_contrast() {
    agrees("contrast", &Chest { contrast: 250.0, ..Chest::default() }, &grid());
}

#[test]
fn lungs_agree_with_the_truth_of_another_patient() {
    agrees("small adult", &Chest { seed: 7, scale: 0.85, ..Chest::default() }, &grid());
}

#[test]
fn lungs_agree_with_the_truth_on_an_oblique_grid() {
    let upright = grid();
    let turn = Rotation3::from_euler_angles(0.10, -0.17, 0.23);
    agrees("oblique", &Chest::default(), &about_its_middle(&upright, turn.matrix()));
}

#[test]
fn lungs_agree_with_the_truth_under_gantry_tilt() {
    let tilt = Matrix3::new(1.0, 0.0, 0.0, 0.0, 1.0, 0.2, 0.0, 0.0, 1.0);
    agrees("tilted", &Chest::default(), &about_its_middle(&grid(), &tilt));
}

/// The grid with its axes changed and its middle where it was.
fn about_its_middle(grid: &Grid, change: &Matrix3<f64>) -> Grid {
    let half = grid.shape().map(|n| (n as f64 - 1.0) / 2.0);
    let axes = change * grid.axes();
    let origin = grid.point(half) - axes * Vector3::from(half);
    Grid::new(grid.shape(), origin, axes).unwrap()
}

#[test]
fn the_anatomical_map_of_clear_lungs_is_the_aerated_one() {
    let Patient { thorax, .. } = patient();
    let (lungs, anatomical) = (thorax.lungs.labels(), thorax.anatomical.labels());
    assert!(dice(lungs, is_lung, anatomical, is_lung) > 0.999);
}

#[test]
fn vessels_lie_in_the_lungs_and_are_dense() {
    let Patient { ct, truth, thorax } = patient();
    for (n, inside) in thorax.vessels.as_slice().iter().enumerate() {
        if *inside {
            assert!(is_lung(&thorax.lungs.labels().as_slice()[n]));
            assert!(ct.hu().as_slice()[n] >= Hu(-500));
        }
    }
    // Vessels thinner than a voxel read as lung: only the thick ones can be counted.
    let thick = hilum_kernel::open(&truth.vessels, 2.5);
    let found = thick.as_slice().iter().zip(thorax.vessels.as_slice());
    let found = found.filter(|(truth, found)| **truth && **found).count();
    assert!(found as f64 > 0.9 * thick.count() as f64, "{found} of {}", thick.count());
}

#[test]
fn neither_couch_nor_padding_nor_bowel_gas_is_lung() {
    let scan = Scan { field_of_view: Some(390.0), ..Scan::default() };
    let (ct, truth, thorax) = rendered(&Chest { scan, ..Chest::default() }, &grid());
    let strays = thorax.lungs.labels().as_slice().iter().zip(truth.lungs.labels().as_slice());
    let strays = strays.filter(|(found, truth)| is_lung(found) && **truth == 0).count();
    let strays = strays as f64 * ct.grid().voxel_volume() / 1000.0;
    assert!(strays < 60.0, "{strays} mL outside of the lungs");
    assert!(has(&thorax.quality, "gas_excluded"), "{:?}", thorax.quality);
}
