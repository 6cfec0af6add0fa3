//! What is found under a path, and which of it is measured.

mod common;

use std::fs;
use std::path::Path;

use common::{
    axial, change, change_all, error, exported, file, files, load, look, oblique, put, rough,
};
use dicom_core::value::{DataSetSequence, Value};
use dicom_core::{DataElement, Length, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use hilum_core::Hint;
use hilum_dicom::{Error, Export, choose, scan, write_series};
use tempfile::TempDir;

/// Copies the files of a series into a folder, with a word before their names.
fn add(series: &TempDir, folder: &Path, word: &str) {
    fs::create_dir_all(folder).unwrap();
    for path in files(series) {
        let name = format!("{word}{}", path.file_name().unwrap().display());
        fs::copy(&path, folder.join(name)).unwrap();
    }
}

fn seeded(seed: u64) -> TempDir {
    let folder = TempDir::new().unwrap();
    let study_uid = Some(hilum_dicom::uid(100));
    let export = Export { seed, study_uid, ..Export::default() };
    write_series(&rough(&axial()), &export, folder.path()).unwrap();
    folder
}

#[test]
fn a_folder_is_searched_with_all_below_it() {
    let ct = rough(&oblique());
    let series = exported(&ct);
    let folder = TempDir::new().unwrap();
    add(&series, &folder.path().join("a/b"), "");
    fs::write(folder.path().join("a/notes.txt"), "nothing to see").unwrap();
    fs::write(folder.path().join("DICM"), b"DI").unwrap();
    fs::write(folder.path().join("empty"), b"").unwrap();
    fs::write(folder.path().join("zeros"), [0; 4096]).unwrap();
    let scan = look(&folder).unwrap();
    assert_eq!(scan.files(), 11);
    assert_eq!(scan.series().len(), 1);
    let unread: Vec<(String, &str)> =
        scan.unread().iter().map(|file| (file.file(), file.reason())).collect();
    assert_eq!(
        unread,
        [
            ("file 1 of 11 (`DICM`)".to_owned(), "not DICOM"),
            ("file 9 of 11 (`notes.txt`)".to_owned(), "not DICOM"),
            ("file 10 of 11 (`empty`)".to_owned(), "not DICOM"),
            ("file 11 of 11 (`zeros`)".to_owned(), "not DICOM"),
        ]
    );
    assert_eq!(load(&folder).unwrap().ct.hu().as_slice(), ct.hu().as_slice());
}

#[cfg(unix)]
#[test]
fn a_circle_of_links_ends() {
    let folder = exported(&rough(&axial()));
    std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("dangling")).unwrap();
    let scan = look(&folder).unwrap();
    assert_eq!(scan.series()[0].summary().slices, 7);
    assert_eq!(scan.unread().len(), 1);
    assert!(scan.unread()[0].is_damaged());
}

#[test]
fn progress_is_told_for_every_file_and_slice() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let folder = exported(&rough(&axial()));
    let calls = AtomicUsize::new(0);
    let most = AtomicUsize::new(0);
    let progress = |done, of| {
        assert_eq!(of, 7);
        calls.fetch_add(1, Ordering::Relaxed);
        most.fetch_max(done, Ordering::Relaxed);
    };
    let found = scan(folder.path(), &progress).unwrap();
    found.series()[0].load(&progress).unwrap();
    assert_eq!((calls.into_inner(), most.into_inner()), (14, 7));
}

#[test]
fn nothing_at_all_is_said_to_be_nothing() {
    let empty = TempDir::new().unwrap();
    assert!(error(look(&empty)).to_string().ends_with("holds no files, wanted a CT series"));
    let error_there = error(look(empty.path().join("nowhere")));
    assert!(matches!(error_there, Error::Unreadable { .. }), "{error_there}");
    assert_eq!(error_there.hint().unwrap(), "check the path for a typing error");
    fs::write(empty.path().join("a.txt"), "a").unwrap();
    fs::write(empty.path().join("b.txt"), "b").unwrap();
    assert_eq!(
        error(look(&empty)).to_string(),
        "no DICOM image among 2 files (2 not DICOM), wanted a CT series"
    );
    assert_eq!(
        error(look(empty.path().join("a.txt"))).to_string(),
        "no DICOM image among 1 file (1 not DICOM), wanted a CT series"
    );
}

