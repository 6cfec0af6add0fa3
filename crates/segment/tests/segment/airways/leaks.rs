//! Holes in the walls of the phantom's bronchi: the airway must not leave through them.

use hilum_core::{Ct, Hu, Volume};
use hilum_kernel::{distance, par};
use hilum_phantom::Bronchus;
use hilum_segment::Airways;
use nalgebra::{Point3, Rotation3, Vector3};

use super::phantom::{Patient, far, patient};
use super::{followed, from_segment};

/// A hole through a wall, with what lies behind it.
struct Hole {
    name: &'static str,
    from: Point3<f64>,
    to: Point3<f64>,
    diameter: f64,
    /// Radius in mm of a bulla at its outer end; 0 for none.
    bulla: f64,
}

/// The nearest lung outside of the walls of an airway, as the end of a hole from its axis.
///
/// An air space at its end is put where it leaves all other bronchi whole that can be followed. Left
/// to chance it came to lie 7 mm from the axis of a bronchus of 3.4 mm radius and took half of its
/// wall away, over 8 mm: a tree of 2 mL had no way in any more, which no hole does. See [`breach`].
fn hole(
    patient: &Patient,
    name: &'static str,
    bronchus: &Bronchus,
    diameter: f64,
    bulla: f64,
) -> Hole {
    let clear = |to: Point3<f64>| cut(patient, to, bulla) == 0;
    let to = behind(patient, bronchus, bulla, clear).expect("there is lung around");
    Hole { name, from: middle(bronchus), to, diameter, bulla }
}

/// The same with an air space of 8 mm radius that lies across another bronchus.
fn breach(patient: &Patient, bronchus: &Bronchus) -> Hole {
    let across = |to: Point3<f64>| cut(patient, to, 4.0) > 0;
    let to = behind(patient, bronchus, 8.0, across).expect("there are bronchi around");
    Hole { name: "segmental, breached", from: middle(bronchus), to, diameter: 2.0, bulla: 8.0 }
}

fn middle(bronchus: &Bronchus) -> Point3<f64> {
    bronchus.ends[0] + (bronchus.ends[1] - bronchus.ends[0]) * 0.5
}

/// Number of pieces of bronchi with lumens of 1 mm radius or more into whose wall a ball reaches.
fn cut(patient: &Patient, at: Point3<f64>, radius: f64) -> usize {
    let wide = patient.bronchi.iter().filter(|b| radius > 0.0 && b.lumen[0] >= 1.0);
    let reach = |b: &Bronchus| b.lumen[0] + b.wall[0] + radius + 0.3;
    wide.filter(|b| from_segment(at, b.ends[0], b.ends[1]) < reach(b)).count()
}

/// The nearest place in the lung behind the wall of an airway, far enough for an air space there.
fn behind(
    patient: &Patient,
    bronchus: &Bronchus,
    bulla: f64,
    clear: impl Fn(Point3<f64>) -> bool,
) -> Option<Point3<f64>> {
    let from = middle(bronchus);
    let along = (bronchus.ends[1] - bronchus.ends[0]).normalize();
    let side = along.cross(&Vector3::new(0.3, 0.8, -0.4)).normalize();
    let outer = bronchus.lumen[0] + bronchus.wall[0];
    let labels = patient.truth.lungs.labels();
    let walls = |p: Point3<f64>| {
        patient
            .bronchi
            .iter()
            .any(|b| from_segment(p, b.ends[0], b.ends[1]) < b.lumen[0] + b.wall[0] + 0.8)
    };
    let is_open = |p: Point3<f64>| {
        let voxel = labels.grid().position(p).map(|p| p.round().max(0.0) as usize);
        let lung = labels.at(voxel) == 1 || labels.at(voxel) == 2;
        lung && !walls(p) && !patient.truth.vessels.at(voxel)
    };
    let mut best: Option<(f64, Point3<f64>)> = None;
    for n in 0..64 {
        let axis = nalgebra::Unit::new_normalize(along);
        let way = Rotation3::from_axis_angle(&axis, f64::from(n) * 0.0982) * side;
        let beyond = |m: i32| outer + 0.4 * f64::from(m);
        let Some(away) = (1..90).map(beyond).find(|away| is_open(from + way * *away)) else {
            continue;
        };
        let least = (away + 3.0).max(outer + bulla + 1.5);
        let places = (0..10).map(|m| from + way * (least + f64::from(m)));
        let place = places.into_iter().find(|place| clear(*place));
        if let Some(place) = place.filter(|_| best.is_none_or(|(least, _)| away < least)) {
            best = Some((away, place));
        }
    }
    best.map(|(_, place)| place)
}

