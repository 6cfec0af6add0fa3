//! How a file begins: preamble, file meta information, and the first element behind it.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use dicom_core::VR;
use dicom_dictionary_std::uids;

use crate::attributes::plain;

/// Explicit VR Big Endian, retired from the standard but not from archives.
pub(crate) const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";

/// The beginning of a DICOM file.
pub(crate) struct Opening {
    /// Transfer syntax UID that the file gives; guessed where it gives none.
    pub(crate) syntax: String,
    /// Transfer syntax in which the data set is written, where it is not the one the file gives.
    pub(crate) written: Option<&'static str>,
    /// First byte of the data set in the file.
    pub(crate) start: u64,
}

/// A value of the file meta information is never longer.
const LONGEST: u32 = 1 << 16;

impl Opening {
    /// Reads the beginning of a file; `None` if it is not DICOM. Other files cost one short read.
    pub(crate) fn read(file: &mut File) -> io::Result<Option<Self>> {
        let mut bytes = Vec::with_capacity(132);
        file.take(132).read_to_end(&mut bytes)?;
        let start = if bytes.get(128..132) == Some(b"DICM") {
            132
        } else if bytes.starts_with(b"DICM") {
            4
        } else if bytes
            .get(..8)
            .is_some_and(|head| head.starts_with(&META) || guess(head).is_some())
        {
            0
        } else {
            return Ok(None);
        };
        file.seek(SeekFrom::Start(start))?;
        meta(&mut BufReader::with_capacity(1024, file), start).map(Some)
    }
}

/// Group 0002, which is always little-endian with explicit representation.
const META: [u8; 2] = [2, 0];

/// Reads the file meta information element by element, whatever its length claims to be.
fn meta(source: &mut impl Read, mut start: u64) -> io::Result<Opening> {
    let mut given = None;
    loop {
        let mut head = [0; 8];
        let full = source.read_exact(&mut head);
        if full.is_err() || !head.starts_with(&META) {
            return Ok(opening(given, &head, start));
        }
        let mut length = u32::from(u16::from_le_bytes([head[6], head[7]]));
        start += 8;
        if [b"OB", b"OW", b"UN", b"UT", b"SQ"].iter().any(|long| head[4..6] == long[..]) {
            let mut long = [0; 4];
            source.read_exact(&mut long)?;
            length = u32::from_le_bytes(long);
            start += 4;
        }
        if length > LONGEST {
            return Ok(opening(given, &head, start));
        }
        let mut value = vec![0; length as usize];
        source.read_exact(&mut value)?;
        start += u64::from(length);
        if head[2..4] == [0x10, 0x00] {
            let text = String::from_utf8_lossy(&value);
            let uid = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
            given = (!uid.is_empty()).then(|| plain(uid));
        }
    }
}

/// Some writers say one syntax and write the other: the first element tells.
fn opening(given: Option<String>, head: &[u8], start: u64) -> Opening {
    let seen = guess(head);
    let Some(syntax) = given else {
        let syntax = seen.unwrap_or(uids::IMPLICIT_VR_LITTLE_ENDIAN).to_owned();
        return Opening { syntax, written: None, start };
    };
    let little = syntax != BIG_ENDIAN && syntax != uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN;
    Opening { written: seen.filter(|_| little), syntax, start }
}

/// The uncompressed syntax in which a data set seems to be written, from its first element.
fn guess(head: &[u8]) -> Option<&'static str> {
    let explicit = VR::from_binary([head[4], head[5]]).is_some();
    match head {
        [2..=8, 0, _, 0, ..] if explicit => Some(uids::EXPLICIT_VR_LITTLE_ENDIAN),
        [8, 0, _, 0, _, _, 0, 0] => Some(uids::IMPLICIT_VR_LITTLE_ENDIAN),
        [0, 8, 0, _, ..] if explicit => Some(BIG_ENDIAN),
        _ => None,
    }
}
