//! Files that claim too much: refused within a second and 200 MiB.

mod common;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use common::clock::Clock;
use common::{axial, error, exported, file, load, look, rough};
use dicom_core::VR;
use dicom_core::value::{PixelFragmentSequence, Value};
use dicom_dictionary_std::{tags, uids};
use tempfile::TempDir;

/// Most memory that this process has held so far in MiB; 0 where the system does not tell.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

/// Loads a folder in a process of its own, and gives what was said against it.
fn refusal(folder: &Path) -> String {
    let told = in_a_process(folder);
    let told = told.strip_prefix("in time ").unwrap_or_else(|| panic!("{told}"));
    let (peak, refusal) = told.split_once(' ').unwrap();
    assert!(peak.parse::<u64>().unwrap() < 200, "{peak} MiB: {refusal}");
    assert!(refusal.len() < 400, "{refusal}");
    refusal.to_owned()
}

/// The last line of [`one_folder`].
fn in_a_process(folder: &Path) -> String {
    let ran = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "one_folder", "--ignored", "--nocapture"])
        .env("HILUM_BOUNDS_FOLDER", folder)
        .output()
        .unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    let line = said.lines().find_map(|line| line.strip_prefix("refused "));
    line.unwrap_or_else(|| panic!("{said}")).to_owned()
}

#[test]
#[ignore = "run by the test of bounds, once a folder"]
fn one_folder() {
    let folder = std::env::var_os("HILUM_BOUNDS_FOLDER").expect("the folder to be read");
    let clock = Clock::start();
    let refusal = error(load(Path::new(&folder))).to_string();
    let speed = if clock.time() < Duration::from_secs(1) { "in time" } else { "late" };
    println!("\nrefused {speed} {} {}", peak(), refusal.escape_debug());
}

/// Three slices, the last of which is to be spoiled.
fn three() -> TempDir {
    let folder = exported(&rough(&axial()));
    for n in (3..7).rev() {
        fs::remove_file(file(&folder, n)).unwrap();
    }
    folder
}

/// An element of explicit little-endian, its length in four bytes.
fn long(tag: [u16; 2], vr: &str, length: u32) -> Vec<u8> {
    let tag = tag.map(u16::to_le_bytes).concat();
    [&tag[..], vr.as_bytes(), &[0, 0], &length.to_le_bytes()].concat()
}

/// Deflates everything behind the file meta information, with `more` before the pixels.
fn deflate(path: &Path, more: impl Fn(&mut dyn Write)) {
    let mut object = dicom_object::open_file(path).unwrap();
    object.remove_element(tags::PIXEL_DATA);
    object.meta_mut().transfer_syntax = uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN.into();
    object.meta_mut().update_information_group_length();
    let mut bytes = vec![0; 128];
    bytes.extend(b"DICM");
    object.meta().write(&mut bytes).unwrap();
    let mut plain = Vec::new();
    let syntax = dicom_transfer_syntax_registry::entries::EXPLICIT_VR_LITTLE_ENDIAN.erased();
    object.write_dataset_with_ts(&mut plain, &syntax).unwrap();
    let mut encoder = flate2::write::DeflateEncoder::new(bytes, flate2::Compression::default());
    encoder.write_all(&plain).unwrap();
    more(&mut encoder);
    fs::write(path, encoder.finish().unwrap()).unwrap();
}

fn zeros(to: &mut dyn Write, mebibytes: usize) {
    let block = vec![0; 1 << 20];
    for _ in 0..mebibytes {
        to.write_all(&block).unwrap();
    }
}

#[test]
fn files_that_claim_too_much_are_refused_at_once() {
    frames_without_end();
    frames_without_bytes();
    sequences_without_end();
    items_without_end();
    a_header_that_swells();
    pixels_that_swell();
    a_deflated_frame_that_swells();
    fragments_without_end();
    run_lengths_that_swell();
    sequences_without_end_in_other_clothes();
    items_that_hold_little();
    a_text_of_nothing_but_separators();
    a_table_that_is_not_there();
    frames_of_nothing();
    an_empty_picture_that_swells();
}

