//! What other software wrote and read, read here. See `testdata/oracles/files.py`.

use std::path::{Path, PathBuf};

use hilum_core::{Grid, Hint, Hu};
use hilum_files::{Error, read, read_float, read_labels};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/files")
}

struct Voxel {
    file: String,
    index: [usize; 3],
    point: [f64; 3],
    value: f64,
}

fn expected() -> Vec<Voxel> {
    let text = std::fs::read_to_string(folder().join("expected.txt")).unwrap();
    let voxel = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let number = |n: usize| words[n].parse::<f64>().unwrap();
        Voxel {
            file: words[0].into(),
            index: [3, 2, 1].map(|n| number(n) as usize),
            point: [4, 5, 6].map(number),
            value: number(7),
        }
    };
    text.lines().map(voxel).collect()
}

#[test]
fn voxels_lie_where_other_software_sees_them() {
    let expected = expected();
    assert!(expected.len() >= 150);
    for voxel in expected {
        let ct = read(folder().join(&voxel.file)).unwrap();
        let off = (ct.grid().centre(voxel.index) - nalgebra::Point3::from(voxel.point)).norm();
        // NIfTI holds geometry in 32-bit floats: a step of 8e2 mm is known to 6e-5 mm.
        assert!(off < 2e-4, "{} {:?} is {off} mm off", voxel.file, voxel.index);
    }
}

#[test]
fn voxels_have_the_values_that_other_software_reads() {
    for voxel in expected() {
        let read = read_float(folder().join(&voxel.file)).unwrap();
        let off = f64::from(read.at(voxel.index)) - voxel.value;
        assert!(off.abs() <= 1e-6 * voxel.value.abs(), "{} {:?}: {off}", voxel.file, voxel.index);
    }
}

#[test]
fn whole_numbers_are_exact_and_fractions_are_kept_beside() {
    for voxel in expected() {
        let ct = read(folder().join(&voxel.file)).unwrap();
        let fits = voxel.value.fract() == 0.0 && voxel.value.abs() <= 32767.0;
        match ct.exact() {
            None => assert_eq!(f64::from(ct.hu().at(voxel.index)), voxel.value, "{}", voxel.file),
            Some(exact) => {
                let off = (f64::from(exact.at(voxel.index)) - voxel.value).abs();
                assert!(off <= 1e-6 * voxel.value.abs(), "{}", voxel.file);
            }
        }
        assert!(fits || ct.exact().is_some(), "{} lost {}", voxel.file, voxel.value);
    }
}

#[test]
fn unsigned_numbers_with_an_intercept_are_whole_numbers() {
    // 60000 - 1024 does not fit 16 bits, so that the very values stand beside.
    let ct = read(folder().join("big_u16_scaled.nii")).unwrap();
    assert!(ct.exact().is_some());
    let labels = read_labels::<u16>(folder().join("left_ras_u16.nrrd")).unwrap();
    assert_eq!(labels.grid().shape(), [3, 4, 5]);
}

#[test]
fn labels_are_refused_where_they_are_none() {
    let error = read_labels::<u8>(folder().join("left_ras_u16.nrrd")).unwrap_err();
    assert!(matches!(error, Error::NotALabel { largest: 255, .. }), "{error}");
    assert!(error.hint().is_some());
    let error = read_labels::<u8>(folder().join("oblique_i16.nii")).unwrap_err();
    assert!(matches!(error, Error::NotALabel { .. }), "{error}");
    let error = read_labels::<u16>(folder().join("tilted_lps_f32.nrrd")).unwrap_err();
    assert!(matches!(error, Error::NotALabel { .. }), "{error}");
}

#[test]
fn shear_and_handedness_survive() {
    let tilted = read(folder().join("sform_tilted_f32.nii.gz")).unwrap();
    assert!((tilted.grid().shear() - 0.32f64.atan()).abs() < 1e-6);
    let left = read(folder().join("left_f32.mhd")).unwrap();
    let right = read(folder().join("oblique_i16.mha")).unwrap();
    let side = |grid: &Grid| grid.axes().determinant().signum();
    assert_eq!(side(left.grid()), -side(right.grid()));
}

#[test]
fn numbers_that_are_none_count_as_not_measured() {
    let folder = tempfile::tempdir().unwrap();
    let grid = Grid::axial([1, 1, 3], [1.0, 1.0, 1.0]).unwrap();
    let volume = hilum_core::Volume::from_vec(grid, vec![f32::NAN, -850.5, f32::INFINITY]).unwrap();
    let path = folder.path().join("a.nrrd");
    hilum_files::write_float(&path, &volume).unwrap();
    let ct = read(&path).unwrap();
    let measured: Vec<bool> = ct.hu().as_slice().iter().map(|hu| ct.is_measured(*hu)).collect();
    assert_eq!(measured, [false, true, false]);
    assert_eq!(ct.hu().at([0, 0, 0]), Hu(i16::MIN));
}

/// The volumes of the Chest Imaging Platform and elastix, where they are at hand.
#[test]
fn public_volumes_are_read() {
    let Ok(data) = std::env::var("HILUM_DATA") else {
        println!("skipped: HILUM_DATA is not set");
        return;
    };
    let cip = Path::new(&data).join("cip_testing");
    let ct = read(cip.join("ct-64.nrrd")).unwrap();
    assert_eq!(ct.grid().shape(), [79, 64, 64]);
    assert!(ct.exact().is_none());
    let labels = read_labels::<u16>(cip.join("lm-64.nrrd")).unwrap();
    ct.require_same(labels.grid(), "the label map").unwrap();
    let lungs = labels.as_slice().iter().filter(|label| **label & 255 != 0).count();
    assert_eq!(lungs, 65624);
    let elastix = Path::new(&data).join("elastix_3dct_lung");
    let ct = read(elastix.join("3DCT_lung.mha")).unwrap();
    let mask = read_labels::<u8>(elastix.join("3DCT_lung_baseline_mask.mha")).unwrap();
    ct.require_same(mask.grid(), "the mask").unwrap();
}
