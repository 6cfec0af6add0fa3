//! Trees that fill the lobes: bronchi with the arteries beside them, and veins between.
//!
//! A set of evenly scattered seeds is cut in two again and again; each half draws a branch
//! part of the way towards its middle, until every seed has its twig. This is volume-filling
//! branching after Tawhai, Pullan and Hunter 2000, doi:10.1114/1.1289457 (not checked), with
//! radii that follow a power of the number of seeds a branch feeds, close to Murray's cube law.

use nalgebra::{Point3, Vector3};

use crate::random::Stream;
use crate::traction::Pull;
use crate::tube::{Kind, Tube, wall_of};

/// A branch: its course, and what hangs on it.
pub(crate) struct Branch {
    pub(crate) course: Vec<Point3<f64>>,
    pub(crate) parent: Option<usize>,
    pub(crate) seeds: usize,
}

/// Share of the way to the middle of its seeds that a branch goes.
const REACH: f64 = 0.37;

/// Grows a tree from `start` to all `seeds`; `depth` is the signed distance to the surface
/// that no branch may cross. Parents come before their children.
pub(crate) fn grow(
    start: Point3<f64>,
    seeds: Vec<Point3<f64>>,
    depth: impl Fn(Point3<f64>) -> f64,
    stream: Stream,
) -> Vec<Branch> {
    let mut branches: Vec<Branch> = Vec::with_capacity(2 * seeds.len());
    let towards = middle(&seeds) - start;
    let mut waiting = vec![(start, towards, None, seeds)];
    while let Some((from, direction, parent, seeds)) = waiting.pop() {
        let share = stream.between(branches.len() as u64, 0.36, 0.64);
        for half in halves(seeds, direction, share) {
            let mut to = half[0];
            if half.len() > 1 {
                let way = middle(&half) - from;
                let lengths = [REACH, 0.3, 0.2, 0.1];
                let end = lengths.map(|l| from + way * l).into_iter().find(|p| depth(*p) < -1.5);
                to = end.unwrap_or(from + way * 0.05);
            }
            let course = bend(from, direction, to);
            let last = to - course[course.len() - 2];
            branches.push(Branch { course, parent, seeds: half.len() });
            if half.len() > 1 {
                waiting.push((to, last, Some(branches.len() - 1), half));
            }
        }
    }
    branches
}

/// Cuts seeds in two across their longest direction perpendicular to the branch before.
fn halves(
    mut seeds: Vec<Point3<f64>>,
    direction: Vector3<f64>,
    share: f64,
) -> Vec<Vec<Point3<f64>>> {
    if seeds.len() < 2 {
        return if seeds.is_empty() { vec![] } else { vec![seeds] };
    }
    let centre = middle(&seeds);
    let forward = direction.try_normalize(1e-9).unwrap_or_else(Vector3::z);
    let across = |v: Vector3<f64>| v - forward * (0.8 * v.dot(&forward));
    let mut axis = across(Vector3::new(0.62, 0.53, 0.58));
    for _ in 0..6 {
        let moved: Vector3<f64> =
            seeds.iter().map(|s| across(s - centre)).map(|v| v * v.dot(&axis)).sum();
        axis = moved.try_normalize(1e-12).unwrap_or(axis);
    }
    seeds.sort_by(|a, b| (a - centre).dot(&axis).total_cmp(&(b - centre).dot(&axis)));
    let cut = ((seeds.len() as f64 * share).round() as usize).clamp(1, seeds.len() - 1);
    let rest = seeds.split_off(cut);
    vec![seeds, rest]
}

fn middle(points: &[Point3<f64>]) -> Point3<f64> {
    let sum: Vector3<f64> = points.iter().map(|p| p.coords).sum();
    Point3::from(sum / points.len().max(1) as f64)
}

/// A course from `from` to `to` that leaves half in the direction of the branch before.
fn bend(from: Point3<f64>, direction: Vector3<f64>, to: Point3<f64>) -> Vec<Point3<f64>> {
    let way = to - from;
    let length = way.norm();
    let pieces = (length / 4.0).ceil().clamp(1.0, 6.0);
    let forward = direction.try_normalize(1e-9).unwrap_or_else(Vector3::z);
    let ahead = 0.5 * (forward.dot(&way) / length.max(1e-9)).max(0.0);
    let control =
        from + (forward * ahead + way * ((1.0 - ahead) / length.max(1e-9))) * (0.45 * length);
    let at = |t: f64| {
        let (a, b, c) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
        Point3::from(from.coords * a + control.coords * b + to.coords * c)
    };
    (0..=pieces as usize).map(|n| at(n as f64 / pieces)).collect()
}

