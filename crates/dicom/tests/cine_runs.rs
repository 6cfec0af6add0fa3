//! Runs as many files, systems with two planes, shutters, geometry that moves, and runs written.

mod common;
mod run;

use std::process::Command;

use common::{look, put};
use dicom_core::VR;
use dicom_core::value::PrimitiveValue;
use dicom_dictionary_std::tags;
use hilum_core::{Anchor, Cine, Intensity, Projection};
use hilum_dicom::{Analysis, CineFacts, Export, LoadedCine, choose_cine, uid, write_cine};
use nalgebra::{Point3, Vector3};
use ndarray::Array3;
use run::Run;
use tempfile::TempDir;

fn codes(rows: &[hilum_core::Quality]) -> Vec<&str> {
    rows.iter().map(|row| row.code).collect()
}

/// Frames without any symmetry.
fn frames(shape: [usize; 3]) -> Array3<f32> {
    Array3::from_shape_fn(shape, |(t, j, i)| ((t * 7919 + j * 1049 + i * 131) % 997) as f32)
}

fn cine(intensity: Intensity, projection: Option<Projection>) -> Cine {
    Cine::new(frames([4, 5, 7]), vec![0.0, 0.1, 0.25, 0.75], intensity, projection).unwrap()
}

/// A view about the isocentre.
fn view([primary, secondary]: [f64; 2]) -> Projection {
    let ((sa, ca), (sb, cb)) = (primary.sin_cos(), secondary.sin_cos());
    let towards = Vector3::new(sa * cb, -ca * cb, sb);
    let along_row = Vector3::new(ca, sa, 0.0);
    let down_column = Vector3::new(sa * sb, -ca * sb, -cb);
    let corner = towards * 400.0 - along_row * (3.0 * 0.5) - down_column * (2.0 * 0.4);
    Projection::new(
        Point3::from(-towards * 700.0),
        Point3::from(corner),
        [down_column, along_row],
        [0.4, 0.5],
        Anchor::Isocentre,
    )
    .unwrap()
}

fn written(cine: &Cine) -> (TempDir, LoadedCine) {
    let folder = TempDir::new().unwrap();
    write_cine(cine, &Export::default(), &folder.path().join("run.dcm")).unwrap();
    let scan = look(&folder).unwrap();
    let loaded = choose_cine(&scan, None).unwrap().load_cine(&|_, _| {}).unwrap();
    (folder, loaded)
}

#[test]
fn a_written_cine_comes_back_with_its_times_and_its_view() {
    for angles in [[0.0, 0.0], [0.3, -0.2], [-2.5, 0.4]] {
        for intensity in [Intensity::Exposure, Intensity::Attenuation, Intensity::Unknown] {
            let wanted = cine(intensity, Some(view(angles)));
            let found = written(&wanted).1.cine;
            assert_eq!(found.intensity(), intensity);
            assert_eq!(found.frames(), wanted.frames());
            let late = found.times().iter().zip(wanted.times()).map(|(a, b)| (a - b).abs());
            assert!(late.fold(0.0, f64::max) < 1e-9, "{:?}", found.times());
            let (a, b) = (found.projection().unwrap(), wanted.projection().unwrap());
            assert!((a.source() - b.source()).norm() < 1e-6);
            assert!((a.origin() - b.origin()).norm() < 1e-6);
            assert!((a.along_row() - b.along_row()).norm() < 1e-9);
        }
    }
}

#[test]
fn written_line_integrals_come_back_up_to_a_constant() {
    let p = frames([4, 5, 7]).map(|value| value / 250.0 - 1.0);
    let times = vec![0.0, 0.1, 0.25, 0.75];
    let wanted = Cine::new(p.clone(), times, Intensity::LineIntegral, None).unwrap();
    let found = written(&wanted).1.cine;
    assert_eq!(found.intensity(), Intensity::LineIntegral);
    let least = p.iter().copied().fold(f32::INFINITY, f32::min);
    for (a, b) in found.frames().iter().zip(&p) {
        // Half a step of 65535 at exp(-4).
        assert!((a - (b - least)).abs() < 5e-4, "{a} from {b}");
    }
}

