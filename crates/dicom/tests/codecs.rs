//! Single images in every coding, made by other software (`testdata/oracles/codecs.py`).

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::look;
use dicom_core::value::{PixelFragmentSequence, Value};
use dicom_core::{DataElement, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::open_file;
use hilum_core::Hint;
use hilum_dicom::Error;
use tempfile::TempDir;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/codecs")
}

/// HU of the only image of a file.
fn image(path: &Path) -> Result<Vec<f32>, Error> {
    let scan = look(path)?;
    let mut images = scan.series()[0].images()?;
    images.next().expect("one image").map(|image| image.values)
}

/// HU from the numbers that another decoder found.
fn expected(numbers: &str, intercept: f32) -> Vec<f32> {
    let bytes = fs::read(folder().join(format!("{numbers}.i32"))).unwrap();
    let number = |word: &[u8]| i32::from_le_bytes(word.try_into().unwrap()) as f32 + intercept;
    bytes.chunks_exact(4).map(number).collect()
}

#[test]
fn every_coding_gives_the_numbers_of_other_decoders() {
    let table = fs::read_to_string(folder().join("table.txt")).unwrap();
    let mut files = 0;
    for line in table.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let path = folder().join(format!("{}.dcm", words[0]));
        let found = image(&path).unwrap_or_else(|error| panic!("{line}: {error}"));
        let expected = expected(words[1], words[3].parse().unwrap());
        assert_eq!(found.len(), expected.len(), "{line}");
        let apart = found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart <= words[2].parse().unwrap(), "{line}: {apart}");
        files += 1;
    }
    assert_eq!(files, 29);
}

/// Changes the only stream of a file.
fn with_stream(name: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) -> Result<Vec<f32>, Error> {
    let scratch = TempDir::new().unwrap();
    let path = scratch.path().join("changed.dcm");
    let mut object = open_file(folder().join(format!("{name}.dcm"))).unwrap();
    let pixels = object.element(tags::PIXEL_DATA).unwrap();
    let stream = pixels.value().fragments().unwrap().concat();
    let value = PixelFragmentSequence::new_fragments(vec![change(stream)]);
    object.put(DataElement::new(tags::PIXEL_DATA, VR::OB, Value::PixelSequence(value)));
    object.write_to_file(&path).unwrap();
    image(&path)
}

#[test]
fn a_stream_that_was_cut_is_no_image() {
    for name in [
        "lossless_predictor_1",
        "lossless_restart_4",
        "extended_twelve",
        "unsigned16_jpeg_ls_filled",
        "unsigned16_said_signed",
        "unsigned16_high_throughput_201",
        "encapsulated_plain",
    ] {
        assert!(with_stream(name, |stream| stream).is_ok(), "{name}");
        for part in 1..8 {
            let cut = with_stream(name, |stream| {
                let end = stream.len() * part / 8;
                stream[..end & !1].to_vec()
            });
            assert!(matches!(cut, Err(Error::Undecodable { .. })), "{name} cut to {part}/8");
        }
    }
}

#[test]
fn a_progressive_stream_that_was_cut_is_no_image() {
    for name in ["spectral_twelve", "progressive_twelve"] {
        let file = fs::read(folder().join(format!("{name}.dcm"))).unwrap();
        let start = file.windows(3).position(|marker| marker == [0xFF, 0xD8, 0xFF]).unwrap();
        let end = file.windows(2).rposition(|marker| marker == [0xFF, 0xD9]).unwrap() + 2;
        let stream = &file[start..end];
        let whole = with_stream("extended_twelve", |_| [stream, &[0]].concat()).unwrap();
        assert_eq!(whole, image(&folder().join(format!("{name}.dcm"))).unwrap());
        for part in 1..8 {
            let end = stream.len() * part / 8;
            let cut = with_stream("extended_twelve", |_| stream[..end].to_vec());
            assert!(matches!(cut, Err(Error::Undecodable { .. })), "{name} cut to {part}/8");
        }
    }
}

#[test]
fn arithmetic_coding_is_refused_by_its_name() {
    let refused = with_stream("extended_twelve", |mut stream| {
        let at = stream.windows(2).position(|marker| marker == [0xFF, 0xC1]).unwrap();
        stream[at + 1] = 0xC9;
        stream
    });
    let text = refused.unwrap_err().to_string();
    assert!(text.ends_with("JPEG process SOF9, wanted 0 to 3"), "{text}");
}

#[test]
fn a_syntax_without_decoder_is_refused_by_its_name_with_a_way_out() {
    let scratch = TempDir::new().unwrap();
    let path = scratch.path().join("changed.dcm");
    let mut object = open_file(folder().join("extended_twelve.dcm")).unwrap();
    object.meta_mut().transfer_syntax = "1.2.840.10008.1.2.4.110".into();
    object.write_to_file(&path).unwrap();
    let error = image(&path).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("`1.2.840.10008.1.2.4.110` (JPEG XL"), "{text}");
    assert!(error.hint().unwrap().starts_with("convert the files"));
}

#[test]
fn a_lossy_stream_does_not_pass_for_a_lossless_one() {
    let scratch = TempDir::new().unwrap();
    let path = scratch.path().join("changed.dcm");
    let mut object = open_file(folder().join("extended_twelve.dcm")).unwrap();
    object.meta_mut().transfer_syntax = uids::JPEG_LOSSLESS_SV1.into();
    object.write_to_file(&path).unwrap();
    let text = image(&path).unwrap_err().to_string();
    assert!(text.ends_with("a lossy process, wanted lossless"), "{text}");
}

#[test]
fn a_deflated_file_of_many_frames_is_inflated_once() {
    let source = folder().join("../cine/explicit_little.dcm");
    let mut object = open_file(source).unwrap();
    let (frames, side) = (3000usize, 64usize);
    let words: Vec<u16> = (0..frames * side * side).map(|n| (n / side % 1021) as u16).collect();
    object.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, frames.to_string()));
    for tag in [tags::ROWS, tags::COLUMNS] {
        object.put(DataElement::new(tag, VR::US, dicom_core::PrimitiveValue::from(side as u16)));
    }
    let stored = object.element(tags::BITS_ALLOCATED).unwrap().to_int::<u16>().unwrap();
    assert_eq!(stored, 16);
    let value = dicom_core::PrimitiveValue::U16(words.into_iter().collect());
    object.put(DataElement::new(tags::PIXEL_DATA, VR::OW, value));
    object.meta_mut().transfer_syntax = uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN.into();
    let scratch = TempDir::new().unwrap();
    let path = scratch.path().join("deflated.dcm");
    object.write_to_file(&path).unwrap();
    let clock = common::clock::Clock::start();
    let scan = look(&path).unwrap();
    let mut read = 0;
    for image in scan.series()[0].images().unwrap() {
        let image = image.unwrap();
        let first = ((image.frame - 1) * side % 1021) as f32;
        assert_eq!(image.values[0], first, "frame {}", image.frame);
        read += 1;
    }
    assert_eq!(read, frames);
    // Inflating all that lies before a frame, for each, takes minutes.
    assert!(clock.time().as_secs() < 10, "{:?}", clock.time());
}
