//! Several stacks in one series, and what is no stack.

mod common;

use std::fs;
use std::path::Path;
use std::time::Duration;

use common::clock::Clock;
use common::{
    Object, apart, axial, change, change_all, codes, error, exported, files, load, look, oblique,
    put, rough,
};
use dicom_core::VR;
use dicom_core::value::{C, DataSetSequence, PrimitiveValue, Value};
use dicom_core::{DataElement, Tag};
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;
use hilum_core::{Ct, Grid, Hu};
use hilum_dicom::{Error, Scan};
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};
use tempfile::TempDir;

/// Adds a CT to the series of a folder, its files changed.
fn join(folder: &TempDir, ct: &Ct, word: &str, each: impl Fn(&mut Object)) {
    let other = exported(ct);
    let first = dicom_object::open_file(&files(folder)[0]).unwrap();
    let uid = |tag| first.element(tag).unwrap().to_str().unwrap().into_owned();
    for path in files(&other) {
        let target = folder.path().join(format!("{word}{}", path.file_name().unwrap().display()));
        fs::copy(&path, &target).unwrap();
        change(&target, |object| {
            let own = object.element(tags::SOP_INSTANCE_UID).unwrap().to_str().unwrap() + ".1";
            put(object, tags::SOP_INSTANCE_UID, VR::UI, own.into_owned());
            put(object, tags::SERIES_INSTANCE_UID, VR::UI, uid(tags::SERIES_INSTANCE_UID));
            put(object, tags::FRAME_OF_REFERENCE_UID, VR::UI, uid(tags::FRAME_OF_REFERENCE_UID));
            put(object, tags::STUDY_INSTANCE_UID, VR::UI, uid(tags::STUDY_INSTANCE_UID));
            each(object);
        });
    }
}

fn volumes(scan: &Scan) -> usize {
    scan.series().iter().filter(|series| series.load(&|_, _| {}).is_ok()).count()
}

fn shifted(grid: &Grid, mm: f64) -> Grid {
    let [step, _, _] = grid.spacing();
    grid.window([mm / step, 0.0, 0.0], grid.shape())
}

#[test]
fn stacks_of_other_orientations_are_told_apart() {
    let folder = exported(&rough(&axial()));
    join(&folder, &rough(&oblique()), "b", |_| {});
    let scan = look(&folder).unwrap();
    assert_eq!(scan.series().len(), 2);
    assert_eq!(volumes(&scan), 2);
}

#[test]
fn kernels_that_lie_between_each_other_are_told_apart() {
    // Together they would be one even stack of half the step.
    let folder = exported(&rough(&axial()));
    change_all(&folder, |_, object| put(object, tags::CONVOLUTION_KERNEL, VR::SH, "B31f"));
    join(&folder, &rough(&shifted(&axial(), 1.25)), "b", |object| {
        put(object, tags::CONVOLUTION_KERNEL, VR::SH, "B70f");
    });
    let scan = look(&folder).unwrap();
    let mut kernels: Vec<Option<&str>> =
        scan.series().iter().map(|s| s.summary().acquisition.kernel.as_deref()).collect();
    kernels.sort_unstable();
    assert_eq!(kernels, [Some("B31f"), Some("B70f")]);
    assert_eq!(volumes(&scan), 2);
}

#[test]
fn kernels_at_the_same_places_are_told_apart() {
    let folder = exported(&rough(&axial()));
    change_all(&folder, |_, object| put(object, tags::CONVOLUTION_KERNEL, VR::SH, "STANDARD"));
    join(&folder, &rough(&axial()), "b", |object| {
        put(object, tags::CONVOLUTION_KERNEL, VR::SH, "LUNG");
    });
    assert_eq!(volumes(&look(&folder).unwrap()), 2);
}

#[test]
fn image_types_at_the_same_places_are_told_apart() {
    let folder = exported(&rough(&axial()));
    join(&folder, &rough(&axial()), "b", |object| {
        put(object, tags::IMAGE_TYPE, VR::CS, "DERIVED\\SECONDARY\\AXIAL\\AVERAGE");
    });
    assert_eq!(volumes(&look(&folder).unwrap()), 2);
}

