//! Heart and upper abdomen.

use nalgebra::{Point3, Vector3};

use crate::shape::{capsule, ellipsoid, intersect, spheroid, unite};

/// Unit vector along the long axis of the left ventricle, from base to apex.
fn long_axis() -> Vector3<f64> {
    Vector3::new(0.74, -0.46, -0.49).normalize()
}

/// Outside of the muscle of the heart, all chambers together.
pub(crate) fn heart(p: Point3<f64>) -> f64 {
    let left = spheroid(p, [38.0, -34.0, -89.0], long_axis(), 53.0, 35.0);
    let right = ellipsoid(p, [8.0, -52.0, -92.0], [40.0, 27.0, 36.0]);
    let atria = unite(
        ellipsoid(p, [-21.0, -22.0, -76.0], [24.0, 29.0, 36.0]),
        ellipsoid(p, [6.0, 2.0, -52.0], [29.0, 20.0, 23.0]),
        12.0,
    );
    unite(unite(left, right, 14.0), atria, 10.0)
}

/// Fat around the heart, to which the pericardium clings.
pub(crate) fn pericardium(p: Point3<f64>) -> f64 {
    let low = ellipsoid(p, [16.0, -42.0, -112.0], [56.0, 42.0, 30.0]);
    unite(heart(p) - 4.0, low, 24.0)
}

/// Blood in the four chambers.
pub(crate) fn chambers(p: Point3<f64>) -> f64 {
    let left = spheroid(p, [33.0, -31.0, -86.0], long_axis(), 42.0, 22.0);
    let right = ellipsoid(p, [7.0, -53.0, -91.0], [36.0, 22.0, 31.0]);
    let septum = spheroid(p, [38.0, -34.0, -89.0], long_axis(), 53.0, 33.0);
    let atria = ellipsoid(p, [-21.0, -22.0, -76.0], [21.0, 26.0, 33.0]).min(ellipsoid(
        p,
        [6.0, 2.0, -52.0],
        [27.0, 18.0, 21.0],
    ));
    left.min(right.max(-septum)).min(atria)
}

/// The liver, `below` the diaphragm's surface in mm.
pub(crate) fn liver(p: Point3<f64>, below: f64) -> f64 {
    let border = 22.0 - 0.55 * (p.y + 10.0) + 0.35 * (p.z + 140.0);
    let left_edge = (p.x - border) / 1.2;
    let fissure = capsule(p, [14.0, -70.0, -210.0], [10.0, -20.0, -175.0], 4.0, 3.0);
    intersect(intersect(-below + 2.6, left_edge, 16.0), -fissure, 4.0)
}

/// The spleen.
pub(crate) fn spleen(p: Point3<f64>, below: f64) -> f64 {
    intersect(ellipsoid(p, [94.0, 42.0, -182.0], [27.0, 46.0, 48.0]), -below + 4.5, 5.0)
}

/// The stomach with its wall.
pub(crate) fn stomach(p: Point3<f64>, below: f64) -> f64 {
    let fundus = ellipsoid(p, [54.0, 0.0, -176.0], [40.0, 50.0, 48.0]);
    let body = capsule(p, [58.0, -30.0, -205.0], [30.0, -48.0, -255.0], 30.0, 26.0);
    intersect(unite(fundus, body, 20.0), -below + 5.0, 6.0)
}

/// The left flexure of the colon with its wall, waisted by the haustra.
pub(crate) fn colon(p: Point3<f64>, below: f64) -> f64 {
    let folds = 2.2 * crate::exact::sin((p.z - 0.6 * p.y) * 0.24);
    let flexure = unite(
        capsule(p, [106.0, -10.0, -206.0], [100.0, -50.0, -194.0], 17.0, 18.0),
        capsule(p, [100.0, -50.0, -194.0], [66.0, -80.0, -228.0], 18.0, 17.0),
        8.0,
    );
    intersect(flexure + folds, -below + 5.0, 4.0)
}

/// Gas within the stomach or the colon: it rises to the front of a patient on the back.
pub(crate) fn gas(p: Point3<f64>, organ: f64, wall: f64, fluid: f64) -> f64 {
    intersect(organ + wall, p.y - fluid, 1.0)
}
