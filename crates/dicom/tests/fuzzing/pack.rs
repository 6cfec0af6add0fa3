//! Elements, fragments and packed pixels, byte by byte.

use std::io::{Read, Write};

use dicom_core::Tag;
use dicom_dictionary_std::{tags, uids};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::elements::elements;

const OPEN: [u8; 4] = [0xFF; 4];
const ITEM: [u8; 4] = [0xFE, 0xFF, 0x00, 0xE0];
const END_OF_ITEM: [u8; 8] = [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0];
pub(crate) const END_OF_SEQUENCE: [u8; 8] = [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0];

pub(crate) fn even(mut value: Vec<u8>, padding: u8) -> Vec<u8> {
    if value.len() % 2 == 1 {
        value.push(padding);
    }
    value
}

fn tag_bytes(tag: Tag) -> Vec<u8> {
    [tag.0.to_le_bytes(), tag.1.to_le_bytes()].concat()
}

fn is_long(vr: &str) -> bool {
    ["OB", "OW", "OF", "OD", "OL", "OV", "SQ", "UN", "UT", "UC", "UR", "SV", "UV"].contains(&vr)
}

/// Head of an element with explicit representation, little-endian.
pub(crate) fn head(tag: Tag, vr: &str, length: [u8; 4]) -> Vec<u8> {
    let length = if is_long(vr) { [&[0, 0], &length[..]].concat() } else { length[..2].to_vec() };
    [&tag_bytes(tag), vr.as_bytes(), &length].concat()
}

pub(crate) fn explicit(tag: Tag, vr: &str, value: &[u8]) -> Vec<u8> {
    [head(tag, vr, (value.len() as u32).to_le_bytes()), value.to_vec()].concat()
}

pub(crate) fn implicit(tag: Tag, value: &[u8]) -> Vec<u8> {
    [&tag_bytes(tag), &(value.len() as u32).to_le_bytes()[..], value].concat()
}

pub(crate) fn item(value: &[u8]) -> Vec<u8> {
    [&ITEM, &(value.len() as u32).to_le_bytes(), value].concat()
}

/// An item that ends with a delimiter.
pub(crate) fn open_item(value: &[u8]) -> Vec<u8> {
    [&ITEM[..], &OPEN, value, &END_OF_ITEM].concat()
}

/// A sequence that ends with a delimiter.
pub(crate) fn open_sequence(tag: Tag, vr: &str, items: &[u8]) -> Vec<u8> {
    [head(tag, vr, OPEN), items.to_vec(), END_OF_SEQUENCE.to_vec()].concat()
}

/// Pixel data in fragments, each frame cut into `cuts`; with the table of offsets or without.
pub(crate) fn encapsulated(frames: &[Vec<u8>], cuts: usize, table: bool) -> Vec<u8> {
    let mut fragments = Vec::new();
    let mut offsets = Vec::new();
    for frame in frames {
        offsets.extend((fragments.len() as u32).to_le_bytes());
        let size = frame.len().div_ceil(cuts).next_multiple_of(2).max(2);
        frame.chunks(size).for_each(|part| fragments.extend(item(&even(part.to_vec(), 0))));
    }
    let offsets = item(if table { &offsets } else { &[] });
    open_sequence(tags::PIXEL_DATA, "OB", &[offsets, fragments].concat())
}

/// Run lengths of 16-bit pixels: two segments, high bytes first (PS3.5 annex G).
pub(crate) fn run_lengths(pixels: &[u8]) -> Vec<u8> {
    let plane = |high: usize| -> Vec<u8> {
        let bytes: Vec<u8> = pixels.iter().copied().skip(high).step_by(2).collect();
        even(bytes.chunks(128).flat_map(runs).collect(), 0)
    };
    let [high, low] = [plane(1), plane(0)];
    let mut heads = vec![2, 64, 64 + high.len() as u32];
    heads.resize(16, 0);
    let heads = heads.iter().flat_map(|n| n.to_le_bytes());
    heads.chain(high).chain(low).collect()
}

/// A run where all bytes are one, else the bytes themselves.
fn runs(bytes: &[u8]) -> Vec<u8> {
    if bytes.len() > 1 && bytes.iter().all(|byte| *byte == bytes[0]) {
        return vec![(257 - bytes.len()) as u8, bytes[0]];
    }
    [&[(bytes.len() - 1) as u8], bytes].concat()
}

pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes bytes");
    even(encoder.finish().expect("memory takes bytes"), 0)
}

/// Where the data set of a file begins that says it is deflated.
fn deflated_part(bytes: &[u8]) -> Option<usize> {
    let meta = |at: usize| bytes.get(at..at + 2) == Some(&[2, 0]);
    let found: Vec<_> = elements(bytes).into_iter().take_while(|e| meta(e.start)).collect();
    let says = |range| String::from_utf8_lossy(&bytes[range]).into_owned();
    let deflated = found.iter().any(|element| {
        says(element.value.clone()).trim_end_matches('\0')
            == uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN
    });
    deflated.then(|| found.last().map_or(0, |element| element.value.end))
}

/// Longer data sets are left packed: changes are for small ones.
const MOST: u64 = 1 << 16;

/// A deflated file with its data set unpacked; `None` if it is none.
pub(crate) fn inflated(bytes: &[u8]) -> Option<Vec<u8>> {
    let start = deflated_part(bytes)?;
    let mut plain = bytes[..start].to_vec();
    DeflateDecoder::new(&bytes[start..]).take(MOST).read_to_end(&mut plain).ok()?;
    Some(plain)
}

/// Packs what [`inflated`] unpacked.
pub(crate) fn deflated(bytes: &[u8]) -> Vec<u8> {
    match deflated_part(bytes) {
        Some(start) => [&bytes[..start], &deflate(&bytes[start..])].concat(),
        None => bytes.to_vec(),
    }
}
