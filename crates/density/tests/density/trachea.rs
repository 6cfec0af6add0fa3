//! Air in the trachea.

use hilum_core::{Ct, Hu, Severity, Site, Volume};
use hilum_density::trachea_air;

use crate::support::oblique;

/// A tube of 8 mm radius with a wall that blurs 2 mm inwards.
fn tube(air: i16) -> (Ct, Volume<bool>) {
    let grid = oblique([9, 31, 41]);
    let radius = |[_, j, i]: [usize; 3]| ((j as f64 - 15.0) * 0.9).hypot((i as f64 - 20.0) * 0.7);
    let hu = Volume::from_fn(&grid, |voxel| match radius(voxel) {
        r if r > 8.0 => Hu(20),
        r if r > 6.0 => Hu(-700),
        _ => Hu(air),
    });
    (Ct::new(hu), Volume::from_fn(&grid, |voxel| radius(voxel) <= 8.0))
}

#[test]
fn the_wall_does_not_enter_the_mean() {
    let (ct, lumen) = tube(-990);
    let (measurements, quality) = trachea_air(&ct, &lumen).unwrap();
    assert_eq!(measurements[0].key, "trachea_air_hu");
    assert_eq!(measurements[0].site, Site::Trachea);
    assert_eq!(measurements[0].value, -990.0);
    assert_eq!(measurements[1].value, 0.0);
    assert_eq!(quality, []);
}

#[test]
fn air_that_is_not_air_is_told() {
    let (ct, lumen) = tube(-940);
    let (_, quality) = trachea_air(&ct, &lumen).unwrap();
    assert_eq!(quality[0].code, "trachea_air");
    assert!(quality[0].message.contains("-940 HU"), "{}", quality[0].message);
    assert_eq!(quality[0].severity, Severity::Warning);
    let (ct, lumen) = tube(-972);
    assert_eq!(trachea_air(&ct, &lumen).unwrap().1[0].severity, Severity::Info);
}

#[test]
fn no_trachea_is_absent_and_says_so() {
    let (ct, lumen) = tube(-990);
    let none = lumen.map(|_| false);
    let (measurements, quality) = trachea_air(&ct, &none).unwrap();
    assert_eq!(measurements, []);
    assert!(quality[0].message.starts_with("0 measured voxels"), "{}", quality[0].message);
}
