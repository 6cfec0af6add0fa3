//! One file, parsed as far as its pixels.

use std::fs::File;
use std::io::{self, BufReader, Chain, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use dicom_core::header::Length;
use dicom_core::value::{DataSetSequence, Value};
use dicom_core::{DataElement, Tag};
use dicom_dictionary_std::{tags, uids};
use dicom_encoding::Codec;
use dicom_encoding::transfer_syntax::TransferSyntaxIndex;
use dicom_object::{FileMetaTable, InMemDicomObject};
use dicom_parser::dataset::read::DataSetReaderOptions;
use dicom_parser::dataset::{DataSetReader, DataToken};
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;

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
    /// First byte of the data set in the file.
    pub(crate) start: u64,
    /// Whether the data set is deflated, so that `offset` counts inflated bytes.
    pub(crate) deflated: bool,
    /// Whether the value holds floating point numbers.
    pub(crate) float: bool,
}

/// Explicit VR Big Endian, retired from the standard but not from archives.
pub(crate) const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";

/// Sequences nested deeper than this are not read: the depth of a well-formed image is below 10.
const DEEPEST: usize = 24;

/// Parses a file up to its pixels. `None` if it is not DICOM.
///
/// # Errors
///
/// Only that the file cannot be read at all; what is wrong inside is [`DataSet::broken`].
pub(crate) fn read(path: &Path) -> io::Result<Option<DataSet>> {
    let mut file = File::open(path)?;
    let Some(opening) = Opening::sniff(&mut file)? else { return Ok(None) };
    file.seek(SeekFrom::Start(opening.start))?;
    let mut source = Counted::new(Cursor::new(opening.missing).chain(BufReader::new(file)));
    let syntax = match opening.syntax {
        Some(syntax) => syntax.to_owned(),
        None => match FileMetaTable::from_reader(&mut source) {
            Ok(meta) => meta.transfer_syntax().to_owned(),
            Err(_) => return Ok(Some(DataSet::broken("its file meta information cannot be read"))),
        },
    };
    let start = opening.start + source.count - opening.missing.len() as u64;
    Ok(Some(DataSet::parse(syntax, source, start)))
}

type Source = Chain<Cursor<&'static [u8]>, BufReader<File>>;

/// How a file begins.
struct Opening {
    /// Where the magic word or the data set starts.
    start: u64,
    /// Bytes to be read before those of the file.
    missing: &'static [u8],
    /// The transfer syntax, where there is no file meta information to tell it.
    syntax: Option<&'static str>,
}

impl Opening {
    /// Reads the first bytes only, so that other files cost next to nothing.
    fn sniff(file: &mut File) -> io::Result<Option<Self>> {
        let mut bytes = Vec::with_capacity(132);
        file.take(132).read_to_end(&mut bytes)?;
        let opening = |start, missing, syntax| Some(Self { start, missing, syntax });
        if bytes.get(128..132) == Some(b"DICM") {
            return Ok(opening(128, b"", None));
        }
        Ok(match bytes.get(..8) {
            Some([b'D', b'I', b'C', b'M', ..]) => opening(0, b"", None),
            Some([2, 0, 0, 0, b'U', b'L', ..]) => opening(0, b"DICM", None),
            Some([8, 0, _, 0, a, b, ..]) if a.is_ascii_uppercase() && b.is_ascii_uppercase() => {
                opening(0, b"", Some(uids::EXPLICIT_VR_LITTLE_ENDIAN))
            }
            Some([8, 0, _, 0, _, _, 0, 0]) => {
                opening(0, b"", Some(uids::IMPLICIT_VR_LITTLE_ENDIAN))
            }
            Some([0, 8, 0, _, a, b, ..]) if a.is_ascii_uppercase() && b.is_ascii_uppercase() => {
                opening(0, b"", Some(BIG_ENDIAN))
            }
            _ => None,
        })
    }
}

