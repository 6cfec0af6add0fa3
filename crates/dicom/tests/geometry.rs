//! Where slices lie: from their positions alone, and refused where they are no stack.

mod common;

use std::fs;

use common::{
    apart, axial, change_all, codes, error, exported, file, files, load, oblique, put, rough,
};
use dicom_core::VR;
use dicom_dictionary_std::tags;
use hilum_core::{Grid, Hint, Hu};
use hilum_dicom::Error;
use tempfile::TempDir;

/// Moves each slice of an exported series by some mm along x, y and z.
fn moved(grid: &Grid, by: impl Fn(usize) -> [f64; 3]) -> TempDir {
    let folder = exported(&rough(grid));
    change_all(&folder, |n, object| {
        let [x, y, z] = by(n);
        let p = grid.centre([n, 0, 0]);
        let text = format!("{}\\{}\\{}", p.x + x, p.y + y, p.z + z);
        put(object, tags::IMAGE_POSITION_PATIENT, VR::DS, text);
    });
    folder
}

#[test]
fn names_and_numbers_of_files_do_not_matter() {
    let ct = rough(&oblique());
    let folder = exported(&ct);
    let shuffled = TempDir::new().unwrap();
    for (n, path) in files(&folder).iter().enumerate() {
        let name = format!("{}.bin", (n * 5 + 3) % 7);
        fs::copy(path, shuffled.path().join(name)).unwrap();
    }
    change_all(&shuffled, |n, object| {
        put(object, tags::INSTANCE_NUMBER, VR::IS, ((n * 3) % 7).to_string());
        put(object, tags::SLICE_LOCATION, VR::DS, n.to_string());
    });
    let loaded = load(&shuffled).unwrap();
    assert_eq!(loaded.ct.hu().as_slice(), ct.hu().as_slice());
    assert!(apart(loaded.ct.grid(), ct.grid()) < 1e-9);
}

#[test]
fn the_thickness_of_slices_says_nothing_of_their_distance() {
    let folder = exported(&rough(&axial()));
    change_all(&folder, |_, object| {
        put(object, tags::SLICE_THICKNESS, VR::DS, "10");
        put(object, tags::SPACING_BETWEEN_SLICES, VR::DS, "-3");
    });
    assert_eq!(load(&folder).unwrap().ct.grid().spacing(), [2.5, 0.9, 0.7]);
}

#[test]
fn pixel_spacing_is_rows_then_columns() {
    let folder = exported(&rough(&axial()));
    change_all(&folder, |_, object| {
        put(object, tags::PIXEL_SPACING, VR::DS, "0.5\\0.25");
    });
    let loaded = load(&folder).unwrap();
    let grid = loaded.ct.grid();
    let step = |voxel| grid.centre(voxel) - grid.centre([0, 0, 0]);
    assert_eq!(step([0, 1, 0]).y, 0.5);
    assert_eq!(step([0, 0, 1]).x, 0.25);
}

#[test]
fn rounded_positions_pass_without_a_word() {
    let folder = moved(&axial(), |n| [0.0, 0.0, if n % 2 == 0 { 0.004 } else { -0.004 }]);
    let loaded = load(&folder).unwrap();
    assert_eq!(codes(&loaded), Vec::<&str>::new());
    assert!((loaded.ct.grid().spacing()[0] - 2.5).abs() < 0.01);
}

#[test]
fn a_table_that_moves_unevenly_is_mentioned() {
    let folder = moved(&axial(), |n| [0.0, 0.0, if n == 3 { 0.2 } else { 0.0 }]);
    let loaded = load(&folder).unwrap();
    assert_eq!(codes(&loaded), ["slice_spacing"]);
    assert_eq!(
        loaded.quality[0].message,
        "slices are 2.300 to 2.700 mm apart; measured on a grid of 2.500 mm, off by at most 0.200 mm"
    );
}

#[test]
fn missing_slices_are_counted_and_placed() {
    let folder = exported(&rough(&axial()));
    fs::remove_file(file(&folder, 3)).unwrap();
    fs::remove_file(file(&folder, 3)).unwrap();
    let error = error(load(&folder));
    assert_eq!(
        error.to_string(),
        "2 of 7 slices are missing: the gap after slice 3 is 7.50 mm wide, wanted 2.50 mm"
    );
    assert!(error.hint().is_some());
}