fn carved(ct: &Ct, holes: &[Hole]) -> Ct {
    Ct::new(par::map_voxels(ct.grid(), |voxel| {
        let p = ct.grid().centre(voxel);
        let open = holes.iter().any(|hole| {
            from_segment(p, hole.from, hole.to) <= hole.diameter / 2.0
                || (p - hole.to).norm() <= hole.bulla
        });
        if open { Hu(-1000) } else { ct.hu().at(voxel) }
    }))
}

/// The drawn airway nearest to a radius, the `skip`th of its kind.
fn of_radius(patient: &Patient, radius: f64, skip: usize) -> Bronchus {
    let near = |b: &&Bronchus| (b.lumen[0] - radius).abs() < 0.12 && b.ends[0].z.abs() < 85.0;
    *patient.bronchi.iter().filter(near).nth(skip).expect("there are bronchi of every calibre")
}

#[test]
fn holes_in_walls_do_not_let_the_airway_into_the_lung() {
    let patient = patient();
    let distances = distance(&patient.truth.airways);
    let whole = patient.airways.lumen.millilitres();
    let before = far(&patient.airways.lumen, &distances);
    println!("| airway | lumen | hole | behind it | volume | voxels > 2 mm outside | leaks |");
    println!("| none | | | | {whole:.2} mL | {before} | |");
    let main = of_radius(patient, 6.8, 0);
    let cases = [
        (hole(patient, "main bronchus", &main, 4.0, 0.0), 13.6),
        (hole(patient, "main bronchus", &main, 4.0, 8.0), 13.6),
        (hole(patient, "lobar", &of_radius(patient, 4.8, 0), 3.0, 8.0), 9.6),
        (hole(patient, "segmental", &of_radius(patient, 3.2, 0), 2.0, 8.0), 6.4),
        (hole(patient, "subsegmental", &of_radius(patient, 2.2, 3), 2.0, 0.0), 4.4),
        (hole(patient, "subsegmental", &of_radius(patient, 2.2, 5), 1.0, 6.0), 4.4),
    ];
    let mut leaky = Vec::new();
    for (hole, calibre) in &cases {
        let found = with_holes(patient, std::slice::from_ref(hole));
        report(hole, *calibre, &found, &distances);
        leaky.extend(leak(&found, whole, before, &distances, hole.name));
    }
    // What lies behind a breach may be lost, but nothing may be gained.
    let breach = breach(patient, &of_radius(patient, 3.2, 0));
    let found = with_holes(patient, std::slice::from_ref(&breach));
    report(&breach, 6.4, &found, &distances);
    let (volume, outside) = (found.lumen.millilitres(), far(&found.lumen, &distances));
    assert!(volume < 1.03 * whole && outside <= before + STRAY, "{volume:.2} mL, {outside}");
    let all: Vec<Hole> = cases.into_iter().map(|(hole, _)| hole).collect();
    let found = with_holes(patient, &all);
    let volume = found.lumen.millilitres();
    println!("| all at once | | | | {volume:.2} mL | {} | |", far(&found.lumen, &distances));
    leaky.extend(leak(&found, whole, before, &distances, "all at once"));
    assert!(leaky.is_empty(), "{leaky:?}");
}

fn with_holes(patient: &Patient, holes: &[Hole]) -> Airways {
    followed(&carved(&patient.ct, holes), &patient.thorax)
}

fn report(hole: &Hole, calibre: f64, found: &Airways, distances: &Volume<f32>) {
    let behind = if hole.bulla > 0.0 {
        format!("air space of {} mm", 2.0 * hole.bulla)
    } else {
        "lung".into()
    };
    let rolled = found.quality.iter().find(|row| row.code == "airway_leaks_rolled_back");
    let rolled = rolled.map_or("0", |row| row.message.split(' ').next().unwrap_or(""));
    println!(
        "| {} | {calibre} mm | {} mm | {behind} | {:.2} mL | {} | {rolled} |",
        hole.name,
        hole.diameter,
        found.lumen.millilitres(),
        far(&found.lumen, distances),
    );
}

/// What leaked: more than 3 % of volume gained or lost, or voxels more than 2 mm outside of the true
/// lumen that were not there without the hole.
fn leak(
    found: &Airways,
    whole: f64,
    before: u64,
    distances: &Volume<f32>,
    name: &str,
) -> Option<String> {
    let (volume, far) = (found.lumen.millilitres(), far(&found.lumen, distances));
    let tight = (volume / whole - 1.0).abs() < 0.03 && far <= before + STRAY;
    (!tight).then(|| format!("{name}: {volume:.2} mL of {whole:.2} mL, {far} voxels of {before}"))
}

/// Voxels of 1.3 mm³ that a changed end of a branch may add anywhere.
const STRAY: u64 = 20;