fn frames_without_end() {
    let folder = three();
    common::change(&file(&folder, 2), |object| {
        common::put(object, tags::ROWS, VR::US, 65_535u16);
        common::put(object, tags::COLUMNS, VR::US, 65_535u16);
        common::put(object, tags::NUMBER_OF_FRAMES, VR::IS, "60000");
    });
    let said = refusal(folder.path());
    assert!(said.ends_with("it claims 65535×65535 pixels, wanted at most 8192×8192"), "{said}");
    let folder = three();
    common::change(&file(&folder, 2), |object| {
        common::put(object, tags::NUMBER_OF_FRAMES, VR::IS, "60000");
    });
    let said = refusal(folder.path());
    assert!(said.contains("0003.dcm"), "{said}");
}

fn frames_without_bytes() {
    let folder = three();
    common::change(&file(&folder, 2), |object| {
        let value = PixelFragmentSequence::new_fragments(vec![vec![0; 64]]);
        let value = Value::PixelSequence(value);
        object.put(dicom_core::DataElement::new(tags::PIXEL_DATA, VR::OB, value));
        object.meta_mut().transfer_syntax = uids::JPEG2000_LOSSLESS.into();
        common::put(object, tags::NUMBER_OF_FRAMES, VR::IS, "60000");
    });
    let said = refusal(folder.path());
    assert!(said.contains("it claims 60000 frames in "), "{said}");
}

fn sequences_without_end() {
    let folder = three();
    let path = file(&folder, 2);
    let bytes = fs::read(&path).unwrap();
    let pixels = bytes.windows(4).rposition(|tag| tag == [0xE0, 0x7F, 0x10, 0]).unwrap();
    let mut deep = bytes[..pixels].to_vec();
    for _ in 0..1_000_000 {
        deep.extend(long([0x0040, 0xA730], "SQ", u32::MAX));
        deep.extend([0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]);
    }
    fs::write(&path, deep).unwrap();
    let said = refusal(folder.path());
    assert!(said.ends_with("its sequences are nested more than 24 deep"), "{said}");
}

fn items_without_end() {
    let folder = three();
    let path = file(&folder, 2);
    let bytes = fs::read(&path).unwrap();
    let pixels = bytes.windows(4).rposition(|tag| tag == [0xE0, 0x7F, 0x10, 0]).unwrap();
    let mut many = bytes[..pixels].to_vec();
    many.extend(long([0x0040, 0xA730], "SQ", u32::MAX));
    for _ in 0..2_000_000 {
        many.extend([0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0]);
    }
    fs::write(&path, many).unwrap();
    let said = refusal(folder.path());
    assert!(said.contains("its header has over "), "{said}");
}

fn a_header_that_swells() {
    let folder = three();
    let one = |to: &mut dyn Write| {
        to.write_all(&long([0x0043, 0x1001], "UN", 300 << 20)).unwrap();
        zeros(to, 300);
    };
    deflate(&file(&folder, 2), one);
    let said = refusal(folder.path());
    assert!(said.contains("it ends or goes wrong after the element (0043,1001)"), "{said}");
    let many = |to: &mut dyn Write| {
        for element in 0..300 {
            to.write_all(&long([0x0043, 0x1001 + element], "UN", 1 << 20)).unwrap();
            zeros(to, 1);
        }
    };
    let folder = three();
    deflate(&file(&folder, 2), many);
    let said = refusal(folder.path());
    assert!(said.contains("it ends or goes wrong after the element (0043,10"), "{said}");
}

fn pixels_that_swell() {
    let folder = three();
    deflate(&file(&folder, 2), |to| {
        to.write_all(&long([0x7FE0, 0x0010], "OW", 600 << 20)).unwrap();
        zeros(to, 600);
    });
    let said = refusal(folder.path());
    assert!(said.contains("its pixels claim to unpack to 629145600 bytes from "), "{said}");
}

