//! Bytes out of files, never more than the header promises.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::bufread::{MultiGzDecoder, ZlibDecoder};

use crate::Error;

/// How voxels are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Raw,
    Gzip,
    Zlib,
}

/// Deflate packs at most 1032 bytes into one.
const TIGHTEST: u64 = 1032;

const BUFFER: usize = 1 << 20;

pub(crate) fn unreadable(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    move |source| Error::Io { action: "read", path: path.to_owned(), source }
}

/// Opens a file for reading.
pub(crate) fn open(path: &Path) -> Result<BufReader<File>, Error> {
    let file = File::open(path).map_err(unreadable(path))?;
    if file.metadata().map_err(unreadable(path))?.is_dir() {
        let source = std::io::ErrorKind::IsADirectory.into();
        return Err(Error::Io { action: "read", path: path.to_owned(), source });
    }
    Ok(BufReader::with_capacity(BUFFER, file))
}

/// Bytes from here to the end of the file.
pub(crate) fn remaining(reader: &mut BufReader<File>, path: &Path) -> Result<u64, Error> {
    let here = reader.stream_position().map_err(unreadable(path))?;
    let length = reader.get_ref().metadata().map_err(unreadable(path))?.len();
    Ok(length.saturating_sub(here))
}

/// Moves a reader by a signed number of bytes.
pub(crate) fn skip(reader: &mut BufReader<File>, path: &Path, by: SeekFrom) -> Result<(), Error> {
    reader.seek(by).map(|_| ()).map_err(unreadable(path))
}

/// The next `wanted` bytes after unpacking. What follows them in the file is left alone.
///
/// # Errors
///
/// [`Error::Truncated`] if there are fewer, which is found out before memory is taken where the
/// size of the file tells; [`Error::Compression`] if the packing is damaged.
pub(crate) fn voxels(
    reader: &mut BufReader<File>,
    path: &Path,
    packing: Packing,
    wanted: u64,
) -> Result<Vec<u8>, Error> {
    let remaining = remaining(reader, path)?;
    let possible = match packing {
        Packing::Raw => remaining,
        Packing::Gzip | Packing::Zlib => remaining.saturating_mul(TIGHTEST),
    };
    if possible < wanted {
        return Err(Error::Truncated { found: possible, wanted });
    }
    match packing {
        Packing::Raw => fill(reader, wanted),
        Packing::Gzip => fill(&mut MultiGzDecoder::new(reader), wanted),
        Packing::Zlib => fill(&mut ZlibDecoder::new(reader), wanted),
    }
}

/// Exactly `wanted` bytes.
fn fill(reader: &mut impl Read, wanted: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let too_many = |_| Error::Truncated { found: 0, wanted };
    let length = usize::try_from(wanted).map_err(|_| Error::Truncated { found: 0, wanted })?;
    bytes.try_reserve_exact(length).map_err(too_many)?;
    let outcome = reader.take(wanted).read_to_end(&mut bytes);
    let found = bytes.len() as u64;
    match outcome {
        Err(e) if e.kind() == ErrorKind::UnexpectedEof => Err(Error::Truncated { found, wanted }),
        Err(_) => Err(Error::Compression { unpacked: found, wanted }),
        Ok(_) if found < wanted => Err(Error::Truncated { found, wanted }),
        Ok(_) => Ok(bytes),
    }
}

/// At most the first `length` bytes after unpacking; the reader is left anywhere.
pub(crate) fn head(
    reader: &mut BufReader<File>,
    path: &Path,
    packing: Packing,
    length: usize,
) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let length = length as u64;
    let outcome = match packing {
        Packing::Raw => reader.take(length).read_to_end(&mut bytes),
        Packing::Gzip => MultiGzDecoder::new(reader).take(length).read_to_end(&mut bytes),
        Packing::Zlib => ZlibDecoder::new(reader).take(length).read_to_end(&mut bytes),
    };
    match outcome {
        // What a damaged file starts with is judged by whoever knows what it should be.
        Err(e) if packing == Packing::Raw => Err(unreadable(path)(e)),
        _ => Ok(bytes),
    }
}

/// Says whether a file starts like gzip.
pub(crate) fn is_gzip(reader: &mut BufReader<File>, path: &Path) -> Result<bool, Error> {
    Ok(reader.fill_buf().map_err(unreadable(path))?.starts_with(&[0x1f, 0x8b]))
}
