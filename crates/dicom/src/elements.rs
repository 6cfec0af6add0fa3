//! The elements of a data set up to its pixels, sequences included.

use std::io::Read;

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_core::header::{DataElementHeader, Length, SequenceItemHeader};
use dicom_core::value::{DataSetSequence, PrimitiveValue, Value};
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::{StandardDataDictionary, tags, uids};
use dicom_encoding::TransferSyntax;
use dicom_encoding::transfer_syntax::TransferSyntaxIndex;
use dicom_object::InMemDicomObject;
use dicom_parser::{DynStatefulDecoder, StatefulDecode};
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;

use crate::source::Source;

/// Sequences nested deeper than this are not read: the depth of a well-formed image is below 10.
const DEEPEST: usize = 24;

/// Elements and items of a header: a file of 65,536 frames has about sixteen for each.
const MOST_ELEMENTS: usize = 1 << 20;

/// No value of several texts is longer: each of them takes some sixty bytes, and may be two bytes
/// long in the file. The times of 65,536 frames take a quarter of this.
const LONGEST_TEXT: u64 = 1 << 21;

/// What a header may take in memory beyond the length of its file.
const MOST_ROOM: u64 = 96 << 20;

/// What an element takes in memory beside its value; the first of an item makes room for eleven.
const ROOM_OF_ELEMENT: u64 = 256;
const ROOM_OF_ITEM: u64 = 1280;
const ROOM_OF_TEXT: u64 = 56;

/// How a run through a data set came to its end.
pub(crate) enum End {
    Clean,
    Pixels { length: Option<u64>, float: bool },
    Broken(String),
}

/// Reads the elements of a data set one after the other.
pub(crate) struct Elements {
    source: Source,
    /// Decodes what is written as the file says.
    plain: DynStatefulDecoder<Source>,
    /// Decodes elements of unknown representation (UN), which are implicit little-endian inside
    /// whatever the file is (PS3.5 section 6.2.2).
    unknown: DynStatefulDecoder<Source>,
    /// How long a value may claim to be.
    longest: u64,
    /// How many elements and items may still be read.
    left: usize,
    /// How many bytes they may still take in memory.
    room: u64,
}

/// Where a list of elements is: in the data set itself, or in an item.
#[derive(Clone, Copy)]
struct Place {
    /// Whether it is inside an element of unknown representation.
    unknown: bool,
    /// Nested sequences around it.
    depth: usize,
    /// Byte behind its last one, where the file says so.
    end: Option<u64>,
}

impl Elements {
    /// `None` if there is no decoder for a syntax.
    pub(crate) fn new(
        source: Box<dyn Read>,
        written: &TransferSyntax,
        longest: u64,
        file_length: u64,
    ) -> Option<Self> {
        let implicit = TransferSyntaxRegistry.get(uids::IMPLICIT_VR_LITTLE_ENDIAN)?;
        let source = Source::new(source);
        let decoder = |syntax| DynStatefulDecoder::new_with_ts(source.clone(), syntax, 0).ok();
        let (plain, unknown) = (decoder(written)?, decoder(implicit)?);
        let room = MOST_ROOM + file_length;
        Some(Self { source, plain, unknown, longest, left: MOST_ELEMENTS, room })
    }

    /// Bytes that were read.
    pub(crate) fn position(&self) -> u64 {
        self.source.position()
    }

    /// Puts the public elements up to the pixels into an object.
    pub(crate) fn fill(&mut self, object: &mut InMemDicomObject) -> End {
        let mut last = Tag(0, 0);
        let place = Place { unknown: false, depth: 0, end: None };
        match self.list(object, place, &mut last) {
            Ok(end) => end,
            Err(Some(reason)) => End::Broken(reason),
            Err(None) => {
                let Tag(group, element) = last;
                End::Broken(format!(
                    "it ends or goes wrong after the element ({group:04X},{element:04X})"
                ))
            }
        }
    }

    fn decoder(&mut self, place: Place) -> &mut DynStatefulDecoder<Source> {
        if place.unknown { &mut self.unknown } else { &mut self.plain }
    }

    /// Counts an element or an item.
    fn count(&mut self) -> Result<(), Option<String>> {
        let left = self.left.checked_sub(1);
        self.left = left.ok_or_else(|| format!("its header has over {MOST_ELEMENTS} elements"))?;
        Ok(())
    }

    /// Counts what an element takes in memory, the first of its item or a further one.
    fn hold(&mut self, first: bool, bytes: u64, texts: u64) -> Result<(), Option<String>> {
        let own = ROOM_OF_ELEMENT + bytes + ROOM_OF_TEXT * texts;
        let left = self.room.checked_sub(if first { own + ROOM_OF_ITEM } else { own });
        self.room = left.ok_or_else(|| "its header would take too much memory".to_owned())?;
        Ok(())
    }

    /// The elements of a data set or an item. The error is a reason, where there is a better one
    /// than that the file went wrong behind the element `last`.
    fn list(
        &mut self,
        object: &mut InMemDicomObject,
        place: Place,
        last: &mut Tag,
    ) -> Result<End, Option<String>> {
        loop {
            let before = self.position();
            match place.end {
                Some(end) if before == end => return Ok(End::Clean),
                Some(end) if before > end => return Err(None),
                _ => {}
            }
            let Ok(header) = self.decoder(place).decode_header() else {
                let over = place.depth == 0 && self.source.is_over_at(before);
                return if over { Ok(End::Clean) } else { Err(None) };
            };
            self.count()?;
            *last = header.tag;
            if place.depth == 0 && header.tag >= FLOAT_PIXEL_DATA {
                return Ok(pixels(&header));
            }
            if header.tag.0 == ITEM_GROUP && place.depth > 0 {
                let ended = header.tag == ITEM_END && place.end.is_none();
                return if ended { Ok(End::Clean) } else { Err(None) };
            }
            self.element(object, place, header, last)?;
        }
    }

