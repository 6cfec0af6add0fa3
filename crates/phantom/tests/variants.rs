//! Bodies, fissures and disease that differ from the default adult's.

use std::sync::LazyLock;

use hilum_core::{Lobe, Lung, Region};
use hilum_kernel::par;
use hilum_phantom::{Build, Chest, Disease, FissureShape, Lesion, Scan, Truth, variants};

/// Voxels just small enough to be drawn whole: longer ones are drawn in many parts each.
fn truth(chest: &Chest) -> Truth {
    chest.truth(&chest.own_grid([2.3, 2.2, 2.1]))
}

/// An adult without emphysema, which takes no part in shapes and volumes.
fn sound() -> Chest {
    Chest { emphysema: 0.0, ..Chest::default() }
}

/// The adult whom others are held against.
static ADULT: LazyLock<Truth> = LazyLock::new(|| truth(&sound()));

fn litres(truth: &Truth, lung: Lung) -> f64 {
    truth.lungs.count(lung) as f64 * truth.lungs.grid().voxel_volume() / 1e6
}

fn millilitres(truth: &Truth, disease: Disease) -> f64 {
    truth.disease.map(|label| *label == disease.label()).millilitres()
}

#[test]
fn no_two_variants_share_name_body_fissures_or_scan() {
    let all = variants();
    assert!(all.len() >= 6);
    for (n, a) in all.iter().enumerate() {
        for b in &all[..n] {
            assert_ne!(a.name, b.name);
            assert_ne!(a.chest.build, b.chest.build, "{} and {}", a.name, b.name);
            assert_ne!(a.chest.fissure_shape, b.chest.fissure_shape, "{} and {}", a.name, b.name);
            let scans = [a, b].map(|v| (v.spacing, v.chest.seed));
            assert_ne!(scans[0], scans[1], "{} and {}", a.name, b.name);
        }
    }
}

#[test]
fn volumes_go_with_the_proportions() {
    let build = Build { proportions: [1.1, 0.9, 1.05], lean: 0.1, ..Build::default() };
    let stretched = truth(&Chest { build, ..sound() });
    let share = stretched.figures.lungs_ml() / ADULT.figures.lungs_ml();
    assert!((share / (1.1 * 0.9 * 1.05) - 1.0).abs() < 1e-9, "{share}");
    let voxels = litres(&stretched, Lung::Right) + litres(&stretched, Lung::Left);
    assert!((1000.0 * voxels / stretched.figures.lungs_ml() - 1.0).abs() < 0.01, "{voxels} L");
}

#[test]
fn bent_bodies_keep_voxels_and_figures_together() {
    let build =
        Build { bow: 9.0, domes: [40.0, 25.0], shift: 15.0, heart: 1.2, ..Build::default() };
    let fissure_shape = FissureShape::varied(5);
    let bent = truth(&Chest { build, fissure_shape, ..sound() });
    for (lobe, wanted) in Lobe::ALL.iter().zip(bent.figures.lobes_ml) {
        let found = bent.lobes.count(*lobe) as f64 * bent.lobes.grid().voxel_volume() / 1000.0;
        assert!((found / wanted - 1.0).abs() < 0.03, "{lobe:?}: {found} mL, wanted {wanted} mL");
    }
    assert!(litres(&bent, Lung::Right) < 0.85 * litres(&ADULT, Lung::Right));
}

#[test]
fn an_absent_lung_leaves_fluid() {
    let build = Build { absent: Some(Lung::Left), shift: 30.0, ..Build::default() };
    let one = truth(&Chest { build, ..sound() });
    assert_eq!(one.lungs.count(Lung::Left), 0);
    assert_eq!(one.figures.left_ml, 0.0);
    assert!(litres(&one, Lung::Right) > 2.0);
    assert!(millilitres(&one, Disease::Effusion) > 240.0);
}

#[test]
fn disease_lies_where_and_as_dense_as_it_was_asked() {
    let patch = |disease, lung, x: f64, hu| {
        Lesion::ellipsoid(disease, lung, [[x, 50.0, -90.0], [35.0; 3]], hu)
    };
    let fluid = [[80.0, 95.0, -150.0], [140.0, 100.0, 110.0]];
    let lesions = vec![
        patch(Disease::Consolidation, Lung::Right, -85.0, 45.0),
        Lesion::lobe(Disease::GroundGlass, Lung::Left, Lobe::LeftUpper, -500.0),
        Lesion::ellipsoid(Disease::Effusion, Lung::Left, fluid, 12.0).to_depth(30.0),
    ];
    let scan = Scan::ideal();
    let sick = truth(&Chest { lesions, scan, ..sound() });
    let means = [Disease::Consolidation, Disease::GroundGlass, Disease::Effusion].map(|disease| {
        let own = sick.disease.as_slice().iter().zip(sick.noiseless.as_slice());
        let mut numbers: Vec<f32> =
            own.filter(|(label, _)| **label == disease.label()).map(|(_, hu)| *hu).collect();
        assert!(millilitres(&sick, disease) > 48.0, "{disease:?}");
        numbers.sort_by(f32::total_cmp);
        numbers[numbers.len() / 2]
    });
    for (found, wanted) in means.into_iter().zip([45.0, -500.0, 12.0]) {
        assert!((found - wanted).abs() < 20.0, "{found} HU, wanted {wanted} HU");
    }
    for ((disease, lung), lobe) in sick
        .disease
        .as_slice()
        .iter()
        .zip(sick.lungs.labels().as_slice())
        .zip(sick.lobes.labels().as_slice())
    {
        match Disease::ALL.iter().find(|known| known.label() == *disease) {
            Some(Disease::Consolidation) => assert_eq!(*lung, Lung::Right.label()),
            Some(Disease::GroundGlass) => assert_eq!(*lobe, Lobe::LeftUpper.label()),
            Some(Disease::Effusion) => assert!(!matches!(lung, 1 | 2)),
            _ => assert_eq!(*disease, 0),
        }
    }
}

#[test]
fn a_sick_chest_does_not_depend_on_threads() {
    let variant = variants().into_iter().find(hilum_phantom::Variant::is_dense).unwrap();
    let grid = variant.chest.own_grid([12.0, 7.0, 7.0]);
    let expected = par::on_threads(1, || variant.chest.render(&grid));
    for threads in [2, 7] {
        let found = par::on_threads(threads, || variant.chest.render(&grid));
        assert!(found == expected, "{threads} threads");
    }
}
