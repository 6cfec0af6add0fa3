//! A lung of Gaussian densities has metrics in closed form.

use hilum_core::{Ct, Hu, Volume};
use hilum_density::{Options, measure};

use crate::support::{BOTH, Noise, oblique, one_lung};

const MEAN: f64 = -850.0;
const COUNT: usize = 61 * 127 * 129;

fn gaussian(sd: f64) -> Volume<f32> {
    let mut noise = Noise::new(17);
    Volume::from_fn(&oblique([61, 127, 129]), |_| noise.gaussian(MEAN, sd) as f32)
}

/// Four standard errors of a share of `percent` % and of a percentile at density `f`.
fn share_error(percent: f64) -> f64 {
    let p = percent / 100.0;
    400.0 * (p * (1.0 - p) / COUNT as f64).sqrt()
}

fn percentile_error(sd: f64) -> f64 {
    // The density of the standard Gaussian at its 15th percentile is 0.2332.
    4.0 * sd / 0.2332 * (0.15 * 0.85 / COUNT as f64).sqrt()
}

const CASES: [(f64, f64, f64); 4] = [
    (30.0, 0.0429, -881.093),
    (40.0, 0.6210, -891.457),
    (50.0, 2.2750, -901.822),
    (60.0, 4.7790, -912.186),
];

#[test]
fn laa_950_and_perc15_of_real_numbers_are_those_of_the_gaussian() {
    for (sd, laa, perc15) in CASES {
        let ct = Ct::from_exact(gaussian(sd));
        let found = measure(&ct, &one_lung(ct.grid()), &Options::default()).unwrap();
        let off = (found.value("laa_950", BOTH).unwrap() - laa).abs();
        assert!(off < share_error(laa), "sd {sd}: {off} points off");
        let off = (found.value("perc15_hu", BOTH).unwrap() - perc15).abs();
        assert!(off < percentile_error(sd), "sd {sd}: {off} HU off");
        assert!(found.value("skewness", BOTH).unwrap().abs() < 0.01);
        assert!(found.value("kurtosis", BOTH).unwrap().abs() < 0.02);
    }
}

#[test]
fn perc15_of_whole_numbers_is_that_of_the_gaussian_too() {
    for (sd, _, perc15) in CASES {
        let ct = Ct::new(gaussian(sd).map(|value| Hu::nearest(*value)));
        let found = measure(&ct, &one_lung(ct.grid()), &Options::default()).unwrap();
        let off = (found.value("perc15_hu", BOTH).unwrap() - perc15).abs();
        assert!(off < percentile_error(sd), "sd {sd}: {off} HU off");
    }
}

/// The strict threshold leaves out the voxels that were rounded to it: what lies below -950.5.
#[test]
fn laa_950_of_whole_numbers_is_that_of_what_rounds_below() {
    let ct = Ct::new(gaussian(50.0).map(|value| Hu::nearest(*value)));
    let found = measure(&ct, &one_lung(ct.grid()), &Options::default()).unwrap();
    let below = 2.2216;
    let off = (found.value("laa_950", BOTH).unwrap() - below).abs();
    assert!(off < share_error(below), "{off} points off");
}
