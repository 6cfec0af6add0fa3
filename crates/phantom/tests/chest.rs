//! The chest against its own truth: volumes, shares, parts, grids.

use std::sync::OnceLock;

use hilum_core::{Ct, Grid, Lobe, Lung, Region};
use hilum_phantom::{Chest, Scan, Truth};
use nalgebra::{Matrix3, Rotation3, Vector3};

/// Odd and anisotropic, so that what forgets the spacing fails.
fn grid() -> Grid {
    Chest::grid([3.1, 1.9, 2.2])
}

/// The default patient, rendered once for all tests.
fn patient() -> &'static (Ct, Truth) {
    static PATIENT: OnceLock<(Ct, Truth)> = OnceLock::new();
    PATIENT.get_or_init(|| Chest::default().render(&grid()))
}

fn millilitres(truth: &Truth, label: impl Fn(&Truth) -> u64) -> f64 {
    label(truth) as f64 * truth.lungs.grid().voxel_volume() / 1000.0
}

#[test]
fn voxels_add_up_to_the_volumes_of_the_anatomy() {
    let (_, truth) = patient();
    let figures = &truth.figures;
    for (lung, wanted) in [(Lung::Right, figures.right_ml), (Lung::Left, figures.left_ml)] {
        let found = millilitres(truth, |truth| truth.lungs.count(lung));
        assert!((found / wanted - 1.0).abs() < 0.003, "{lung:?}: {found} mL, wanted {wanted} mL");
    }
    for (lobe, wanted) in Lobe::ALL.iter().zip(figures.lobes_ml) {
        let found = millilitres(truth, |truth| truth.lobes.count(*lobe));
        assert!((found / wanted - 1.0).abs() < 0.01, "{lobe:?}: {found} mL, wanted {wanted} mL");
    }
}

#[test]
fn the_default_patient_is_a_plausible_adult() {
    let (ct, truth) = patient();
    let figures = &truth.figures;
    assert!((4000.0..6500.0).contains(&figures.lungs_ml()), "{} mL", figures.lungs_ml());
    let ratio = figures.right_ml / figures.left_ml;
    assert!((1.05..1.30).contains(&ratio), "right to left {ratio}");
    // Mean shares of 51 annotated lungs, and twice their standard deviation.
    let usual = [(20.3, 8.2), (9.1, 5.0), (23.9, 8.8), (24.5, 6.8), (22.1, 7.2)];
    for (volume, (mean, spread)) in figures.lobes_ml.iter().zip(usual) {
        let share = 100.0 * volume / figures.lungs_ml();
        assert!((share - mean).abs() < spread, "{share} %, usual are {mean} %");
    }
    let lungs = |n: &usize| matches!(truth.lungs.labels().as_slice()[*n], 1 | 2);
    let hu: Vec<f64> = (0..truth.lungs.grid().voxel_count())
        .filter(lungs)
        .map(|n| f64::from(ct.hu().as_slice()[n]))
        .collect();
    let mean = hu.iter().sum::<f64>() / hu.len() as f64;
    assert!((-860.0..-800.0).contains(&mean), "mean {mean} HU");
}

#[test]
fn lobes_part_the_lungs() {
    let (_, truth) = patient();
    let labels = truth.lungs.labels().as_slice().iter().zip(truth.lobes.labels().as_slice());
    for (lung, lobe) in labels {
        match Lung::from_label(*lung) {
            Some(Lung::Right) => assert!((1..=3).contains(lobe)),
            Some(Lung::Left) => assert!((4..=5).contains(lobe)),
            Some(Lung::Airway) | None => assert_eq!(*lobe, 0),
        }
    }
}

#[test]
fn structures_lie_where_they_belong() {
    let (_, truth) = patient();
    for n in 0..truth.lungs.grid().voxel_count() {
        let lung = truth.lungs.labels().as_slice()[n];
        let in_lungs = lung == 1 || lung == 2;
        let [airway, vessel, emphysema] =
            [&truth.airways, &truth.vessels, &truth.emphysema].map(|mask| mask.as_slice()[n]);
        assert!(!(vessel || emphysema) || in_lungs);
        assert!(u8::from(airway) + u8::from(vessel) + u8::from(emphysema) <= 1);
        // The airway label is the airways outside of the lungs.
        assert_eq!(lung == 3, airway && !in_lungs);
        // No bone in the lungs.
        assert!(!in_lungs || truth.noiseless.as_slice()[n] < 300.0);
    }
}

#[test]
fn airways_outside_of_the_lungs_are_one_piece_and_hold_air() {
    let (_, truth) = patient();
    let airway = truth.lungs.mask(Lung::Airway);
    let pieces = hilum_kernel::Components::new(&airway, hilum_kernel::Connectivity::Corners);
    let largest = pieces.sizes().iter().max().copied().unwrap_or(0);
    assert!(largest as f64 > 0.98 * airway.count() as f64, "{:?}", pieces.sizes());
    assert!((20.0..80.0).contains(&airway.millilitres()), "{} mL", airway.millilitres());
}

