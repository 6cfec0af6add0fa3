//! Slices that are missing or unevenly spaced: refused, made up on request, or taken in parts.

mod common;

use std::fs;
use std::path::Path;

use common::{
    apart, axial, change_all, choose_first, codes, error, exported, files, load, look, put, rough,
};
use dicom_core::VR;
use dicom_dictionary_std::tags;
use hilum_core::{Ct, Grid, Hint, Hu, Volume};
use hilum_dicom::{Error, LoadOptions, Loaded, Uneven};
use hilum_kernel::par::on_threads;
use nalgebra::{Matrix3, Point3, Vector3};
use tempfile::TempDir;

const INTERPOLATE: LoadOptions = LoadOptions { uneven: Uneven::Interpolate };

fn interpolated(folder: impl AsRef<Path>) -> Result<Loaded, Error> {
    let scan = look(folder.as_ref())?;
    choose_first(&scan).load_with(&INTERPOLATE, &|_, _| {})
}

/// Slices turned by 20° about x, with the table along z.
fn tilted(slices: usize, step: f64) -> Grid {
    let tilt = 20f64.to_radians();
    let axes = Matrix3::from_columns(&[
        Vector3::new(0.0, 0.0, step),
        Vector3::new(0.0, tilt.cos(), -tilt.sin()) * 0.9,
        Vector3::new(0.7, 0.0, 0.0),
    ]);
    Grid::new([slices, 11, 13], Point3::new(-12.5, 30.25, -812.75), axes).unwrap()
}

/// A CT that rises linearly in patient space: whatever interpolates along the right line finds it.
fn ramp(grid: &Grid) -> Ct {
    let value = |voxel| {
        let p = grid.centre(voxel);
        Hu((3.0 * p.x - 5.0 * p.y + 7.0 * (p.z + 800.0)).round() as i16)
    };
    Ct::new(Volume::from_fn(grid, value))
}

/// Exports a fine grid and keeps only some of its slices.
fn only(ct: &Ct, kept: &[usize]) -> TempDir {
    let folder = exported(ct);
    for (k, path) in files(&folder).iter().enumerate() {
        if !kept.contains(&k) {
            fs::remove_file(path).unwrap();
        }
    }
    folder
}

#[test]
fn only_missing_slices_are_made_up_and_measured_ones_keep_their_bits() {
    for grid in [axial(), tilted(7, 2.5)] {
        let ct = rough(&grid);
        let folder = only(&ct, &[0, 1, 4, 5, 6]);
        let refused = error(load(&folder));
        assert!(matches!(refused, Error::MissingSlices { missing: 2, .. }), "{refused}");
        assert!(refused.hint().unwrap().contains("--interpolate"));
        let loaded = interpolated(&folder).unwrap();
        assert!(apart(loaded.ct.grid(), &grid) < 1e-9);
        for k in [0, 1, 4, 5, 6] {
            let slice = |ct: &Ct| ct.hu().as_slice()[k * 143..(k + 1) * 143].to_vec();
            assert_eq!(slice(&loaded.ct), slice(&ct), "slice {k}");
        }
        assert_eq!(
            loaded.quality[0].message,
            "2 of 7 slices were not measured but made up between slices 2 and 3 of the series, 7.50 mm apart, on a grid of 2.50 mm"
                .replace("7.50", &format!("{:.2}", 3.0 * height(&grid)))
                .replace("2.50", &format!("{:.2}", height(&grid)))
        );
        assert_eq!(loaded.identity.images.len(), 5);
    }
}

/// Distance of slices along their normal in mm.
fn height(grid: &Grid) -> f64 {
    let [k, j, i] = [0, 1, 2].map(|n| grid.axes().column(n).into_owned());
    k.dot(&i.cross(&j).normalize()).abs()
}

#[test]
fn made_up_slices_lie_on_the_line_of_the_slices_whatever_the_tilt() {
    for grid in [Grid::axial([9, 11, 13], [1.0, 0.9, 0.7]).unwrap(), tilted(9, 1.0)] {
        let ct = ramp(&grid);
        let loaded = interpolated(only(&ct, &[0, 1, 2, 5, 6, 7, 8])).unwrap();
        let found = loaded.ct.hu().as_slice().iter();
        let worst = found.zip(ct.hu().as_slice()).map(|(a, b)| (a.0 - b.0).abs()).max();
        // Each of three numbers is rounded to a whole HU.
        assert!(worst <= Some(1), "{worst:?}");
    }
}

