//! One file, parsed as far as its pixels.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use dicom_dictionary_std::uids;
use dicom_encoding::transfer_syntax::TransferSyntaxIndex;
use dicom_encoding::{Codec, TransferSyntax};
use dicom_object::InMemDicomObject;
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;

use crate::elements::{Elements, End};
use crate::opening::Opening;

/// What a file holds, its pixels left where they are.
pub(crate) struct DataSet {
    /// Transfer syntax UID.
    pub(crate) syntax: String,
    /// Everything before the pixels, private groups left out.
    pub(crate) object: InMemDicomObject,
    /// Where the pixels are, if the file has any.
    pub(crate) pixels: Option<Pixels>,
    /// Why reading stopped before the pixels or the end of the file.
    pub(crate) broken: Option<String>,
}

/// Where a file keeps its pixel data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pixels {
    /// First byte of the value, counted from `start`.
    pub(crate) offset: u64,
    /// Length of the value in bytes; `None` for a sequence of compressed fragments.
    pub(crate) length: Option<u64>,
    /// Bytes that the file has from the first of the value to its end; `None` where deflated.
    pub(crate) found: Option<u64>,
    /// First byte of the data set in the file.
    pub(crate) start: u64,
    /// Whether the data set is deflated, so that `offset` counts inflated bytes.
    pub(crate) deflated: bool,
    /// Whether the value holds floating point numbers.
    pub(crate) float: bool,
}

/// No value before the pixels is longer, and no deflated header as a whole: what a file may make
/// us hold before it is known to be an image.
const LONGEST: u64 = 1 << 25;

/// Deflated pixels of more than 64 MiB do not unpack to more than this many times their file.
const MOST_TIMES: u64 = 128;

/// Parses a file up to its pixels. `None` if it is not DICOM.
///
/// # Errors
///
/// Only that the file cannot be read at all; what is wrong inside is [`DataSet::broken`].
pub(crate) fn read(path: &Path) -> io::Result<Option<DataSet>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let Some(opening) = Opening::read(&mut file)? else { return Ok(None) };
    file.seek(SeekFrom::Start(opening.start))?;
    Ok(Some(DataSet::parse(opening, BufReader::new(file), length)))
}

impl DataSet {
    fn parse(opening: Opening, file: BufReader<File>, file_length: u64) -> Self {
        let Opening { syntax, written, start } = opening;
        let mut found =
            Self { syntax, object: InMemDicomObject::new_empty(), pixels: None, broken: None };
        let written = written.unwrap_or(&found.syntax);
        // What is not known compresses frames, and then the rest is explicit little-endian
        // (PS3.5 section A.4).
        let explicit = || TransferSyntaxRegistry.get(uids::EXPLICIT_VR_LITTLE_ENDIAN);
        let Some(known) = TransferSyntaxRegistry.get(written).or_else(explicit) else {
            found.broken = Some(format!("its transfer syntax `{written}` is not known"));
            return found;
        };
        let (source, deflated): (Box<dyn Read>, bool) = match known.codec() {
            Codec::Dataset(Some(adapter)) => (adapter.adapt_reader(Box::new(file)), true),
            Codec::Dataset(None) => {
                found.broken = Some(format!("its transfer syntax `{written}` cannot be unpacked"));
                return found;
            }
            _ => (Box::new(file), false),
        };
        // No value is longer than its file, unless that is deflated.
        let longest = if deflated { LONGEST } else { file_length.min(LONGEST) };
        let source = source.take(if deflated { LONGEST } else { u64::MAX });
        let Some(mut elements) = Elements::new(Box::new(source), known, longest, file_length)
        else {
            found.broken = Some("its data set cannot be read".into());
            return found;
        };
        match elements.fill(&mut found.object) {
            End::Pixels { length: Some(length), .. }
                if deflated && length > (MOST_TIMES * file_length).max(1 << 26) =>
            {
                let reason = format!("its pixels claim to unpack to {length} bytes");
                found.broken = Some(format!("{reason} from {file_length}"));
            }
            End::Pixels { length, float } => {
                let offset = elements.position();
                let left = (!deflated).then(|| file_length.saturating_sub(start + offset));
                found.pixels = Some(Pixels { offset, length, found: left, start, deflated, float });
            }
            End::Broken(reason) => found.broken = Some(reason),
            End::Clean => {}
        }
        found
    }
}

/// Deflated bytes as they were before.
pub(crate) fn inflated(source: Box<dyn Read>) -> Option<Box<dyn Read>> {
    let deflated = TransferSyntaxRegistry.get(uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN);
    let Some(Codec::Dataset(Some(adapter))) = deflated.map(TransferSyntax::codec) else {
        return None;
    };
    Some(adapter.adapt_reader(source))
}

impl Pixels {
    /// A reader that stands on byte `skip` of the value.
    pub(crate) fn open(&self, path: &Path, skip: u64) -> io::Result<Box<dyn Read>> {
        let mut file = File::open(path)?;
        if self.deflated {
            file.seek(SeekFrom::Start(self.start))?;
            let inflated = inflated(Box::new(BufReader::new(file)));
            let mut inflated = inflated.ok_or(io::ErrorKind::Unsupported)?;
            io::copy(&mut inflated.by_ref().take(self.offset + skip), &mut io::sink())?;
            return Ok(inflated);
        }
        file.seek(SeekFrom::Start(self.start + self.offset + skip))?;
        Ok(Box::new(file))
    }
}