#[test]
fn reconstructions_of_two_thicknesses_are_told_apart_though_no_place_is_shared() {
    let thin = Grid::axial([19, 5, 7], [1.0, 0.9, 0.7]).unwrap();
    let thick = Grid::axial([4, 5, 7], [5.0, 0.9, 0.7]).unwrap();
    let folder = exported(&rough(&thin));
    join(&folder, &rough(&shifted(&thick, 0.4)), "b", |_| {});
    let scan = look(&folder).unwrap();
    let mut parts: Vec<Option<&str>> =
        scan.series().iter().map(|s| s.summary().part.as_deref()).collect();
    parts.sort_unstable();
    assert_eq!(parts, [Some("thickness 1"), Some("thickness 5")]);
    assert_eq!(volumes(&scan), 2);
}

#[test]
fn overlapping_slices_are_a_stack_like_any_other() {
    let folder = exported(&rough(&axial()));
    change_all(&folder, |_, object| put(object, tags::SLICE_THICKNESS, VR::DS, "6"));
    let loaded = load(&folder).unwrap();
    assert_eq!(codes(&loaded), Vec::<&str>::new());
    assert_eq!(loaded.ct.grid().spacing()[0], 2.5);
    assert_eq!(loaded.acquisition.slice_thickness_mm, Some(6.0));
}

#[test]
fn images_at_one_place_are_a_run_in_time() {
    let folder = exported(&rough(&axial()));
    change_all(&folder, |n, object| {
        put(object, tags::IMAGE_POSITION_PATIENT, VR::DS, "1\\2\\3");
        put(object, tags::ACQUISITION_NUMBER, VR::IS, n.to_string());
    });
    let scan = look(&folder).unwrap();
    assert_eq!(scan.series().len(), 1);
    assert_eq!(
        scan.series()[0].why_not_ct(),
        ["7 images at one place (a run in time?), wanted a stack"]
    );
}

#[test]
fn a_slice_location_is_no_place() {
    let folder = exported(&rough(&axial()));
    change_all(&folder, |n, object| {
        object.remove_element(tags::IMAGE_POSITION_PATIENT);
        put(object, tags::SLICE_LOCATION, VR::DS, (n * 2).to_string());
    });
    assert!(matches!(error(load(&folder)), Error::NoCt { .. }));
    assert_eq!(
        look(&folder).unwrap().series()[0].why_not_ct(),
        ["no position in the patient, and a slice location does not stand for it"]
    );
}

#[test]
fn directions_that_cannot_be_are_no_place() {
    let folder = exported(&rough(&axial()));
    change_all(&folder, |_, object| {
        put(object, tags::IMAGE_ORIENTATION_PATIENT, VR::DS, "1\\0\\0\\1\\0\\0");
    });
    assert_eq!(
        look(&folder).unwrap().series()[0].why_not_ct(),
        ["position, orientation or pixel spacing in the patient that cannot be"]
    );
}

#[test]
fn a_drift_along_a_line_is_a_tilt_and_one_off_it_is_refused() {
    let moved = |by: &dyn Fn(usize) -> f64| {
        let folder = exported(&rough(&axial()));
        change_all(&folder, |n, object| {
            let text = format!("{}\\0\\{}", by(n), 2.5 * n as f64);
            put(object, tags::IMAGE_POSITION_PATIENT, VR::DS, text);
        });
        folder
    };
    let straight = load(moved(&|n| 0.3 * n as f64)).unwrap();
    assert_eq!(codes(&straight), ["gantry_tilt"]);
    let volume = 2.5 * 0.9 * 0.7;
    assert!((straight.ct.grid().voxel_volume() - volume).abs() < 1e-9);
    let bent = error(load(moved(&|n| 0.1 * (n * n) as f64)));
    assert!(matches!(bent, Error::CrookedStack { .. }), "{bent}");
}

/// A grid of slices in the given direction, rows and columns of other spacing.
fn turned(turn: Rotation3<f64>, origin: Point3<f64>, step: f64) -> Grid {
    let axes = Matrix3::from_columns(&[
        turn * Vector3::new(0.0, 0.0, step),
        turn * Vector3::new(0.0, 0.9 * step, 0.0),
        turn * Vector3::new(0.3 * step, 0.0, 0.0),
    ]);
    Grid::new([7, 11, 13], origin, axes).unwrap()
}

#[test]
fn huge_coordinates_and_tiny_pixels_keep_every_corner() {
    let turn = Rotation3::from_euler_angles(0.4, -0.3, 0.9);
    let far = Point3::new(-98_765.432_1, 1e5, 87_654.321);
    for (origin, step, allowed) in
        [(far, 2.5, 1e-6), (Point3::new(1.0, 2.0, 3.0), 0.02, 1e-9), (far, 0.02, 1e-6)]
    {
        let grid = turned(turn, origin, step);
        let ct = rough(&grid);
        let loaded = load(exported(&ct)).unwrap();
        assert!(apart(loaded.ct.grid(), &grid) < allowed, "{}", apart(loaded.ct.grid(), &grid));
        assert_eq!(loaded.ct.hu().as_slice(), ct.hu().as_slice());
    }
}