#[test]
fn what_a_file_cannot_say_is_not_written() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("run.dcm");
    let negative = Cine::new(frames([2, 3, 3]) - 500.0, vec![0.0, 1.0], Intensity::Unknown, None);
    let beside =
        view([0.3, 0.2]).moved(&nalgebra::Isometry3::translation(5.0, 0.0, 0.0), Anchor::Isocentre);
    let laid = view([0.3, 0.2]).moved(&nalgebra::Isometry3::identity(), Anchor::Patient);
    for cine in [
        negative.unwrap(),
        cine(Intensity::Exposure, Some(beside)),
        cine(Intensity::Exposure, Some(laid)),
    ] {
        assert!(write_cine(&cine, &Export::default(), &path).is_err());
        assert!(!path.exists());
    }
}

/// Four files of one frame, written in no order of time.
fn singles() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (n, seconds) in [("a", 2.5), ("b", 0.0), ("c", 1.25), ("d", 3.0)] {
        let all = frames([4, 5, 7]);
        let frame = all.slice(ndarray::s![0..1, .., ..]).to_owned() + seconds as f32;
        let cine =
            Cine::new(frame, vec![0.0], Intensity::Exposure, Some(view([0.1, 0.0]))).unwrap();
        let shared =
            Export { study_uid: Some(uid(1)), series_uid: Some(uid(2)), ..Export::default() };
        let path = folder.path().join(n);
        write_cine(&cine, &shared, &path).unwrap();
        common::change(&path, |object| {
            put(
                object,
                tags::ACQUISITION_DATE_TIME,
                VR::DT,
                format!("2024010123595{}", 7.0 + seconds),
            );
            if 7.0 + seconds >= 10.0 {
                put(
                    object,
                    tags::ACQUISITION_DATE_TIME,
                    VR::DT,
                    format!("2024010200000{}", seconds - 3.0),
                );
            }
        });
    }
    folder
}

fn facts(folder: &TempDir) -> Result<CineFacts, hilum_dicom::Error> {
    let scan = look(folder)?;
    choose_cine(&scan, None)?.cine_facts()
}

#[test]
fn single_frames_with_times_are_a_run_over_midnight() {
    let folder = singles();
    let scan = look(&folder).unwrap();
    assert_eq!(scan.series().len(), 1);
    assert_eq!(scan.why_not(&scan.series()[0], Analysis::VentilationCine), Vec::<String>::new());
    let loaded = choose_cine(&scan, None).unwrap().load_cine(&|_, _| {}).unwrap();
    assert_eq!(loaded.cine.times(), [0.0, 1.25, 2.5, 3.0]);
    let first = frames([4, 5, 7])[[0, 0, 0]];
    let seen: Vec<f32> = loaded.cine.frames().iter().step_by(35).map(|v| v - first).collect();
    // Values were rounded to whole numbers when they were written.
    assert_eq!(seen, [0.0, 1.0, 3.0, 3.0].map(|v: f32| v));
    assert!(loaded.cine.projection().is_some());
    assert_eq!(loaded.identity.images.len(), 4);
}

#[test]
fn single_frames_that_are_no_run_are_refused() {
    let message = |folder: &TempDir| facts(folder).unwrap_err().to_string();
    let at = |folder: &TempDir, name: &str, time: &str| {
        common::change(&folder.path().join(name), |object| {
            put(object, tags::ACQUISITION_DATE_TIME, VR::DT, time);
        });
    };
    let late = singles();
    at(&late, "d", "20240102000100");
    assert!(message(&late).contains("s apart, wanted at most 10 s"), "{}", message(&late));
    let twice = singles();
    at(&twice, "d", "20240101235957.0");
    assert!(message(&twice).contains("single frames 1 and 2 of one time"), "{}", message(&twice));
    let untimed = singles();
    at(&untimed, "d", "");
    assert!(message(&untimed).contains("without the date and time"), "{}", message(&untimed));
    let few = singles();
    std::fs::remove_file(few.path().join("a")).unwrap();
    std::fs::remove_file(few.path().join("b")).unwrap();
    let scan = look(&few).unwrap();
    assert_eq!(scan.series()[0].why_not_cine(), ["2 single frames, wanted 3 or more"]);
}

