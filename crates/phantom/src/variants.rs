//! Patients that differ in shape, fissures, disease and scan: what tests and benches measure on.

use hilum_core::{Grid, Lung};

use crate::build::Build;
use crate::chest::Chest;
use crate::fissure::FissureShape;
use crate::lesion::{Disease, Lesion};
use crate::scan::Scan;
use crate::sick;

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
    let ill = [emphysema(), giant_bullae(), sick::ground_glass(), sick::fibrosis()];
    let dense = [
        sick::pneumonia(),
        sick::lobar(),
        sick::effusion(),
        sick::pneumothorax(),
        sick::one_lung(),
        sick::collapse(),
    ];
    shapes.into_iter().chain(ill).chain(dense).collect()
}

/// Noise in HU, and the blur in the slice and the grain of a kernel in mm.
pub(crate) fn scan(noise: f64, blur: f64, grain: f64) -> Scan {
    Scan { blur, noise, grain, ..Scan::default() }
}

/// A patient whose fissures run by chance of `seed` and are there to these shares.
pub(crate) fn patient(seed: u64, fissures: [f64; 3]) -> Chest {
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