/// Replaces the pixels of the last file with fragments.
fn fragments(folder: &TempDir, syntax: &str, fragments: Vec<Vec<u8>>) {
    common::change(&file(folder, 2), |object| {
        let value = Value::PixelSequence(PixelFragmentSequence::new_fragments(fragments));
        object.put(dicom_core::DataElement::new(tags::PIXEL_DATA, VR::OB, value));
        object.meta_mut().transfer_syntax = syntax.into();
    });
}

fn a_deflated_frame_that_swells() {
    let folder = three();
    let mut encoder =
        flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    zeros(&mut encoder, 600);
    let mut bomb = encoder.finish().unwrap();
    bomb.resize(bomb.len().next_multiple_of(2), 0);
    fragments(&folder, uids::DEFLATED_IMAGE_FRAME_COMPRESSION, vec![bomb]);
    let said = refusal(folder.path());
    assert!(said.ends_with("288 bytes, wanted 286"), "{said}");
}

fn fragments_without_end() {
    let folder = three();
    let path = file(&folder, 2);
    fragments(&folder, uids::JPEG_LOSSLESS_SV1, vec![vec![0xFF, 0xD8]]);
    let mut bytes = fs::read(&path).unwrap();
    bytes.truncate(bytes.len() - 8);
    for _ in 0..8_000_000 {
        bytes.extend([0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0]);
    }
    fs::write(&path, bytes).unwrap();
    let said = refusal(folder.path());
    assert!(said.ends_with("its fragments do not end"), "{said}");
}

fn run_lengths_that_swell() {
    let folder = three();
    let mut frame = vec![0; 64];
    frame[0] = 2;
    frame[4] = 64;
    frame[8] = 64;
    frame.extend([0x81, 0].repeat(4_000_000));
    fragments(&folder, uids::RLE_LOSSLESS, vec![frame]);
    let said = refusal(folder.path());
    assert!(said.ends_with("0 pixels, wanted 143"), "{said}");
    let scan = look(&folder).unwrap();
    assert_eq!(scan.series().len(), 1);
}

/// The last file up to its pixels, with something else behind.
fn replaced(folder: &TempDir, more: impl FnOnce(&mut Vec<u8>)) {
    let path = file(folder, 2);
    let mut bytes = fs::read(&path).unwrap();
    let pixels = bytes.windows(4).rposition(|tag| tag == [0xE0, 0x7F, 0x10, 0]).unwrap();
    bytes.truncate(pixels);
    more(&mut bytes);
    fs::write(path, bytes).unwrap();
}

const OPEN_ITEM: [u8; 8] = [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF];

/// Nested as unknown elements, which are implicit inside.
fn sequences_without_end_in_other_clothes() {
    let folder = three();
    replaced(&folder, |bytes| {
        bytes.extend(long([0x0040, 0xA730], "UN", u32::MAX));
        for _ in 0..1_000_000 {
            bytes.extend(OPEN_ITEM);
            bytes.extend([0x40, 0x00, 0x30, 0xA7, 0xFF, 0xFF, 0xFF, 0xFF]);
        }
    });
    let said = refusal(folder.path());
    assert!(said.ends_with("its sequences are nested more than 24 deep"), "{said}");
}

fn items_that_hold_little() {
    let folder = three();
    replaced(&folder, |bytes| {
        bytes.extend(long([0x0040, 0xA730], "SQ", u32::MAX));
        for _ in 0..500_000 {
            bytes.extend([0xFE, 0xFF, 0x00, 0xE0, 8, 0, 0, 0]);
            bytes.extend([0x08, 0x00, 0x60, 0x00, b'C', b'S', 0, 0]);
        }
    });
    let said = refusal(folder.path());
    assert!(said.ends_with("its header would take too much memory"), "{said}");
}