#[test]
fn single_frames_seen_from_elsewhere_or_meaning_other_things_are_told() {
    let turning = singles();
    common::change(&turning.path().join("c"), |object| {
        put(object, tags::POSITIONER_PRIMARY_ANGLE, VR::DS, "20");
    });
    let found = facts(&turning).unwrap();
    assert!(found.projection.is_none());
    assert!(codes(&found.quality).contains(&"projection_unknown"));
    let nearer = singles();
    common::change(&nearer.path().join("c"), |object| {
        put(object, tags::DISTANCE_SOURCE_TO_DETECTOR, VR::DS, "1150");
    });
    assert!(facts(&nearer).unwrap().projection.is_none());
    let mixed = singles();
    common::change(&mixed.path().join("c"), |object| {
        put(object, tags::PIXEL_INTENSITY_RELATIONSHIP, VR::CS, "LIN");
    });
    let scan = look(&mixed).unwrap();
    let refused = scan.series()[0].load_cine(&|_, _| {}).unwrap_err().to_string();
    assert!(refused.contains("mean different things"), "{refused}");
}

#[test]
fn the_planes_of_a_biplane_system_are_runs_of_their_own() {
    let folder = singles();
    for (n, name) in ["a", "b", "c", "d"].into_iter().enumerate() {
        let plane = ["BIPLANE A", "BIPLANE B"][n % 2];
        common::change(&folder.path().join(name), |object| {
            put(object, tags::IMAGE_TYPE, VR::CS, format!("ORIGINAL\\PRIMARY\\{plane}"));
        });
    }
    assert_eq!(look(&folder).unwrap().series().len(), 2);
    let run = Run::timed().with(|object| {
        put(object, tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\BIPLANE B");
    });
    let rows = run.facts().unwrap().quality;
    let row = rows.iter().find(|row| row.code == "biplane").unwrap();
    assert!(row.message.starts_with("plane B"), "{}", row.message);
}

#[test]
fn a_table_that_moves_leaves_no_view() {
    let (folder, loaded) = written(&cine(Intensity::Exposure, Some(view([0.2, 0.1]))));
    assert!(loaded.cine.projection().is_some());
    common::change(&folder.path().join("run.dcm"), |object| {
        put(object, tags::TABLE_LONGITUDINAL_INCREMENT, VR::DS, "0\\1\\1\\1");
    });
    let found = facts(&folder).unwrap();
    assert!(found.projection.is_none());
    assert!(found.quality.iter().any(|row| row.message.contains("the place of the table")));
}

/// Which pixels of 5×7 are seen, row by row.
fn seen(run: &Run) -> Option<String> {
    let loaded = run.load().unwrap();
    let field = loaded.cine.field()?.to_owned();
    assert!(codes(&loaded.quality).contains(&"shutter"));
    let row = |row: ndarray::ArrayView1<'_, bool>| -> String {
        row.iter().map(|seen| if *seen { '#' } else { '.' }).collect()
    };
    Some(field.rows().into_iter().map(row).collect::<Vec<String>>().join(" "))
}

fn edges(run: Run, edges: [&str; 4]) -> Run {
    let tags = [
        tags::SHUTTER_LEFT_VERTICAL_EDGE,
        tags::SHUTTER_RIGHT_VERTICAL_EDGE,
        tags::SHUTTER_UPPER_HORIZONTAL_EDGE,
        tags::SHUTTER_LOWER_HORIZONTAL_EDGE,
    ];
    run.with(|object| {
        put(object, tags::SHUTTER_SHAPE, VR::CS, "RECTANGULAR");
        for (tag, edge) in tags.into_iter().zip(edges) {
            put(object, tag, VR::IS, edge);
        }
    })
}

