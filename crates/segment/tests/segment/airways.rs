//! The tree of the airways: closed-form tubes, the chest phantom whole and with holes in its walls.

use std::sync::OnceLock;

use hilum_core::{Ct, Grid, Hu, LabelMap, Lung, Mask, Region, Volume};
use hilum_kernel::{distance, gaussian, par};
use hilum_phantom::{Bronchus, Chest, Truth};
use hilum_segment::{
    AirwayLabel, AirwayOptions, Airways, Options, Thorax, WallFigures, airways, thorax,
};
use nalgebra::{Point3, Rotation3, Vector3};

use crate::support::{has, oblique};

fn followed(ct: &Ct, thorax: &Thorax) -> Airways {
    airways(ct, thorax, &AirwayOptions::default()).expect("image and lungs share a grid")
}

/// Tubes in lung tissue: axis from, to, radius of the lumen and thickness of the wall in mm.
struct Tubes(Vec<(Point3<f64>, Point3<f64>, f64, f64)>);

const AIR: f64 = -1000.0;
const WALL: f64 = 30.0;
const LUNG: f64 = -860.0;

impl Tubes {
    /// Density of a place.
    fn hu(&self, p: Point3<f64>) -> f64 {
        let mut hu = LUNG;
        for (a, b, lumen, wall) in &self.0 {
            let along = b - a;
            let t = ((p - a).dot(&along) / along.norm_squared()).clamp(0.0, 1.0);
            let away = (p - (a + along * t)).norm();
            if away < *lumen {
                return AIR;
            }
            if away < lumen + wall {
                hu = WALL;
            }
        }
        hu
    }

    /// The image, each voxel the mean of 27 places, blurred by 0.5 mm; and lungs in which the upper
    /// half of the first tube is known as trachea.
    fn rendered(&self, grid: &Grid) -> (Ct, Thorax) {
        let third = |n: usize| (n as f64 - 1.0) / 3.0;
        let sharp = par::map_voxels(grid, |[k, j, i]| {
            let mean = (0..27).map(|n| {
                let place =
                    [k as f64 + third(n / 9), j as f64 + third(n / 3 % 3), i as f64 + third(n % 3)];
                self.hu(grid.point(place))
            });
            (mean.sum::<f64>() / 27.0) as f32
        });
        let hu = gaussian(&sharp, 0.5);
        let (a, b, lumen, _) = self.0[0];
        let along = (b - a).normalize();
        let known = 0.5 * (b - a).norm();
        let labels = par::map_voxels(grid, |voxel| {
            let p = grid.centre(voxel);
            let t = (p - a).dot(&along);
            let away = (p - a - along * t).norm();
            if (0.0..known).contains(&t) && away < lumen {
                Lung::Airway.label()
            } else {
                Lung::Right.label()
            }
        });
        let lungs = LabelMap::new(labels).unwrap();
        let thorax = Thorax {
            anatomical: lungs.clone(),
            lungs,
            vessels: Mask::filled(grid, false),
            quality: Vec::new(),
        };
        (Ct::new(par::map(&hu, |hu| Hu(hu.round() as i16))), thorax)
    }
}

/// One tube on an oblique axis, and what is measured of it.
fn measured(lumen: f64, wall: f64) -> (f64, Option<WallFigures>, Airways) {
    let (a, b) = (Point3::new(-9.0, 5.0, 18.0), Point3::new(7.0, -6.0, -19.0));
    let (ct, thorax) = Tubes(vec![(a, b, lumen, wall)]).rendered(&oblique([0.9, 0.65, 0.7], 46.0));
    let found = followed(&ct, &thorax);
    let root = &found.tree.branches()[0];
    (root.diameter_mm(), root.wall, found.clone())
}

