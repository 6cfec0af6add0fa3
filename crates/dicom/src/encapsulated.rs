//! Compressed frames out of their fragments.

use std::borrow::Cow;
use std::ops::Range;

use dicom_core::value::{PixelFragmentSequence, PrimitiveValue, Value};
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{DefaultDicomObject, FileMetaTableBuilder, InMemDicomObject};
use dicom_pixeldata::PixelDecoder;

use crate::slice::Format;

/// Why a value is no list of fragments.
pub(crate) enum Cut {
    /// A fragment promises more bytes than the file has.
    Short { found: u64, wanted: u64 },
    /// There are more fragments than any writer makes.
    Endless,
}

/// More fragments than this for a frame, and as many for a file, are no image.
const MOST_FRAGMENTS: usize = 1 << 14;

/// The bytes of a compressed pixel data element, cut into fragments.
pub(crate) struct Fragments {
    bytes: Vec<u8>,
    parts: Vec<Range<usize>>,
    /// The first fragment of each frame, where the file tells it.
    starts: Option<Vec<usize>>,
}

const ITEM: [u8; 4] = [0xFE, 0xFF, 0x00, 0xE0];

impl Fragments {
    /// Cuts the value of a pixel data element; what follows its end is ignored.
    ///
    /// # Errors
    ///
    /// [`Cut`] if a fragment is cut off, or if there are too many.
    pub(crate) fn new(bytes: Vec<u8>, frames: usize) -> Result<Self, Cut> {
        let most = MOST_FRAGMENTS + frames.saturating_mul(64);
        let mut items = Vec::new();
        let mut at = 0;
        while let Some(header) = bytes.get(at..at + 8) {
            if header[..4] != ITEM {
                break;
            }
            let length = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
            let range = at + 8..at + 8 + length;
            if range.end > bytes.len() {
                let wanted = range.end as u64;
                return Err(Cut::Short { found: bytes.len() as u64, wanted });
            }
            at = range.end;
            items.push(range);
            if items.len() > most {
                return Err(Cut::Endless);
            }
        }
        if items.len() < 2 {
            let found = bytes.len() as u64;
            return Err(Cut::Short { found, wanted: found + 16 });
        }
        let words = bytes[items.remove(0)].chunks_exact(4);
        let offsets: Vec<u32> =
            words.map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]])).collect();
        let starts = starts(&bytes, &items, &offsets);
        Ok(Self { bytes, parts: items, starts })
    }

    /// One compressed frame of `frames`; `None` where the file does not tell which it is.
    pub(crate) fn frame(&self, frame: usize, frames: usize) -> Option<Cow<'_, [u8]>> {
        let count = self.parts.len();
        let own: Range<usize> = if count == frames {
            frame..frame + 1
        } else if frames == 1 {
            0..count
        } else {
            let starts = self.starts.as_ref().filter(|starts| starts.len() == frames)?;
            *starts.get(frame)?..starts.get(frame + 1).copied().unwrap_or(count)
        };
        match self.parts.get(own)? {
            [] => None,
            [one] => Some(Cow::Borrowed(&self.bytes[one.clone()])),
            several => {
                let joined = several.iter().flat_map(|f| &self.bytes[f.clone()]);
                Some(Cow::Owned(joined.copied().collect()))
            }
        }
    }
}

/// The first fragment of each frame: from the offset table, or from the first bytes of a JPEG or
/// JPEG 2000 stream where there is none.
fn starts(bytes: &[u8], parts: &[Range<usize>], offsets: &[u32]) -> Option<Vec<usize>> {
    if offsets.is_empty() {
        let begins = |n: &usize| {
            let bytes = &bytes[parts[*n].clone()];
            bytes.starts_with(&[0xFF, 0xD8]) || bytes.starts_with(&[0xFF, 0x4F])
        };
        return Some((0..parts.len()).filter(begins).collect());
    }
    // Offsets count from the head of the first fragment, as fragments follow each other.
    let first = parts[0].start;
    let at = |offset: &u32| {
        parts.binary_search_by_key(&(*offset as usize), |part| part.start - first).ok()
    };
    offsets.iter().map(at).collect()
}

/// One compressed frame.
pub(crate) struct Frame<'a> {
    pub(crate) syntax: &'a str,
    pub(crate) format: &'a Format,
    pub(crate) bytes: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The same frame from other bytes.
    pub(crate) fn with<'b>(&'b self, bytes: &'b [u8]) -> Frame<'b>
    where
        'a: 'b,
    {
        Frame { bytes, ..*self }
    }

    /// The stored pixels, as the library decodes them out of an object that holds this frame
    /// alone.
    pub(crate) fn decoded(&self) -> Result<Vec<u8>, String> {
        let object = self.object().map_err(|error| error.to_string())?;
        let decoded = object.decode_pixel_data_frame(0).map_err(|error| causes(&error))?;
        Ok(decoded.into_data())
    }

    fn object(&self) -> Result<DefaultDicomObject, dicom_object::WithMetaError> {
        let format = self.format;
        let number = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        let mut object = InMemDicomObject::new_empty();
        for (tag, value) in [
            (tags::ROWS, number(format.rows)),
            (tags::COLUMNS, number(format.columns)),
            (tags::SAMPLES_PER_PIXEL, format.samples),
            (tags::BITS_ALLOCATED, format.bits_allocated),
            (tags::BITS_STORED, format.bits_stored),
            (tags::HIGH_BIT, format.high_bit),
            (tags::PIXEL_REPRESENTATION, u16::from(format.signed)),
        ] {
            put(&mut object, tag, VR::US, value);
        }
        put(&mut object, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, format.photometric.as_str());
        let value = PixelFragmentSequence::new_fragments(vec![self.bytes.to_vec()]);
        object.put(DataElement::new(tags::PIXEL_DATA, VR::OB, Value::PixelSequence(value)));
        // Classes and instances play no part in decoding, but no object goes without.
        let meta = FileMetaTableBuilder::new()
            .transfer_syntax(self.syntax)
            .media_storage_sop_class_uid(uids::CT_IMAGE_STORAGE)
            .media_storage_sop_instance_uid("2.25.0");
        object.with_meta(meta)
    }
}

fn put(object: &mut InMemDicomObject, tag: Tag, vr: VR, value: impl Into<PrimitiveValue>) {
    object.put(DataElement::new(tag, vr, value.into()));
}

/// What went wrong, and the causes that the library keeps behind it.
fn causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let mut texts: Vec<String> = causes.map(ToString::to_string).collect();
    texts.dedup();
    texts.join(": ")
}
