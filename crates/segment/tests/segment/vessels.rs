//! Vessels: rods of known cross-section, sheets, noise, and the chest phantom.

use hilum_core::{Ct, Grid, Hu, LabelMap, Lung, Lungs, Mask, Region, Site, Volume};
use hilum_kernel::{gaussian, par};
use hilum_phantom::Chest;
use hilum_segment::{
    AirwayOptions, Options, Thorax, VesselOptions, Vessels, airways, thorax, vessels,
};
use nalgebra::{Point3, Vector3};

use crate::support::oblique;

const LUNG: f64 = -860.0;
const BLOOD: f64 = 40.0;

/// Lung with things in it: supersampled, blurred by 0.55 mm, all of it right lung.
fn lung(
    grid: &Grid,
    noise: f32,
    inside: impl Fn(Point3<f64>) -> bool + Sync + Send,
) -> (Ct, Thorax) {
    let third = |n: usize| (n as f64 - 1.0) / 3.0;
    let sharp = par::map_voxels(grid, |[k, j, i]| {
        let mean = (0..27).map(|n| {
            let place =
                [k as f64 + third(n / 9), j as f64 + third(n / 3 % 3), i as f64 + third(n % 3)];
            if inside(grid.point(place)) { BLOOD } else { LUNG }
        });
        (mean.sum::<f64>() / 27.0) as f32
    });
    let blurred = gaussian(&sharp, 0.55);
    let rows = grid.shape();
    let hu = par::map_voxels(grid, |[k, j, i]| {
        let n = ((k * rows[1] + j) * rows[2] + i) as u32;
        Hu((blurred.at([k, j, i]) + noise * white(n)).round() as i16)
    });
    let lungs = LabelMap::new(Volume::filled(grid, Lung::Right.label())).unwrap();
    let none = Mask::filled(grid, false);
    (Ct::new(hu), Thorax { anatomical: lungs.clone(), lungs, vessels: none, quality: Vec::new() })
}

/// Noise of variance 1 from a hash of the place.
fn white(n: u32) -> f32 {
    let mut x = n.wrapping_mul(0x9E37_79B9) ^ 0x85EB_CA6B;
    let mut sum = 0.0;
    for _ in 0..4 {
        x ^= x >> 16;
        x = x.wrapping_mul(0x7FEB_352D);
        x ^= x >> 15;
        x = x.wrapping_mul(0x846C_A68B);
        sum += (x >> 8) as f32 / (1 << 24) as f32 - 0.5;
    }
    sum * 3.0_f32.sqrt()
}

fn found(ct: &Ct, thorax: &Thorax) -> Vessels {
    vessels(ct, thorax, None, &VesselOptions::default()).expect("one grid")
}

fn value(vessels: &Vessels, key: &str) -> f64 {
    let whole = Site::Whole(Lungs::Both);
    let row = vessels.measurements.iter().find(|row| row.key == key && row.site == whole);
    row.map_or(0.0, |row| row.value)
}

/// Distance from the axis of an oblique rod through the origin.
fn away(p: Point3<f64>) -> f64 {
    let along = Vector3::new(0.5, -0.4, 0.77).normalize();
    (p.coords - along * p.coords.dot(&along)).norm()
}

#[test]
fn rods_have_the_volume_and_class_of_their_cross_section() {
    for radius in [0.5, 0.8, 1.1, 1.4, 2.0, 3.0] {
        let grid = oblique([0.9, 0.7, 0.75], 40.0);
        let (ct, thorax) = lung(&grid, 20.0, |p| away(p) < radius);
        let found = found(&ct, &thorax);
        let area = std::f64::consts::PI * radius * radius;
        let inside = Mask::from_fn(&grid, |voxel| away(grid.centre(voxel)) < radius);
        let wanted = inside.millilitres();
        let total = value(&found, "vessel_tbv_ml");
        let small = ["vessel_bv5_ml", "vessel_bv10_ml"].map(|key| value(&found, key) / total);
        let radii: Vec<f32> =
            found.radius.as_slice().iter().copied().filter(|r| *r > 0.0).collect();
        let mean = radii.iter().sum::<f32>() / radii.len() as f32;
        println!(
            "radius {radius} mm, {area:.1} mm²: {total:.4} mL of {wanted:.4}, share up to 5 and 10 mm² {small:.2?}, mean radius {mean:.2}"
        );
        assert!((total / wanted - 1.0).abs() < 0.1, "radius {radius}: {total:.4} of {wanted:.4}");
        if (area - 5.0).abs() > 1.2 {
            assert!(if area < 5.0 { small[0] > 0.9 } else { small[0] < 0.12 }, "{small:?}");
        }
        if (area - 10.0).abs() > 2.5 {
            assert!(if area < 10.0 { small[1] > 0.9 } else { small[1] < 0.12 }, "{small:?}");
        }
    }
}

#[test]
fn a_fissure_is_no_vessel_and_noise_is_none() {
    let grid = oblique([0.9, 0.7, 0.75], 44.0);
    let normal = Vector3::new(0.3, 0.9, 0.3).normalize();
    let sheet = |p: Point3<f64>| p.coords.dot(&normal).abs() < 0.4;
    for (name, ct, thorax) in
        [("fissure", lung(&grid, 15.0, sheet)), ("noise", lung(&grid, 40.0, |_| false))]
            .map(|(name, (ct, thorax))| (name, ct, thorax))
    {
        let total = value(&found(&ct, &thorax), "vessel_tbv_ml");
        println!("{name}: {total:.4} mL in 85 mL");
        assert!(total < 0.1, "{name}: {total:.4} mL");
    }
}

#[test]
fn threads_do_not_change_vessels() {
    let grid = oblique([1.3, 1.1, 0.9], 34.0);
    let (ct, thorax) = lung(&grid, 20.0, |p| away(p) < 1.3 || (p.x - 9.0).hypot(p.z) < 1.0);
    let once = par::on_threads(1, || found(&ct, &thorax));
    assert!(value(&once, "vessel_tbv_ml") > 0.1);
    for threads in [2, 3, 7, 16] {
        assert_eq!(par::on_threads(threads, || found(&ct, &thorax)), once);
    }
}

#[test]
fn vessels_of_a_phantom_are_found_outside_of_bronchial_walls() {
    let (ct, truth) = Chest::default().render(&Chest::grid([1.6, 1.3, 1.35]));
    let thorax = thorax(&ct, &Options::default()).expect("a chest has lungs");
    let airways = airways(&ct, &thorax, &AirwayOptions::default()).unwrap();
    let found = vessels(&ct, &thorax, Some(&airways), &VesselOptions { step: 1.25 }).unwrap();
    let total = value(&found, "vessel_tbv_ml");
    let wanted = truth.vessels.millilitres();
    println!(
        "{total:.1} mL found, voxels of the truth {wanted:.1} mL; BV5 {:.1} mL, BV10 {:.1} mL",
        value(&found, "vessel_bv5_ml"),
        value(&found, "vessel_bv10_ml")
    );
    assert!((0.6..1.1).contains(&(total / wanted)), "{total:.1} of {wanted:.1} mL");
    let inside = found.mask.as_slice().iter().zip(truth.airways.as_slice());
    let inside = inside.filter(|(vessel, lumen)| **vessel && **lumen).count() as f64;
    let share = inside / found.mask.count() as f64;
    println!("mask {:.1} mL, {:.2} % of it true lumen", found.mask.millilitres(), 100.0 * share);
    assert!(share < 0.02, "{share:.4} of the mask is lumen");
}