#[test]
fn tiny_steps_are_checked_as_strictly_as_others() {
    let grid = turned(Rotation3::identity(), Point3::origin(), 0.02);
    let folder = exported(&rough(&grid));
    change_all(&folder, |n, object| {
        let off = if n == 3 { 0.008 } else { 0.0 };
        put(
            object,
            tags::IMAGE_POSITION_PATIENT,
            VR::DS,
            format!("0\\0\\{}", 0.02 * n as f64 + off),
        );
    });
    let error = error(load(&folder));
    assert!(matches!(error, Error::UnevenSlices { .. }), "{error}");
}

fn item(groups: &[(Tag, Tag, VR, String)]) -> InMemDicomObject {
    let mut object = InMemDicomObject::new_empty();
    for (sequence, tag, vr, value) in groups {
        let mut item = InMemDicomObject::new_empty();
        item.put(DataElement::new(*tag, *vr, PrimitiveValue::from(value.as_str())));
        let value = Value::from(DataSetSequence::from(vec![item]));
        object.put(DataElement::new(*sequence, VR::SQ, value));
    }
    object
}

/// One file of many frames of one pixel, each with its own attributes.
fn frames(path: &Path, frames: Vec<InMemDicomObject>) {
    change(path, |object| {
        let count = frames.len();
        let class = uids::ENHANCED_CT_IMAGE_STORAGE;
        object.meta_mut().media_storage_sop_class_uid = class.into();
        put(object, tags::SOP_CLASS_UID, VR::UI, class);
        put(object, tags::ROWS, VR::US, 1u16);
        put(object, tags::COLUMNS, VR::US, 1u16);
        put(object, tags::NUMBER_OF_FRAMES, VR::IS, count.to_string());
        let pixels: C<u16> = (0..count).map(|n| n as u16).collect();
        put(object, tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(pixels));
        let value = Value::from(DataSetSequence::from(frames));
        let sequence = tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE;
        object.put(DataElement::new(sequence, VR::SQ, value));
    });
}

#[test]
fn five_thousand_orientations_are_sorted_in_a_second() {
    let folder = exported(&rough(&Grid::axial([1, 1, 1], [1.0; 3]).unwrap()));
    let mut groups = Vec::new();
    for n in 0..5000 {
        // Golden angles spread directions, and no two are near each other.
        let turn =
            Rotation3::from_euler_angles(2.399_963 * f64::from(n), 0.000_3 * f64::from(n), 0.3);
        let [row, column] = [turn * Vector3::x(), turn * Vector3::y()];
        for height in [0.0, 2.5] {
            let p = turn * Vector3::new(0.0, 0.0, height);
            groups.push(item(&[
                (
                    tags::PLANE_ORIENTATION_SEQUENCE,
                    tags::IMAGE_ORIENTATION_PATIENT,
                    VR::DS,
                    format!(
                        "{:.9}\\{:.9}\\{:.9}\\{:.9}\\{:.9}\\{:.9}",
                        row.x, row.y, row.z, column.x, column.y, column.z
                    ),
                ),
                (
                    tags::PLANE_POSITION_SEQUENCE,
                    tags::IMAGE_POSITION_PATIENT,
                    VR::DS,
                    format!("{:.9}\\{:.9}\\{:.9}", p.x, p.y, p.z),
                ),
            ]));
        }
    }
    // The two slices of an orientation are far from each other in the file.
    let (low, high): (Vec<_>, Vec<_>) =
        groups.into_iter().enumerate().partition(|(n, _)| n % 2 == 0);
    let mixed = low.into_iter().chain(high).map(|(_, group)| group).collect();
    frames(&files(&folder)[0], mixed);
    let clock = Clock::start();
    let scan = look(&folder).unwrap();
    let took = clock.time();
    assert_eq!(scan.series().len(), 5000);
    assert!(scan.series().iter().all(|series| series.summary().slices == 2));
    println!("10000 frames of 5000 orientations: {took:?}");
    assert!(took < Duration::from_secs(1), "{took:?}");
    let loaded = scan.series()[7].load(&|_, _| {}).unwrap();
    assert_ne!(loaded.ct.hu().at([0, 0, 0]), loaded.ct.hu().at([1, 0, 0]));
    assert_ne!(loaded.ct.hu().at([1, 0, 0]), Hu(-1));
}
