//! One file, parsed as far as its pixels.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use dicom_core::header::Length;
use dicom_core::value::{DataSetSequence, Value};
use dicom_core::{DataElement, Tag};
use dicom_dictionary_std::{tags, uids};
use dicom_encoding::transfer_syntax::TransferSyntaxIndex;
use dicom_encoding::{Codec, TransferSyntax};
use dicom_object::InMemDicomObject;
use dicom_parser::dataset::{DataSetReader, DataToken};
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;

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

/// Sequences nested deeper than this are not read: the depth of a well-formed image is below 10.
const DEEPEST: usize = 24;

/// No value before the pixels is longer, and no deflated header as a whole: what a file may make
/// us hold before it is known to be an image.
const LONGEST: u64 = 1 << 25;

/// Elements and items of a header: a file of 65,536 frames has about sixteen for each.
const MOST_ELEMENTS: usize = 1 << 20;

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
        let Some(known) = TransferSyntaxRegistry.get(written) else {
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
        let mut counted = Counted { source, count: 0 };
        let end = match DataSetReader::new_with_ts(&mut counted, known) {
            Ok(mut tokens) => fill(
                &mut found.object,
                &mut Tokens { source: &mut tokens, longest, left: MOST_ELEMENTS },
                None,
            ),
            Err(_) => End::Broken("its data set cannot be read".into()),
        };
        match end {
            End::Pixels { length: Some(length), .. }
                if deflated && length > (MOST_TIMES * file_length).max(1 << 26) =>
            {
                let reason = format!("its pixels claim to unpack to {length} bytes");
                found.broken = Some(format!("{reason} from {file_length}"));
            }
            End::Pixels { length, float } => {
                let offset = counted.count;
                let left = (!deflated).then(|| file_length.saturating_sub(start + offset));
                found.pixels = Some(Pixels { offset, length, found: left, start, deflated, float });
            }
            End::Broken(reason) => found.broken = Some(reason),
            End::Clean => {}
        }
        found
    }
}

/// How a run through a data set came to its end.
enum End {
    Clean,
    Pixels { length: Option<u64>, float: bool },
    Broken(String),
}

/// The tokens of a data set, and how long a value may claim to be.
struct Tokens<'a> {
    source: &'a mut dyn Iterator<Item = Result<DataToken, dicom_parser::dataset::read::Error>>,
    longest: u64,
    /// How many elements and items may still be kept.
    left: usize,
}

impl Tokens<'_> {
    /// Counts an element or an item that is to be kept.
    fn keep(&mut self) -> Result<(), String> {
        let left = self.left.checked_sub(1);
        self.left = left.ok_or_else(|| format!("its header has over {MOST_ELEMENTS} elements"))?;
        Ok(())
    }
}

/// Puts the elements that come into an object, up to the pixels, or up to the end of the item
/// where `depth` says that the object is one.
fn fill(object: &mut InMemDicomObject, tokens: &mut Tokens<'_>, depth: Option<usize>) -> End {
    let mut last = Tag(0, 0);
    while let Some(token) = tokens.source.next() {
        match token {
            Ok(DataToken::PixelSequenceStart) if depth.is_none() => {
                return End::Pixels { length: None, float: false };
            }
            Ok(DataToken::ElementHeader(header)) => {
                last = header.tag;
                if depth.is_none() && header.tag >= FLOAT_PIXEL_DATA {
                    return pixels(header.tag, header.len);
                }
                if header.len.get().is_some_and(|length| u64::from(length) > tokens.longest) {
                    return broken_at(last);
                }
                match tokens.source.next() {
                    Some(Ok(DataToken::PrimitiveValue(value))) if is_wanted(header.tag) => {
                        if let Err(reason) = tokens.keep() {
                            return End::Broken(reason);
                        }
                        object.put(DataElement::new(header.tag, header.vr, value));
                    }
                    Some(Ok(DataToken::PrimitiveValue(_))) => {}
                    _ => return broken_at(last),
                }
            }
            Ok(DataToken::SequenceStart { tag, .. }) => {
                last = tag;
                match sequence(tokens, depth.unwrap_or(0) + 1) {
                    Ok(items) if is_wanted(tag) => {
                        let value = Value::from(DataSetSequence::new(items, Length::UNDEFINED));
                        object.put(DataElement::new(tag, dicom_core::VR::SQ, value));
                    }
                    Ok(_) => {}
                    Err(reason) => return End::Broken(reason),
                }
            }
            Ok(DataToken::ItemEnd) if depth.is_some() => return End::Clean,
            _ => return broken_at(last),
        }
    }
    if depth.is_some() { broken_at(last) } else { End::Clean }
}

/// The items of a sequence that has begun.
fn sequence(tokens: &mut Tokens<'_>, depth: usize) -> Result<Vec<InMemDicomObject>, String> {
    if depth > DEEPEST {
        return Err(format!("its sequences are nested more than {DEEPEST} deep"));
    }
    let mut items = Vec::new();
    while let Some(token) = tokens.source.next() {
        match token {
            Ok(DataToken::SequenceEnd) => return Ok(items),
            Ok(DataToken::ItemStart { .. }) => {
                tokens.keep()?;
                let mut item = InMemDicomObject::new_empty();
                if let End::Broken(reason) = fill(&mut item, tokens, Some(depth)) {
                    return Err(reason);
                }
                items.push(item);
            }
            _ => break,
        }
    }
    Err("it ends inside a sequence".into())
}

/// The first tag that holds pixels; all of group 7FE0 does.
const FLOAT_PIXEL_DATA: Tag = tags::FLOAT_PIXEL_DATA;

fn pixels(tag: Tag, length: Length) -> End {
    let known = [tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA, tags::PIXEL_DATA];
    if known.contains(&tag) {
        End::Pixels { length: length.get().map(u64::from), float: tag != tags::PIXEL_DATA }
    } else {
        End::Clean
    }
}

fn broken_at(tag: Tag) -> End {
    End::Broken(format!("it ends or goes wrong after the element ({:04X},{:04X})", tag.0, tag.1))
}

/// Public groups up to the functional groups; private ones are never read here.
fn is_wanted(tag: Tag) -> bool {
    tag.0.is_multiple_of(2) && (tag.0 < 0x0060 || tag.0 == 0x5200)
}

/// Counts the bytes that pass.
struct Counted<R> {
    source: R,
    count: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.count += read as u64;
        Ok(read)
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
