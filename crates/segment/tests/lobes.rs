//! Lobes on phantoms, and what is expected of fissures before an image is looked at.

use std::fs;
use std::path::PathBuf;

use hilum_core::{Ct, Grid, LabelMap, Lobe, Lung, Region, Volume};
use hilum_kernel::par;
use hilum_phantom::{Chest, Truth};
use hilum_segment::{
    AtlasCase, Error, Fissure, LobeOptions, Lobes, Options, Plane, Sheet, Thorax,
    derive_lobe_prior, lobes, prior, prior_leave_one_out, thorax,
};
use nalgebra::{Matrix3, Point3, Vector3};
use ndarray::Array2;

/// The lungs of the phantom as they are, so that lobes alone are measured.
fn drawn(truth: &Truth) -> Thorax {
    let labels = truth.lungs.labels().map(|label| if *label <= 2 { *label } else { 0 });
    let lungs = LabelMap::<Lung>::new(labels).unwrap();
    Thorax { anatomical: lungs.clone(), lungs, vessels: truth.vessels.clone(), quality: Vec::new() }
}

fn dice(found: &Lobes, truth: &Truth) -> Vec<f64> {
    let pairs = || found.map.labels().as_slice().iter().zip(truth.lobes.labels().as_slice());
    let of = |label: u8| {
        let both = pairs().filter(|(a, b)| **a == label && **b == label).count();
        let sum: usize =
            pairs().map(|(a, b)| usize::from(*a == label) + usize::from(*b == label)).sum();
        2.0 * both as f64 / sum as f64
    };
    Lobe::ALL.iter().map(|lobe| of(lobe.label())).collect()
}

fn codes(found: &Lobes) -> Vec<&'static str> {
    found.quality.iter().map(|row| row.code).collect()
}

#[test]
fn lobes_follow_fissures_whatever_the_number_of_threads() {
    // Small enough for lengths that go with its size.
    let chest = Chest { fissures: [1.0; 3], seed: 7, scale: 0.9, ..Chest::default() };
    let (ct, truth) = chest.render(&Chest::grid([1.9, 1.3, 1.2]));
    let thorax = thorax(&ct, &Options::default()).unwrap();
    let run = |threads| {
        let work = || lobes(&ct, &thorax, None, None, &LobeOptions::default()).unwrap();
        par::on_threads(threads, work)
    };
    let found = run(1);
    assert!(found == run(3), "other bits on three threads");
    let dice = dice(&found, &truth);
    assert!(dice.iter().sum::<f64>() / 5.0 > 0.95, "{dice:?}");
    assert!(dice[1] > 0.90, "middle lobe: {dice:?}");
    let lung =
        thorax.anatomical.labels().as_slice().iter().filter(|n| **n == 1 || **n == 2).count();
    let divided = found.map.labels().as_slice().iter().filter(|label| **label != 0).count();
    assert_eq!(divided, lung, "lobes part the anatomical lungs");
    half_as_large(&ct, &thorax, &found);
}

/// Every length of the search is a share of the size of the lungs: half as large, with voxels half as long, they
/// have the same lobes.
fn half_as_large(ct: &Ct, thorax: &Thorax, found: &Lobes) {
    let grid = ct.grid();
    let half = Grid::new(grid.shape(), grid.origin() * 0.5, grid.axes() * 0.5).unwrap();
    let lungs = |labels: &LabelMap<Lung>| {
        LabelMap::new(Volume::new(half.clone(), labels.labels().voxels().to_owned()).unwrap())
            .unwrap()
    };
    let small = Thorax {
        anatomical: lungs(&thorax.anatomical),
        lungs: lungs(&thorax.lungs),
        vessels: Volume::filled(&half, false),
        quality: Vec::new(),
    };
    let ct = Ct::new(Volume::new(half.clone(), ct.hu().voxels().to_owned()).unwrap());
    let small = lobes(&ct, &small, None, None, &LobeOptions::default()).unwrap();
    let pairs = small.map.labels().as_slice().iter().zip(found.map.labels().as_slice());
    let (lung, other) = pairs
        .filter(|(_, lobe)| **lobe != 0)
        .fold((0, 0), |(lung, other), (a, b)| (lung + 1, other + u32::from(a != b)));
    // Shapes are compared on cells of 4 mm whatever the size, so that expectations are not quite the same.
    assert!(other * 200 < lung, "{other} of {lung} voxels in another lobe");
    for (small, large) in small.fissures.iter().zip(&found.fissures) {
        let ratio = small.sheet.step() / large.sheet.step();
        assert!((ratio - 0.5).abs() < 0.01, "nodes {ratio:.3} times as far apart");
    }
}