#[test]
fn other_images_are_named() {
    let folder = TempDir::new().unwrap();
    for (seed, modality) in [(1, "MR"), (2, "MR"), (3, "PT")] {
        let series = seeded(seed);
        change_all(&series, |_, object| {
            put(object, tags::MODALITY, VR::CS, modality);
        });
        add(&series, folder.path(), &format!("{seed}-"));
    }
    let scouts = seeded(4);
    for n in (1..7).rev() {
        fs::remove_file(file(&scouts, n)).unwrap();
    }
    change(&file(&scouts, 0), |object| {
        put(object, tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\LOCALIZER");
    });
    add(&scouts, folder.path(), "4-");
    let error = error(load(&folder));
    assert_eq!(
        error.to_string(),
        "no CT volume inside: found 2 MR series, 1 PT series, 1 localizer"
    );
    assert!(error.hint().is_some());
}

#[test]
fn a_single_slice_is_no_volume() {
    let folder = exported(&rough(&axial()));
    let one = file(&folder, 3);
    let error = error(load(&one));
    assert_eq!(error.to_string(), "no CT volume inside: found 1 single slice");
    let scan = look(&one).unwrap();
    assert_eq!(scan.series()[0].why_not_ct(), ["a single slice, wanted a stack"]);
    let error = common::error(choose(&scan, Some("1")));
    assert!(matches!(error, Error::NotCt { .. }), "{error}");
    assert!(matches!(common::error(scan.series()[0].load(&|_, _| {})), Error::NotCt { .. }));
}

#[test]
fn of_several_series_one_is_to_be_named() {
    let folder = TempDir::new().unwrap();
    for seed in [1, 2, 3] {
        add(&seeded(seed), folder.path(), &format!("{seed}-"));
    }
    let scan = look(&folder).unwrap();
    let error_unnamed = error(choose(&scan, None));
    let Error::SeveralSeries { series } = &error_unnamed else { panic!("{error_unnamed}") };
    assert_eq!(series.len(), 3);
    assert!(!error_unnamed.to_string().contains('\n'));
    assert!(error_unnamed.hint().unwrap().contains("--series"));
    for (n, wanted) in scan.series().iter().enumerate() {
        let uid = &wanted.summary().series_uid;
        for name in [(n + 1).to_string(), uid.clone(), format!("…{}", &uid[uid.len() - 8..])] {
            let chosen = choose(&scan, Some(&name)).unwrap();
            assert_eq!(&chosen.summary().series_uid, uid, "{name}");
        }
    }
    for wrong in ["4", "0", "", "9.9.9", "2.25"] {
        let error = error(choose(&scan, Some(wrong)));
        assert!(matches!(error, Error::NoSuchSeries { fitting: 0, .. }), "{error}");
    }
}

#[test]
fn the_list_begins_with_what_a_lung_analysis_wants() {
    let folder = TempDir::new().unwrap();
    let variants: [(&str, &str, &str); 4] = [
        ("HEAD", "STANDARD", "1"),
        ("CHEST", "LUNG", "1"),
        ("CHEST", "STANDARD", "1"),
        ("", "B30f", "1"),
    ];
    for (n, (body, kernel, _)) in variants.iter().enumerate() {
        let series = seeded(n as u64);
        change_all(&series, |_, object| {
            put(object, tags::BODY_PART_EXAMINED, VR::CS, *body);
            put(object, tags::SERIES_DESCRIPTION, VR::LO, "series");
            put(object, tags::CONVOLUTION_KERNEL, VR::SH, *kernel);
        });
        add(&series, folder.path(), &format!("{n}-"));
    }
    let scan = look(&folder).unwrap();
    let order: Vec<(Option<&str>, Option<&str>)> = scan
        .series()
        .iter()
        .map(|s| &s.summary().acquisition)
        .map(|a| (a.body_part.as_deref(), a.kernel.as_deref()))
        .collect();
    assert_eq!(
        order,
        [
            (Some("CHEST"), Some("STANDARD")),
            (Some("CHEST"), Some("LUNG")),
            (None, Some("B30f")),
            (Some("HEAD"), Some("STANDARD")),
        ]
    );
}

#[test]
fn a_localizer_inside_a_series_is_set_apart() {
    let folder = exported(&rough(&axial()));
    let scout = folder.path().join("scout.dcm");
    fs::copy(file(&folder, 0), &scout).unwrap();
    change(&scout, |object| {
        put(object, tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\LOCALIZER");
        put(object, tags::IMAGE_ORIENTATION_PATIENT, VR::DS, "1\\0\\0\\0\\0\\-1");
    });
    let scan = look(&folder).unwrap();
    assert_eq!(scan.series().len(), 2);
    // The UID names both; only one of them is a volume.
    let uid = &scan.series()[0].summary().series_uid;
    assert_eq!(choose(&scan, Some(uid)).unwrap().summary().slices, 7);
    assert_eq!(load(&folder).unwrap().ct.grid().shape(), [7, 11, 13]);
}

#[test]
fn repeated_acquisitions_in_one_series_are_set_apart() {
    let folder = exported(&rough(&axial()));
    for path in files(&folder) {
        let again = path.with_extension("again");
        fs::copy(&path, &again).unwrap();
        change(&again, |object| {
            let uid = object.element(tags::SOP_INSTANCE_UID).unwrap().to_str().unwrap() + "1";
            put(object, tags::SOP_INSTANCE_UID, VR::UI, uid.to_string());
            put(object, tags::ACQUISITION_NUMBER, VR::IS, "2");
        });
    }
    let scan = look(&folder).unwrap();
    let parts: Vec<Option<&str>> =
        scan.series().iter().map(|s| s.summary().part.as_deref()).collect();
    assert_eq!(parts, [Some("acquisition 1"), Some("acquisition 2")]);
    assert!(scan.series().iter().all(|series| series.load(&|_, _| {}).is_ok()));
    let uid = &scan.series()[0].summary().series_uid;
    assert!(matches!(error(choose(&scan, Some(uid))), Error::NoSuchSeries { fitting: 2, .. }));
}

#[test]
fn acquisitions_that_continue_each_other_are_one_stack() {
    let folder = exported(&rough(&axial()));
    change_all(&folder, |n, object| {
        put(object, tags::ACQUISITION_NUMBER, VR::IS, (n / 3).to_string());
    });
    assert_eq!(load(&folder).unwrap().ct.grid().shape(), [7, 11, 13]);
}

#[test]
fn a_summary_says_what_a_series_is() {
    let folder = exported(&rough(&oblique()));
    let scan = look(&folder).unwrap();
    let summary = scan.series()[0].summary();
    assert_eq!((summary.slices, summary.rows, summary.columns), (7, 11, 13));
    assert!(summary.slice_step_mm.is_some_and(|step| (step - 2.5).abs() < 1e-9));
    let [rows, columns] = summary.pixel_spacing_mm.unwrap();
    assert!((rows - 0.9).abs() < 1e-9 && (columns - 0.7).abs() < 1e-9);
    assert_eq!(summary.orientation, Some("axial"));
    assert_eq!(summary.transfer_syntax, uids::EXPLICIT_VR_LITTLE_ENDIAN);
    assert!(
        scan.series()[0]
            .label()
            .starts_with("[1] CT \"Chest phantom\", 7 × 11×13, 0.700×0.900×2.50 mm, UID …")
    );
}

/// A medium with capital names listed and lower-case files on it.
#[test]
fn a_dicomdir_leads_to_its_files() {
    let ct = rough(&axial());
    let medium = TempDir::new().unwrap();
    add(&exported(&ct), &medium.path().join("images/s1"), "");
    add(&seeded(9), &medium.path().join("unlisted"), "");
    let records = (1..=8).map(|n| {
        let mut record = InMemDicomObject::new_empty();
        let parts = format!("IMAGES\\S1\\{n:04}.DCM");
        record.put(DataElement::new(tags::DIRECTORY_RECORD_TYPE, VR::CS, "IMAGE"));
        record.put(DataElement::new(tags::REFERENCED_FILE_ID, VR::CS, parts));
        record
    });
    let records = DataSetSequence::new(records.collect::<Vec<_>>(), Length::UNDEFINED);
    let mut directory = InMemDicomObject::new_empty();
    directory.put(DataElement::new(tags::DIRECTORY_RECORD_SEQUENCE, VR::SQ, Value::from(records)));
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN)
        .media_storage_sop_class_uid(uids::MEDIA_STORAGE_DIRECTORY_STORAGE)
        .media_storage_sop_instance_uid("1.2.3");
    let path = medium.path().join("DICOMDIR");
    directory.with_meta(meta).unwrap().write_to_file(&path).unwrap();
    let scan = look(&path).unwrap();
    assert_eq!(scan.series().len(), 1);
    // The eighth is listed and missing.
    assert_eq!(scan.files(), 8);
    assert_eq!(scan.unread().len(), 1);
    assert_eq!(load(&path).unwrap().ct, ct);
    // The folder itself is searched whole, and the directory is not an image.
    let scan = look(&medium).unwrap();
    assert_eq!(scan.series().len(), 2);
}
