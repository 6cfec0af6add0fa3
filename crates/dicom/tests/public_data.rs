//! Series of public data against SimpleITK, pydicom and pynrrd (`testdata/oracles/dicom.py`).

mod common;

use std::path::{Path, PathBuf};

use common::{apart, codes, load};
use hilum_core::{Grid, Hu};
use nalgebra::{Matrix3, Point3, Vector3};
use tempfile::TempDir;

/// The folder of public data, or a word about its absence.
fn data() -> Option<PathBuf> {
    let data = std::env::var_os("HILUM_DATA").map(PathBuf::from);
    if data.is_none() {
        println!("skipped: HILUM_DATA names no folder of public data");
    }
    data
}

struct Expected {
    path: PathBuf,
    grid: Grid,
    least: i64,
    most: i64,
    sum: i64,
    voxels: Vec<([usize; 3], i16)>,
}

fn expected(data: &Path, name: &str) -> Expected {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/dicom/public.txt");
    let table = std::fs::read_to_string(table).unwrap();
    let line = table.lines().find(|line| line.split(' ').next() == Some(name)).unwrap();
    let mut words = line.split(' ').skip(1);
    let path = data.join(words.next().unwrap());
    let n: Vec<f64> = words.map(|word| word.parse().unwrap()).collect();
    let shape = [n[0] as usize, n[1] as usize, n[2] as usize];
    let axes = Matrix3::from_columns(&[6, 9, 12].map(|at| Vector3::from_row_slice(&n[at..at + 3])));
    let grid = Grid::new(shape, Point3::new(n[3], n[4], n[5]), axes).unwrap();
    let voxel = |v: &[f64]| ([v[0] as usize, v[1] as usize, v[2] as usize], v[3] as i16);
    Expected {
        path,
        grid,
        least: n[15] as i64,
        most: n[16] as i64,
        sum: n[17] as i64,
        voxels: n[18..].chunks(4).map(voxel).collect(),
    }
}

fn check(expected: &Expected, folder: &Path, allowed_mm: f64) -> hilum_dicom::Loaded {
    let loaded = load(folder).unwrap();
    let hu: Vec<i64> = loaded.ct.hu().as_slice().iter().map(|hu| i64::from(hu.0)).collect();
    assert_eq!(loaded.ct.grid().shape(), expected.grid.shape());
    assert!(apart(loaded.ct.grid(), &expected.grid) < allowed_mm);
    assert_eq!(hu.iter().min(), Some(&expected.least));
    assert_eq!(hu.iter().max(), Some(&expected.most));
    assert_eq!(hu.iter().sum::<i64>(), expected.sum);
    for (voxel, value) in &expected.voxels {
        assert_eq!(loaded.ct.hu().at(*voxel), Hu(*value), "{voxel:?}");
    }
    loaded
}

#[test]
fn a_thorax_is_read_as_other_software_reads_it() {
    let Some(data) = data() else { return };
    let expected = expected(&data, "thorax");
    let loaded = check(&expected, &expected.path, 1e-6);
    assert_eq!(loaded.acquisition.kernel.as_deref(), Some("STANDARD"));
    assert_eq!(loaded.acquisition.kvp, Some(120.0));
    assert_eq!(loaded.acquisition.contrast, None);
    assert_eq!(loaded.acquisition.slice_thickness_mm, Some(2.5));
    assert_eq!(loaded.identity.images.len(), 133);
}

#[test]
fn a_jpeg_2000_series_is_read_as_other_software_reads_it() {
    let Some(data) = data() else { return };
    let expected = expected(&data, "jpeg_2000");
    let loaded = check(&expected, &expected.path, 1e-6);
    assert_eq!(loaded.acquisition.kernel.as_deref(), Some("Br38f\\3"));
    assert_eq!(loaded.acquisition.contrast.as_deref(), Some("APPLIED"));
}

#[test]
fn a_radiotherapy_ct_beside_its_structures_is_found() {
    let Some(data) = data() else { return };
    let expected = expected(&data, "phantom");
    check(&expected, expected.path.parent().unwrap(), 1e-3);
}

#[test]
fn a_dicom_series_equals_its_nrrd_twin() {
    let Some(data) = data() else { return };
    let expected = expected(&data, "nrrd");
    // The header of the twin has six digits.
    check(&expected, &expected.path, 1e-3);
}

#[test]
fn an_enhanced_image_is_a_volume_in_one_file() {
    let Some(data) = data() else { return };
    let expected = expected(&data, "enhanced");
    let loaded = check(&expected, &expected.path, 1e-6);
    let frames: Vec<Option<usize>> =
        loaded.identity.images.iter().map(|image| image.frame).collect();
    assert_eq!(frames, [Some(2), Some(1)]);
}

#[test]
fn a_tilted_head_keeps_its_tilt() {
    let Some(data) = data() else { return };
    let expected = expected(&data, "tilted");
    let folder = TempDir::new().unwrap();
    for n in 1..=14 {
        let name = format!("{n:02}.dcm");
        std::fs::copy(expected.path.join(&name), folder.path().join(&name)).unwrap();
    }
    let loaded = check(&expected, folder.path(), 1e-3);
    assert_eq!(codes(&loaded), ["gantry_tilt"]);
    let tilt = loaded.acquisition.gantry_tilt.unwrap().to_degrees();
    assert!((loaded.ct.grid().shear().to_degrees() - tilt.abs()).abs() < 0.01);
    // All 28 slices are 4 and 7 mm apart: no grid holds them.
    let error = common::error(load(&expected.path));
    assert!(matches!(error, hilum_dicom::Error::UnevenSlices { .. }), "{error}");
}
