//! Public scans with masks of others. Skipped where `HILUM_DATA` names no folder.

use std::path::{Path, PathBuf};

use hilum_core::{Ct, Lung, Region, Volume};

use crate::support::{dice, has, is_lung, millilitres, segmented};

fn data() -> Option<PathBuf> {
    let data = std::env::var_os("HILUM_DATA").map(PathBuf::from);
    if data.is_none() {
        println!("skipped: HILUM_DATA names no folder of public data");
    }
    data
}

fn series(folder: &Path) -> Ct {
    let scan = hilum_dicom::scan(folder, &|_, _| {}).unwrap();
    let series = scan.series().iter().max_by_key(|series| series.summary().slices).unwrap();
    series.load(&|_, _| {}).unwrap().ct
}

#[test]
fn a_copd_scan_of_4_mm_agrees_with_the_chest_imaging_platform() {
    let Some(data) = data() else { return };
    let ct = hilum_files::read(data.join("cip_testing/ct-64.nrrd")).unwrap();
    let whole = hilum_files::read_labels::<u8>(data.join("cip_testing/wholeLung-64.nrrd")).unwrap();
    let sides = hilum_files::read_labels::<u16>(data.join("cip_testing/lm-64.nrrd")).unwrap();
    let found = segmented(&ct);
    let labels = found.lungs.labels();
    let both = dice(labels, is_lung, &whole, |n| *n > 0);
    let right = dice(labels, |n| *n == 1, &sides, |n| (12..=14).contains(&(n & 255)));
    let left = dice(labels, |n| *n == 2, &sides, |n| (9..=11).contains(&(n & 255)));
    println!("ct-64: Dice both {both:.4} right {right:.4} left {left:.4}");
    assert!(both > 0.98 && right > 0.98 && left > 0.98);
    assert!(!has(&found.quality, "lung_cut_by_stack"), "{:?}", found.quality);
}

#[test]
fn a_chest_cut_down_to_one_lung_agrees_with_its_mask() {
    let Some(data) = data() else { return };
    let folder = data.join("elastix_3dct_lung");
    let ct = hilum_files::read(folder.join("3DCT_lung.mha")).unwrap();
    let mask = hilum_files::read_labels::<u8>(folder.join("3DCT_lung_baseline_mask.mha")).unwrap();
    let found = segmented(&ct);
    let dice = dice(found.lungs.labels(), is_lung, &mask, |n| *n > 0);
    let volume = millilitres(found.lungs.labels());
    println!("3DCT_lung: Dice {dice:.4}, {volume:.0} mL");
    assert!(dice > 0.98, "{dice:.4}");
    assert_eq!(found.lungs.count(Lung::Left), 0);
    assert!(has(&found.quality, "lung_missing"), "{:?}", found.quality);
    assert!(has(&found.quality, "lung_cut_by_field"), "{:?}", found.quality);
}

#[test]
fn a_whole_chest_of_lidc_has_two_lungs_and_an_airway() {
    let Some(data) = data() else { return };
    let ct = series(&data.join("lidc_idri_1011"));
    let found = segmented(&ct);
    let litre = ct.grid().voxel_volume() / 1e6;
    let litres = |lung: Lung| found.lungs.count(lung) as f64 * litre;
    let (right, left) = (litres(Lung::Right), litres(Lung::Left));
    println!("LIDC: right {right:.3} L, left {left:.3} L, airway {:.3} L", litres(Lung::Airway));
    assert!((2.9..3.15).contains(&right) && (2.65..2.9).contains(&left));
    assert!((0.02..0.06).contains(&litres(Lung::Airway)));
    let warnings = found.quality.iter().filter(|row| row.severity > hilum_core::Severity::Info);
    assert_eq!(warnings.count(), 0, "{:?}", found.quality);
    assert!(right_is_right(&found.lungs.labels().clone()));
}

/// Says whether right and left lie where they should.
fn right_is_right(labels: &Volume<u8>) -> bool {
    let centre = |label: u8| {
        let [_, rows, columns] = labels.grid().shape();
        let own = labels.as_slice().iter().enumerate().filter(|(_, n)| **n == label);
        let places = own.map(|(n, _)| [n / columns / rows, n / columns % rows, n % columns]);
        let (sum, count) =
            places.fold((0.0, 0), |(sum, count), v| (sum + labels.grid().centre(v).x, count + 1));
        sum / f64::from(count)
    };
    centre(Lung::Right.label()) < centre(Lung::Left.label())
}

#[test]
fn an_abdomen_with_lung_bases_is_flagged() {
    let Some(data) = data() else { return };
    let ct = hilum_files::read(data.join("totalsegmentator_example/example_ct.nii.gz")).unwrap();
    let found = segmented(&ct);
    assert!(millilitres(found.lungs.labels()) < 150.0);
    for code in ["lung_cut_by_stack", "lung_volume", "trachea_not_found", "gas_excluded"] {
        assert!(has(&found.quality, code), "{code}: {:?}", found.quality);
    }
}

#[test]
fn a_lung_with_tumour_and_consolidation_has_an_anatomical_map_of_its_own() {
    let Some(data) = data() else { return };
    let folder = data.join("ibsi/ibsi_1_ct_radiomics_phantom/nifti");
    let ct = hilum_files::read(folder.join("image/phantom.nii.gz")).unwrap();
    let found = segmented(&ct);
    let (aerated, anatomical) =
        (millilitres(found.lungs.labels()), millilitres(found.anatomical.labels()));
    println!("IBSI phantom: {aerated:.0} mL aerated, {anatomical:.0} mL anatomical");
    assert!(anatomical > aerated + 80.0 && anatomical < 1.3 * aerated);
    for code in ["dense_lung", "lung_cut_by_field", "lung_missing"] {
        assert!(has(&found.quality, code), "{code}: {:?}", found.quality);
    }
}