impl DataSet {
    fn broken(reason: impl Into<String>) -> Self {
        Self {
            syntax: String::new(),
            object: InMemDicomObject::new_empty(),
            pixels: None,
            broken: Some(reason.into()),
        }
    }

    fn parse(syntax: String, source: Counted<Source>, start: u64) -> Self {
        let Some(known) = TransferSyntaxRegistry.get(&syntax) else {
            return Self::broken(format!("its transfer syntax `{syntax}` is not known"));
        };
        let (source, deflated): (Box<dyn Read>, bool) = match known.codec() {
            Codec::Dataset(Some(adapter)) => (adapter.adapt_reader(Box::new(source)), true),
            Codec::Dataset(None) => {
                return Self::broken(format!("its transfer syntax `{syntax}` cannot be unpacked"));
            }
            _ => (Box::new(source), false),
        };
        let options = DataSetReaderOptions::default().flexible_decoding(true);
        let mut counted = Counted::new(source);
        let mut found =
            Self { syntax, object: InMemDicomObject::new_empty(), pixels: None, broken: None };
        let end = match DataSetReader::new_with_ts_options(&mut counted, known, options) {
            Ok(mut tokens) => fill(&mut found.object, &mut tokens, None),
            Err(_) => End::Broken("its data set cannot be read".into()),
        };
        match end {
            End::Pixels { length, float } => {
                let offset = counted.count;
                found.pixels = Some(Pixels { offset, length, start, deflated, float });
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

type Tokens<'a> = dyn Iterator<Item = Result<DataToken, dicom_parser::dataset::read::Error>> + 'a;

/// Puts the elements that come into an object, up to the pixels, or up to the end of the item
/// where `depth` says that the object is one.
fn fill(object: &mut InMemDicomObject, tokens: &mut Tokens<'_>, depth: Option<usize>) -> End {
    let mut last = Tag(0, 0);
    while let Some(token) = tokens.next() {
        match token {
            Ok(DataToken::PixelSequenceStart) if depth.is_none() => {
                return End::Pixels { length: None, float: false };
            }
            Ok(DataToken::ElementHeader(header)) => {
                last = header.tag;
                if depth.is_none() && header.tag >= FLOAT_PIXEL_DATA {
                    return pixels(header.tag, header.len);
                }
                match tokens.next() {
                    Some(Ok(DataToken::PrimitiveValue(value))) if is_wanted(header.tag) => {
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
    while let Some(token) = tokens.next() {
        match token {
            Ok(DataToken::SequenceEnd) => return Ok(items),
            Ok(DataToken::ItemStart { .. }) => {
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
pub(crate) struct Counted<R> {
    source: R,
    count: u64,
}

impl<R> Counted<R> {
    fn new(source: R) -> Self {
        Self { source, count: 0 }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.count += read as u64;
        Ok(read)
    }
}

impl Pixels {
    /// A reader that stands on byte `skip` of the value, and the number of bytes that the file
    /// has from the start of the value (`None` where it is deflated).
    pub(crate) fn open(&self, path: &Path, skip: u64) -> io::Result<(Box<dyn Read>, Option<u64>)> {
        let mut file = File::open(path)?;
        if self.deflated {
            file.seek(SeekFrom::Start(self.start))?;
            let deflated = TransferSyntaxRegistry.get(uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN);
            let Some(Codec::Dataset(Some(adapter))) = deflated.map(|syntax| syntax.codec()) else {
                return Err(io::ErrorKind::Unsupported.into());
            };
            let mut inflated = adapter.adapt_reader(Box::new(BufReader::new(file)));
            io::copy(&mut inflated.by_ref().take(self.offset + skip), &mut io::sink())?;
            return Ok((inflated, None));
        }
        let first = self.start + self.offset;
        let left = file.metadata()?.len().saturating_sub(first);
        file.seek(SeekFrom::Start(first + skip))?;
        Ok((Box::new(file), Some(left)))
    }
}