#[test]
fn lobes_without_fissures_are_other_peoples_and_say_so() {
    let truth = Chest::default().truth(&Chest::grid([3.1, 2.4, 2.2]));
    let thorax = drawn(&truth);
    let ct = Ct::new(Volume::filled(truth.lungs.grid(), hilum_core::Hu(-850)));
    let unlooked = LobeOptions { look_for_fissures: false };
    let found = lobes(&ct, &thorax, None, None, &unlooked).unwrap();
    let dice = dice(&found, &truth);
    assert!(dice.iter().sum::<f64>() / 5.0 > 0.87, "{dice:?}");
    assert_eq!(codes(&found).iter().filter(|code| **code == "lobes_from_prior").count(), 3);
    assert!(codes(&found).contains(&"middle_lobe_uncertain"));
    // An image that shows nothing gives the same lobes and the same rows.
    let looked = lobes(&ct, &thorax, None, None, &LobeOptions::default()).unwrap();
    assert_eq!(looked.map, found.map);
    assert_eq!(codes(&looked), codes(&found));
    assert!(looked.fissures.iter().all(|f| f.confidence < 0.5 && f.completeness < 0.1));
}

#[test]
fn the_prior_lies_alike_in_lungs_stored_in_any_order() {
    let lungs = drawn(&Chest::default().truth(&Chest::grid([4.0, 3.0, 3.5]))).lungs;
    let grid = lungs.grid();
    let [slices, rows, columns] = grid.shape();
    // From head to feet and from left to right, columns first.
    let turned = Grid::new(
        [columns, slices, rows],
        grid.centre([slices - 1, 0, columns - 1]),
        Matrix3::from_columns(&[
            -grid.axes().column(2).into_owned(),
            -grid.axes().column(0).into_owned(),
            grid.axes().column(1).into_owned(),
        ]),
    )
    .unwrap();
    let labels = Volume::from_fn(&turned, |[c, s, r]| {
        lungs.labels().at([slices - 1 - s, r, columns - 1 - c])
    });
    let (upright, turned) =
        (prior(&lungs).unwrap(), prior(&LabelMap::new(labels).unwrap()).unwrap());
    assert_eq!(upright.len(), 3);
    for (a, b) in upright.iter().zip(&turned) {
        assert_eq!(a.fissure(), b.fissure());
        let [rows, columns] = a.shape();
        let apart = b.signed_distance(a.node([rows / 2, columns / 2])).abs();
        assert!(apart < 0.5, "{:?} is {apart:.2} mm from itself", a.fissure());
    }
}

#[test]
fn one_lung_has_its_own_fissures_alone_and_none_is_refused() {
    let both = drawn(&Chest::default().truth(&Chest::grid([5.0, 4.0, 4.0]))).lungs;
    let left = both.labels().map(|label| if *label == 2 { 2 } else { 0 });
    let sheets = prior(&LabelMap::new(left).unwrap()).unwrap();
    assert_eq!(sheets.iter().map(Sheet::fissure).collect::<Vec<_>>(), [Fissure::LeftOblique]);
    let none = LabelMap::<Lung>::empty(both.grid());
    assert!(matches!(prior(&none), Err(Error::EmptyMask { .. })));
}

#[test]
fn a_sheet_knows_its_two_sides() {
    let n = Vector3::new(0.0, -0.6, 0.8);
    let (u, origin) = (Vector3::x(), Point3::new(-20.0, 5.0, 7.0));
    let plane = Plane { origin, u, v: n.cross(&u), n };
    let height = Array2::from_shape_fn((9, 7), |(a, _)| 0.75 * 2.5 * a as f64);
    let sheet =
        Sheet::new(Fissure::LeftOblique, plane, 2.5, height, Array2::from_elem((9, 7), 4.0));
    let p = plane.point([6.0, 8.0, 10.0]);
    assert!((sheet.above(p) - (10.0 - 4.5)).abs() < 1e-12);
    assert!((sheet.signed_distance(p) - (10.0 - 4.5) * 0.8).abs() < 1e-12);
    assert!(sheet.above(sheet.node([3, 4])).abs() < 1e-12);
    assert!((sheet.deviation_at(p) - 4.0).abs() < 1e-12);
}

const IDENTITY: &str =
    "#Insight Transform File V1.0\nParameters: 1 0 0 0 1 0 0 0 1 0 0 0\nFixedParameters: 3 4 5\n";

