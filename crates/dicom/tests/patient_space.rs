//! Volumes and places in the patient, whatever the lattice of the slices.

mod common;

use std::path::Path;

use common::{choose_first, exported, files, load, look};
use hilum_core::{Ct, Grid, Hu, Volume};
use hilum_dicom::{LoadOptions, Uneven};
use hilum_kernel::par;
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};

const INTERPOLATE: LoadOptions = LoadOptions { uneven: Uneven::Interpolate };

/// A grid around a point whose steps are the columns of a matrix times `spacing`, large enough
/// for a ball of the radius.
fn around(centre: Point3<f64>, directions: Matrix3<f64>, spacing: [f64; 3], radius: f64) -> Grid {
    let axes = directions * Matrix3::from_diagonal(&Vector3::from(spacing));
    // The ball reaches as far along an axis as the two others' plane is near.
    let inverse = axes.try_inverse().unwrap();
    let half = [0, 1, 2].map(|n| (radius * inverse.row(n).norm()).ceil() + 1.0);
    let shape = half.map(|h| 2 * h as usize + 1);
    // Off the lattice, so that the ball is not symmetric in it.
    let middle = Vector3::new(half[0] + 0.21, half[1] - 0.34, half[2] + 0.13);
    Grid::new(shape, centre - axes * middle, axes).unwrap()
}

/// 0 HU inside of a ball and -1000 HU outside.
fn ball(grid: &Grid, centre: Point3<f64>, radius: f64) -> Ct {
    let voxels = par::map_voxels(grid, |voxel| {
        let inside = (grid.centre(voxel) - centre).norm() < radius;
        Hu(if inside { 0 } else { -1000 })
    });
    Ct::new(voxels)
}

/// Volume in mm³ and centre of what is not air, by the grid of the image.
fn found(ct: &Ct) -> (f64, Point3<f64>) {
    let grid = ct.grid();
    let [_, rows, columns] = grid.shape();
    let (mut sum, mut moment) = (0.0, Vector3::zeros());
    for (n, hu) in ct.hu().as_slice().iter().enumerate() {
        let share = (f64::from(*hu) + 1000.0) / 1000.0;
        if share > 0.0 {
            let voxel = [n / (rows * columns), n / columns % rows, n % columns];
            sum += share;
            moment += share * grid.centre(voxel).coords;
        }
    }
    (sum * grid.voxel_volume(), Point3::from(moment / sum))
}

/// Directions of k, j and i for slices turned from axial, `k` along their normal.
fn upright(turn: Rotation3<f64>) -> Matrix3<f64> {
    Matrix3::from_columns(&[turn * Vector3::z(), turn * Vector3::y(), turn * Vector3::x()])
}

/// Slices tilted about the x axis under a table along z.
fn tilted(degrees: f64) -> Matrix3<f64> {
    let turn = Rotation3::from_axis_angle(&Vector3::x_axis(), degrees.to_radians());
    Matrix3::from_columns(&[Vector3::z(), turn * Vector3::y(), Vector3::x()])
}

