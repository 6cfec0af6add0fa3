//! The pixels of one frame, from the file to CT numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

use hilum_core::Hu;

use crate::Error;
use crate::codec::{self, Decoded, Refusal};
use crate::encapsulated::{Cut, Fragments, Frame};
use crate::slice::Slice;
use crate::stored::{NotANumber, OutOfRange, Stored};

/// Pixels are read in pieces that stay in the processor's cache: they are read once, and written
/// once, to where they belong.
const PIECE: usize = 1 << 16;

/// More than this is no frame of a CT: the bound for what a compressed file makes us hold.
const LARGEST: u64 = 1 << 30;

/// The files of a series. Those that hold several compressed frames, or are deflated as a whole,
/// are read once, others when their slice is wanted.
pub(crate) struct Opened {
    shared: BTreeMap<usize, Shared>,
    /// File and frame of the streams that were repaired to be decoded.
    repaired: Mutex<BTreeSet<(usize, usize)>>,
}

/// What all frames of a file are taken from.
enum Shared {
    Fragments(Fragments),
    Inflated(Vec<u8>),
}

impl Opened {
    pub(crate) fn new<'a>(slices: impl IntoIterator<Item = &'a Slice>) -> Result<Self, Error> {
        let mut shared = BTreeMap::new();
        for slice in slices {
            let header = &slice.header;
            let number = header.file.number;
            if header.frames < 2 || shared.contains_key(&number) {
                continue;
            }
            if header.pixels.length.is_none() {
                shared.insert(number, Shared::Fragments(fragments(slice)?));
            } else if header.pixels.deflated {
                shared.insert(number, Shared::Inflated(inflated(slice)?));
            }
        }
        Ok(Self { shared, repaired: Mutex::default() })
    }

    /// How many of the frames that were decoded so far had to be repaired.
    pub(crate) fn repaired(&self) -> usize {
        self.repaired.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whole CT numbers of a frame. `Ok(false)` if one of them does not fit 16 bits.
    pub(crate) fn whole(&self, slice: &Slice, out: &mut [Hu]) -> Result<bool, Error> {
        let stored = stored(slice);
        let mut fits = true;
        self.each_piece(slice, |at, bytes| {
            let end = at + bytes.len() / stored.bytes();
            if let Err(OutOfRange) = stored.whole(bytes, &mut out[at..end]) {
                fits = false;
            }
        })?;
        Ok(fits)
    }

    /// CT numbers of a frame as they are.
    pub(crate) fn exact(&self, slice: &Slice, out: &mut [f32]) -> Result<(), Error> {
        let stored = stored(slice);
        let mut finite = true;
        self.each_piece(slice, |at, bytes| {
            let end = at + bytes.len() / stored.bytes();
            if let Err(NotANumber) = stored.exact(bytes, &mut out[at..end]) {
                finite = false;
            }
        })?;
        if finite {
            return Ok(());
        }
        let reason = "some are infinite or no numbers".into();
        Err(Error::Undecodable { file: slice.header.file.to_string(), reason })
    }

    /// Hands the stored bytes of a frame to a closure, piece by piece, each with the number of
    /// its first pixel.
    fn each_piece(&self, slice: &Slice, mut take: impl FnMut(usize, &[u8])) -> Result<(), Error> {
        require_readable(slice)?;
        let shared = self.shared.get(&slice.header.file.number);
        let decoded = match (shared, slice.header.pixels.length) {
            (Some(Shared::Inflated(bytes)), _) => {
                take(0, own_part(slice, bytes)?);
                return Ok(());
            }
            (_, Some(_)) => return plain(slice, &mut take),
            (Some(Shared::Fragments(fragments)), None) => compressed(slice, fragments)?,
            (None, None) => compressed(slice, &fragments(slice)?)?,
        };
        if decoded.repaired {
            let mut repaired = self.repaired.lock().unwrap_or_else(PoisonError::into_inner);
            repaired.insert((slice.header.file.number, slice.frame));
        }
        take(0, &decoded.bytes);
        Ok(())
    }
}