#[test]
fn clicks_are_read_with_their_fissure_and_undefined_ones_passed_over() {
    let clicks = "Region,Type,X,Y,Z\nRIGHTLUNG,OBLIQUEFISSURE,-1,2,3\nRightMiddleLobe,HorizontalFissure,1,2,3\nUNDEFINEDREGION,OBLIQUEFISSURE,1,2,3\nLEFTSUPERIORLOBE,UNDEFINEDTYPE,1,2,3\n";
    let case = AtlasCase::parse(clicks, IDENTITY).unwrap();
    assert_eq!(Fissure::ALL.map(|fissure| case.count(fissure)), [1, 1, 0]);
    let short = "Region,Type,X,Y,Z\nRIGHTLUNG,OBLIQUEFISSURE,-1,2\n";
    let error = AtlasCase::parse(short, IDENTITY).unwrap_err().to_string();
    assert!(error.contains("found the row") && error.contains("wanted region"), "{error}");
    let flat = IDENTITY.replace("0 0 1 0 0 0", "0 0 0 0 0 0");
    assert!(AtlasCase::parse(clicks, &flat).is_err());
    assert!(AtlasCase::parse(clicks, "Parameters: 1 2 3").is_err());
}

/// Scans whose three fissures are planes that rise and fall together.
fn rising_together(count: usize) -> Vec<AtlasCase> {
    let case = |n: usize| {
        let rise = 12.0 * ((n as f64 * 2.399).sin());
        let mut clicks = String::from("Region,Type,X,Y,Z\n");
        for m in 0..48 {
            let (x, y) = (7.0 * (m % 8) as f64 - 25.0, 11.0 * (m / 8) as f64 - 28.0);
            let oblique = 0.9 * y + rise;
            let mut click = |lung: &str, fissure: &str, x: f64, z: f64| {
                let row = [lung.to_owned(), fissure.to_owned(), x.to_string(), y.to_string()];
                clicks += &(row.join(",") + "," + &z.to_string() + "\n");
            };
            click("RIGHTLUNG", "OBLIQUEFISSURE", x - 70.0, oblique);
            click("LEFTLUNG", "OBLIQUEFISSURE", x + 70.0, oblique);
            click("RIGHTLUNG", "HORIZONTALFISSURE", x - 70.0, 40.0 - rise);
        }
        AtlasCase::parse(&clicks, IDENTITY).unwrap()
    };
    (0..count).map(case).collect()
}

#[test]
fn fissures_that_move_together_foretell_each_other() {
    let rows = prior_leave_one_out(&rising_together(24));
    assert_eq!(rows.len(), 15);
    let mean = |from: &str, fissure: Fissure| {
        let row = rows.iter().find(|row| row.from.contains(from) && row.fissure == fissure);
        row.map(|row| row.mean).unwrap()
    };
    for fissure in Fissure::ALL {
        // The mean of |12 sin| over all phases is 7.6 mm; the obliques are seen from their side.
        let alone = mean("mean of the others", fissure);
        assert!((4.5..9.5).contains(&alone), "{fissure:?}: {alone}");
        let told = mean("other fissures", fissure);
        assert!(told < 0.25 * alone, "{fissure:?}: {told} of {alone}");
    }
}

#[test]
fn the_table_that_we_ship_is_the_one_derived_from_the_atlas() {
    let Some(data) = std::env::var_os("HILUM_DATA") else {
        println!("skipped: HILUM_DATA names no folder");
        return;
    };
    let folder = PathBuf::from(data).join("cip_lung_lobe_atlas");
    let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.collect();
    files.sort();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    let cases: Vec<AtlasCase> = files
        .iter()
        .filter_map(|clicks| {
            let stem = name(clicks).strip_suffix("_regionAndTypePoints.csv")?.to_owned();
            let transform = files.iter().find(|p| name(p).starts_with(&format!("{stem}_TO_")))?;
            let [clicks, transform] = [clicks, transform].map(|p| fs::read_to_string(p).unwrap());
            Some(AtlasCase::parse(&clicks, &transform).unwrap())
        })
        .collect();
    assert_eq!(cases.len(), 100);
    // The lungs of the atlas decide the rows of their surfaces alone.
    let lungs = drawn(&Chest::default().truth(&Chest::grid([9.0, 8.0, 8.0]))).lungs;
    let derived = derive_lobe_prior(&cases, &lungs).unwrap();
    let shipped = include_str!("../data/lobe_prior.csv");
    let numbers = |text: &str| -> Vec<f64> {
        let rows = text.lines().filter(|line| !line.starts_with('#') && !line.contains("_surface"));
        rows.flat_map(|row| row.split(',').filter_map(|x| x.parse().ok()).collect::<Vec<_>>())
            .collect()
    };
    let (derived, shipped) = (numbers(&derived), numbers(shipped));
    assert_eq!(derived.len(), shipped.len());
    for (a, b) in derived.iter().zip(&shipped) {
        assert!((a - b).abs() < 0.02 + 1e-3 * b.abs(), "{a} where {b} is shipped");
    }
}