#[test]
fn uneven_slices_are_refused() {
    let folder = moved(&axial(), |n| [0.0, 0.0, if n > 3 { 1.1 } else { 0.0 }]);
    let error = error(load(&folder));
    let Error::UnevenSlices { found: [least, most], after, .. } = error else {
        panic!("{error}");
    };
    assert!((least - 2.5).abs() < 1e-9 && (most - 3.6).abs() < 1e-9, "{least} {most}");
    assert_eq!(after, 4);
}

#[test]
fn slices_beside_the_stack_are_refused_and_slight_ones_mentioned() {
    let slight = moved(&axial(), |n| [if n == 2 { 0.3 } else { 0.0 }, 0.0, 0.0]);
    assert_eq!(codes(&load(&slight).unwrap()), ["slice_alignment"]);
    let far = moved(&axial(), |n| [if n == 2 { 4.0 } else { 0.0 }, 0.0, 0.0]);
    assert_eq!(
        error(load(&far)).to_string(),
        "slice 3 lies 4.00 mm beside the stack, wanted at most 0.35 mm"
    );
}

#[test]
fn geometry_is_known_without_the_pixels() {
    let folder = moved(&axial(), |n| [0.0, 0.0, if n == 3 { 0.2 } else { 0.0 }]);
    let scan = common::look(&folder).unwrap();
    let (grid, quality) = scan.series()[0].geometry().unwrap();
    let loaded = load(&folder).unwrap();
    assert_eq!(&grid, loaded.ct.grid());
    assert_eq!(quality, loaded.quality);
}

#[test]
fn copies_are_left_out() {
    let ct = rough(&oblique());
    let folder = exported(&ct);
    fs::copy(file(&folder, 2), folder.path().join("copy.dcm")).unwrap();
    fs::copy(file(&folder, 6), folder.path().join("0000.dcm")).unwrap();
    let loaded = load(&folder).unwrap();
    assert_eq!(loaded.ct.hu().as_slice(), ct.hu().as_slice());
    assert_eq!(codes(&loaded), ["duplicate_slices"]);
    assert!(loaded.quality[0].message.starts_with("2 slices"), "{}", loaded.quality[0].message);
    assert_eq!(loaded.identity.images.len(), 7);
}

#[test]
fn different_images_at_one_place_are_refused() {
    let folder = exported(&rough(&axial()));
    let copy = folder.path().join("copy.dcm");
    fs::copy(file(&folder, 2), &copy).unwrap();
    common::change(&copy, |object| {
        put(object, tags::SOP_INSTANCE_UID, VR::UI, "1.2.3");
        put(object, tags::RESCALE_INTERCEPT, VR::DS, "5");
    });
    assert_eq!(
        error(load(&folder)).to_string(),
        "1 place holds several different images, first file 3 of 8 (`0003.dcm`) and file 8 of 8 (`copy.dcm`), wanted one image at each place"
    );
}

#[test]
fn a_grid_of_other_orientation_keeps_its_handedness() {
    // Coronal: rows run to the left, columns to the feet, slices to the back.
    let axes = nalgebra::Matrix3::from_columns(&[
        nalgebra::Vector3::new(0.0, 3.0, 0.0),
        nalgebra::Vector3::new(0.0, 0.0, -0.9),
        nalgebra::Vector3::new(0.7, 0.0, 0.0),
    ]);
    let grid = Grid::new([3, 5, 7], nalgebra::Point3::new(1.0, 2.0, 3.0), axes).unwrap();
    let ct = rough(&grid);
    let loaded = load(exported(&ct)).unwrap();
    for voxel in [[0, 0, 0], [1, 3, 2], [2, 4, 6]] {
        let found = loaded.ct.grid().position(grid.centre(voxel)).map(|n| n.round() as usize);
        assert_eq!(loaded.ct.hu().at(found), ct.hu().at(voxel));
    }
    assert!(loaded.ct.grid().axes().determinant() < 0.0);
    assert_ne!(ct.hu().at([0, 0, 0]), Hu(0));
}
