//! Patients that differ in shape, fissures, disease and scan: what tests and benches measure on.

use hilum_core::{Grid, Lobe, Lung};

use crate::build::Build;
use crate::chest::Chest;
use crate::fissure::FissureShape;
use crate::lesion::{Disease, Lesion};
use crate::scan::Scan;

/// A patient and the scan that was made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// What is special about it, in a few words.
    pub name: &'static str,
    /// The patient.
    pub chest: Chest,
    /// Spacing of the scan in mm, `[k, j, i]`.
    pub spacing: [f64; 3],
}

impl Variant {
    /// The grid of its scan, its steps made `coarser` times as long; 1 is the scan itself.
    ///
    /// # Panics
    ///
    /// If `coarser` is not positive.
    pub fn grid(&self, coarser: f64) -> Grid {
        self.chest.own_grid(self.spacing.map(|mm| mm * coarser))
    }

    /// Says whether air-less lung, fluid or air beside the lung make its outline hard to find.
    pub fn is_dense(&self) -> bool {
        let hard = [Disease::Consolidation, Disease::Effusion, Disease::Pneumothorax];
        self.chest.build.absent.is_some()
            || self.chest.lesions.iter().any(|lesion| hard.contains(&lesion.disease))
    }
}

/// All variants: first those that are only shaped and scanned differently, then the sick ones. No two have the
/// same body, fissures or scan.
pub fn variants() -> Vec<Variant> {
    let shapes = [adult(), tall(), stocky(), scoliosis(), small_child(), expiration()];
    let sick = [emphysema(), giant_bullae(), ground_glass(), fibrosis()];
    let dense = [pneumonia(), lobar(), effusion(), pneumothorax(), one_lung(), collapse()];
    shapes.into_iter().chain(sick).chain(dense).collect()
}

/// Noise in HU, and the blur in the slice and the grain of a kernel in mm.
fn scan(noise: f64, blur: f64, grain: f64) -> Scan {
    Scan { blur, noise, grain, ..Scan::default() }
}

/// A patient whose fissures run by chance of `seed` and are there to these shares.
fn patient(seed: u64, fissures: [f64; 3]) -> Chest {
    Chest { seed, fissures, fissure_shape: FissureShape::varied(seed), ..Chest::default() }
}

fn adult() -> Variant {
    let chest = Chest { fissures: [1.0, 1.0, 1.0], ..Chest::default() };
    Variant { name: "adult", chest, spacing: [1.25, 0.9, 0.9] }
}

fn tall() -> Variant {
    let build = Build {
        proportions: [0.95, 0.9, 1.1],
        domes: [-8.0, -4.0],
        heart: 0.9,
        ..Build::default()
    };
    let chest = Chest { build, scan: scan(45.0, 0.35, 0.25), ..patient(21, [1.0, 0.9, 1.0]) };
    Variant { name: "tall, sharp kernel", chest, spacing: [1.0, 0.8, 0.8] }
}

fn stocky() -> Variant {
    let build = Build {
        proportions: [1.08, 1.14, 0.86],
        domes: [18.0, 12.0],
        heart: 1.18,
        ..Build::default()
    };
    let chest = Chest {
        build,
        parenchyma: -840.0,
        scan: scan(24.0, 0.75, 0.7),
        ..patient(22, [0.9, 0.5, 0.9])
    };
    Variant { name: "stocky, half a horizontal fissure", chest, spacing: [2.5, 0.95, 0.95] }
}

fn scoliosis() -> Variant {
    let build =
        Build { bow: 9.0, lean: 0.07, shift: -10.0, domes: [6.0, -6.0], ..Build::default() };
    let chest = Chest {
        build,
        contrast: 180.0,
        scan: scan(30.0, 0.6, 0.5),
        ..patient(23, [0.8, 0.5, 0.7])
    };
    Variant { name: "scoliosis, contrast", chest, spacing: [1.5, 1.05, 0.95] }
}

fn small_child() -> Variant {
    let build = Build {
        proportions: [1.05, 1.12, 0.9],
        heart: 1.22,
        domes: [10.0, 10.0],
        ..Build::default()
    };
    let chest = Chest {
        build,
        scale: 0.5,
        emphysema: 0.0,
        parenchyma: -820.0,
        scan: scan(25.0, 0.5, 0.4),
        ..patient(24, [0.9, 0.6, 0.9])
    };
    Variant { name: "small child", chest, spacing: [1.5, 0.55, 0.55] }
}

fn expiration() -> Variant {
    let build = Build { proportions: [0.98, 0.9, 0.98], domes: [42.0, 38.0], ..Build::default() };
    let chest = Chest {
        build,
        emphysema: 0.01,
        parenchyma: -720.0,
        gravity: 0.6,
        scan: scan(22.0, 0.6, 0.5),
        ..patient(25, [1.0, 0.7, 1.0])
    };
    Variant { name: "expiration, thick slices", chest, spacing: [5.0, 0.9, 0.9] }
}

fn emphysema() -> Variant {
    let build = Build {
        proportions: [1.02, 1.16, 1.04],
        domes: [-18.0, -18.0],
        heart: 0.92,
        ..Build::default()
    };
    let chest = Chest {
        build,
        emphysema: 0.25,
        bullae: 4,
        scan: scan(50.0, 0.5, 0.45),
        ..patient(26, [1.0, 0.6, 0.8])
    };
    Variant { name: "emphysema, low dose", chest, spacing: [1.0, 0.95, 0.95] }
}

fn giant_bullae() -> Variant {
    let bulla = |lung, centre, radius| {
        Lesion::ellipsoid(Disease::Bulla, lung, [centre, [radius; 3]], -990.0)
    };
    let lesions = vec![
        bulla(Lung::Right, [-62.0, 0.0, 40.0], 38.0),
        bulla(Lung::Left, [66.0, -18.0, 22.0], 34.0),
        bulla(Lung::Right, [-84.0, 56.0, -120.0], 30.0),
    ];
    let build = Build { proportions: [0.98, 1.04, 1.06], ..Build::default() };
    let chest = Chest { build, lesions, emphysema: 0.1, ..patient(27, [0.9, 0.8, 0.9]) };
    Variant { name: "giant bullae", chest, spacing: [1.5, 0.85, 0.85] }
}

fn ground_glass() -> Variant {
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

fn fibrosis() -> Variant {
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

fn pneumonia() -> Variant {
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

fn lobar() -> Variant {
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

fn effusion() -> Variant {
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

fn pneumothorax() -> Variant {
    let place = [[-80.0, -100.0, -20.0], [120.0, 110.0, 160.0]];
    let lesions =
        vec![Lesion::ellipsoid(Disease::Pneumothorax, Lung::Right, place, -1000.0).to_depth(32.0)];
    let build = Build { proportions: [0.94, 0.92, 1.06], shift: 8.0, ..Build::default() };
    let chest = Chest { build, lesions, emphysema: 0.05, ..patient(33, [0.9, 0.9, 0.9]) };
    Variant { name: "pneumothorax", chest, spacing: [1.25, 0.8, 0.8] }
}

fn one_lung() -> Variant {
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

fn collapse() -> Variant {
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