#[test]
fn uneven_slices_are_laid_on_a_grid_from_the_first_to_the_last() {
    // 4 mm apart, then 7: the steps of a fine grid of 0.5 mm that are kept.
    let fine = tilted(99, 0.5);
    let kept = [0, 8, 16, 24, 32, 40, 42, 56, 70, 84, 98];
    let ct = ramp(&fine);
    let folder = only(&ct, &kept);
    let refused = error(load(&folder));
    assert!(matches!(refused, Error::UnevenSlices { .. }), "{refused}");
    let loaded = interpolated(&folder).unwrap();
    let grid = loaded.ct.grid();
    assert_eq!(codes(&loaded), ["interpolated_slices", "gantry_tilt"]);
    let [first, last] = [grid.centre([0, 0, 0]), grid.centre([grid.shape()[0] - 1, 0, 0])];
    assert!((first - fine.centre([0, 0, 0])).norm() < 1e-9);
    assert!((last - fine.centre([98, 0, 0])).norm() < 1e-9);
    for k in 0..grid.shape()[0] {
        for [j, i] in [[0, 0], [5, 6], [10, 12]] {
            let p = grid.centre([k, j, i]);
            let truth = 3.0 * p.x - 5.0 * p.y + 7.0 * (p.z + 800.0);
            let found = f64::from(loaded.ct.hu().at([k, j, i]));
            assert!((found - truth).abs() <= 1.0 + 7.0 * 0.05, "{k} {j} {i}: {found}, {truth}");
        }
    }
}

#[test]
fn the_step_is_that_of_nine_in_ten_gaps_and_one_stray_slice_does_not_refine_it() {
    let fine = Grid::axial([241, 3, 5], [0.5, 0.9, 0.7]).unwrap();
    let ct = ramp(&fine);
    // Every 2 mm, and one slice between.
    let mut kept: Vec<usize> = (0..=60).map(|n| 4 * n).collect();
    kept.push(121);
    let loaded = interpolated(only(&ct, &kept)).unwrap();
    assert_eq!(loaded.ct.grid().shape()[0], 61);
    assert_eq!(
        loaded.quality[0].message,
        "1 of 62 measured slices lies between the planes of a grid of 2.00 mm and was left out"
    );
}

#[test]
fn a_stack_grows_to_eight_times_its_slices_at_most() {
    let fine = Grid::axial([241, 3, 5], [0.1, 0.9, 0.7]).unwrap();
    let loaded = interpolated(only(&ramp(&fine), &[0, 1, 100, 240])).unwrap();
    assert_eq!(loaded.ct.grid().shape()[0], 32);
    assert!((loaded.ct.grid().point([31.0, 0.0, 0.0]).z - 24.0).abs() < 1e-9);
}

#[test]
fn nothing_is_made_up_across_a_wide_gap() {
    let grid = Grid::axial([23, 3, 5], [2.5, 0.9, 0.7]).unwrap();
    let folder = only(&ramp(&grid), &[0, 1, 2, 3, 17, 18, 19, 20, 21, 22]);
    let error = error(interpolated(&folder));
    assert_eq!(
        error.to_string(),
        "the gap after slice 4 is 35.00 mm wide, wanted at most 30.00 mm to make up slices in it"
    );
    assert!(error.hint().unwrap().contains("even part"));
}

#[test]
fn what_was_not_measured_in_a_slice_was_not_measured_beside_it() {
    let grid = Grid::axial([5, 3, 5], [1.0, 0.9, 0.7]).unwrap();
    let value = |[k, _, i]: [usize; 3]| match (k, i) {
        (_, 0) | (3, 1) => Hu(-2000),
        _ => Hu(-800 - k as i16),
    };
    let ct = Ct::new(Volume::from_fn(&grid, value)).with_padding(Some(-2000..=-2000));
    let loaded = interpolated(only(&ct, &[0, 1, 3, 4])).unwrap();
    let made: Vec<i16> = (0..5).map(|i| loaded.ct.hu().at([2, 1, i]).0).collect();
    assert_eq!(made, [-2000, -2000, -802, -802, -802]);
    assert!(!loaded.ct.is_measured(Hu(made[1])));
}

