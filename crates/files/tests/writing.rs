//! What is written comes back, and is the same on any number of threads.

use std::fmt::Write as _;
use std::fs;

use hilum_core::{Ct, Grid, Hu, Volume};
use hilum_files::{read, read_float, read_labels, write_ct, write_float, write_labels};
use hilum_kernel::par::on_threads;
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};

const NAMES: [&str; 6] = ["a.nii", "a.nii.gz", "a.mha", "a.mhd", "a.nrrd", "a.nhdr"];

fn oblique() -> Grid {
    let turn = Rotation3::from_euler_angles(0.3, -0.2, 0.5).into_inner();
    let axes = turn * Matrix3::from_diagonal(&Vector3::new(2.5, 0.9, 0.7));
    Grid::new([7, 5, 3], Point3::new(-101.25, 33.5, -812.75), axes).unwrap()
}

fn tilted() -> Grid {
    let axes = Matrix3::new(0.0, 0.0, 0.7, 0.8, 0.9, 0.0, 2.5, 0.0, 0.0);
    Grid::new([3, 5, 7], Point3::new(10.0, -20.0, 30.0), axes).unwrap()
}

fn ct(grid: &Grid) -> Ct {
    let mut n = 0i64;
    Ct::new(Volume::from_fn(grid, |_| {
        n += 1;
        Hu((n * 7919 % 5000) as i16 - 2048)
    }))
}

#[test]
fn a_ct_comes_back_from_every_format() {
    let folder = tempfile::tempdir().unwrap();
    for grid in [oblique(), tilted()] {
        let ct = ct(&grid);
        for name in NAMES {
            let path = folder.path().join(name);
            write_ct(&path, &ct).unwrap();
            let back = read(&path).unwrap();
            assert_eq!(back.hu().as_slice(), ct.hu().as_slice(), "{name}");
            assert!(back.exact().is_none(), "{name}");
            ct.require_same(back.grid(), "the copy").unwrap();
        }
    }
}

#[test]
fn text_headers_keep_the_geometry_to_the_last_bits() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.mha", "a.nrrd"] {
        let path = folder.path().join(name);
        write_ct(&path, &ct(&oblique())).unwrap();
        let back = read(&path).unwrap();
        let worst = oblique()
            .corners()
            .iter()
            .zip(back.grid().corners())
            .map(|(a, b)| (a - b).norm())
            .fold(0.0, f64::max);
        assert!(worst < 1e-12, "{name}: {worst} mm");
    }
}

#[test]
fn fractions_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut n = 0.0;
    let exact = Volume::from_fn(&oblique(), |_| {
        n += 0.37_f32;
        n - 1000.0
    });
    let ct = Ct::from_exact(exact.clone());
    for name in NAMES {
        let path = folder.path().join(name);
        write_ct(&path, &ct).unwrap();
        assert_eq!(read(&path).unwrap().exact().unwrap().as_slice(), exact.as_slice(), "{name}");
        write_float(&path, &exact).unwrap();
        assert_eq!(read_float(&path).unwrap().as_slice(), exact.as_slice(), "{name}");
    }
}

#[test]
fn labels_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut n = 0u8;
    let labels = Volume::from_fn(&oblique(), |_| {
        n = n.wrapping_add(97);
        n
    });
    for name in NAMES {
        let path = folder.path().join(name);
        write_labels(&path, &labels).unwrap();
        assert_eq!(read_labels::<u8>(&path).unwrap().as_slice(), labels.as_slice(), "{name}");
        let wide = read_labels::<u16>(&path).unwrap();
        assert!(wide.as_slice().iter().zip(labels.as_slice()).all(|(w, l)| *w == u16::from(*l)));
    }
}

#[test]
fn files_of_several_chunks_are_the_same_bytes_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let grid = Grid::axial([41, 131, 257], [2.0, 0.7, 0.7]).unwrap();
    let ct = ct(&grid);
    for name in ["a.nii.gz", "a.mha", "a.nrrd"] {
        let path = folder.path().join(name);
        let bytes = |threads| {
            on_threads(threads, || write_ct(&path, &ct).unwrap());
            fs::read(&path).unwrap()
        };
        let expected = bytes(1);
        for threads in [2, 3, 7, 16] {
            assert!(bytes(threads) == expected, "{name} on {threads} threads");
        }
        assert_eq!(read(&path).unwrap().hu().as_slice(), ct.hu().as_slice(), "{name}");
    }
}

/// Writes the files that `.ci/interop/files.py` looks at with other software.
#[test]
fn files_for_other_readers() {
    let Ok(folder) = std::env::var("HILUM_INTEROP_OUT") else {
        println!("skipped: HILUM_INTEROP_OUT is not set");
        return;
    };
    let folder = std::path::Path::new(&folder);
    let large = Grid::axial([41, 131, 257], [2.0, 0.7, 0.7]).unwrap();
    let mut lines = String::new();
    for (kind, grid) in [("oblique", oblique()), ("tilted", tilted()), ("large", large)] {
        let ct = ct(&grid);
        for ending in ["nii", "nii.gz", "mha", "mhd", "nrrd", "nhdr"] {
            let name = format!("{kind}.{ending}");
            write_ct(folder.join(&name), &ct).unwrap();
            let [k, j, i] = grid.shape();
            for voxel in [[0, 0, 0], [0, 0, i - 1], [0, j - 1, 0], [k - 1, 0, 0], [k / 2, 1, 2]] {
                let p = grid.centre(voxel);
                let hu = ct.hu().at(voxel).0;
                let [k, j, i] = voxel;
                writeln!(lines, "{name} {i} {j} {k} {} {} {} {hu}", p.x, p.y, p.z).unwrap();
            }
        }
    }
    fs::write(folder.join("expected.txt"), lines).unwrap();
}
