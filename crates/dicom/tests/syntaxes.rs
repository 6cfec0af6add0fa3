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

/// Gives the only tile-part of a JPEG 2000 file another length.
fn lengthen(path: &std::path::Path, change: impl Fn(u32) -> u32) {
    let mut bytes = fs::read(path).unwrap();
    let at = bytes.windows(4).position(|window| window == [0xFF, 0x90, 0, 10]).unwrap() + 6;
    let length = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    bytes[at..at + 4].copy_from_slice(&change(length).to_be_bytes());
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_wrong_tile_part_length_is_read_to_the_end_and_told() {
    let whole = load(folder().join("signed12_jpeg_2000_90")).unwrap();
    for change in [|n| n + 40, |n| n - 40, |_| 13, |_| u32::MAX] {
        let copy = tempfile::TempDir::new().unwrap();
        for n in ["0.dcm", "1.dcm"] {
            fs::copy(folder().join("signed12_jpeg_2000_90").join(n), copy.path().join(n)).unwrap();
        }
        lengthen(&copy.path().join("1.dcm"), change);
        let loaded = load(copy.path()).unwrap();
        assert_eq!(loaded.ct, whole.ct);
        assert_eq!(common::codes(&loaded), ["repaired_streams"]);
        assert!(loaded.quality[0].message.starts_with("1 of 2 slices"));
    }
}

#[test]
fn frames_that_were_deflated_one_by_one_are_read() {
    use dicom_core::value::{PixelFragmentSequence, Value};
    use dicom_core::{DataElement, VR};
    use dicom_dictionary_std::{tags, uids};
    let ct = common::rough(&common::axial());
    let files = common::exported(&ct);
    common::change_all(&files, |n, object| {
        let words = &ct.hu().as_slice()[n * 143..(n + 1) * 143];
        let bytes: Vec<u8> = words.iter().flat_map(|hu| hu.0.to_le_bytes()).collect();
        // One stored block: its length, the complement of that, the bytes.
        let length = (bytes.len() as u16).to_le_bytes();
        let mut block = vec![1, length[0], length[1], !length[0], !length[1]];
        block.extend(bytes);
        block.push(0);
        let value = PixelFragmentSequence::new_fragments(vec![block]);
        object.put(DataElement::new(tags::PIXEL_DATA, VR::OB, Value::PixelSequence(value)));
        object.meta_mut().transfer_syntax = uids::DEFLATED_IMAGE_FRAME_COMPRESSION.into();
    });
    assert_eq!(load(&files).unwrap().ct.hu(), ct.hu());
}
