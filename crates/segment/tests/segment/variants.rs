//! Phantoms of other shapes, and sick ones.

use hilum_core::{Lung, Severity};
use hilum_kernel::par;
use hilum_phantom::{Disease, Truth, ild_patients, variants};
use hilum_segment::Thorax;

use crate::support::{dice, has, is_lung, overlap, segmented};

/// The variant whose name begins so, outlined on voxels `coarser` times as long as its own.
fn outlined(name: &str, coarser: f64) -> (Truth, Thorax) {
    let variant = variants().into_iter().find(|variant| variant.name.starts_with(name)).unwrap();
    let (ct, truth) = variant.chest.render(&variant.grid(coarser));
    let thorax = segmented(&ct);
    (truth, thorax)
}

/// Dice of both aerated lungs with the true ones less what is consolidated, and of both anatomical
/// lungs with all of the true ones.
fn agreement(name: &str, truth: &Truth, thorax: &Thorax) -> [f64; 2] {
    let lungs = truth.lungs.labels();
    let airless = Disease::Consolidation.label();
    let air =
        par::zip(lungs, &truth.disease, |label, disease| is_lung(label) && *disease != airless);
    let aerated = dice(thorax.lungs.labels(), is_lung, &air, |air| *air);
    let anatomical = dice(thorax.anatomical.labels(), is_lung, lungs, is_lung);
    println!("{name}: Dice aerated {aerated:.4}, anatomical {anatomical:.4}");
    [aerated, anatomical]
}

/// Share of a disease in the anatomical map.
fn share(truth: &Truth, thorax: &Thorax, disease: Disease) -> f64 {
    let (mut all, mut taken) = (0_u64, 0_u64);
    let voxels = truth.disease.as_slice().iter().zip(thorax.anatomical.labels().as_slice());
    for (_, label) in voxels.filter(|(found, _)| **found == disease.label()) {
        all += 1;
        taken += u64::from(is_lung(label));
    }
    taken as f64 / all as f64
}

fn clear(name: &str, coarser: f64) {
    let (truth, thorax) = outlined(name, coarser);
    let [aerated, anatomical] = agreement(name, &truth, &thorax);
    assert!(aerated >= 0.98 && anatomical >= 0.98, "{name}: {aerated:.4}, {anatomical:.4}");
    for lung in [Lung::Right, Lung::Left] {
        let each = overlap(thorax.lungs.labels(), truth.lungs.labels(), lung);
        assert!(each >= 0.98, "{name}: {lung:?} {each:.4}");
    }
}

#[test]
fn a_stocky_body_is_outlined() {
    clear("stocky", 2.0);
}

#[test]
fn a_small_child_is_outlined() {
    clear("small child", 1.4);
}

#[test]
fn a_bent_spine_is_outlined() {
    clear("scoliosis", 2.0);
}

#[test]
fn expiration_in_thick_slices_is_outlined() {
    clear("expiration", 1.5);
}

#[test]
fn consolidation_at_the_wall_is_in_the_anatomical_map() {
    let (truth, thorax) = outlined("consolidation", 2.0);
    let [aerated, anatomical] = agreement("consolidation", &truth, &thorax);
    assert!(aerated >= 0.98 && anatomical >= 0.97, "{aerated:.4}, {anatomical:.4}");
    assert!(share(&truth, &thorax, Disease::Consolidation) > 0.7);
    assert!(has(&thorax.quality, "dense_lung"), "{:?}", thorax.quality);
}

/// A patient with disease of both lungs, on voxels half as long as those of the copy on which decisions are made: it averages
/// over noise.
fn sick(name: &str) -> (Truth, Thorax) {
    let patient = ild_patients().into_iter().find(|patient| patient.name == name).unwrap();
    let (ct, truth) = patient.chest.render(&patient.chest.own_grid([2.5, 1.25, 1.25]));
    let thorax = segmented(&ct);
    (truth, thorax)
}

#[test]
fn consolidation_at_the_wall_of_both_lungs_is_told_by_the_rib_cage() {
    let (truth, thorax) = sick("op-tuning-6");
    let [aerated, anatomical] = agreement("op-tuning-6", &truth, &thorax);
    assert!(aerated >= 0.98 && anatomical >= 0.97, "{aerated:.4}, {anatomical:.4}");
    let share = share(&truth, &thorax, Disease::Consolidation);
    assert!(share > 0.65, "{share:.3} of the consolidation");
}

#[test]
fn cysts_and_their_walls_are_lung() {
    let (truth, thorax) = sick("uip-tuning-1");
    let [_, anatomical] = agreement("uip-tuning-1", &truth, &thorax);
    let share = share(&truth, &thorax, Disease::Honeycombing);
    assert!(anatomical >= 0.97 && share > 0.75, "{anatomical:.4}, {share:.3} of the cysts");
}

#[test]
fn an_airless_lobe_is_in_the_anatomical_map() {
    let (truth, thorax) = outlined("lobar", 2.0);
    let [aerated, anatomical] = agreement("lobar", &truth, &thorax);
    assert!(aerated >= 0.98 && anatomical >= 0.95, "{aerated:.4}, {anatomical:.4}");
    assert!(has(&thorax.quality, "dense_lung"), "{:?}", thorax.quality);
}

#[test]
fn fluid_beside_an_airless_lobe_stays_out() {
    let (truth, thorax) = outlined("airless lobe", 1.5);
    let [aerated, anatomical] = agreement("airless lobe", &truth, &thorax);
    assert!(aerated >= 0.98 && anatomical >= 0.95, "{aerated:.4}, {anatomical:.4}");
    assert!(share(&truth, &thorax, Disease::Effusion) < 0.1);
}

#[test]
fn effusions_stay_out() {
    let (truth, thorax) = outlined("effusions", 2.0);
    let [aerated, anatomical] = agreement("effusions", &truth, &thorax);
    assert!(aerated >= 0.98 && anatomical >= 0.98, "{aerated:.4}, {anatomical:.4}");
    assert!(share(&truth, &thorax, Disease::Effusion) < 0.05);
}

#[test]
fn air_beside_a_lung_is_told_and_bullae_are_kept() {
    let (truth, thorax) = outlined("pneumothorax", 2.0);
    let [aerated, _] = agreement("pneumothorax", &truth, &thorax);
    assert!(aerated >= 0.98, "{aerated:.4}");
    assert!(share(&truth, &thorax, Disease::Pneumothorax) < 0.15);
    let told = thorax.quality.iter().find(|row| row.code == "air_beside_lung").unwrap();
    assert_eq!(told.severity, Severity::Warning);
    let (truth, thorax) = outlined("giant bullae", 2.0);
    assert!(share(&truth, &thorax, Disease::Bulla) > 0.98);
    assert!(!has(&thorax.quality, "air_beside_lung"), "{:?}", thorax.quality);
}

#[test]
fn the_fluid_where_a_lung_was_taken_out_is_no_lung() {
    let (truth, thorax) = outlined("left lung", 2.0);
    let [aerated, anatomical] = agreement("left lung", &truth, &thorax);
    assert!(aerated >= 0.98 && anatomical >= 0.98, "{aerated:.4}, {anatomical:.4}");
    assert!(has(&thorax.quality, "lung_missing"), "{:?}", thorax.quality);
}