/// Radius of the lumen of the bronchus that feeds `seeds`.
fn lumen(seeds: usize) -> f64 {
    0.335 * root(seeds)
}

/// Radius of the vessel that feeds `seeds`.
fn vessel(seeds: usize) -> f64 {
    0.37 * root(seeds)
}

fn root(seeds: usize) -> f64 {
    crate::exact::cube_root(seeds as f64)
}

/// Bronchi are drawn down to this radius of the lumen in mm.
const SMALLEST_LUMEN: f64 = 0.55;

/// Bronchi and, beside them, the arteries that come from `artery`; `pull` is what fibrosis does to
/// bronchi at a place.
pub(crate) fn bundle(
    branches: &[Branch],
    artery: Point3<f64>,
    stream: Stream,
    pull: impl Fn(Point3<f64>) -> Pull,
) -> Vec<Tube> {
    let mut tubes = Vec::new();
    let mut ends: Vec<(Point3<f64>, bool)> = Vec::with_capacity(branches.len());
    for (number, branch) in branches.iter().enumerate() {
        let whole = branch.parent.map_or(branch.seeds * 2, |parent| branches[parent].seeds);
        let steps = branch.course.len() - 1;
        let (mut before, has_air) = branch.parent.map_or((artery, true), |parent| ends[parent]);
        let pulled: Vec<Pull> = branch.course.iter().map(|p| pull(*p)).collect();
        let is_wide = lumen(branch.seeds) >= SMALLEST_LUMEN;
        let is_pulled = pulled.iter().all(|pull| pull.share > 0.3);
        let is_chosen = stream.uniform(number as u64 ^ 1 << 40) < CHOSEN;
        let is_drawn = is_wide || has_air && is_pulled && is_chosen;
        for n in 0..steps {
            let pair = [branch.course[n], branch.course[n + 1]];
            let [a, b] = [n, n + 1].map(|n| n as f64 / steps as f64);
            let mut air = taper(lumen(whole), lumen(branch.seeds), [a, b]);
            let blood = taper(vessel(whole), vessel(branch.seeds), [a, b]);
            let pulls = [pulled[n], pulled[n + 1]];
            air = [0, 1].map(|n| opened(air[n], pulls[n]));
            if is_drawn {
                let [from, to] = [0, 1].map(|n| pair[n] + pulls[n].aside);
                tubes.push(Tube::bronchus(from, to, air));
            }
            let apart = air[1] + wall_of(air[1]) + blood[1] + 0.2;
            let beside = pair[1] + aside(pair[1] - pair[0]) * apart;
            tubes.push(Tube::solid(Kind::Vessel, before, beside, blood));
            before = beside;
        }
        ends.push((before, is_drawn));
    }
    tubes
}

/// Share of the small bronchi in fibrosis that are open.
const CHOSEN: f64 = 0.55;

/// Radius of a lumen that is pulled open. Small bronchi become as many times as wide as asked, and a little more;
/// what would be added beyond that to large ones is not.
fn opened(lumen: f64, pull: Pull) -> f64 {
    lumen + (pull.wider - 1.0) * (lumen.min(1.2) + 0.3)
}

/// The veins of a tree.
pub(crate) fn veins(branches: &[Branch]) -> Vec<Tube> {
    let mut tubes = Vec::new();
    for branch in branches {
        let whole = branch.parent.map_or(branch.seeds * 2, |parent| branches[parent].seeds);
        let steps = branch.course.len() - 1;
        for n in 0..steps {
            let along = [n, n + 1].map(|n| n as f64 / steps as f64);
            let radii = taper(vessel(whole), vessel(branch.seeds), along);
            tubes.push(Tube::solid(Kind::Vessel, branch.course[n], branch.course[n + 1], radii));
        }
    }
    tubes
}

/// Radii along a branch: narrowing over its first half.
fn taper(whole: f64, own: f64, along: [f64; 2]) -> [f64; 2] {
    let start = own + 0.3 * (whole - own);
    along.map(|t| start + (own - start) * (2.0 * t).min(1.0))
}

/// The side of a bronchus on which its artery runs.
fn aside(along: Vector3<f64>) -> Vector3<f64> {
    let forward = along.try_normalize(1e-9).unwrap_or_else(Vector3::z);
    let wanted = Vector3::new(0.15, -0.55, 0.82);
    let across = wanted - forward * wanted.dot(&forward);
    across.try_normalize(1e-3).unwrap_or_else(|| forward.cross(&Vector3::x()).normalize())
}
