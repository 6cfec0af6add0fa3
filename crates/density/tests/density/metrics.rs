//! Metrics against NumPy and SciPy. See `testdata/oracles/density.py`.

use std::collections::BTreeMap;
use std::path::Path;

use hilum_core::{Ct, Grid, Volume};
use hilum_density::{Bound, Histogram, MassModel, Options, Percentile, measure};

use crate::support::{BOTH, one_lung};

struct Sample {
    name: String,
    values: Vec<f64>,
    expected: BTreeMap<String, f64>,
}

fn samples() -> Vec<Sample> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/density/metrics.txt");
    let mut samples: Vec<Sample> = Vec::new();
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let (key, rest) = line.split_once(' ').unwrap();
        match key {
            "sample" => samples.push(Sample {
                name: rest.into(),
                values: Vec::new(),
                expected: BTreeMap::new(),
            }),
            "values" => {
                samples.last_mut().unwrap().values =
                    rest.split(' ').map(|word| word.parse().unwrap()).collect();
            }
            _ => {
                let expected = &mut samples.last_mut().unwrap().expected;
                expected.insert(key.into(), rest.parse().unwrap());
            }
        }
    }
    samples
}

fn ct(values: &[f64]) -> Ct {
    let grid = Grid::axial([1, 1, values.len()], [2.5, 0.9, 0.7]).unwrap();
    Ct::from_exact(Volume::from_vec(grid, values.iter().map(|v| *v as f32).collect()).unwrap())
}

fn close(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-9 * expected.abs().max(1.0)
}

#[test]
fn metrics_are_those_of_numpy_and_scipy() {
    let samples = samples();
    assert_eq!(samples.len(), 4);
    for Sample { name, values, expected } in samples {
        let ct = ct(&values);
        let options = Options { percentile: Percentile::Linear, ..Options::default() };
        let found = measure(&ct, &one_lung(ct.grid()), &options).unwrap();
        let keys = ["mean_hu", "sd_hu", "median_hu", "skewness", "kurtosis", "min_hu", "max_hu"]
            .into_iter()
            .chain(["laa_950", "laa_925", "laa_910", "laa_856", "haa_700", "haa_600_250"]);
        for key in keys {
            let value = found.value(key, BOTH).unwrap();
            assert!(close(value, expected[key]), "{name} {key}: {value}, {}", expected[key]);
        }
        for (key, oracle) in [("perc10_hu", "perc10_linear"), ("perc15_hu", "perc15_linear")] {
            let value = found.value(key, BOTH).unwrap();
            assert!(close(value, expected[oracle]), "{name} {key}: {value}, {}", expected[oracle]);
        }
        let perc15 = found.value("perc15_hu", BOTH).unwrap();
        assert_eq!(found.value("perc15_linear_hu", BOTH).unwrap(), perc15);
        assert_eq!(found.value("pd15_g_l", BOTH).unwrap(), perc15 + 1000.0);
    }
}

#[test]
fn values_on_a_threshold_count_only_where_it_is_inclusive() {
    for Sample { name, values, expected } in samples() {
        let ct = ct(&values);
        let options = Options { bound: Bound::Inclusive, ..Options::default() };
        let found = measure(&ct, &one_lung(ct.grid()), &options).unwrap();
        let laa = found.measurements.iter().find(|m| m.key == "laa_950").unwrap();
        assert!(close(laa.value, expected["laa_950_inclusive"]), "{name}: {}", laa.value);
        assert!(laa.definition.contains("<= -950 HU"), "{}", laa.definition);
        let band = found.value("haa_600_250", BOTH).unwrap();
        assert!(close(band, expected["haa_600_250_inclusive"]), "{name}: {band}");
    }
}

#[test]
fn both_masses_are_those_of_their_formulas() {
    for Sample { name, values, expected } in samples() {
        let ct = ct(&values);
        let volume = values.len() as f64 * ct.grid().voxel_volume() / 1000.0;
        for (mass, key) in [
            (MassModel::Linear, "mass_linear_per_ml"),
            (MassModel::Schneider, "mass_schneider_per_ml"),
        ] {
            let options = Options { mass, ..Options::default() };
            let found = measure(&ct, &one_lung(ct.grid()), &options).unwrap();
            let value = found.value("mass_g", BOTH).unwrap();
            assert!(close(value, expected[key] * volume), "{name} {mass:?}: {value}");
        }
    }
}

#[test]
fn air_and_tissue_are_the_volume() {
    let ct = ct(&samples()[1].values);
    let found = measure(&ct, &one_lung(ct.grid()), &Options::default()).unwrap();
    let value = |key| found.value(key, BOTH).unwrap();
    assert!(close(value("air_volume_ml") + value("tissue_volume_ml"), value("volume_ml")));
}

#[test]
fn a_fraction_below_a_threshold_stays_below() {
    let ct = ct(&[-950.3, -950.0, -949.7, -900.5]);
    assert!(ct.exact().is_some());
    let found = measure(&ct, &one_lung(ct.grid()), &Options::default()).unwrap();
    assert_eq!(found.value("laa_950", BOTH), Some(25.0));
    let options = Options { bound: Bound::Inclusive, ..Options::default() };
    let found = measure(&ct, &one_lung(ct.grid()), &options).unwrap();
    assert_eq!(found.value("laa_950", BOTH), Some(50.0));
    assert!(found.quality.iter().any(|row| row.code == "fractional_hu"));
    assert_eq!(found.value("mode_hu", BOTH), None);
}

#[test]
fn percentile_definitions_differ_as_documented() {
    // 100 voxels: 10 at -960, 10 at -955, 80 at -900. The share up to -956 is 10 %, up to -955 20 %.
    let values = [(-960.0_f32, 10), (-955.0, 10), (-900.0, 80)];
    let all = values.into_iter().flat_map(|(value, count)| std::iter::repeat_n(value, count));
    let histogram = Histogram::new(all);
    let percentile = |definition| histogram.percentile(0.15, definition).unwrap();
    assert_eq!(percentile(Percentile::Histogram), -956.0);
    assert_eq!(percentile(Percentile::Linear), -955.0);
    assert_eq!(percentile(Percentile::Interpolated), -955.0);
    assert_eq!(histogram.percentile(0.11, Percentile::Interpolated), Some(-955.4));
    assert_eq!(histogram.mode(), Some(-900.0));
    assert_eq!(histogram.binned(-1000.0, 50.0, 3), [20, 0, 80]);
}