fn a_text_of_nothing_but_separators() {
    let folder = three();
    replaced(&folder, |bytes| {
        bytes.extend(long([0x0040, 0xA160], "UC", 4 << 20));
        bytes.resize(bytes.len() + (4 << 20), b'\\');
    });
    let said = refusal(folder.path());
    assert!(said.ends_with("it ends or goes wrong after the element (0040,A160)"), "{said}");
    let folder = three();
    replaced(&folder, |bytes| {
        for element in 0..20 {
            bytes.extend(long([0x0040, 0xA160 + element], "UC", 1 << 18));
            bytes.resize(bytes.len() + (1 << 18), b'\\');
        }
    });
    let said = refusal(folder.path());
    assert!(said.ends_with("its header would take too much memory"), "{said}");
}

fn a_table_that_is_not_there() {
    let folder = three();
    replaced(&folder, |bytes| {
        bytes.extend(long([0x0040, 0xA730], "OW", 0xFFFF_FFFE));
    });
    let said = refusal(folder.path());
    assert!(said.ends_with("it ends or goes wrong after the element (0040,A730)"), "{said}");
}

/// 65,536 frames without a word of where they lie, of one byte each or of empty fragments.
fn frames_of_nothing() {
    let plain = [(tags::ROWS, 1u16), (tags::COLUMNS, 1), (tags::BITS_ALLOCATED, 8)];
    let folder = alone(|object| {
        for (tag, number) in plain.into_iter().chain([(tags::BITS_STORED, 8), (tags::HIGH_BIT, 7)])
        {
            common::put(object, tag, VR::US, number);
        }
        common::put(object, tags::PIXEL_DATA, VR::OB, vec![0u8; 1 << 16]);
    });
    let said = refusal(folder.path());
    assert!(said.contains("1 CT series with 65536 images at one place"), "{said}");
    let folder = alone(|object| {
        let value = PixelFragmentSequence::new_fragments(vec![Vec::new(); 1 << 16]);
        object.put(dicom_core::DataElement::new(
            tags::PIXEL_DATA,
            VR::OB,
            Value::PixelSequence(value),
        ));
        object.meta_mut().transfer_syntax = uids::RLE_LOSSLESS.into();
    });
    let said = refusal(folder.path());
    assert!(said.contains("1 CT series with 65536 images at one place"), "{said}");
}

/// One file of 65,536 frames.
fn alone(change: impl FnOnce(&mut common::Object)) -> TempDir {
    let folder = three();
    for n in [1, 0] {
        fs::remove_file(file(&folder, n)).unwrap();
    }
    common::change(&file(&folder, 0), |object| {
        common::put(object, tags::NUMBER_OF_FRAMES, VR::IS, "65536");
        change(object);
    });
    folder
}

fn an_empty_picture_that_swells() {
    let folder = three();
    fragments(&folder, uids::JPEG2000_LOSSLESS, vec![vec![0xFF; 200]]);
    common::change(&file(&folder, 2), |object| {
        for tag in [tags::ROWS, tags::COLUMNS] {
            common::put(object, tag, VR::US, 8192u16);
        }
    });
    let said = refusal(folder.path());
    assert!(said.contains("its pixels claim to unpack to 134217728 bytes from "), "{said}");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_opened() {
    use std::os::unix::net::UnixListener;
    let folder = exported(&rough(&axial()));
    let socket = folder.path().join("socket");
    let _listening = UnixListener::bind(&socket).unwrap();
    let pipe = folder.path().join("pipe.dcm");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|status| status.success()));
    std::os::unix::fs::symlink("..", folder.path().join("round")).unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("dangling")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("zero")).unwrap();
    // Nothing of a loop is read twice; what leads nowhere is told.
    let nested = TempDir::new_in(folder.path()).unwrap();
    std::os::unix::fs::symlink(folder.path(), nested.path().join("up")).unwrap();
    fs::remove_file(folder.path().join("round")).unwrap();
    let scan = look(&folder).unwrap();
    assert_eq!(scan.files(), 8);
    assert_eq!(scan.unread().len(), 1);
    assert_eq!(scan.unread()[0].reason(), "it cannot be opened");
    for path in [&pipe, &socket, Path::new("/dev/zero")] {
        let said = error(look(path)).to_string();
        assert!(said.ends_with("cannot be read: neither a file nor a folder"), "{said}");
    }
}