#[test]
fn halves_are_rounded_to_even_numbers_and_fractions_stay() {
    let grid = Grid::axial([5, 1, 2], [1.0, 0.9, 0.7]).unwrap();
    let ct = Ct::new(Volume::from_fn(&grid, |[k, _, i]| Hu([0, 10 + i as i16, 0, 11, 20][k])));
    let folder = only(&ct, &[0, 1, 3, 4]);
    let whole = interpolated(&folder).unwrap().ct;
    assert_eq!([whole.hu().at([2, 0, 0]), whole.hu().at([2, 0, 1])], [Hu(10), Hu(11)]);
    change_all(&folder, |_, object| put(object, tags::RESCALE_SLOPE, VR::DS, "0.5"));
    let halves = interpolated(&folder).unwrap().ct;
    let exact = halves.exact().unwrap();
    assert_eq!([exact.at([2, 0, 0]), exact.at([2, 0, 1])], [5.25, 5.5]);
}

#[test]
fn a_regular_series_is_the_same_with_and_without() {
    let folder = exported(&rough(&axial()));
    let [plain, asked] = [load(&folder).unwrap(), interpolated(&folder).unwrap()];
    assert_eq!(plain.ct, asked.ct);
    assert_eq!(codes(&asked), Vec::<&str>::new());
}

#[test]
fn geometry_is_known_without_the_pixels() {
    let folder = only(&rough(&tilted(9, 2.0)), &[0, 1, 4, 5, 6, 7, 8]);
    let scan = look(&folder).unwrap();
    let (grid, quality) = choose_first(&scan).geometry_with(&INTERPOLATE).unwrap();
    let loaded = interpolated(&folder).unwrap();
    assert_eq!(&grid, loaded.ct.grid());
    assert_eq!(quality, loaded.quality);
}

#[test]
fn the_same_bits_on_any_number_of_threads() {
    let folder = only(&rough(&tilted(15, 1.0)), &[0, 1, 2, 4, 6, 9, 12, 14]);
    let expected = on_threads(1, || interpolated(&folder)).unwrap().ct;
    for threads in [2, 3, 7, 16] {
        assert_eq!(
            on_threads(threads, || interpolated(&folder)).unwrap().ct,
            expected,
            "{threads}"
        );
    }
}

#[test]
fn a_stack_that_changes_its_step_is_listed_with_its_even_parts() {
    let fine = tilted(99, 0.5);
    let ct = rough(&fine);
    let folder = only(&ct, &[0, 8, 16, 24, 32, 40, 42, 56, 70, 84, 98]);
    let scan = look(&folder).unwrap();
    let parts: Vec<(bool, Option<&str>)> =
        scan.series().iter().map(|s| (s.is_even_part(), s.summary().part.as_deref())).collect();
    assert_eq!(
        parts,
        [(false, None), (true, Some("slices 1 to 6 of 11")), (true, Some("slices 7 to 11 of 11")),]
    );
    let shapes = scan.series()[1..].iter().map(|part| {
        let loaded = part.load(&|_, _| {}).unwrap();
        assert_eq!(codes(&loaded), ["gantry_tilt"]);
        loaded.ct.grid().shape()[0]
    });
    assert_eq!(shapes.collect::<Vec<_>>(), [6, 5]);
    // Neither its UID nor the lack of a name stands for a part.
    let uid = &scan.series()[0].summary().series_uid;
    for named in [None, Some(uid.as_str())] {
        let chosen = hilum_dicom::choose(&scan, named).unwrap();
        assert_eq!(chosen.summary().slices, 11);
    }
    assert_eq!(hilum_dicom::choose(&scan, Some("3")).unwrap().summary().slices, 5);
}

#[test]
fn slabs_far_from_each_other_are_parts_that_load() {
    let grid = Grid::axial([60, 5, 7], [2.5, 0.9, 0.7]).unwrap();
    let kept: Vec<usize> = (0..11).chain(43..60).collect();
    let folder = only(&rough(&grid), &kept);
    let refused = error(load(&folder));
    assert!(matches!(refused, Error::MissingSlices { missing: 32, .. }), "{refused}");
    let scan = look(&folder).unwrap();
    let shapes = scan.series()[1..].iter().map(|part| part.geometry().unwrap().0.shape()[0]);
    let mut shapes: Vec<usize> = shapes.collect();
    shapes.sort_unstable();
    assert_eq!(shapes, [11, 17]);
}

#[test]
fn slices_without_any_order_have_no_parts() {
    let fine = Grid::axial([241, 3, 5], [0.1, 0.9, 0.7]).unwrap();
    let folder = only(&rough(&fine), &[0, 11, 30, 34, 61, 100, 111, 140, 190, 240]);
    assert_eq!(look(&folder).unwrap().series().len(), 1);
}