#[test]
fn each_lung_is_one_piece() {
    let (_, truth) = patient();
    for lung in [Lung::Right, Lung::Left] {
        let mask = truth.lungs.mask(lung);
        let pieces = hilum_kernel::Components::new(&mask, hilum_kernel::Connectivity::Faces);
        let largest = pieces.sizes().iter().max().copied().unwrap_or(0);
        assert!(largest as f64 > 0.999 * mask.count() as f64, "{lung:?}: {:?}", pieces.sizes());
    }
}

#[test]
fn emphysema_takes_the_asked_share() {
    let grid = Chest::grid([2.3, 1.9, 1.9]);
    for asked in [0.0, 0.02, 0.25] {
        let chest = Chest { emphysema: asked, ..Chest::default() };
        let truth = chest.truth(&grid);
        // The last lesion may go beyond by its volume, at most 0.9 mL of some 4 L.
        assert!((truth.figures.emphysema_fraction - asked).abs() < 2e-4);
        let lungs = truth.lungs.count(Lung::Right) + truth.lungs.count(Lung::Left);
        let found = truth.emphysema.count() as f64 / lungs as f64;
        assert!((found - asked).abs() <= 0.02 * asked, "{found} of voxels, wanted {asked}");
    }
}

#[test]
fn lesions_are_dark_and_there_are_more_of_them_above() {
    let truth = Chest { scan: Scan::ideal(), emphysema: 0.1, ..Chest::default() }.truth(&grid());
    let [_, rows, columns] = truth.lungs.grid().shape();
    let (mut dark, mut above, mut lesions, mut lungs) = (0.0, [0.0; 2], 0.0, [0.0; 2]);
    for (n, lung) in truth.lungs.labels().as_slice().iter().enumerate() {
        if !matches!(lung, 1 | 2) {
            continue;
        }
        let upper = truth.lungs.grid().centre([n / columns / rows, 0, 0]).z > -40.0;
        lungs[usize::from(upper)] += 1.0;
        if truth.emphysema.as_slice()[n] {
            lesions += 1.0;
            above[usize::from(upper)] += 1.0;
            dark += f64::from(truth.noiseless.as_slice()[n]);
        }
    }
    // Half of a voxel at the edge may be lung of about -870 HU, the rest is -960 to -990 HU.
    assert!((-980.0..-915.0).contains(&(dark / lesions)), "mean {} HU", dark / lesions);
    let [below, above] = [0, 1].map(|n| above[n] / lungs[n]);
    assert!(above > 2.0 * below, "{above} of the upper half, {below} of the lower");
}

#[test]
fn bullae_are_large_holes_beneath_the_pleura_of_the_apices() {
    let bullae = Chest { emphysema: 0.0, bullae: 4, ..Chest::default() }.truth(&grid());
    let pieces =
        hilum_kernel::Components::new(&bullae.emphysema, hilum_kernel::Connectivity::Corners);
    let large = pieces.sizes().iter().filter(|size| **size as f64 * 0.01296 > 2.0).count();
    assert_eq!(large, 4, "{:?}", pieces.sizes());
    let share = bullae.figures.emphysema_fraction * bullae.figures.lungs_ml();
    assert!((share / bullae.emphysema.millilitres() - 1.0).abs() < 0.02);
    let floor = bullae.emphysema.grid().position([0.0, 0.0, -10.0].into())[0] as usize;
    assert!(pieces.boxes().iter().all(|extent| extent[0].start > floor));
}

#[test]
fn figures_can_be_counted_again() {
    let (ct, truth) = patient();
    let lungs: Vec<usize> = (0..truth.lungs.grid().voxel_count())
        .filter(|n| matches!(truth.lungs.labels().as_slice()[*n], 1 | 2))
        .collect();
    let share = |low: &dyn Fn(usize) -> bool| {
        100.0 * lungs.iter().filter(|n| low(**n)).count() as f64 / lungs.len() as f64
    };
    assert_eq!(truth.figures.laa_950, share(&|n| ct.hu().as_slice()[n].0 < -950));
    let noiseless = share(&|n| truth.noiseless.as_slice()[n] < -950.0);
    assert_eq!(truth.figures.laa_950_noiseless, noiseless);
}

#[test]
fn grids_of_other_resolution_agree_where_their_centres_meet() {
    let (_, fine) = patient();
    let coarse = Chest::default().truth(&grid().coarsened([3, 3, 3]));
    let [slices, rows, columns] = grid().shape().map(|n| n / 3);
    for k in 0..slices {
        for j in 0..rows {
            for i in 0..columns {
                let (here, there) = ([k, j, i], [k, j, i].map(|n| 3 * n + 1));
                assert_eq!(coarse.lungs.at(here), fine.lungs.at(there), "lungs at {there:?}");
                assert_eq!(coarse.lobes.at(here), fine.lobes.at(there), "lobes at {there:?}");
            }
        }
    }
}