/// How the bytes of a slice become CT numbers.
pub(crate) fn stored(slice: &Slice) -> Stored<'_> {
    Stored::of(&slice.header, slice.rescale)
}

/// Refuses pixels that no CT has.
fn check(slice: &Slice) -> Result<(), Error> {
    let format = &slice.header.format;
    let refuse = |found: String, wanted| {
        Err(Error::UnsupportedPixels { file: slice.header.file.to_string(), found, wanted })
    };
    if format.samples != 1 {
        return refuse(format!("{} samples per pixel", format.samples), "1 sample per pixel");
    }
    if !format.photometric.starts_with("MONOCHROME") {
        return refuse(format!("{} pixels", format.photometric), "MONOCHROME2 pixels");
    }
    if slice.header.pixels.float {
        return match (format.bits_allocated, slice.header.pixels.length) {
            (32 | 64, Some(_)) => Ok(()),
            (bits, _) => refuse(
                format!("floating point pixels of {bits} bits, or compressed ones"),
                "uncompressed ones of 32 or 64 bits",
            ),
        };
    }
    match format.bits_allocated {
        8 | 16 | 32 => Ok(()),
        bits => refuse(format!("{bits} bits per pixel"), "8, 16 or 32 bits per pixel"),
    }
}

/// Refuses a frame that is no CT, or that its file does not hold to the end, before room is made
/// for any.
/// Compressed frames show it when they are cut into fragments.
pub(crate) fn require_readable(slice: &Slice) -> Result<(), Error> {
    check(slice)?;
    let header = &slice.header;
    let Some(length) = header.pixels.length else { return Ok(()) };
    let found = header.pixels.found.unwrap_or(length).min(length);
    let wanted = (slice.frame as u64 + 1).saturating_mul(header.format.frame_bytes() as u64);
    if found < wanted {
        return Err(Error::Truncated { file: header.file.to_string(), found, wanted });
    }
    Ok(())
}

fn plain(slice: &Slice, take: &mut impl FnMut(usize, &[u8])) -> Result<(), Error> {
    let header = &slice.header;
    let path = &header.file.path;
    let frame = header.format.frame_bytes();
    let skip = (slice.frame * frame) as u64;
    let mut source =
        header.pixels.open(path, skip).map_err(|error| Error::unreadable(path, error))?;
    let width = usize::from(header.format.bits_allocated) / 8;
    let mut piece = vec![0; PIECE.min(frame)];
    let mut done = 0;
    while done < frame {
        let size = PIECE.min(frame - done);
        let bytes = &mut piece[..size];
        source.read_exact(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Error::Truncated {
                file: header.file.to_string(),
                found: skip + done as u64,
                wanted: skip + frame as u64,
            },
            _ => Error::unreadable(path, error),
        })?;
        take(done / width, bytes);
        done += size;
    }
    Ok(())
}

/// The pixels of all frames of a deflated file. A reader of single ones would inflate all those
/// before each.
fn inflated(slice: &Slice) -> Result<Vec<u8>, Error> {
    let header = &slice.header;
    let path = &header.file.path;
    let wanted = (header.frames as u64).saturating_mul(header.format.frame_bytes() as u64);
    if wanted > LARGEST {
        let reason = format!("{wanted} bytes are deflated in one, wanted at most {LARGEST}");
        return Err(Error::Undecodable { file: header.file.to_string(), reason });
    }
    let unreadable = |error| Error::unreadable(path, error);
    let source = header.pixels.open(path, 0).map_err(unreadable)?;
    let mut bytes = Vec::new();
    source.take(wanted).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

/// The bytes of a frame among those of all.
fn own_part<'a>(slice: &Slice, bytes: &'a [u8]) -> Result<&'a [u8], Error> {
    let size = slice.header.format.frame_bytes();
    let end = (slice.frame + 1) * size;
    bytes.get(end - size..end).ok_or_else(|| Error::Truncated {
        file: slice.header.file.to_string(),
        found: bytes.len() as u64,
        wanted: end as u64,
    })
}

