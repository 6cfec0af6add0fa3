//! The whole density study on phantoms whose truth is known.

use std::sync::Mutex;

use hilum_core::{Ct, Grid, Hu, Lungs, Severity, Site, Volume};
use hilum_phantom::{Chest, Truth};
use hilum_study::{Case, DensityOptions, DensityStudy, density};
use nalgebra::{Matrix3, Vector3};

const BOTH: Site = Site::Whole(Lungs::Both);

fn case(ct: Ct) -> Case {
    let study = hilum_report::Study::default();
    Case { ct, lungs: None, lobes: None, series: Vec::new(), study, quality: Vec::new() }
}

fn run(ct: Ct) -> DensityStudy {
    density(case(ct), &DensityOptions::default(), &|_: &str, _, _| {}).unwrap()
}

fn value(study: &DensityStudy, key: &str, site: Site) -> f64 {
    let rows = &study.findings.measurements;
    rows.iter().find(|m| m.key == key && m.site == site).expect("a measured number").value
}

/// Volume and low attenuation against the truth, on voxels up to three times as coarse as usual.
fn assert_agrees(study: &DensityStudy, truth: &Truth) {
    let (volume, wanted) = (value(study, "volume_ml", BOTH), truth.figures.lungs_ml());
    assert!((volume / wanted - 1.0).abs() < 0.03, "{volume} mL, true {wanted} mL");
    let (laa, wanted) = (value(study, "laa_950", BOTH), truth.figures.laa_950);
    assert!((laa - wanted).abs() < 0.5, "{laa} %, true {wanted} %");
}

fn coarse() -> Grid {
    Chest::grid([4.0, 2.0, 2.0])
}

/// The standard grid with its slices shifted along the rows, as a tilted gantry does.
fn tilted(radians: f64) -> Grid {
    let upright = coarse();
    let mut axes = *upright.axes();
    let step = axes.column(0).norm();
    axes.set_column(0, &Vector3::new(0.0, step * radians.tan(), step));
    let [slices, ..] = upright.shape();
    let back = upright.point([0.0, -(slices as f64) * radians.tan(), 0.0]);
    Grid::new(upright.shape(), back, axes).unwrap()
}

#[test]
fn an_upright_patient_is_measured_right() {
    let (ct, truth) = Chest::default().render(&coarse());
    assert_agrees(&run(ct), &truth);
}

#[test]
fn a_tilted_gantry_changes_no_volume() {
    let (ct, truth) = Chest::default().render(&tilted(20_f64.to_radians()));
    assert_agrees(&run(ct), &truth);
}

#[test]
fn right_stays_right_when_the_array_is_mirrored() {
    let grid = coarse();
    let [slices, rows, columns] = grid.shape();
    let flip = Matrix3::from_diagonal(&Vector3::new(1.0, -1.0, -1.0));
    let far = grid.point([0.0, rows as f64 - 1.0, columns as f64 - 1.0]);
    let mirrored = Grid::new([slices, rows, columns], far, grid.axes() * flip).unwrap();
    let (ct, truth) = Chest::default().render(&mirrored);
    let study = run(ct);
    for (site, wanted) in [
        (Site::Whole(Lungs::Right), truth.figures.right_ml),
        (Site::Whole(Lungs::Left), truth.figures.left_ml),
    ] {
        let volume = value(&study, "volume_ml", site);
        assert!((volume / wanted - 1.0).abs() < 0.03, "{volume} mL, true {wanted} mL");
    }
}

#[test]
fn fractions_of_a_hounsfield_unit_reach_the_threshold() {
    let (ct, _) = Chest::default().render(&Chest::grid([8.0, 4.0, 4.0]));
    // Every voxel a little denser than it is written: those at -950 are not below -950 any more,
    // those at -951 still are.
    let shifted = Ct::from_exact(ct.hu().map(|hu| f32::from(*hu) + 0.25));
    let lowered = Ct::from_exact(ct.hu().map(|hu| f32::from(*hu) - 0.25));
    let [exact, more, fewer] = [ct, lowered, shifted].map(|ct| value(&run(ct), "laa_950", BOTH));
    assert_eq!(exact, fewer);
    assert!(more > exact, "{more} % with the voxels at -950 HU, {exact} % without");
}

#[test]
fn water_is_refused_by_name() {
    let grid = Grid::axial([40, 60, 60], [4.0; 3]).unwrap();
    let refused = density(
        case(Ct::new(Volume::filled(&grid, Hu(0)))),
        &DensityOptions::default(),
        &|_: &str, _, _| {},
    );
    assert!(refused.unwrap_err().to_string().contains("no lungs"));
}

#[test]
fn a_stack_that_ends_inside_the_lungs_says_so() {
    let whole = coarse();
    let [slices, rows, columns] = whole.shape();
    let half = whole.window([slices as f64 / 2.0, 0.0, 0.0], [slices / 2, rows, columns]);
    let study = run(Chest::default().image(&half));
    let rows = &study.findings.quality;
    let row = rows.iter().find(|row| row.code == "lung_cut_by_stack").expect("a row");
    assert!(row.severity >= Severity::Warning);
}

#[test]
fn every_step_is_announced_and_timed() {
    let heard = Mutex::new(Vec::new());
    let hear = |step: &str, _, _| {
        let mut heard = heard.lock().unwrap();
        if heard.last().is_none_or(|last| last != step) {
            heard.push(step.to_owned());
        }
    };
    let ct = Chest::default().image(&Chest::grid([8.0, 4.0, 4.0]));
    let study = density(case(ct), &DensityOptions::default(), &hear).unwrap();
    let timed: Vec<_> = study.findings.timing.iter().map(|row| row.step.clone()).collect();
    assert_eq!(timed, heard.into_inner().unwrap());
    assert_eq!(timed.len(), 5);
}