/// Name, centre of the ball, directions of k, j and i, spacing along these, radius.
type Lattice = (&'static str, Point3<f64>, Matrix3<f64>, [f64; 3], f64);

fn lattices() -> Vec<Lattice> {
    let near = Point3::new(-12.5, 33.25, -187.0);
    let far = Point3::new(1e5, -1e5, 98_765.432);
    let oblique = Rotation3::from_euler_angles(0.5, -0.4, 0.9);
    let sheared = oblique * tilted(20.0);
    let columns = Matrix3::from_columns;
    let coronal = columns(&[-Vector3::y(), -Vector3::z(), Vector3::x()]);
    let sagittal = columns(&[Vector3::x(), -Vector3::z(), Vector3::y()]);
    let down = columns(&[-Vector3::z(), Vector3::y(), Vector3::x()]);
    vec![
        ("tilted by 20°", near, tilted(20.0), [1.5, 0.8, 0.8], 30.0),
        ("tilted by -20°", near, tilted(-20.0), [2.5, 0.8, 0.8], 30.0),
        ("tilted by 20°, oblique pixels", near, sheared, [1.5, 0.9, 0.6], 30.0),
        ("oblique", near, upright(oblique), [1.5, 0.8, 0.8], 30.0),
        ("coronal", near, coronal, [1.5, 0.8, 0.8], 30.0),
        ("sagittal", near, sagittal, [1.5, 0.8, 0.8], 30.0),
        ("pixels that are not square", near, tilted(20.0), [1.5, 1.3, 0.5], 30.0),
        ("against the normal", near, down, [1.5, 0.8, 0.8], 30.0),
        ("far away", far, tilted(20.0), [1.5, 0.8, 0.8], 30.0),
        ("tiny pixels", near, tilted(20.0), [0.04, 0.02, 0.02], 0.8),
        ("tiny and far away", far, tilted(20.0), [0.04, 0.02, 0.02], 0.8),
    ]
}

#[test]
fn a_ball_in_the_patient_has_its_volume_and_place_on_every_lattice() {
    for (name, centre, directions, spacing, radius) in lattices() {
        let ct = ball(&around(centre, directions, spacing, radius), centre, radius);
        let loaded = load(exported(&ct)).unwrap();
        let (volume, middle) = found(&loaded.ct);
        let truth = 4.0 / 3.0 * std::f64::consts::PI * radius.powi(3);
        let off = 100.0 * (volume / truth - 1.0);
        let apart = (middle - centre).norm();
        println!("{name}: volume off by {off:+.3} %, place by {apart:.4} mm");
        assert!(off.abs() < 0.5, "{name}: {off} %");
        assert!(apart < 0.05 * spacing[1], "{name}: {apart} mm");
    }
}

#[test]
fn a_ball_keeps_its_volume_where_slices_are_made_up() {
    let (centre, radius) = (Point3::new(-12.5, 33.25, -187.0), 30.0);
    let ct = ball(&around(centre, tilted(20.0), [0.5, 0.8, 0.8], radius), centre, radius);
    for pattern in [&[1usize, 1, 2][..], &[2, 3, 4, 3], &[1, 5, 2]] {
        let folder = exported(&ct);
        let mut kept = vec![0];
        for gap in pattern.iter().cycle() {
            kept.push(kept[kept.len() - 1] + gap);
            if kept[kept.len() - 1] >= ct.grid().shape()[0] {
                break;
            }
        }
        for (k, path) in files(&folder).iter().enumerate() {
            if !kept.contains(&k) {
                std::fs::remove_file(path).unwrap();
            }
        }
        let scan = look(&folder).unwrap();
        let loaded = choose_first(&scan).load_with(&INTERPOLATE, &|_, _| {}).unwrap();
        let (volume, middle) = found(&loaded.ct);
        let truth = 4.0 / 3.0 * std::f64::consts::PI * radius.powi(3);
        let off = 100.0 * (volume / truth - 1.0);
        println!("gaps {pattern:?}: volume off by {off:+.3} %");
        assert!(off.abs() < 0.5, "{pattern:?}: {off} %");
        assert!((middle - centre).norm() < 0.1, "{pattern:?}: {middle}");
    }
}

/// Corners of a grid in the order of `testdata/oracles/corners.py`: columns innermost.
fn corners(grid: &Grid) -> Vec<Point3<f64>> {
    let last = grid.shape().map(|n| n as f64 - 1.0);
    let mut corners = Vec::new();
    for k in [0.0, last[0]] {
        for j in [0.0, last[1]] {
            for i in [0.0, last[2]] {
                corners.push(grid.point([k, j, i]));
            }
        }
    }
    corners
}

#[test]
fn corners_of_a_tilted_and_uneven_head_are_those_of_its_tags() {
    let Some(data) = std::env::var_os("HILUM_DATA") else {
        println!("skipped: HILUM_DATA names no folder of public data");
        return;
    };
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/dicom/corners.txt");
    let table = std::fs::read_to_string(table).unwrap();
    let scan = look(Path::new(&data).join("ge_head_gantry_tilt_variable_spacing")).unwrap();
    assert_eq!(scan.series().len(), 3);
    for (series, line) in scan.series().iter().zip(table.lines()) {
        let numbers: Vec<f64> = line.split(' ').map(|word| word.parse().unwrap()).collect();
        assert_eq!(series.summary().slices, numbers[0] as usize);
        let (grid, _) = series.geometry_with(&INTERPOLATE).unwrap();
        let expected = numbers[1..].chunks(3).map(Point3::from_slice);
        let apart = corners(&grid).into_iter().zip(expected).map(|(a, b)| (a - b).norm());
        let apart = apart.fold(0.0, f64::max);
        println!("{}: corners {apart:.2e} mm apart", series.label());
        assert!(apart < 0.01, "{}: {apart} mm", series.label());
    }
}

#[test]
fn a_head_that_changes_its_step_is_measured_whole_on_request() {
    let Some(data) = std::env::var_os("HILUM_DATA") else {
        println!("skipped: HILUM_DATA names no folder of public data");
        return;
    };
    let scan = look(Path::new(&data).join("ge_head_gantry_tilt_variable_spacing")).unwrap();
    let load = |n: usize| scan.series()[n].load_with(&INTERPOLATE, &|_, _| {}).unwrap();
    let [whole, first, second] = [load(0), load(1), load(2)];
    assert_eq!(whole.ct.grid().shape(), [37, 512, 512]);
    assert!(whole.quality[0].message.starts_with("20 of 37 slices were not measured"));
    // The first part lies on planes of the whole; the last slice is the last.
    let slices = |ct: &Volume<Hu>, of: std::ops::Range<usize>| {
        ct.as_slice()[of.start << 18..of.end << 18].to_vec()
    };
    assert!(slices(whole.ct.hu(), 0..14) == slices(first.ct.hu(), 0..14));
    assert!(slices(whole.ct.hu(), 36..37) == slices(second.ct.hu(), 13..14));
}