#[test]
fn calibres_of_oblique_tubes_are_those_that_were_drawn() {
    let mut last = 0.0;
    for (lumen, wall) in [(1.5, 1.2), (2.0, 1.5), (2.7, 1.5), (3.6, 1.8), (5.0, 2.0)] {
        let (diameter, figures, found) = measured(lumen, wall);
        let figures = figures.expect("walls stand free");
        println!(
            "lumen {:.1} mm, wall {wall} mm: diameter {diameter:.2} mm, wall {:.2} mm, {:.1} % (true {:.1} %)",
            2.0 * lumen,
            figures.thickness_mm,
            figures.wall_percent,
            100.0 * (1.0 - (lumen / (lumen + wall)).powi(2)),
        );
        let error = diameter - 2.0 * lumen;
        assert!(
            (-0.3 - 0.6 / lumen..0.15).contains(&error),
            "{diameter:.2} for {:.2}",
            2.0 * lumen
        );
        assert!((-0.2..0.6).contains(&(figures.thickness_mm - wall)), "{figures:?}");
        assert!(diameter > last);
        last = diameter;
        assert_eq!(found.tree.branches().len(), 1, "a tube is one branch");
    }
}

#[test]
fn walls_thinner_than_the_blur_are_measured_too_thick_and_said_to_be() {
    let mut last = f64::INFINITY;
    for wall in [2.0, 1.4, 1.0, 0.6] {
        let (_, figures, _) = measured(3.0, wall);
        let thickness = figures.expect("walls stand free").thickness_mm;
        println!("wall {wall} mm: {thickness:.2} mm");
        assert!(thickness > wall - 0.3 && thickness < last + 0.02);
        last = thickness;
    }
    assert!(last > 0.9, "{last}");
}

/// A trachea with two bronchi and four smaller ones.
fn fork() -> Tubes {
    let p = Point3::new;
    Tubes(vec![
        (p(0.0, 0.0, 21.0), p(0.0, 0.0, 4.0), 4.0, 1.3),
        (p(0.0, 0.0, 4.0), p(-12.0, 1.0, -6.0), 3.0, 1.1),
        (p(0.0, 0.0, 4.0), p(12.0, 2.0, -5.0), 2.8, 1.1),
        (p(-12.0, 1.0, -6.0), p(-19.0, -4.0, -18.0), 2.0, 0.9),
        (p(-12.0, 1.0, -6.0), p(-14.0, 12.0, -18.0), 2.0, 0.9),
        (p(12.0, 2.0, -5.0), p(19.0, -6.0, -17.0), 2.0, 0.9),
        (p(12.0, 2.0, -5.0), p(15.0, 13.0, -17.0), 1.9, 0.9),
    ])
}

#[test]
fn a_fork_of_forks_has_seven_branches_on_any_number_of_threads() {
    let (ct, thorax) = fork().rendered(&oblique([0.8, 0.7, 0.7], 48.0));
    let found = par::on_threads(1, || followed(&ct, &thorax));
    let branches = found.tree.branches();
    assert_eq!(branches.len(), 7);
    let generations: Vec<usize> = branches.iter().map(|branch| branch.generation).collect();
    assert_eq!(generations, [0, 1, 1, 2, 2, 2, 2]);
    assert_eq!(branches[0].label, Some(AirwayLabel::Trachea));
    for threads in [2, 3, 7, 16] {
        assert_eq!(par::on_threads(threads, || followed(&ct, &thorax)), found);
    }
}

/// Whether the middle of a tube, a share of its length from its beginning, is lumen.
fn is_followed(found: &Airways, (from, to): (Point3<f64>, Point3<f64>), share: f64) -> bool {
    let place = found.lumen.grid().position(from + share * (to - from));
    found.lumen.at(place.map(|n| n.round() as usize))
}

#[test]
fn a_bronchus_that_fibrosis_has_pulled_open_is_followed() {
    let p = Point3::new;
    let (narrow, wide, last) = (p(0.0, 0.0, 8.0), p(6.0, 0.0, 1.0), p(15.0, 2.0, -15.0));
    let tubes = Tubes(vec![
        (p(0.0, 0.0, 21.0), narrow, 4.0, 1.3),
        (narrow, wide, 2.0, 1.2),
        (wide, last, 4.5, 2.0),
    ]);
    let (ct, thorax) = tubes.rendered(&oblique([0.8, 0.7, 0.7], 48.0));
    let found = followed(&ct, &thorax);
    for share in [0.2, 0.5, 0.8] {
        assert!(is_followed(&found, (wide, last), share), "{share} of its length");
    }
}

