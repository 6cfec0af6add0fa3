//! Broken files: one clear line, never a panic, never a patient.

#[allow(dead_code, reason = "a part of it")]
#[path = "fuzzing/chance.rs"]
mod chance;
mod common;

use std::fs;
use std::path::{Path, PathBuf};

use chance::Chance;
use common::{axial, change_all, error, exported, file, load, look, put, rough};
use dicom_core::VR;
use dicom_dictionary_std::tags;
use hilum_core::Hint;
use hilum_dicom::Error;
use tempfile::TempDir;

fn cut(path: &Path, to: usize) {
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..to]).unwrap();
}

fn size(path: &Path) -> usize {
    fs::metadata(path).unwrap().len() as usize
}

#[test]
fn a_truncated_file_among_good_ones_is_named_with_its_bytes() {
    let folder = exported(&rough(&axial()));
    let path = file(&folder, 3);
    cut(&path, size(&path) - 101);
    let error = error(load(&folder));
    assert_eq!(
        error.to_string(),
        "file 4 of 7 (`0004.dcm`) is truncated: 185 bytes of pixel data, wanted 286"
    );
    assert!(error.hint().is_some());
}

#[test]
fn a_header_that_breaks_off_is_charged_to_its_series() {
    let folder = exported(&rough(&axial()));
    let path = file(&folder, 6);
    // Behind the identifiers, before the pixels.
    cut(&path, size(&path) - 400);
    let error = error(load(&folder));
    assert!(matches!(error, Error::Broken { .. }), "{error}");
    assert!(error.to_string().starts_with("file 7 of 7 (`0007.dcm`) is broken: "), "{error}");
}

#[test]
fn a_file_that_does_not_say_where_it_belongs_is_mentioned() {
    let folder = exported(&rough(&axial()));
    cut(&file(&folder, 6), 300);
    fs::write(file(&folder, 5), b"").unwrap();
    let loaded = load(&folder).unwrap();
    assert_eq!(loaded.ct.grid().shape(), [5, 11, 13]);
    assert_eq!(common::codes(&loaded), ["unreadable_files"]);
    assert!(loaded.quality[0].message.starts_with("2 damaged or unreadable files"));
    // In the middle of the stack they leave a gap, and the gap is said to go with them.
    cut(&file(&folder, 2), 300);
    let error = error(load(&folder));
    assert!(error.to_string().ends_with("; 3 files of the folder could not be read"), "{error}");
}

#[test]
fn an_image_without_pixels_is_charged_to_its_series() {
    let folder = exported(&rough(&axial()));
    common::change(&file(&folder, 0), |object| {
        object.remove_element(tags::PIXEL_DATA);
    });
    let error = error(load(&folder));
    assert_eq!(error.to_string(), "file 1 of 7 (`0001.dcm`) is broken: it ends before its pixels");
}

#[test]
fn no_message_and_no_listing_names_the_patient() {
    let folder = exported(&rough(&axial()));
    let secrets = ["Muster^Erika", "ID-471100", "19560203", "ACC-99", "Medicus^Maria", "20240229"];
    change_all(&folder, |_, object| {
        put(object, tags::PATIENT_NAME, VR::PN, secrets[0]);
        put(object, tags::PATIENT_ID, VR::LO, secrets[1]);
        put(object, tags::PATIENT_BIRTH_DATE, VR::DA, secrets[2]);
        put(object, tags::ACCESSION_NUMBER, VR::SH, secrets[3]);
        put(object, tags::REFERRING_PHYSICIAN_NAME, VR::PN, secrets[4]);
        put(object, tags::STUDY_DATE, VR::DA, secrets[5]);
    });
    let loaded = load(&folder).unwrap();
    assert_eq!(loaded.identity.patient_name.as_deref(), Some(secrets[0]));
    let whole = file(&folder, 3);
    let bytes = fs::read(&whole).unwrap();
    let mut told = vec![format!("{:?} {:?}", loaded.identity, loaded.acquisition)];
    told.push(format!("{:?}", look(&folder).unwrap()));
    for end in (0..bytes.len()).step_by(7) {
        fs::write(&whole, &bytes[..end]).unwrap();
        match look(&folder).and_then(|scan| scan.series()[0].load(&|_, _| {})) {
            Ok(loaded) => told.push(format!("{:?}", loaded.quality)),
            Err(error) => told.push(format!("{error} {error:?} {:?}", error.hint())),
        }
        told.extend(look(&folder).unwrap().unread().iter().map(|f| f.reason().to_owned()));
    }
    for secret in secrets {
        let leak = told.iter().find(|text| text.contains(secret));
        assert_eq!(leak, None, "{secret}");
    }
}

#[test]
fn no_prefix_of_a_file_is_taken_for_the_whole() {
    for name in ["explicit_little", "rle", "jpeg_ls_80", "jpeg_lossless_70", "deflated"] {
        let source = fixtures().join(format!("signed12_{name}"));
        let folder = TempDir::new().unwrap();
        for n in ["0.dcm", "1.dcm"] {
            fs::copy(source.join(n), folder.path().join(n)).unwrap();
        }
        let whole = load(&folder).unwrap().ct;
        let bytes = fs::read(source.join("1.dcm")).unwrap();
        for end in (0..bytes.len() - 32).step_by(31) {
            fs::write(folder.path().join("1.dcm"), &bytes[..end]).unwrap();
            match load(&folder) {
                Err(error) => assert!(!error.to_string().contains('\n'), "{error}"),
                Ok(loaded) => assert_ne!(loaded.ct, whole, "{name} cut to {end} bytes"),
            }
        }
    }
}

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/dicom")
}

#[test]
fn no_change_of_bytes_makes_a_panic() {
    let mut chance = Chance::new(1);
    let mut folders: Vec<PathBuf> = fs::read_dir(fixtures())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    let folder = TempDir::new().unwrap();
    for source in folders {
        fs::copy(source.join("0.dcm"), folder.path().join("0.dcm")).unwrap();
        let bytes = fs::read(source.join("1.dcm")).unwrap();
        for _ in 0..60 {
            let mut changed = bytes.clone();
            for _ in 0..=chance.below(4) {
                let at = chance.below(changed.len());
                changed[at] = match chance.below(4) {
                    0 => 0,
                    1 => 0xFF,
                    2 => changed[at] ^ (1 << chance.below(8)),
                    _ => chance.below(256) as u8,
                };
            }
            if chance.below(3) == 0 {
                changed.truncate(chance.below(bytes.len()));
            }
            fs::write(folder.path().join("1.dcm"), &changed).unwrap();
            if let Ok(scan) = look(&folder) {
                for series in scan.series() {
                    let _ = series.load(&|_, _| {});
                }
            }
        }
    }
}