    /// One element, with all that is in it.
    fn element(
        &mut self,
        object: &mut InMemDicomObject,
        place: Place,
        header: DataElementHeader,
        last: &mut Tag,
    ) -> Result<(), Option<String>> {
        let DataElementHeader { tag, vr, len } = header;
        let unknown = vr == VR::UN;
        let vr = if unknown { known(tag).unwrap_or(VR::UN) } else { vr };
        let wanted = is_wanted(tag);
        let place = Place { unknown: place.unknown || unknown, ..place };
        let length = match len.get() {
            Some(length) if vr != VR::SQ || !wanted => u64::from(length),
            length => {
                let end = length.map(|length| self.position() + u64::from(length));
                let depth = place.depth + 1;
                let items = self.sequence(Place { depth, end, ..place }, last)?;
                if wanted {
                    let value = Value::from(DataSetSequence::new(items, Length::UNDEFINED));
                    object.put(DataElement::new(tag, VR::SQ, value));
                }
                return Ok(());
            }
        };
        let end = self.position() + length;
        let longest = if wanted && is_texts(vr) { LONGEST_TEXT } else { u64::MAX };
        if length > longest.min(self.longest) || place.end.is_some_and(|outer| end > outer) {
            return Err(None);
        }
        if wanted {
            let header = DataElementHeader { tag, vr, len };
            let value = self.decoder(place).read_value_preserved(&header).map_err(|_| None)?;
            let texts = if let PrimitiveValue::Strs(texts) = &value { texts.len() } else { 0 };
            self.hold(object.iter().next().is_none(), length, texts as u64)?;
            object.put(DataElement::new(tag, vr, value));
        }
        // Numbers leave what is not a whole one of them.
        self.skip(Some(end))
    }

    /// The items of a sequence that has begun; none of those of encapsulated pixels.
    fn sequence(
        &mut self,
        place: Place,
        last: &mut Tag,
    ) -> Result<Vec<InMemDicomObject>, Option<String>> {
        if place.depth > DEEPEST {
            return Err(Some(format!("its sequences are nested more than {DEEPEST} deep")));
        }
        let mut items = Vec::new();
        while place.end != Some(self.position()) {
            let over = || Some("it ends inside a sequence".to_owned());
            match self.decoder(place).decode_item_header().map_err(|_| over())? {
                SequenceItemHeader::SequenceDelimiter => break,
                SequenceItemHeader::ItemDelimiter => {}
                SequenceItemHeader::Item { len } => {
                    self.count()?;
                    let end = len.get().map(|length| self.position() + u64::from(length));
                    if place.end.is_some_and(|outer| end.is_some_and(|end| end > outer)) {
                        return Err(over());
                    }
                    let mut item = InMemDicomObject::new_empty();
                    if *last == tags::PIXEL_DATA {
                        self.skip(end)?;
                    } else {
                        let before = *last;
                        self.list(&mut item, Place { end, ..place }, last)?;
                        *last = before;
                    }
                    items.push(item);
                }
            }
        }
        Ok(items)
    }

    /// Goes on to byte `end`.
    fn skip(&mut self, end: Option<u64>) -> Result<(), Option<String>> {
        let length = end.and_then(|end| end.checked_sub(self.position())).ok_or(None)?;
        let length = u32::try_from(length).map_err(|_| None)?;
        self.plain.skip_bytes(length).map_err(|_| None)?;
        if end == Some(self.position()) { Ok(()) } else { Err(None) }
    }
}

/// Group of the marks between items.
const ITEM_GROUP: u16 = 0xFFFE;
const ITEM_END: Tag = Tag(ITEM_GROUP, 0xE00D);

/// The first tag that holds pixels; all of group 7FE0 behind it does.
const FLOAT_PIXEL_DATA: Tag = tags::FLOAT_PIXEL_DATA;

fn pixels(header: &DataElementHeader) -> End {
    let known = [tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA, tags::PIXEL_DATA];
    if known.contains(&header.tag) {
        let length = header.len.get().map(u64::from);
        End::Pixels { length, float: header.tag != tags::PIXEL_DATA }
    } else {
        End::Clean
    }
}

/// The representation of a public element, where there is only one.
fn known(tag: Tag) -> Option<VR> {
    StandardDataDictionary.by_tag(tag)?.vr().exact()
}

/// Whether a value may be several texts.
fn is_texts(vr: VR) -> bool {
    use VR::{AE, AS, CS, DA, DS, DT, IS, LO, PN, SH, TM, UC, UI};
    [AE, AS, CS, DA, DS, DT, IS, LO, PN, SH, TM, UC, UI].contains(&vr)
}

/// Public groups up to the functional groups; private ones are never read here.
fn is_wanted(tag: Tag) -> bool {
    tag.0.is_multiple_of(2) && (tag.0 < 0x0060 || tag.0 == 0x5200)
}