#[test]
fn a_tube_that_holds_lung_is_no_bronchus() {
    let tubes = fork();
    let (ct, thorax) = tubes.rendered(&oblique([0.8, 0.7, 0.7], 48.0));
    let (from, to, radius, _) = tubes.0[3];
    let filled = par::map_voxels(ct.grid(), |voxel| {
        let p = ct.grid().centre(voxel);
        let is_inside = from_segment(p, from, to) < radius && (p - from).norm() > 4.0;
        if is_inside { Hu(-890) } else { ct.hu().at(voxel) }
    });
    assert!(is_followed(&followed(&ct, &thorax), (from, to), 0.6));
    assert!(!is_followed(&followed(&Ct::new(filled), &thorax), (from, to), 0.6));
}

#[test]
fn centrelines_run_in_the_middle() {
    let tubes = fork();
    let (ct, thorax) = tubes.rendered(&oblique([0.8, 0.7, 0.7], 48.0));
    let found = followed(&ct, &thorax);
    let away = |p: &Point3<f64>| {
        let to = |(a, b, ..): &(Point3<f64>, Point3<f64>, f64, f64)| from_segment(*p, *a, *b);
        tubes.0.iter().map(to).fold(f64::INFINITY, f64::min)
    };
    let mut all: Vec<f64> =
        found.tree.branches().iter().flat_map(|b| &b.centreline).map(away).collect();
    all.sort_by(f64::total_cmp);
    println!(
        "distance from the axis: median {:.2} mm, 95 % {:.2} mm",
        all[all.len() / 2],
        all[all.len() * 19 / 20]
    );
    assert!(all[all.len() / 2] < 0.25 && all[all.len() * 19 / 20] < 1.0);
}

fn from_segment(p: Point3<f64>, a: Point3<f64>, b: Point3<f64>) -> f64 {
    let along = b - a;
    let t = ((p - a).dot(&along) / along.norm_squared().max(1e-12)).clamp(0.0, 1.0);
    (p - (a + along * t)).norm()
}

#[test]
fn an_image_turned_in_its_array_has_the_same_tree() {
    let (ct, thorax) = fork().rendered(&oblique([0.8, 0.7, 0.7], 48.0));
    let [slices, rows, columns] = ct.grid().shape();
    let axes = -ct.grid().axes();
    let grid =
        Grid::new(ct.grid().shape(), ct.grid().centre([slices - 1, rows - 1, columns - 1]), axes);
    let grid = grid.unwrap();
    let turned = Ct::new(flipped(ct.hu(), &grid));
    let lungs = LabelMap::new(flipped(thorax.lungs.labels(), &grid)).unwrap();
    let thorax_turned = Thorax {
        anatomical: lungs.clone(),
        lungs,
        vessels: Mask::filled(&grid, false),
        quality: Vec::new(),
    };
    let (a, b) = (followed(&ct, &thorax), followed(&turned, &thorax_turned));
    assert_eq!(flipped(&a.lumen, &grid), b.lumen);
    assert_eq!(a.tree.branches().len(), b.tree.branches().len());
    assert!((a.tree.length_mm() - b.tree.length_mm()).abs() < 1e-6);
}

fn flipped<T: Copy>(volume: &Volume<T>, grid: &Grid) -> Volume<T> {
    let reversed = volume.as_slice().iter().rev().copied().collect();
    Volume::from_vec(grid.clone(), reversed).unwrap()
}

#[test]
fn without_a_trachea_there_is_no_tree_and_a_row_says_so() {
    let (ct, thorax) = fork().rendered(&oblique([1.6, 1.4, 1.5], 48.0));
    let lungs = thorax.lungs.labels().map(|label| if *label == 3 { 1 } else { *label });
    let lungs = LabelMap::new(lungs).unwrap();
    let found = followed(&ct, &Thorax { lungs, ..thorax });
    assert!(found.tree.branches().is_empty() && found.measurements.is_empty());
    assert_eq!(found.lumen.count(), 0);
    assert!(has(&found.quality, "airways_not_found"));
}

/// The phantom with its truth, lungs and airway, made once.
struct Patient {
    ct: Ct,
    truth: Truth,
    thorax: Thorax,
    airways: Airways,
    bronchi: Vec<Bronchus>,
}

fn patient() -> &'static Patient {
    static PATIENT: OnceLock<Patient> = OnceLock::new();
    PATIENT.get_or_init(|| scanned([1.25, 1.0, 1.05]))
}

