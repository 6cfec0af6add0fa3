//! Small series to be read, and ways to change their files.

#![allow(dead_code, reason = "each test uses its part")]

pub(crate) mod clock;

use std::fs;
use std::path::{Path, PathBuf};

use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};
use dicom_object::{FileDicomObject, InMemDicomObject, open_file};
use hilum_core::{Ct, Grid, Hu, Volume};
use hilum_dicom::{Error, Export, Loaded, Scan, Series, choose, scan, write_series};
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};
use tempfile::TempDir;

pub(crate) type Object = FileDicomObject<InMemDicomObject>;

/// An odd, anisotropic grid, turned about all axes.
pub(crate) fn oblique() -> Grid {
    let turn = Rotation3::from_euler_angles(0.2, -0.1, 0.3);
    let axes = Matrix3::from_columns(&[
        turn * Vector3::new(0.0, 0.0, 2.5),
        turn * Vector3::new(0.0, 0.9, 0.0),
        turn * Vector3::new(0.7, 0.0, 0.0),
    ]);
    Grid::new([7, 11, 13], Point3::new(-101.25, 33.5, -812.75), axes).unwrap()
}

/// Axial, odd and anisotropic.
pub(crate) fn axial() -> Grid {
    Grid::axial([7, 11, 13], [2.5, 0.9, 0.7]).unwrap()
}

/// CT numbers without any symmetry, over the whole range of 16 bits.
pub(crate) fn rough(grid: &Grid) -> Ct {
    let value = |[k, j, i]: [usize; 3]| {
        let mixed = (k * 7919 + j * 104_729 + i * 1_299_709 + 17) % 65_536;
        Hu(mixed as u16 as i16)
    };
    Ct::new(Volume::from_fn(grid, value))
}

/// A folder that holds one series.
pub(crate) fn exported(ct: &Ct) -> TempDir {
    let folder = TempDir::new().unwrap();
    write_series(ct, &Export::default(), folder.path()).unwrap();
    folder
}

pub(crate) fn look(folder: impl AsRef<Path>) -> Result<Scan, Error> {
    scan(folder.as_ref(), &|_, _| {})
}

/// The only CT of a folder.
pub(crate) fn load(folder: impl AsRef<Path>) -> Result<Loaded, Error> {
    // The folder is held until its files are read.
    choose(&look(folder.as_ref())?, None)?.load(&|_, _| {})
}

/// The first series of a list.
pub(crate) fn choose_first(scan: &Scan) -> &Series {
    &scan.series()[0]
}

/// Files of a folder in order.
pub(crate) fn files(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

pub(crate) fn file(folder: impl AsRef<Path>, n: usize) -> PathBuf {
    files(folder).swap_remove(n)
}

/// Reads a file, changes it, and writes it back.
pub(crate) fn change(path: &Path, change: impl FnOnce(&mut Object)) {
    let mut object = open_file(path).unwrap();
    change(&mut object);
    object.write_to_file(path).unwrap();
}

/// Changes every file of a folder; the closure gets its place.
pub(crate) fn change_all(folder: impl AsRef<Path>, mut each: impl FnMut(usize, &mut Object)) {
    for (n, path) in files(folder).iter().enumerate() {
        change(path, |object| each(n, object));
    }
}

pub(crate) fn put(object: &mut Object, tag: Tag, vr: VR, value: impl Into<PrimitiveValue>) {
    object.put(DataElement::new(tag, vr, value.into()));
}

/// The error that something ends with.
pub(crate) fn error<T>(result: Result<T, Error>) -> Error {
    match result {
        Ok(_) => panic!("it went well"),
        Err(error) => error,
    }
}

/// Codes of the quality rows.
pub(crate) fn codes(loaded: &Loaded) -> Vec<&'static str> {
    loaded.quality.iter().map(|row| row.code).collect()
}

/// Largest distance between corresponding corners in mm.
pub(crate) fn apart(a: &Grid, b: &Grid) -> f64 {
    let pairs = a.corners().into_iter().zip(b.corners());
    pairs.map(|(a, b)| (a - b).norm()).fold(0.0, f64::max)
}
