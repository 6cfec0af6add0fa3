//! Every transfer syntax, written by other software and read as pydicom reads it.

mod common;

use std::fs;
use std::path::PathBuf;

use common::{load, look};

const LOSSLESS: [&str; 10] = [
    "explicit_little",
    "implicit_little",
    "explicit_big",
    "deflated",
    "undefined_lengths",
    "rle",
    "jpeg_lossless_57",
    "jpeg_lossless_70",
    "jpeg_ls_80",
    "jpeg_2000_90",
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/dicom")
}

fn expected(name: &str) -> Vec<i16> {
    let bytes = fs::read(folder().join(format!("{name}.i16"))).unwrap();
    bytes.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
}

fn read(name: &str) -> Vec<i16> {
    let loaded = load(folder().join(name)).unwrap();
    assert_eq!(loaded.ct.grid().shape(), [2, 33, 37], "{name}");
    assert!(loaded.ct.exact().is_none());
    loaded.ct.hu().as_slice().iter().map(|hu| hu.0).collect()
}

#[test]
fn lossless_syntaxes_give_the_same_numbers() {
    for kind in ["signed12", "unsigned16"] {
        let expected = expected(&format!("{kind}_lossless"));
        for syntax in LOSSLESS {
            let name = format!("{kind}_{syntax}");
            assert!(read(&name) == expected, "{name}");
        }
    }
}

#[test]
fn lossy_syntaxes_give_the_numbers_of_other_decoders() {
    for kind in ["signed12", "unsigned16"] {
        let source = expected(&format!("{kind}_lossless"));
        // JPEG-LS decodes to integers by definition; the wavelet of JPEG 2000 rounds.
        for (syntax, rounding) in [("jpeg_ls_81", 0), ("jpeg_2000_91", 1)] {
            let name = format!("{kind}_{syntax}");
            let found = read(&name);
            let other = expected(&name);
            let far = |a: &[i16], b: &[i16]| {
                a.iter().zip(b).map(|(a, b)| i32::from(*a).abs_diff(i32::from(*b))).max()
            };
            assert!(far(&found, &other) <= Some(rounding), "{name}: {:?}", far(&found, &other));
            assert!(found != source, "{name} is not lossy");
        }
    }
}

#[test]
fn lossy_slices_are_said_to_be_so() {
    let loaded = load(folder().join("signed12_jpeg_ls_81")).unwrap();
    assert!(loaded.quality.iter().any(|row| row.code == "lossy_compression"));
    let loaded = load(folder().join("signed12_jpeg_ls_80")).unwrap();
    assert!(loaded.quality.is_empty());
}

#[test]
fn all_folders_at_once_are_told_apart() {
    let scan = look(folder()).unwrap();
    assert_eq!(scan.series().len(), 24);
    assert!(scan.series().iter().all(|series| series.summary().slices == 2));
    // The expected numbers lie beside them and are no DICOM.
    assert!(scan.unread().iter().all(|file| file.reason() == "not DICOM" && !file.is_damaged()));
    let numbers: Vec<usize> = scan.series().iter().map(|s| s.summary().number).collect();
    assert_eq!(numbers, (1..=24).collect::<Vec<_>>());
}