/// The middle of a chest in voxels of some mm.
fn scanned(spacing: [f64; 3]) -> Patient {
    let chest = Chest::default();
    let (ct, truth) = chest.render(&near_the_hila(spacing));
    let thorax = thorax(&ct, &Options::default()).expect("a chest has lungs");
    let airways = followed(&ct, &thorax);
    Patient { ct, truth, thorax, airways, bronchi: chest.bronchi() }
}

/// Anisotropic voxels over the middle of the chest.
fn near_the_hila(spacing: [f64; 3]) -> Grid {
    let whole = Chest::grid(spacing);
    let window = [90.0, 60.0, 40.0];
    let first = [0, 1, 2].map(|n| window[n] / whole.spacing()[n]);
    let shape = [0, 1, 2].map(|n| ([235.0, 240.0, 320.0][n] / whole.spacing()[n]) as usize);
    whole.window(first.map(f64::round), shape)
}

/// Share of the length of true airways of at least `radius` mm whose axis lies in the lumen found.
fn detected(patient: &Patient, lumen: &Mask, radius: f64) -> f64 {
    let (mut found, mut all) = (0.0, 0.0);
    for bronchus in &patient.bronchi {
        let [a, b] = bronchus.ends;
        let middle = a + (b - a) * 0.5;
        let position = lumen.grid().position(middle).map(f64::round);
        let shape = lumen.grid().shape();
        let inside = (0..3).all(|n| position[n] >= 0.0 && position[n] < shape[n] as f64);
        if inside && 0.5 * (bronchus.lumen[0] + bronchus.lumen[1]) >= radius && middle.z < 40.0 {
            all += (b - a).norm();
            found += if lumen.at(position.map(|p| p as usize)) { (b - a).norm() } else { 0.0 };
        }
    }
    found / all
}

#[test]
fn the_tree_of_a_phantom_is_found_beyond_segments_and_named() {
    let patient = patient();
    let found = &patient.airways;
    for label in AirwayLabel::ALL.iter().filter(|label| **label != AirwayLabel::Lingula) {
        assert!(found.tree.labelled(*label).is_some(), "{label:?}: {:?}", found.quality);
    }
    let shares = [3.0, 2.0, 1.5, 1.0].map(|radius| detected(patient, &found.lumen, radius));
    println!("length found of lumens from 3, 2, 1.5, 1 mm radius: {shares:.3?}");
    assert!(shares[0] > 0.97 && shares[1] > 0.9, "{shares:?}");
    let distances = distance(&patient.truth.airways);
    let far = far(&found.lumen, &distances);
    println!(
        "{} branches, {:.0} mm, {far} voxels more than 2 mm outside",
        found.tree.branches().len(),
        found.tree.length_mm()
    );
    for branch in found.tree.branches().iter().filter(|b| b.generation < 6) {
        for point in &branch.centreline {
            let voxel = distances.grid().position(*point).map(|p| p.round().max(0.0) as usize);
            assert!(distances.at(voxel) < 2.0, "{point}");
        }
    }
}

#[test]
fn bronchi_whose_mouth_thick_slices_fill_are_followed_all_the_same() {
    let patient = scanned([2.5, 0.86, 0.86]);
    let found = &patient.airways;
    let shares = [3.0, 2.0, 1.5].map(|radius| detected(&patient, &found.lumen, radius));
    let outside = far(&found.lumen, &distance(&patient.truth.airways));
    println!(
        "length found of lumens from 3, 2, 1.5 mm radius: {shares:.3?}; {outside} voxels more than 2 mm outside"
    );
    assert!(shares[0] > 0.99 && shares[1] > 0.95 && shares[2] > 0.78, "{shares:?}");
    // Of some 34000.
    assert!(outside < 1000, "{outside}");
    for parent in 0..found.tree.branches().len() {
        assert!(found.tree.children(parent).all(|child| child > parent));
    }
}

/// Voxels of a lumen more than 2 mm from the true one.
fn far(lumen: &Mask, distances: &Volume<f32>) -> u64 {
    let pairs = lumen.as_slice().iter().zip(distances.as_slice());
    pairs.map(|(inside, distance)| u64::from(*inside && *distance > 2.0)).sum()
}

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
