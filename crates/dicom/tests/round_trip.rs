//! What is written is read back, bit for bit.

mod common;

use std::fs;
use std::process::Command;

use common::{apart, axial, codes, exported, file, files, load, oblique, rough};
use hilum_core::{Acquisition, Ct, Grid, Hu, Volume};
use hilum_dicom::{Error, Export, write_series};
use hilum_kernel::par::on_threads;
use nalgebra::{Matrix3, Point3, Vector3};
use tempfile::TempDir;

#[test]
fn every_ct_number_comes_back() {
    for grid in [axial(), oblique()] {
        let ct = rough(&grid);
        let loaded = load(exported(&ct)).unwrap();
        assert_eq!(loaded.ct.hu().as_slice(), ct.hu().as_slice());
        assert!(loaded.ct.exact().is_none());
        assert!(apart(loaded.ct.grid(), &grid) < 1e-9);
        assert_eq!(codes(&loaded), Vec::<&str>::new());
    }
}

#[test]
fn an_axial_grid_comes_back_exactly() {
    let ct = rough(&axial());
    assert_eq!(load(exported(&ct)).unwrap().ct, ct);
}

#[test]
fn a_tilted_gantry_is_carried_exactly() {
    let tilt: f64 = 0.3;
    let axes = Matrix3::from_columns(&[
        Vector3::new(0.0, 0.0, 2.5),
        Vector3::new(0.0, tilt.cos(), -tilt.sin()) * 0.9,
        Vector3::new(0.7, 0.0, 0.0),
    ]);
    let grid = Grid::new([5, 7, 9], Point3::new(1.0, 2.0, 3.0), axes).unwrap();
    let loaded = load(exported(&rough(&grid))).unwrap();
    assert!(apart(loaded.ct.grid(), &grid) < 1e-9);
    assert!((loaded.ct.grid().voxel_volume() - 2.5 * 0.9 * 0.7 * tilt.cos()).abs() < 1e-9);
    assert_eq!(codes(&loaded), ["gantry_tilt"]);
    assert!(loaded.quality[0].message.contains("17.19°"), "{}", loaded.quality[0].message);
}

#[test]
fn slices_against_their_normal_come_back_turned_round_at_the_same_places() {
    let up = axial();
    let mut axes = *up.axes();
    axes.column_mut(0).neg_mut();
    let down = Grid::new(up.shape(), up.origin(), axes).unwrap();
    let ct = rough(&down);
    let loaded = load(exported(&ct)).unwrap();
    let last = down.shape()[0] - 1;
    for voxel in [[0, 0, 0], [2, 5, 7], [last, 10, 12]] {
        let turned = [last - voxel[0], voxel[1], voxel[2]];
        assert_eq!(loaded.ct.hu().at(turned), ct.hu().at(voxel));
        assert!((loaded.ct.grid().centre(turned) - down.centre(voxel)).norm() < 1e-9);
    }
}

#[test]
fn padding_comes_back() {
    for padding in [-2000..=-2000, -32768..=-1500] {
        let ct = rough(&axial()).with_padding(Some(padding));
        assert_eq!(load(exported(&ct)).unwrap().ct, ct);
    }
}

#[test]
fn the_same_bits_on_any_number_of_threads() {
    let ct = rough(&oblique());
    let folder = exported(&ct);
    let expected = on_threads(1, || load(&folder)).unwrap();
    let bytes = fs::read(file(&folder, 3)).unwrap();
    for threads in [2, 3, 7, 16] {
        let loaded = on_threads(threads, || load(&folder)).unwrap();
        assert_eq!(loaded.ct, expected.ct, "{threads} threads");
        let again = on_threads(threads, || exported(&ct));
        assert_eq!(fs::read(file(&again, 3)).unwrap(), bytes, "{threads} threads");
    }
}

#[test]
fn identifiers_follow_from_seed_and_content() {
    let uid = |ct: &Ct, seed| {
        let folder = TempDir::new().unwrap();
        write_series(ct, &Export { seed, ..Export::default() }, folder.path()).unwrap();
        load(folder).unwrap().identity
    };
    let ct = rough(&axial());
    let first = uid(&ct, 1);
    assert_eq!(first, uid(&ct, 1));
    assert!(first.series_uid.as_ref().is_some_and(|uid| uid.starts_with("2.25.")));
    assert_ne!(first.series_uid, first.study_uid);
    assert_ne!(first.series_uid, uid(&ct, 2).series_uid);
    let mut other = ct.hu().clone();
    other.as_mut_slice()[500] = Hu(1);
    assert_ne!(first.series_uid, uid(&Ct::new(other), 1).series_uid);
    let mut instances: Vec<&String> =
        first.images.iter().map(|image| &image.instance_uid).collect();
    instances.sort();
    instances.dedup();
    assert_eq!(instances.len(), 7);
}

#[test]
fn what_is_told_of_the_making_comes_back() {
    let told = Acquisition {
        modality: Some("CT".into()),
        manufacturer: Some("hilum".into()),
        model: Some("phantom".into()),
        body_part: Some("CHEST".into()),
        description: Some("Chest phantom, 1 mm".into()),
        kernel: Some("STANDARD".into()),
        kvp: Some(120.0),
        tube_current_ma: Some(200.0),
        exposure_mas: Some(100.0),
        slice_thickness_mm: Some(5.0),
        reconstruction_diameter_mm: Some(360.5),
        contrast: Some("none".into()),
        gantry_tilt: Some(0.0),
        patient_position: Some("HFS".into()),
        iterative: None,
        software: Some("0.1".into()),
        age_years: Some(64.0),
        sex: Some("F".into()),
        height_m: Some(1.69),
        weight_kg: Some(70.5),
    };
    let folder = TempDir::new().unwrap();
    let export = Export { acquisition: told.clone(), ..Export::default() };
    write_series(&rough(&axial()), &export, folder.path()).unwrap();
    let loaded = load(&folder).unwrap();
    assert_eq!(loaded.acquisition, told);
    // The step is that of the positions, whatever the thickness says.
    assert_eq!(loaded.ct.grid().spacing(), [2.5, 0.9, 0.7]);
}

#[test]
fn fractions_of_a_unit_are_not_written() {
    let ct = Ct::from_exact(Volume::filled(&axial(), -950.5));
    let folder = TempDir::new().unwrap();
    let error = write_series(&ct, &Export::default(), folder.path()).unwrap_err();
    assert!(matches!(error, Error::Unwritable { .. }), "{error}");
    assert!(files(folder).is_empty());
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = TempDir::new().unwrap();
    let taken = folder.path().join("taken");
    fs::write(&taken, "a file").unwrap();
    let error = write_series(&rough(&axial()), &Export::default(), &taken).unwrap_err();
    assert!(matches!(error, Error::WriteFailed { .. }), "{error}");
    assert!(error.to_string().contains("taken"));
}

/// `dciodvfy` of dicom3tools knows which attributes the standard demands.
#[test]
fn a_validator_finds_no_errors() {
    if Command::new("dciodvfy").arg("-version").output().is_err() {
        println!("skipped: dciodvfy is not installed");
        return;
    }
    let ct = rough(&oblique()).with_padding(Some(-2000..=-1900));
    let folder = exported(&ct);
    for path in files(&folder) {
        let said = Command::new("dciodvfy").arg("-new").arg(&path).output().unwrap();
        let text = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
        assert!(text.contains("CTImage"), "{text}");
        assert!(!text.contains("Error"), "{text}");
    }
}