#[test]
fn shutters_and_collimators_tell_which_pixels_are_seen() {
    assert_eq!(seen(&Run::timed()), None);
    let rectangle = edges(Run::timed(), ["1", "6", "0", "5"]);
    assert_eq!(seen(&rectangle).unwrap(), ".####.. .####.. .####.. .####.. .......");
    let circle = Run::timed().with(|object| {
        put(object, tags::COLLIMATOR_SHAPE, VR::CS, "CIRCULAR");
        put(object, tags::CENTER_OF_CIRCULAR_COLLIMATOR, VR::IS, "3\\4");
        put(object, tags::RADIUS_OF_CIRCULAR_COLLIMATOR, VR::IS, "2");
    });
    assert_eq!(seen(&circle).unwrap(), "....... ..###.. ..###.. ..###.. .......");
    let triangle = Run::timed().with(|object| {
        put(object, tags::SHUTTER_SHAPE, VR::CS, "POLYGONAL");
        put(object, tags::VERTICES_OF_THE_POLYGONAL_SHUTTER, VR::IS, "0\\0\\0\\9\\9\\0");
    });
    assert_eq!(seen(&triangle).unwrap(), "####### ######. #####.. ####... ###....");
    let whole = edges(Run::timed(), ["0", "8", "0", "6"]);
    assert_eq!(seen(&whole), None);
}

#[test]
fn shutters_that_cannot_be_are_told_and_not_believed() {
    for run in [
        edges(Run::timed(), ["6", "1", "0", "5"]),
        Run::timed().with(|object| put(object, tags::SHUTTER_SHAPE, VR::CS, "CIRCULAR")),
    ] {
        let loaded = run.load().unwrap();
        assert!(loaded.cine.field().is_none());
        assert!(codes(&loaded.quality).contains(&"shutter_unknown"));
    }
}

#[test]
fn covered_pixels_take_no_part_in_the_brightness() {
    let linear = |run: Run| {
        run.with(|object| {
            put(object, tags::PIXEL_INTENSITY_RELATIONSHIP, VR::CS, "LIN");
            let sign = PrimitiveValue::I16(vec![1].into());
            put(object, tags::PIXEL_INTENSITY_RELATIONSHIP_SIGN, VR::SS, sign);
        })
    };
    // The greatest of the pixels in columns 3 and 4 of rows 2 to 4.
    let numbers = run::numbers();
    let within = |n: usize| (1..4).contains(&(n / 7 % 5)) && (2..4).contains(&(n % 7));
    let greatest = numbers.iter().enumerate().filter(|(n, _)| within(*n)).map(|(_, v)| *v).max();
    assert!(greatest < numbers.iter().copied().max());
    let covered = linear(edges(Run::timed(), ["2", "5", "1", "5"])).load().unwrap();
    let row = covered.quality.iter().find(|row| row.code == "line_integrals").unwrap();
    let wanted = format!("I₀ = {},", greatest.unwrap());
    assert!(row.message.contains(&wanted), "{}, wanted {wanted}", row.message);
}

/// `dciodvfy` of dicom3tools knows which attributes the standard demands.
#[test]
fn a_validator_finds_no_errors_in_a_written_cine() {
    if Command::new("dciodvfy").arg("-version").output().is_err() {
        println!("skipped: dciodvfy is not installed");
        return;
    }
    for projection in [None, Some(view([0.3, -0.2]))] {
        let (folder, _) = written(&cine(Intensity::Exposure, projection));
        let path = folder.path().join("run.dcm");
        let said = Command::new("dciodvfy").arg("-new").arg(&path).output().unwrap();
        let text = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
        assert!(text.contains("XAImage"), "{text}");
        assert!(!text.contains("Error"), "{text}");
    }
}
