//! Against the published baselines of the Chest Imaging Platform, where its data are at hand.

use std::path::{Path, PathBuf};

use hilum_core::{Ct, Hu, Partition, Volume};
use hilum_density::{
    Bound, Error, MassModel, Options, cip_phenotypes, compare_cip_histograms,
    compare_cip_phenotypes, measure,
};

use crate::support::{BOTH, mixed, oblique};

fn data() -> Option<PathBuf> {
    let found = std::env::var("HILUM_DATA").ok().map(|data| Path::new(&data).join("cip_testing"));
    if found.is_none() {
        println!("skipped: HILUM_DATA is not set");
    }
    found
}

struct Baseline {
    ct: Ct,
    labels: Volume<u16>,
    folder: PathBuf,
}

fn baseline() -> Option<Baseline> {
    let folder = data()?;
    let ct = hilum_files::read(folder.join("ct-64.nrrd")).unwrap();
    let labels = hilum_files::read_labels(folder.join("lm-64.nrrd")).unwrap();
    Some(Baseline { ct, labels, folder: folder.join("baseline") })
}

/// Every labelled region is lung, thirds 9 to 11 left and 12 to 14 right.
fn lungs(labels: &Volume<u16>) -> Partition {
    let parts = labels.map(|label| (label & 255) as u8);
    Partition::new(parts, vec![(BOTH, (1..=255).collect())], Vec::new())
}

#[test]
fn the_340_phenotypes_are_reproduced_to_the_printed_digits() {
    let Some(Baseline { ct, labels, folder }) = baseline() else { return };
    let table =
        std::fs::read_to_string(folder.join("parenchyma_phenotypes_ct-64_lm-64.csv")).unwrap();
    let found = compare_cip_phenotypes(&ct, &labels, &table).unwrap();
    assert_eq!(found.compared, 340);
    let unexplained: Vec<_> = found.deviations.iter().filter(|d| d.explanation.is_none()).collect();
    assert!(unexplained.is_empty(), "{unexplained:?}");
    // Five lobes hold no voxel: percentiles, mode and median of each are unset memory.
    assert_eq!((found.matched, found.explained()), (320, 20));
    let lobes = ["lul", "lll", "rul", "rml", "rll"];
    assert!(found.deviations.iter().all(|d| lobes.contains(&&d.name[..3])));
}

#[test]
fn the_region_histograms_are_reproduced() {
    let Some(Baseline { ct, labels, folder }) = baseline() else { return };
    let table = std::fs::read_to_string(folder.join("region_histograms_ct-64_lm-64.csv")).unwrap();
    let found = compare_cip_histograms(&ct, &labels, &table).unwrap();
    assert_eq!((found.compared, found.matched), (2049 * 17, 2049 * 17));
}

#[test]
fn strictness_and_mass_formula_matter_as_published() {
    let Some(Baseline { ct, labels, .. }) = baseline() else { return };
    let partition = lungs(&labels);
    let value = |options: Options, key| {
        measure(&ct, &partition, &options).unwrap().value(key, BOTH).unwrap()
    };
    let strict = value(Options::default(), "laa_950");
    assert!((strict - 19.662).abs() < 5e-4, "{strict}");
    let inclusive = value(Options { bound: Bound::Inclusive, ..Options::default() }, "laa_950");
    assert!((inclusive - 20.809).abs() < 5e-4, "{inclusive}");
    let linear = value(Options::default(), "mass_g");
    assert!((linear - 574.67).abs() < 5e-3, "{linear}");
    let schneider = value(Options { mass: MassModel::Schneider, ..Options::default() }, "mass_g");
    assert!((schneider - 597.25).abs() < 5e-3, "{schneider}");
    assert_eq!(value(Options::default(), "perc15_linear_hu"), -955.0);
    assert_eq!(value(Options::default(), "perc15_histogram_hu"), -956.0);
    let interpolated = value(Options::default(), "perc15_hu");
    assert!((-955.5..=-954.5).contains(&interpolated), "{interpolated}");
}

