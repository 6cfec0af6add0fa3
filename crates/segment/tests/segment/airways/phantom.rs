//! The chest phantom, whose bronchi are known.

use std::sync::OnceLock;

use hilum_core::{Ct, Grid, Mask, Volume};
use hilum_kernel::distance;
use hilum_phantom::{Bronchus, Chest, Truth};
use hilum_segment::{AirwayLabel, Airways, Options, Thorax, thorax};

use super::followed;

/// The phantom with its truth, lungs and airway, made once.
pub(super) struct Patient {
    pub(super) ct: Ct,
    pub(super) truth: Truth,
    pub(super) thorax: Thorax,
    pub(super) airways: Airways,
    pub(super) bronchi: Vec<Bronchus>,
}

pub(super) fn patient() -> &'static Patient {
    static PATIENT: OnceLock<Patient> = OnceLock::new();
    PATIENT.get_or_init(|| scanned([1.25, 1.0, 1.05]))
}

/// The middle of a chest in voxels of some mm.
fn scanned(spacing: [f64; 3]) -> Patient {
    let chest = Chest::default();
    let (ct, truth) = chest.render(&near_the_hila(spacing));
    let thorax = thorax(&ct, &Options::default()).expect("a chest has lungs");
    let airways = followed(&ct, &thorax);
    Patient { ct, truth, thorax, airways, bronchi: chest.bronchi() }
}

/// Anisotropic voxels over the middle of the chest.
fn near_the_hila(spacing: [f64; 3]) -> Grid {
    let whole = Chest::grid(spacing);
    let window = [90.0, 60.0, 40.0];
    let first = [0, 1, 2].map(|n| window[n] / whole.spacing()[n]);
    let shape = [0, 1, 2].map(|n| ([235.0, 240.0, 320.0][n] / whole.spacing()[n]) as usize);
    whole.window(first.map(f64::round), shape)
}

/// Share of the length of true airways of at least `radius` mm whose axis lies in the lumen found.
fn detected(patient: &Patient, lumen: &Mask, radius: f64) -> f64 {
    let (mut found, mut all) = (0.0, 0.0);
    for bronchus in &patient.bronchi {
        let [a, b] = bronchus.ends;
        let middle = a + (b - a) * 0.5;
        let position = lumen.grid().position(middle).map(f64::round);
        let shape = lumen.grid().shape();
        let inside = (0..3).all(|n| position[n] >= 0.0 && position[n] < shape[n] as f64);
        if inside && 0.5 * (bronchus.lumen[0] + bronchus.lumen[1]) >= radius && middle.z < 40.0 {
            all += (b - a).norm();
            found += if lumen.at(position.map(|p| p as usize)) { (b - a).norm() } else { 0.0 };
        }
    }
    found / all
}

/// Voxels of a lumen more than 2 mm from the true one.
pub(super) fn far(lumen: &Mask, distances: &Volume<f32>) -> u64 {
    let pairs = lumen.as_slice().iter().zip(distances.as_slice());
    pairs.map(|(inside, distance)| u64::from(*inside && *distance > 2.0)).sum()
}

#[test]
fn the_tree_of_a_phantom_is_found_beyond_segments_and_named() {
    let patient = patient();
    let found = &patient.airways;
    for label in AirwayLabel::ALL.iter().filter(|label| **label != AirwayLabel::Lingula) {
        assert!(found.tree.labelled(*label).is_some(), "{label:?}: {:?}", found.quality);
    }
    let shares = [3.0, 2.0, 1.5, 1.0].map(|radius| detected(patient, &found.lumen, radius));
    println!("length found of lumens from 3, 2, 1.5, 1 mm radius: {shares:.3?}");
    assert!(shares[0] > 0.97 && shares[1] > 0.9, "{shares:?}");
    let distances = distance(&patient.truth.airways);
    let far = far(&found.lumen, &distances);
    println!(
        "{} branches, {:.0} mm, {far} voxels more than 2 mm outside",
        found.tree.branches().len(),
        found.tree.length_mm()
    );
    for branch in found.tree.branches().iter().filter(|b| b.generation < 6) {
        for point in &branch.centreline {
            let voxel = distances.grid().position(*point).map(|p| p.round().max(0.0) as usize);
            assert!(distances.at(voxel) < 2.0, "{point}");
        }
    }
}

#[test]
fn bronchi_whose_mouth_thick_slices_fill_are_followed_all_the_same() {
    let patient = scanned([2.5, 0.86, 0.86]);
    let found = &patient.airways;
    let shares = [3.0, 2.0, 1.5].map(|radius| detected(&patient, &found.lumen, radius));
    let outside = far(&found.lumen, &distance(&patient.truth.airways));
    println!(
        "length found of lumens from 3, 2, 1.5 mm radius: {shares:.3?}; {outside} voxels more than 2 mm outside"
    );
    assert!(shares[0] > 0.99 && shares[1] > 0.95 && shares[2] > 0.78, "{shares:?}");
    // Of some 34000.
    assert!(outside < 1000, "{outside}");
    for parent in 0..found.tree.branches().len() {
        assert!(found.tree.children(parent).all(|child| child > parent));
    }
}
