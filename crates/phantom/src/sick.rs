//! The variants whose lungs are sick in other ways than emphysema.

use hilum_core::{Lobe, Lung};

use crate::build::Build;
use crate::chest::Chest;
use crate::lesion::{Disease, Lesion};
use crate::variants::{Variant, patient, scan};

/// Haze in both lungs.
pub(crate) fn ground_glass() -> Variant {
    let patch = |lung, centre, radii, hu| {
        Lesion::ellipsoid(Disease::GroundGlass, lung, [centre, radii], hu)
    };
    let lesions = vec![
        patch(Lung::Right, [-90.0, 60.0, -110.0], [60.0, 50.0, 70.0], -520.0),
        patch(Lung::Left, [90.0, 65.0, -90.0], [55.0, 45.0, 80.0], -450.0),
        patch(Lung::Right, [-95.0, -20.0, 10.0], [40.0, 40.0, 45.0], -300.0),
        patch(Lung::Left, [85.0, 40.0, 40.0], [35.0, 40.0, 30.0], -620.0),
    ];
    let build = Build { proportions: [1.04, 1.0, 0.94], domes: [10.0, 14.0], ..Build::default() };
    let chest = Chest { build, lesions, emphysema: 0.02, ..patient(28, [1.0, 0.7, 0.9]) };
    Variant { name: "ground glass", chest, spacing: [1.25, 1.0, 1.0] }
}

/// A net of septa and cysts at both bases.
pub(crate) fn fibrosis() -> Variant {
    let basal = |disease, lung, side: f64, z: f64, depth| {
        let place = [[side * 80.0, 40.0, z], [95.0, 90.0, 85.0]];
        Lesion::ellipsoid(disease, lung, place, -20.0).to_depth(depth)
    };
    let both = [(Lung::Right, -1.0), (Lung::Left, 1.0)];
    let lesions = both.into_iter().flat_map(|(lung, side)| {
        [
            basal(Disease::Reticulation, lung, side, -90.0, 32.0),
            basal(Disease::Honeycombing, lung, side, -125.0, 16.0),
        ]
    });
    let build = Build { proportions: [0.96, 0.98, 0.9], domes: [16.0, 16.0], ..Build::default() };
    let chest = Chest {
        build,
        lesions: lesions.collect(),
        emphysema: 0.03,
        parenchyma: -830.0,
        scan: scan(35.0, 0.35, 0.3),
        ..patient(29, [0.9, 0.7, 0.9])
    };
    Variant { name: "fibrosis, honeycombing", chest, spacing: [1.0, 0.9, 0.9] }
}

/// Consolidation at the wall of both lungs.
pub(crate) fn pneumonia() -> Variant {
    let patch = |lung, centre, radii| {
        Lesion::ellipsoid(Disease::Consolidation, lung, [centre, radii], 45.0)
    };
    let lesions = vec![
        patch(Lung::Right, [-100.0, 70.0, -120.0], [50.0, 48.0, 55.0]),
        patch(Lung::Left, [100.0, 80.0, -60.0], [45.0, 42.0, 45.0]),
        patch(Lung::Right, [-120.0, -20.0, 20.0], [45.0, 40.0, 35.0]),
    ];
    let build = Build { proportions: [1.0, 1.06, 0.96], heart: 1.08, ..Build::default() };
    let chest = Chest { build, lesions, emphysema: 0.03, ..patient(30, [1.0, 0.6, 1.0]) };
    Variant { name: "consolidation at the wall", chest, spacing: [1.5, 0.95, 0.95] }
}

/// A lobe without air.
pub(crate) fn lobar() -> Variant {
    let lesions = vec![Lesion::lobe(Disease::Consolidation, Lung::Right, Lobe::RightLower, 50.0)];
    let build = Build { proportions: [1.02, 0.96, 1.02], lean: -0.04, ..Build::default() };
    let chest = Chest {
        build,
        lesions,
        contrast: 60.0,
        scan: scan(26.0, 0.7, 0.6),
        ..patient(31, [1.0, 0.8, 1.0])
    };
    Variant { name: "lobar consolidation", chest, spacing: [2.0, 0.9, 0.9] }
}

/// Fluid beside both lungs.
pub(crate) fn effusion() -> Variant {
    let fluid = |lung, side: f64, depth, height| {
        let place = [[side * 75.0, 95.0, -150.0], [150.0, 105.0, height]];
        Lesion::ellipsoid(Disease::Effusion, lung, place, 12.0).to_depth(depth)
    };
    let airless = |lung, side: f64| {
        let place = [[side * 70.0, 62.0, -125.0], [60.0, 32.0, 55.0]];
        Lesion::ellipsoid(Disease::Consolidation, lung, place, 60.0).to_depth(20.0)
    };
    let lesions = vec![
        fluid(Lung::Right, -1.0, 48.0, 130.0),
        fluid(Lung::Left, 1.0, 28.0, 100.0),
        airless(Lung::Right, -1.0),
    ];
    let build =
        Build { proportions: [1.03, 1.02, 0.98], heart: 1.2, shift: 6.0, ..Build::default() };
    let chest = Chest { build, lesions, emphysema: 0.04, ..patient(32, [1.0, 0.7, 0.9]) };
    Variant { name: "effusions, airless lung", chest, spacing: [2.0, 0.85, 0.85] }
}

/// Air beside a lung.
pub(crate) fn pneumothorax() -> Variant {
    let place = [[-80.0, -100.0, -20.0], [120.0, 110.0, 160.0]];
    let lesions =
        vec![Lesion::ellipsoid(Disease::Pneumothorax, Lung::Right, place, -1000.0).to_depth(32.0)];
    let build = Build { proportions: [0.94, 0.92, 1.06], shift: 8.0, ..Build::default() };
    let chest = Chest { build, lesions, emphysema: 0.05, ..patient(33, [0.9, 0.9, 0.9]) };
    Variant { name: "pneumothorax", chest, spacing: [1.25, 0.8, 0.8] }
}

/// A lung taken out.
pub(crate) fn one_lung() -> Variant {
    let build = Build {
        absent: Some(Lung::Left),
        shift: 42.0,
        domes: [-4.0, 38.0],
        proportions: [0.97, 1.0, 1.0],
        ..Build::default()
    };
    let chest = Chest { build, ..patient(34, [0.9, 0.7, 0.9]) };
    Variant { name: "left lung taken out", chest, spacing: [1.5, 0.9, 0.9] }
}

/// A lobe without air beside fluid.
pub(crate) fn collapse() -> Variant {
    let lesions = vec![
        Lesion::lobe(Disease::Consolidation, Lung::Left, Lobe::LeftLower, 55.0),
        Lesion::ellipsoid(
            Disease::Effusion,
            Lung::Left,
            [[80.0, 95.0, -150.0], [140.0, 100.0, 120.0]],
            10.0,
        )
        .to_depth(30.0),
    ];
    let build = Build {
        proportions: [0.98, 1.05, 0.95],
        shift: 12.0,
        domes: [8.0, 20.0],
        ..Build::default()
    };
    let chest = Chest {
        build,
        lesions,
        emphysema: 0.02,
        scan: scan(28.0, 0.65, 0.6),
        ..patient(35, [0.8, 0.8, 1.0])
    };
    Variant { name: "airless lobe beside fluid", chest, spacing: [3.0, 0.9, 0.9] }
}