fn fragments(slice: &Slice) -> Result<Fragments, Error> {
    let header = &slice.header;
    let path = &header.file.path;
    let unreadable = |error| Error::unreadable(path, error);
    let source = header.pixels.open(path, 0).map_err(unreadable)?;
    let mut bytes = Vec::new();
    source.take(most_bytes(slice)).read_to_end(&mut bytes).map_err(unreadable)?;
    let file = || header.file.to_string();
    Fragments::new(bytes, header.frames).map_err(|cut| match cut {
        Cut::Short { found, wanted } => Error::Truncated { file: file(), found, wanted },
        Cut::Endless => {
            Error::Undecodable { file: file(), reason: "its fragments do not end".into() }
        }
    })
}

/// The bound for what a compressed file makes us hold: no coding makes more of a frame than twice
/// its bytes.
fn most_bytes(slice: &Slice) -> u64 {
    let header = &slice.header;
    let frames = 2 * (header.frames * header.format.frame_bytes()) as u64;
    (frames + (1 << 24)).min(LARGEST)
}

fn compressed(slice: &Slice, fragments: &Fragments) -> Result<Decoded, Error> {
    let header = &slice.header;
    let file = || header.file.to_string();
    let Some(bytes) = fragments.frame(slice.frame, header.frames) else {
        let reason = format!("no fragments for frame {} of {}", slice.frame + 1, header.frames);
        return Err(Error::Undecodable { file: file(), reason });
    };
    let frame = Frame { syntax: &header.syntax, format: &header.format, bytes: &bytes };
    codec::decode(&frame).map_err(|refusal| match refusal {
        Refusal::Syntax => Error::UnsupportedSyntax { file: file(), syntax: header.syntax.clone() },
        Refusal::Stream(reason) => Error::Undecodable { file: file(), reason },
    })
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use crate::slice::SourceFile;
    use crate::{dataset, header};

    use super::*;

    /// HU of the only frame of a file, and the HU of one stored level.
    fn pixels(path: PathBuf) -> (Vec<f32>, f64) {
        let found = dataset::read(&path).unwrap().unwrap();
        let pixels = found.pixels.unwrap();
        let file = SourceFile { path, number: 1, of: 1 };
        let slices = header::slices(file, &found, pixels).unwrap();
        let mut values = vec![0.0; slices[0].header.format.area()];
        Opened::new(&slices).unwrap().exact(&slices[0], &mut values).unwrap();
        (values, slices[0].rescale.slope)
    }

    /// `testdata/oracles/dicom.py` wrote the numbers that pydicom finds.
    #[test]
    fn single_images_of_public_data_are_decoded_as_by_pydicom() {
        let Some(data) = std::env::var_os("HILUM_DATA") else {
            println!("skipped: HILUM_DATA names no folder of public data");
            return;
        };
        let table =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/dicom/single_images.txt");
        for line in std::fs::read_to_string(table).unwrap().lines() {
            let words: Vec<&str> = line.split(' ').collect();
            let expected: Vec<f64> = words[1..].iter().map(|word| word.parse().unwrap()).collect();
            let (found, level) = pixels(Path::new(&data).join(words[0]));
            let least = found.iter().copied().fold(f32::INFINITY, f32::min);
            let most = found.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let sum: f64 = found.iter().map(|hu| f64::from(*hu)).sum();
            // Wavelets and cosines may be rounded either way; all else is exact.
            let rounded = ["J2KI", "4.91", "4.50", "4.51"];
            let rounded = rounded.iter().any(|kind| words[0].contains(kind));
            let (one, mean) = if rounded { (2.0 * level, 0.05 * level) } else { (0.0, 0.0) };
            assert!((f64::from(least) - expected[0]).abs() <= one, "{line}: {least}");
            assert!((f64::from(most) - expected[1]).abs() <= one, "{line}: {most}");
            let off = (sum - expected[2]).abs() / found.len() as f64;
            assert!(off <= mean, "{line}: {sum}");
        }
    }
}
