//! Regions, what is left out of them, and what does not matter.

use hilum_core::{Ct, Grid, Hint, Hu, Lungs, Severity, Site, Third, Unit, Volume};
use hilum_density::{Error, Options, ReferenceVolume, clusters, measure};
use hilum_kernel::par::on_threads;

use crate::support::{BOTH, LEFT, RIGHT, mixed, oblique, one_lung, partition};

const CONTRACT: [&str; 16] = [
    "volume_ml",
    "mass_g",
    "mean_hu",
    "sd_hu",
    "median_hu",
    "skewness",
    "kurtosis",
    "laa_950",
    "laa_925",
    "laa_910",
    "laa_856",
    "haa_700",
    "haa_600_250",
    "perc10_hu",
    "perc15_hu",
    "pd15_g_l",
];

fn mixed_lungs() -> (Ct, hilum_core::Partition) {
    let (hu, parts) = mixed(&oblique([11, 23, 31]));
    (Ct::new(hu), partition(parts))
}

#[test]
fn every_region_has_every_key_of_the_contract() {
    let (ct, partition) = mixed_lungs();
    let found = measure(&ct, &partition, &Options::default()).unwrap();
    for (site, _) in partition.sites() {
        for key in CONTRACT {
            assert!(found.value(key, *site).is_some(), "{key} of {}", site.name());
        }
    }
    assert_eq!(found.histograms.len(), partition.sites().len());
    for measurement in &found.measurements {
        assert!(!measurement.definition.is_empty() && measurement.value.is_finite());
        assert!(!measurement.concept.value.is_empty() && measurement.concept.scheme.len() <= 16);
    }
}

#[test]
fn the_trachea_has_no_numbers_of_lung() {
    let (ct, whole) = mixed_lungs();
    let sites = vec![(RIGHT, vec![1, 2, 5, 6]), (Site::Trachea, vec![3])];
    let partition = hilum_core::Partition::new(whole.parts().clone(), sites, vec![5, 6]);
    let found = measure(&ct, &partition, &Options::default()).unwrap();
    let keys: Vec<&str> =
        found.measurements.iter().filter(|m| m.site == Site::Trachea).map(|m| m.key).collect();
    assert_eq!(keys, ["mean_hu", "sd_hu", "median_hu", "min_hu", "max_hu"]);
}

