//! Lungs that the user brings.

use hilum_core::{Ct, Grid, Hint, Lung, Region, Volume};
use hilum_kernel::par;
use hilum_segment::{Error, given_lungs};

use crate::support::{has, is_lung, patient};

fn chest() -> (&'static Ct, &'static Volume<u8>) {
    let patient = patient();
    (&patient.ct, patient.truth.lungs.labels())
}

#[test]
fn labels_are_taken_as_they_are() {
    let (ct, labels) = chest();
    let given = given_lungs(ct, labels).unwrap();
    assert_eq!(given.lungs.labels(), labels);
    assert_eq!(given.anatomical.labels(), labels);
    assert!(given.vessels.count() > 0);
    assert!(!has(&given.quality, "lungs_swapped"), "{:?}", given.quality);
}

#[test]
fn a_binary_mask_of_any_number_is_split_by_where_the_lungs_lie() {
    let (ct, labels) = chest();
    for number in [1, 2, 255] {
        let mask = par::map(labels, |label| if is_lung(label) { number } else { 0 });
        let given = given_lungs(ct, &mask).unwrap();
        let wrong = given.lungs.labels().as_slice().iter().zip(labels.as_slice());
        let wrong = wrong.filter(|(found, truth)| is_lung(truth) && found != truth).count();
        assert_eq!(wrong, 0, "number {number}");
        assert_eq!(given.lungs.count(Lung::Airway), 0);
    }
}

#[test]
fn a_mask_of_one_lung_is_one_lung() {
    let (ct, labels) = chest();
    for lung in [Lung::Right, Lung::Left] {
        let mask = par::map(labels, |label| u8::from(*label == lung.label()));
        let given = given_lungs(ct, &mask).unwrap();
        assert_eq!(given.lungs.count(lung), mask.as_slice().iter().map(|n| u64::from(*n)).sum());
        assert!(has(&given.quality, "lung_missing"), "{:?}", given.quality);
    }
}

#[test]
fn exchanged_labels_are_kept_and_told() {
    let (ct, labels) = chest();
    let exchanged = par::map(labels, |label| match *label {
        1 => 2,
        2 => 1,
        other => other,
    });
    let given = given_lungs(ct, &exchanged).unwrap();
    assert_eq!(given.lungs.labels(), &exchanged);
    assert!(has(&given.quality, "lungs_swapped"), "{:?}", given.quality);
}

#[test]
fn a_mask_on_another_grid_is_refused() {
    let (ct, _) = chest();
    let other = Grid::axial([4, 5, 6], [3.0, 2.0, 2.0]).unwrap();
    let error = given_lungs(ct, &Volume::filled(&other, 1)).unwrap_err();
    assert!(matches!(error, Error::Domain(hilum_core::Error::GridMismatch { .. })));
    assert!(error.to_string().starts_with("the given lung mask lies on another grid"), "{error}");
    assert!(error.hint().is_some());
}

#[test]
fn an_empty_mask_and_unknown_numbers_are_refused() {
    let (ct, labels) = chest();
    let error = given_lungs(ct, &Volume::filled(ct.grid(), 0)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the given lung mask is empty: found no voxel other than 0, wanted lungs"
    );
    let strange = par::map(labels, |label| if *label > 0 { *label + 7 } else { 0 });
    let error = given_lungs(ct, &strange).unwrap_err();
    assert!(error.to_string().contains("holds the number 8"), "{error}");
}
