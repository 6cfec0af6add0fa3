//! What the prior is worth: how far clicked fissures are from where the other scans expect them.

use hilum_kernel::par;
use nalgebra::Point3;

use crate::lobes::case::AtlasCase;
use crate::lobes::fissure::Fissure;
use crate::lobes::fit::{Sums, fit, frames, sums};
use crate::lobes::frame::rank;
use crate::lobes::model::{Coefficients, Model, Seen};

/// Distances of clicks to surfaces that were predicted in one way.
#[derive(Clone, Debug, PartialEq)]
pub struct PriorErrors {
    /// What the surface was predicted from.
    pub from: &'static str,
    /// The fissure.
    pub fissure: Fissure,
    /// Number of clicks, and of scans with any.
    pub clicks: usize,
    /// Number of scans that have clicks.
    pub scans: usize,
    /// Median distance in mm.
    pub median: f64,
    /// Mean distance in mm.
    pub mean: f64,
    /// 95 of 100 clicks are nearer than this, mm.
    pub percentile_95: f64,
}

/// Ways to predict, from little knowledge to much.
const WAYS: [(&str, Way); 5] = [
    ("plane of the others", Way::Plane),
    ("mean of the others", Way::Mean),
    ("others and stretch of the lungs", Way::Prior),
    ("and clicks on the other fissures", Way::OtherFissures),
    ("and lateral half of its own clicks", Way::LateralHalf),
];

#[derive(Clone, Copy)]
enum Way {
    /// The median plane.
    Plane,
    /// The mean surface, whatever the stretch.
    Mean,
    /// What [`crate::prior`] gives.
    Prior,
    /// That, once the other two fissures were seen.
    OtherFissures,
    /// That, once its half that is farther from the middle was seen; measured on the other half.
    LateralHalf,
}

/// For each scan, fits the prior to all others and measures how far its clicks are from the surface,
/// in mm of the scan. One row for each way of predicting and each fissure.
///
/// Cost: as many fits as scans.
pub fn prior_leave_one_out(cases: &[AtlasCase]) -> Vec<PriorErrors> {
    let frames = frames(cases);
    let sums: Vec<Sums> = cases.iter().map(|case| sums(&frames, case)).collect();
    let found = par::collect(cases.len(), |left_out| {
        let others: Vec<&Sums> =
            sums.iter().enumerate().filter(|(n, _)| *n != left_out).map(|(_, s)| s).collect();
        let model = fit(&frames, &others);
        WAYS.map(|(_, way)| Fissure::ALL.map(|of| distances(&model, &cases[left_out], way, of)))
    });
    let mut rows = Vec::new();
    for (w, (from, _)) in WAYS.into_iter().enumerate() {
        for fissure in Fissure::ALL {
            let by_scan: Vec<&Vec<f64>> = found.iter().map(|f| &f[w][rank(fissure)]).collect();
            rows.extend(summary(from, fissure, &by_scan));
        }
    }
    rows
}

/// Distances in mm of the clicks of a scan on a fissure to where a model expects it.
fn distances(model: &Model, case: &AtlasCase, way: Way, fissure: Fissure) -> Vec<f64> {
    let frame = &model.frames[rank(fissure)];
    let (measured, seen) = parts(case, way, fissure, model.noise);
    let coefficients = coefficients(model, case, way).given(model, &seen);
    let distance = |p: &Point3<f64>| coefficients.distance(frame, fissure, &case.to_atlas, *p);
    measured.iter().map(|p| distance(p).abs()).collect()
}

fn coefficients(model: &Model, case: &AtlasCase, way: Way) -> Coefficients {
    match way {
        Way::Plane => Coefficients {
            mean: nalgebra::DVector::zeros(model.covariance.nrows()),
            covariance: model.covariance.clone(),
        },
        Way::Mean => Coefficients {
            mean: model.mean.row(0).transpose(),
            covariance: model.covariance.clone(),
        },
        _ => model.expect(&case.to_case),
    }
}

/// The clicks to be measured, and those that may be seen.
fn parts(
    case: &AtlasCase,
    way: Way,
    fissure: Fissure,
    noise: f64,
) -> (Vec<Point3<f64>>, Vec<Seen>) {
    // Clicks stand in rows, so each is worth a quarter of a free one.
    let seen = |fissure: Fissure, p: Point3<f64>| Seen {
        fissure,
        point: case.to_atlas.apply(p),
        variance: 4.0 * noise,
    };
    let own = case.points.iter().filter(|(of, _)| *of == fissure).map(|(_, p)| *p);
    let others = || {
        let others = case.points.iter().filter(|(of, _)| *of != fissure);
        others.map(|(of, p)| seen(*of, *p)).collect::<Vec<_>>()
    };
    match way {
        Way::Plane | Way::Mean | Way::Prior => (own.collect(), Vec::new()),
        Way::OtherFissures => (own.collect(), others()),
        Way::LateralHalf => {
            let mut own: Vec<Point3<f64>> = own.collect();
            let side = |p: &Point3<f64>| case.to_atlas.apply(*p).x.abs();
            own.sort_by(|p, q| side(q).total_cmp(&side(p)));
            let medial = own.split_off(own.len() / 2);
            let mut known = others();
            known.extend(own.into_iter().map(|p| seen(fissure, p)));
            (medial, known)
        }
    }
}

fn summary(from: &'static str, fissure: Fissure, by_scan: &[&Vec<f64>]) -> Option<PriorErrors> {
    let mut all: Vec<f64> = by_scan.iter().flat_map(|scan| scan.iter().copied()).collect();
    all.sort_by(f64::total_cmp);
    let clicks = all.len();
    let at = |share: f64| all.get(((clicks as f64 * share) as usize).min(clicks.saturating_sub(1)));
    Some(PriorErrors {
        from,
        fissure,
        clicks,
        scans: by_scan.iter().filter(|scan| !scan.is_empty()).count(),
        median: *at(0.5)?,
        mean: all.iter().sum::<f64>() / clicks as f64,
        percentile_95: *at(0.95)?,
    })
}