/// Constants that the platform asserts of its small example, voxels of 1 mm³. Its shares count
/// the voxel of -950 HU, so they are taken with the inclusive bound; nothing else depends on it.
#[test]
fn the_small_example_has_the_platforms_constants() {
    let Some(folder) = data() else { return };
    let ct = hilum_files::read(folder.join("simple_ct.nrrd")).unwrap();
    let labels = hilum_files::read_labels::<u16>(folder.join("simple_lm.nrrd")).unwrap();
    let sites = |numbers: &[u8]| vec![(BOTH, numbers.to_vec())];
    let options =
        Options { bound: Bound::Inclusive, mass: MassModel::Schneider, ..Options::default() };
    let value = |numbers: &[u8], key| {
        let parts = labels.map(|label| (label & 255) as u8);
        let partition = Partition::new(parts, sites(numbers), Vec::new());
        measure(&ct, &partition, &options).unwrap().value(key, BOTH).unwrap()
    };
    let (whole, right, left) = ([2, 3], [2], [3]);
    for region in [&whole[..], &right, &left] {
        assert!((value(region, "laa_950") - 11.11111).abs() < 1e-4);
        assert!((value(region, "laa_856") - 11.11111).abs() < 1e-4);
    }
    assert!((value(&left, "mean_hu") + 773.333333).abs() < 1e-4);
    assert!((value(&whole, "sd_hu") - 256.9695).abs() < 1e-3);
    assert!((value(&whole, "haa_700") - 11.11111).abs() < 1e-4);
    assert_eq!(value(&right, "mode_hu"), -800.0);
    assert_eq!(value(&whole, "median_hu"), -825.0);
    assert!((value(&whole, "volume_ml") - 0.018).abs() < 1e-12);
    assert!((value(&right, "mass_g") - 0.00247609596).abs() < 1e-10);
}

#[test]
fn a_table_that_is_none_is_refused() {
    let (hu, parts) = mixed(&oblique([3, 5, 7]));
    let (ct, labels) = (Ct::new(hu), parts.map(|part| u16::from(*part)));
    for table in ["", "wholeLung volume (L)", "nobody volume (L),nobody mode\n1,2\n"] {
        let error = compare_cip_phenotypes(&ct, &labels, table).unwrap_err();
        assert!(matches!(error, Error::Table { .. }), "{error}");
    }
    for table in ["", "HU,NOBODY\n-1,2\n", "HU,WHOLELUNG\nx,2\n", "HU,WHOLELUNG\n-900\n"] {
        let error = compare_cip_histograms(&ct, &labels, table).unwrap_err();
        assert!(matches!(error, Error::Table { .. }), "{error}");
    }
}

#[test]
fn a_wrong_value_is_a_deviation_without_an_excuse() {
    let grid = oblique([1, 1, 4]);
    let ct = Ct::new(Volume::filled(&grid, Hu(-900)));
    let labels = Volume::filled(&grid, 9);
    let table = "leftLung intensityMean,lutLung mode,rightLung mode\n-900,-901,7,\n";
    let found = compare_cip_phenotypes(&ct, &labels, table).unwrap();
    assert_eq!((found.compared, found.matched, found.explained()), (3, 1, 1));
    assert_eq!(found.deviations[0].name, "lutLung mode");
    assert_eq!(
        (found.deviations[0].found.as_str(), found.deviations[0].explanation),
        ("-900", None)
    );
}

#[test]
fn thirds_add_up_to_lungs() {
    let grid = oblique([1, 1, 6]);
    let ct = Ct::new(Volume::filled(&grid, Hu(-900)));
    let labels = Volume::from_vec(grid, vec![9, 10, 11, 12, 13, 512]).unwrap();
    let voxels = |name: &str| {
        let values = cip_phenotypes(&ct, &labels).unwrap();
        let of = values.iter().find(|values| values.region.name == name).unwrap();
        (of.values[12].unwrap() * 1e6 / ct.grid().voxel_volume()).round()
    };
    assert_eq!(voxels("wholeLung"), 5.0);
    assert_eq!(voxels("leftLung"), 3.0);
    assert_eq!(voxels("rightLung"), 2.0);
    assert_eq!(voxels("utLung"), 2.0);
}