#[test]
fn an_oblique_grid_sees_the_same_patient() {
    let straight = Chest::grid([5.0, 3.0, 3.0]);
    let turn = Rotation3::from_euler_angles(0.20, -0.15, 0.25);
    let axes = turn.matrix() * straight.axes();
    let middle = straight.point(straight.shape().map(|n| (n as f64 - 1.0) / 2.0));
    let shape = straight.shape().map(|n| n + 40);
    let back = axes * Vector3::from(shape.map(|n| (n as f64 - 1.0) / 2.0));
    let oblique = Grid::new(shape, middle - back, axes).unwrap();
    let truth = Chest::default().truth(&oblique);
    let found = millilitres(&truth, |t| t.lungs.count(Lung::Right) + t.lungs.count(Lung::Left));
    let wanted = truth.figures.lungs_ml();
    assert!((found / wanted - 1.0).abs() < 0.003, "{found} mL, wanted {wanted} mL");
    assert!((truth.figures.laa_950_noiseless - patient().1.figures.laa_950_noiseless).abs() < 1.5);
}

#[test]
fn thick_slices_average_thin_ones() {
    let scan = Scan::ideal();
    let chest = Chest { scan, ..Chest::default() };
    let thin = Chest::grid([2.0, 2.0, 2.0]);
    let thick = thin.coarsened([3, 1, 1]);
    let thin = chest.truth(&thin).noiseless;
    let thick = chest.truth(&thick).noiseless;
    let mut largest = 0.0f64;
    let [slices, rows, columns] = thick.grid().shape();
    for k in 0..slices - 1 {
        for j in 0..rows {
            for i in 0..columns {
                let mean = (0..3).map(|n| f64::from(thin.at([3 * k + n, j, i]))).sum::<f64>() / 3.0;
                largest = largest.max((mean - f64::from(thick.at([k, j, i]))).abs());
            }
        }
    }
    assert!(largest < 1e-3, "{largest} HU apart");
}

#[test]
fn a_patient_of_half_the_size_has_an_eighth_of_the_volume() {
    let grid = grid();
    let halved = Matrix3::from_diagonal_element(0.5);
    let small = Grid::new(grid.shape(), grid.origin() * 0.5, grid.axes() * halved).unwrap();
    let truth = Chest { scale: 0.5, ..Chest::default() }.truth(&small);
    let (_, whole) = patient();
    assert_eq!(truth.lungs.labels().as_slice(), whole.lungs.labels().as_slice());
    assert_eq!(truth.figures.right_ml * 8.0, whole.figures.right_ml);
}

#[test]
fn fissures_are_there_to_the_asked_degree() {
    let grid = Chest::grid([2.0, 1.6, 1.6]);
    let image = |share: f64| {
        let fissures = [share; 3];
        let chest = Chest { fissures, scan: Scan::ideal(), emphysema: 0.0, ..Chest::default() };
        chest.truth(&grid).noiseless
    };
    let [none, half, whole] = [0.0, 0.5, 1.0].map(image);
    let added = |image: &hilum_core::Volume<f32>| -> f64 {
        let pairs = image.as_slice().iter().zip(none.as_slice());
        pairs.map(|(with, without)| f64::from(with - without)).sum()
    };
    let share = added(&half) / added(&whole);
    assert!((share - 0.5).abs() < 0.06, "{share} of the fissures, wanted half");
    // What they add is their volume: an area of two large and one small sheet.
    let area = added(&whole) * grid.voxel_volume() / 860.0 / 0.4 / 100.0;
    assert!((300.0..700.0).contains(&area), "{area} cm²");
}

#[test]
fn contrast_raises_blood_and_nothing_else() {
    let grid = Chest::grid([20.0, 4.0, 4.0]);
    let noiseless = |contrast: f64| {
        let chest = Chest { contrast, scan: Scan::ideal(), emphysema: 0.0, ..Chest::default() };
        chest.truth(&grid).noiseless
    };
    let (plain, bright) = (noiseless(0.0), noiseless(250.0));
    let raised: Vec<f32> =
        bright.as_slice().iter().zip(plain.as_slice()).map(|(b, p)| b - p).collect();
    assert!(raised.iter().all(|change| (-0.01..=250.01).contains(change)));
    let blood = raised.iter().map(|change| f64::from(*change)).sum::<f64>() / 250.0;
    let litres = blood * grid.voxel_volume() / 1e6;
    assert!((0.4..1.2).contains(&litres), "{litres} L of blood in heart and great vessels");
}