#[test]
fn a_key_stands_once_for_each_region() {
    let (ct, partition) = mixed_lungs();
    let found = measure(&ct, &partition, &Options::default()).unwrap();
    let mut seen: Vec<(&str, Site)> = found.measurements.iter().map(|m| (m.key, m.site)).collect();
    seen.sort_unstable();
    assert!(seen.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn parts_add_up_to_wholes() {
    let (ct, partition) = mixed_lungs();
    let found = measure(&ct, &partition, &Options::default()).unwrap();
    let value = |key, site| found.value(key, site).unwrap();
    let third = |lungs, third| Site::Third(lungs, third);
    let close = |a: f64, b: f64| (a - b).abs() < 1e-9 * a.abs();
    for key in ["volume_ml", "mass_g", "air_volume_ml", "vessel_volume_ml"] {
        assert!(close(value(key, BOTH), value(key, RIGHT) + value(key, LEFT)), "{key}");
        let thirds = [Third::Upper, Third::Lower].map(|t| value(key, third(Lungs::Right, t)));
        assert!(close(value(key, RIGHT), thirds.iter().sum()), "{key}");
    }
    let tissue = value("parenchyma_volume_ml", BOTH) + value("vessel_volume_ml", BOTH);
    assert!(close(value("volume_ml", BOTH), tissue));
    let weighted = |site| value("laa_950", site) * value("volume_ml", site);
    assert!(close(weighted(BOTH), weighted(RIGHT) + weighted(LEFT)));
}

#[test]
fn vessels_are_left_out_of_the_parenchyma_only() {
    let grid = oblique([1, 1, 4]);
    let ct =
        Ct::new(Volume::from_vec(grid.clone(), vec![Hu(-960), Hu(-900), Hu(40), Hu(0)]).unwrap());
    let parts = Volume::from_vec(grid, vec![1, 1, 5, 0]).unwrap();
    let found = measure(&ct, &partition(parts), &Options::default()).unwrap();
    assert!((found.value("laa_950", RIGHT).unwrap() - 100.0 / 3.0).abs() < 1e-12);
    assert_eq!(found.value("parenchyma_laa_950", RIGHT), Some(50.0));
    assert_eq!(found.value("parenchyma_mean_hu", RIGHT), Some(-930.0));
    assert_eq!(found.value("max_hu", RIGHT), Some(40.0));
}

#[test]
fn turning_the_array_changes_nothing() {
    let (ct, partition) = mixed_lungs();
    let turned_grid = {
        let [k, j, i] = ct.grid().shape();
        let axes = ct.grid().axes();
        let columns = [axes.column(2).into(), (-axes.column(0)), axes.column(1).into()];
        let origin = ct.grid().centre([k - 1, 0, 0]);
        Grid::new([i, k, j], origin, nalgebra::Matrix3::from_columns(&columns)).unwrap()
    };
    let slices = ct.grid().shape()[0];
    let place = |[i, k, j]: [usize; 3]| [slices - 1 - k, j, i];
    let hu = Volume::from_fn(&turned_grid, |voxel| ct.hu().at(place(voxel)));
    let parts = Volume::from_fn(&turned_grid, |voxel| partition.parts().at(place(voxel)));
    let options = Options::default();
    let expected = measure(&ct, &partition, &options).unwrap();
    let found = measure(&Ct::new(hu), &crate::support::partition(parts), &options).unwrap();
    assert_eq!(found.measurements.len(), expected.measurements.len());
    for (a, b) in found.measurements.iter().zip(&expected.measurements) {
        // The volume of a voxel is a determinant: its last bits follow the order of the axes.
        assert!((a.value - b.value).abs() <= 1e-12 * b.value.abs(), "{} {}", a.key, a.site.key());
    }
}

#[test]
fn whole_numbers_in_floats_and_in_integers_give_the_same_bits() {
    let (ct, partition) = mixed_lungs();
    let exact = ct.hu().map(|hu| f32::from(*hu));
    let options = Options::default();
    assert_eq!(
        measure(&Ct::from_exact(exact), &partition, &options).unwrap(),
        measure(&ct, &partition, &options).unwrap()
    );
}

#[test]
fn padding_is_never_counted() {
    let (ct, partition) = mixed_lungs();
    let padded = |value: i16| Ct::new(ct.hu().map(|hu| if hu.0 < -900 { Hu(value) } else { *hu }));
    let options = Options::default();
    let far = measure(&padded(-2000), &partition, &options).unwrap();
    let declared = padded(-700).with_padding(Some(-700..=-700));
    let near = measure(&declared, &partition, &options).unwrap();
    assert_eq!(far.value("laa_910", BOTH), Some(0.0));
    let volume = |found: &hilum_density::Density| found.value("volume_ml", BOTH).unwrap();
    assert!(volume(&far) < volume(&measure(&ct, &partition, &options).unwrap()));
    assert!(volume(&near) <= volume(&far) && near.value("min_hu", BOTH) >= Some(-900.0));
    assert!(!near.histograms[0].1.iter().any(|(value, _)| value == -700.0));
}

#[test]
fn fractional_padding_is_never_counted() {
    let grid = oblique([1, 1, 4]);
    let values = vec![-2000.25, -960.5, -900.25, f32::NAN];
    let ct = Ct::from_exact(Volume::from_vec(grid.clone(), values).unwrap());
    let found = measure(&ct, &one_lung(&grid), &Options::default()).unwrap();
    assert_eq!(found.value("min_hu", BOTH), Some(-960.5));
    assert_eq!(found.histograms[0].1.total(), 2);
}

#[test]
fn an_empty_region_is_absent_and_says_so() {
    let (ct, _) = mixed_lungs();
    let right_only = one_lung(ct.grid());
    let found = measure(&ct, &right_only, &Options::default()).unwrap();
    assert!(found.measurements.iter().all(|m| m.site != LEFT));
    let row = found.quality.iter().find(|row| row.code == "empty_region").unwrap();
    assert_eq!(row.severity, Severity::Refused);
    assert!(row.message.contains("left lung") && row.message.contains("upper third of the left"));
}

#[test]
fn a_region_of_one_value_has_no_skewness() {
    let grid = oblique([2, 2, 2]);
    let ct = Ct::new(Volume::filled(&grid, Hu(-870)));
    let found = measure(&ct, &one_lung(&grid), &Options::default()).unwrap();
    assert_eq!(found.value("sd_hu", BOTH), Some(0.0));
    assert_eq!(found.value("skewness", BOTH), None);
    assert_eq!(found.value("kurtosis", BOTH), None);
    let row = found.quality.iter().find(|row| row.code == "undefined_metric").unwrap();
    assert!(row.message.contains("skewness, kurtosis"), "{}", row.message);
}

#[test]
fn intervals_stand_where_reproducibility_is_published() {
    let (ct, partition) = mixed_lungs();
    let found = measure(&ct, &partition, &Options::default()).unwrap();
    let with: Vec<&str> = found
        .measurements
        .iter()
        .filter(|m| m.interval.is_some())
        .map(|m| {
            assert!(m.site == BOTH && m.interval_meaning.is_some());
            m.key
        })
        .collect();
    assert_eq!(with, ["volume_ml", "laa_950", "perc15_hu", "pd15_g_l"]);
    let perc15 = found.measurements.iter().find(|m| m.key == "perc15_hu").unwrap();
    assert_eq!(perc15.interval, Some([perc15.value - 1.8, perc15.value + 1.8]));
}

#[test]
fn volume_adjustment_keeps_the_mass_of_the_sponge() {
    let (ct, partition) = mixed_lungs();
    let found = measure(&ct, &partition, &Options::default()).unwrap();
    assert_eq!(found.value("pd15_adjusted_g_l", BOTH), None);
    let millilitres = 2.0 * found.value("volume_ml", BOTH).unwrap();
    let source = "baseline scan".to_owned();
    let reference_volume = Some(ReferenceVolume { millilitres, source });
    let options = Options { reference_volume, ..Options::default() };
    let found = measure(&ct, &partition, &options).unwrap();
    let pd15 = found.value("pd15_g_l", BOTH).unwrap();
    assert!((found.value("pd15_adjusted_g_l", BOTH).unwrap() - pd15 / 2.0).abs() < 1e-9);
    let adjusted = found.measurements.iter().find(|m| m.key == "perc15_adjusted_hu").unwrap();
    assert!((adjusted.value - (pd15 / 2.0 - 1000.0)).abs() < 1e-9);
    assert!(adjusted.definition.contains("baseline scan"));
    assert_eq!(adjusted.unit, Unit::Hounsfield);
}

#[test]
fn a_partition_on_another_grid_is_refused() {
    let (ct, _) = mixed_lungs();
    let other = one_lung(&oblique([11, 23, 30]));
    let error = measure(&ct, &other, &Options::default()).unwrap_err();
    assert!(matches!(error, Error::Grid(_)) && error.hint().is_some(), "{error}");
    assert!(error.to_string().starts_with("the partition of the lungs lies on another grid"));
}

#[test]
fn numbers_do_not_depend_on_threads() {
    let (hu, parts) = mixed(&oblique([17, 61, 67]));
    let fractions = Ct::from_exact(hu.map(|hu| f32::from(*hu) * 0.37 - 500.1));
    let (whole, partition) = (Ct::new(hu), partition(parts));
    let options = Options::default();
    let run = |threads| {
        on_threads(threads, || {
            let of = |ct| (measure(ct, &partition, &options), clusters(ct, &partition, &options));
            (of(&whole), of(&fractions))
        })
    };
    let expected = run(1);
    for threads in [2, 3, 7, 16] {
        assert!(run(threads) == expected, "{threads} threads");
    }
}
