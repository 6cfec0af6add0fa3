//! The tree of the airways: closed-form tubes, the chest phantom whole and with holes in its walls.

mod leaks;
mod phantom;
mod tubes;

use hilum_core::Ct;
use hilum_segment::{AirwayOptions, Airways, Thorax, airways};
use nalgebra::Point3;

fn followed(ct: &Ct, thorax: &Thorax) -> Airways {
    airways(ct, thorax, &AirwayOptions::default()).expect("image and lungs share a grid")
}

fn from_segment(p: Point3<f64>, a: Point3<f64>, b: Point3<f64>) -> f64 {
    let along = b - a;
    let t = ((p - a).dot(&along) / along.norm_squared().max(1e-12)).clamp(0.0, 1.0);
    (p - (a + along * t)).norm()
}
