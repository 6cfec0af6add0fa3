//! Files that are not what they should be: an error that says so, never a panic.

use std::fs;
use std::path::{Path, PathBuf};

use hilum_core::Hint;
use hilum_files::{Error, read, read_labels, write_ct};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/files").join(name)
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

fn message(path: &Path) -> String {
    read(path).unwrap_err().to_string()
}

#[test]
fn an_unknown_name_lists_the_known_ones() {
    let error = read("chest.jpg").unwrap_err();
    assert_eq!(
        error.to_string(),
        "`chest.jpg` names no known format, wanted one of `.nii`, `.nii.gz`, `.mha`, `.mhd`, `.nrrd`, `.nhdr`"
    );
    assert!(error.hint().is_some());
}

#[test]
fn a_missing_file_and_a_folder_are_named() {
    let folder = Folder::new();
    let path = folder.0.path().join("none.nii");
    assert!(message(&path).starts_with("cannot read `"), "{}", message(&path));
    let path = folder.0.path().join("folder.mha");
    fs::create_dir(&path).unwrap();
    assert!(matches!(read(&path).unwrap_err(), Error::Io { .. }));
}

#[test]
fn a_name_that_lies_is_found_out() {
    let folder = Folder::new();
    for name in ["a.nii", "a.nii.gz", "a.mha", "a.nrrd"] {
        for bytes in [&b""[..], b"\0", b"\xff\xd8\xff\xe0JFIF", &[7; 600]] {
            let error = read(folder.file(name, bytes)).unwrap_err();
            let told = matches!(
                error,
                Error::NotThisFormat { .. } | Error::Header { .. } | Error::Unsupported { .. }
            );
            assert!(told, "{name} {bytes:?}: {error:?}");
        }
    }
}

#[test]
fn a_cut_file_is_an_error_at_every_length() {
    let folder = Folder::new();
    let raw = ["oblique_i16.nii", "oblique_i16.mha", "left_ras_u16.nrrd"];
    let packed = ["oblique_i16.nii.gz", "oblique_packed_i16.mha", "oblique_lps_i16.nrrd"];
    for name in raw.into_iter().chain(packed) {
        let whole = fs::read(golden(name)).unwrap();
        for length in 0..whole.len() {
            let outcome = read(folder.file(name, &whole[..length]));
            // The checksum at the end of a packed stream may be missing without loss.
            let is_tail = packed.contains(&name) && whole.len() - length <= 12;
            assert!(outcome.is_err() || is_tail, "{name} cut to {length} of {}", whole.len());
        }
    }
}

#[test]
fn damaged_bytes_never_panic() {
    let folder = Folder::new();
    for name in ["oblique_i16.nii", "f64.nii.gz", "big_i16.mha", "left_f32.mhd", "u8.nrrd"] {
        let whole = fs::read(golden(name)).unwrap();
        for at in 0..whole.len() {
            for change in [0x01, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] ^= change;
                let _ = read(folder.file(name, &bytes));
            }
        }
    }
}

#[test]
fn a_header_that_promises_the_moon_takes_no_memory() {
    let folder = Folder::new();
    let huge = "99999 99999 99999";
    let mha = format!(
        "ObjectType = Image\nNDims = 3\nDimSize = {huge}\nElementType = MET_SHORT\nElementDataFile = LOCAL\n"
    );
    let error = read(folder.file("a.mha", mha.as_bytes())).unwrap_err();
    assert!(matches!(error, Error::Truncated { found: 0, .. }), "{error:?}");
    let nrrd = format!(
        "NRRD0004\ntype: short\ndimension: 3\nsizes: {huge}\nendian: little\nencoding: gzip\n\n"
    );
    let error = read(folder.file("a.nrrd", nrrd.as_bytes())).unwrap_err();
    assert!(matches!(error, Error::Truncated { .. }), "{error:?}");
    let beyond = huge.replace(' ', "99999 ");
    let nrrd = nrrd.replace(huge, &beyond);
    let error = read(folder.file("a.nrrd", nrrd.as_bytes())).unwrap_err();
    assert!(matches!(error, Error::Header { field: "sizes", .. }), "{error:?}");
    let mut nifti = fs::read(golden("oblique_i16.nii")).unwrap();
    nifti[42..48].copy_from_slice(&[0xff, 0x7f, 0xff, 0x7f, 0xff, 0x7f]);
    let error = read(folder.file("a.nii", &nifti)).unwrap_err();
    assert!(matches!(error, Error::Truncated { .. }), "{error:?}");
}

#[test]
fn what_is_not_read_is_named() {
    let folder = Folder::new();
    let mha = "ObjectType = Image\nNDims = 3\nDimSize = 1 1 1\nElementType = MET_SHORT\n";
    let cases = [
        (
            "a.mha",
            format!("{mha}ElementNumberOfChannels = 3\nElementDataFile = LOCAL\n"),
            "3 numbers a voxel",
        ),
        (
            "a.mha",
            format!("{mha}BinaryData = False\nElementDataFile = LOCAL\n7\n"),
            "voxels as text",
        ),
        ("a.mha", format!("{mha}ElementDataFile = LIST\na.raw\n"), "many files"),
        ("a.mha", mha.replace("= 3", "= 2"), "2 axes"),
        ("a.mha", mha.into(), "`ElementDataFile` is absent"),
        (
            "a.mha",
            mha.replace("1 1 1", "1 0 1") + "ElementDataFile = LOCAL\n",
            "`DimSize` is `1 0 1`",
        ),
        ("a.nrrd", "NRRD0004\ntype: block\ndimension: 3\n\n".into(), "`type` is `block`"),
        ("a.nrrd", "NRRD0004\ntype: short\ndimension: 4\n\n".into(), "4 axes"),
        (
            "a.nrrd",
            "NRRD0004\ntype: uchar\ndimension: 3\nsizes: 1 1 1\nencoding: bzip2\n\n".into(),
            "`bzip2`",
        ),
        (
            "a.nrrd",
            "NRRD0004\ntype: short\ndimension: 3\nsizes: 1 1 1\nencoding: raw\n\n77".into(),
            "`endian` is absent",
        ),
    ];
    for (name, text, wanted) in cases {
        let message = if name == "a.mha" && !text.contains("DataFile") && text.contains("= 2") {
            message(&folder.file(name, format!("{text}ElementDataFile = LOCAL\n").as_bytes()))
        } else {
            message(&folder.file(name, text.as_bytes()))
        };
        assert!(message.contains(wanted), "{message}");
    }
    let mut nifti2 = vec![0u8; 600];
    nifti2[..4].copy_from_slice(&540i32.to_le_bytes());
    assert!(message(&folder.file("a.nii", &nifti2)).contains("version 2"));
}

#[test]
fn a_degenerate_geometry_is_refused() {
    let folder = Folder::new();
    let text = "NRRD0004\ntype: uchar\ndimension: 3\nsizes: 1 1 1\nencoding: raw\nspace: LPS\nspace directions: (1,0,0) (1,0,0) (0,0,1)\n\n7";
    let error = read_labels::<u8>(folder.file("a.nrrd", text.as_bytes())).unwrap_err();
    assert!(matches!(error, Error::Geometry(_)), "{error:?}");
}

#[test]
fn an_unwritable_place_is_an_error() {
    let ct = read(golden("oblique_i16.nii")).unwrap();
    let error = write_ct("/nowhere/at/all.nii.gz", &ct).unwrap_err();
    assert!(error.to_string().starts_with("cannot write `"), "{error}");
}
