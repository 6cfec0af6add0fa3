//! How well fissures are found on chest phantoms, where their surfaces are known.
//!
//! ```console
//! $ cargo bench --bench fissures
//! ```
//!
//! The search starts from planes through the true surfaces that were shifted by 6 mm and tilted by
//! 5° and know nothing of their bows, twists and waves. Synthetic throughout.

use std::time::Instant;

use hilum::segment::{
    Evidence, Fissure, Found, Options, Plane, Sheet, Slab, evidence, find, thorax,
};
use hilum_phantom::{BorderPoint, Chest, Scan};
use nalgebra::{Matrix3, Point3, SymmetricEigen, Vector3};
use ndarray::Array2;

/// Distance of nodes in mm.
const STEP: f64 = 3.0;
/// What the planes are off by.
const SHIFT: f64 = 6.0;
const TILT: f64 = 0.087;

fn main() {
    let only: Option<String> = std::env::args().skip(1).find(|a| !a.starts_with("--"));
    println!(
        "{:<26} {:<10} {:>5} {:>6} {:>6} {:>6} {:>6} {:>7} {:>6} {:>6}",
        "phantom", "fissure", "F1", "median", "95 %", "unseen", "prior", "there", "found", "s"
    );
    for (name, chest, spacing) in variants() {
        if only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
            continue;
        }
        let (ct, truth) = chest.render(&Chest::grid(spacing));
        let thorax = thorax(&ct, &Options::default()).expect("a chest has lungs");
        let start = Instant::now();
        let evidence = evidence(&ct, &thorax.anatomical, None).expect("there are lungs");
        let copied = start.elapsed().as_secs_f64();
        let mut oblique = None;
        for (number, fissure) in Fissure::ALL.into_iter().enumerate() {
            let points: Vec<&BorderPoint> =
                truth.borders.iter().filter(|border| border.fissure == number).collect();
            let prior = plane(fissure, &points);
            let above = if fissure == Fissure::RightHorizontal { oblique.as_ref() } else { None };
            let start = Instant::now();
            let found = find(&evidence, &prior, above);
            let seconds = start.elapsed().as_secs_f64();
            let f1 = f1(&evidence, &prior, above, &points);
            row(name, fissure, f1, &prior, &found, &points, seconds);
            if fissure == Fissure::RightOblique {
                oblique = Some(found.sheet);
            }
        }
        println!("{name:<26} evidence {copied:.2} s");
    }
}

fn variants() -> Vec<(&'static str, Chest, [f64; 3])> {
    let chest = Chest::default();
    let scan = Scan::default();
    let noisy = |noise: f64| Scan { noise, ..scan.clone() };
    vec![
        ("thin", Chest { fissures: [1.0, 1.0, 1.0], ..chest.clone() }, [0.8, 0.75, 0.75]),
        (
            "incomplete",
            Chest { fissures: [0.7, 0.5, 0.8], seed: 2, ..chest.clone() },
            [1.0, 0.8, 0.8],
        ),
        ("noise 60", Chest { scan: noisy(60.0), seed: 3, ..chest.clone() }, [1.25, 0.8, 0.8]),
        (
            "thin fissure 0.2, noise 40",
            Chest { fissure_thickness: 0.2, scan: noisy(40.0), seed: 4, ..chest.clone() },
            [1.0, 0.8, 0.8],
        ),
        ("2.5 mm", Chest { seed: 5, ..chest.clone() }, [2.5, 0.85, 0.85]),
        (
            "2.5 mm, 0.15, noise 40",
            Chest { fissure_thickness: 0.15, scan: noisy(40.0), seed: 6, ..chest.clone() },
            [2.5, 0.85, 0.85],
        ),
        ("5 mm", Chest { seed: 7, ..chest.clone() }, [5.0, 0.8, 0.8]),
        (
            "emphysema 25 %",
            Chest { emphysema: 0.25, fissures: [0.8, 0.6, 0.8], seed: 8, ..chest.clone() },
            [1.25, 0.8, 0.8],
        ),
        (
            "no horizontal",
            Chest { fissures: [0.9, 0.0, 0.9], seed: 9, ..chest.clone() },
            [1.25, 0.8, 0.8],
        ),
        (
            "sharp kernel",
            Chest {
                scan: Scan { blur: 0.35, noise: 80.0, grain: 0.3, ..scan.clone() },
                seed: 10,
                ..chest
            },
            [1.0, 0.7, 0.7],
        ),
    ]
}

