//! Runs that other software wrote (`testdata/oracles/cine.py`), whole and damaged.

#[allow(dead_code, reason = "a part of it")]
#[path = "fuzzing/chance.rs"]
mod chance;
mod common;
mod run;

use std::path::{Path, PathBuf};

use chance::Chance;
use common::{error, look};
use dicom_core::VR;
use dicom_dictionary_std::tags;
use hilum_core::Intensity;
use run::{close, codes, load};
use tempfile::TempDir;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/cine")
}

const SYNTAXES: [&str; 8] = [
    "explicit_little",
    "implicit_little",
    "explicit_big",
    "deflated",
    "rle",
    "jpeg_lossless_70",
    "jpeg_ls_80",
    "jpeg_2000_90",
];

#[test]
fn every_packing_gives_the_line_integrals_of_other_software() {
    let bytes = std::fs::read(fixtures().join("lin.f32")).unwrap();
    let expected: Vec<f32> =
        bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    for name in SYNTAXES {
        let loaded = load(&fixtures().join(format!("{name}.dcm"))).unwrap();
        assert_eq!(loaded.cine.shape(), [4, 33, 37], "{name}");
        assert_eq!(loaded.cine.intensity(), Intensity::LineIntegral);
        close(loaded.cine.times(), &[0.0, 0.033, 0.067, 0.1335]);
        let frames = loaded.cine.frames();
        let apart = frames.iter().zip(&expected).map(|(a, b)| (a - b).abs());
        assert!(apart.fold(0.0, f32::max) < 1e-6, "{name}");
        let projection = loaded.cine.projection().unwrap();
        assert_eq!(projection.pitch(), [0.4, 0.3]);
        assert!((projection.source().coords.norm() - 750.0).abs() < 1e-9);
        assert!((projection.normal().z - (-15.0f64).to_radians().sin()).abs() < 1e-12);
    }
}

#[test]
fn no_change_of_bytes_makes_a_panic() {
    let mut chance = Chance::new(7);
    let folder = TempDir::new().unwrap();
    let target = folder.path().join("run.dcm");
    let mut loaded = 0;
    for name in SYNTAXES {
        let bytes = std::fs::read(fixtures().join(format!("{name}.dcm"))).unwrap();
        for _ in 0..150 {
            let mut changed = bytes.clone();
            for _ in 0..=chance.below(6) {
                // Half of the changes hit the header, which is the shorter part.
                let reach = if chance.below(2) == 0 { 1400 } else { changed.len() };
                let at = chance.below(reach.min(changed.len()));
                changed[at] = match chance.below(4) {
                    0 => 0,
                    1 => 0xFF,
                    2 => changed[at] ^ (1 << chance.below(8)),
                    _ => b'0' + chance.below(10) as u8,
                };
            }
            if chance.below(4) == 0 {
                changed.truncate(chance.below(bytes.len()));
            }
            std::fs::write(&target, &changed).unwrap();
            let Ok(scan) = look(folder.path()) else { continue };
            for series in scan.series() {
                let _ = series.cine_facts();
                loaded += usize::from(series.load_cine(&|_, _| {}).is_ok());
            }
        }
    }
    assert!(loaded > 100, "only {loaded} changed files were read to the end");
}

fn data() -> Option<PathBuf> {
    let data = std::env::var_os("HILUM_DATA").map(PathBuf::from);
    if data.is_none() {
        println!("skipped: HILUM_DATA names no folder of public data");
    }
    data
}

#[test]
fn a_public_angiogram_is_read_as_other_software_reads_it() {
    let Some(data) = data() else { return };
    let table = std::fs::read_to_string(fixtures().join("public.txt")).unwrap();
    for line in table.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let n: Vec<f64> = words[1..].iter().map(|word| word.parse().unwrap()).collect();
        let loaded = load(&data.join(words[0])).unwrap();
        let cine = &loaded.cine;
        assert_eq!(cine.shape().map(|n| n as f64), n[..3]);
        assert!((cine.times()[1] - n[3] / 1000.0).abs() < 1e-12);
        assert_eq!(cine.intensity(), Intensity::LineIntegral);
        // The brightest pixel has the integral 0, so the numbers follow from the integrals.
        let stored = |integral: f32| n[7] * f64::from(-integral).exp();
        let mean =
            cine.frames().iter().map(|p| stored(*p)).sum::<f64>() / cine.frames().len() as f64;
        // Cosines may be rounded either way; and a stored 0 is read as a half.
        assert!((mean - n[8] / cine.frames().len() as f64).abs() < 0.1, "{mean}");
        for pixel in n[9..].chunks_exact(4) {
            let place = [0, 1, 2].map(|at| pixel[at] as usize);
            assert!((stored(cine.frames()[place]) - pixel[3]).abs() <= 2.0, "{place:?}");
        }
        // It gives angles but no distances.
        assert_eq!(cine.projection(), None);
        for code in ["projection_unknown", "lossy_compression", "coarse_intensity"] {
            assert!(codes(&loaded.quality).contains(&code), "{code}");
        }
    }
}

#[test]
fn public_single_frames_of_fluoroscopy_are_refused_by_name() {
    let Some(data) = data() else { return };
    for name in ["0015.DCM", "KarstenHilbertRF.dcm"] {
        let refused = error(load(&data.join("cine/xa_rf").join(name))).to_string();
        assert_eq!(
            refused, "series [1] is not a cine: a single frame, wanted a run of frames",
            "{name}"
        );
    }
}

#[test]
fn a_small_compressed_file_that_claims_gigabytes_is_refused() {
    let folder = TempDir::new().unwrap();
    let target = folder.path().join("run.dcm");
    std::fs::copy(fixtures().join("rle.dcm"), &target).unwrap();
    common::change(&target, |object| {
        common::put(object, tags::NUMBER_OF_FRAMES, VR::IS, "20");
        common::put(object, tags::FRAME_TIME_VECTOR, VR::DS, "33");
        common::put(object, tags::FRAME_TIME, VR::DS, "33");
        common::put(object, tags::ROWS, VR::US, 8192u16);
        common::put(object, tags::COLUMNS, VR::US, 8192u16);
    });
    let refused = error(load(&target)).to_string();
    let claimed = 2 * 20u64 * 8192 * 8192;
    let said = format!("its pixels claim to unpack to {claimed} bytes from ");
    assert!(refused.contains(&said), "{refused}");
}