/// The plane through the points, off by a shift and a tilt.
fn plane(fissure: Fissure, points: &[&BorderPoint]) -> Sheet {
    let middle = points.iter().map(|b| b.point.coords).sum::<Vector3<f64>>() / points.len() as f64;
    let spread: Matrix3<f64> = points
        .iter()
        .map(|b| {
            let r = b.point.coords - middle;
            r * r.transpose()
        })
        .sum();
    let eigen = SymmetricEigen::new(spread);
    let n: Vector3<f64> = eigen.eigenvectors.column(eigen.eigenvalues.imin()).into();
    let n = if n.z < 0.0 { -n } else { n };
    let u = Vector3::x().cross(&n).normalize();
    let n = (n + u * TILT.tan()).normalize();
    let u = Vector3::x().cross(&n).normalize();
    let v = n.cross(&u);
    let range = |w: Vector3<f64>| {
        let along = points.iter().map(|b| (b.point.coords - middle).dot(&w));
        along.fold([f64::INFINITY, f64::NEG_INFINITY], |r, x| [r[0].min(x), r[1].max(x)])
    };
    let ([u0, u1], [v0, v1]) = (range(u), range(v));
    let nodes = |low: f64, high: f64| ((high - low + 20.0) / STEP).ceil() as usize + 1;
    let shape = (nodes(u0, u1), nodes(v0, v1));
    let origin = Point3::from(middle) + u * (u0 - 10.0) + v * (v0 - 10.0) + n * SHIFT;
    Sheet::new(
        fissure,
        Plane { origin, u, v, n },
        STEP,
        Array2::zeros(shape),
        Array2::from_elem(shape, 8.0),
    )
}

/// Share of detections that are right and of true places that are detected, as one, at the best of
/// some limits: within 2 mm, among the highest answers along each column.
fn f1(evidence: &Evidence, prior: &Sheet, above: Option<&Sheet>, points: &[&BorderPoint]) -> f64 {
    let slab = Slab::new(evidence, prior, above);
    let strength = slab.fissureness();
    let [levels, rows, columns] = strength.grid().shape();
    let pitch = strength.grid().spacing()[1];
    let mut truth = Array2::from_elem((rows, columns), f64::NAN);
    for border in points {
        let [u, v, _] = prior.plane().coordinates(border.point);
        let (a, b) = ((u / pitch).round(), (v / pitch).round());
        // Points are 3 mm apart: each stands for those around.
        for (da, db) in (-1..=1).flat_map(|da| (-1..=1).map(move |db| (da, db))) {
            let (a, b) = (a as isize + da, b as isize + db);
            if a >= 0 && b >= 0 && (a as usize) < rows && (b as usize) < columns {
                let height = prior.above(border.point);
                truth[[a as usize, b as usize]] =
                    if border.is_there { height } else { f64::INFINITY };
            }
        }
    }
    let mut best = 0.0f64;
    for limit in [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] {
        let (mut right, mut detected, mut hit, mut wanted) = (0.0, 0.0, 0.0, 0.0);
        for ((a, b), height) in truth.indexed_iter().filter(|(_, t)| !t.is_nan()) {
            let at = |l: usize| strength.at([l, a, b]);
            let mut near = false;
            for l in 1..levels - 1 {
                if at(l) > limit && at(l) >= at(l - 1) && at(l) > at(l + 1) {
                    let good = (Slab::rise(l) - height).abs() < 2.0;
                    detected += 1.0;
                    right += f64::from(u8::from(good));
                    near |= good;
                }
            }
            if height.is_finite() {
                wanted += 1.0;
                hit += f64::from(u8::from(near));
            }
        }
        let (precision, recall) = (right / f64::max(detected, 1.0), hit / f64::max(wanted, 1.0));
        best = best.max(2.0 * precision * recall / f64::max(precision + recall, 1e-9));
    }
    best
}

fn row(
    name: &str,
    fissure: Fissure,
    f1: f64,
    prior: &Sheet,
    found: &Found,
    points: &[&BorderPoint],
    seconds: f64,
) {
    let sorted = |sheet: &Sheet, there: bool| {
        let mut distances: Vec<f64> = points
            .iter()
            .filter(|b| b.is_there == there)
            .map(|b| sheet.signed_distance(b.point).abs())
            .collect();
        distances.sort_by(f64::total_cmp);
        distances
    };
    let at = |d: &[f64], share: f64| {
        d.get((d.len() as f64 * share) as usize).copied().unwrap_or(f64::NAN)
    };
    let (seen, unseen, before) =
        (sorted(&found.sheet, true), sorted(&found.sheet, false), sorted(prior, true));
    let there = seen.len() as f64 / points.len() as f64;
    println!(
        "{name:<26} {:<10} {f1:>5.2} {:>6.2} {:>6.2} {:>6.2} {:>6.2} {there:>7.2} {:>6.2} {seconds:>6.2}",
        &fissure.key()[..fissure.key().len() - 8],
        at(&seen, 0.5),
        at(&seen, 0.95),
        at(&unseen, 0.95),
        at(&before, 0.95),
        found.completeness
    );
}
