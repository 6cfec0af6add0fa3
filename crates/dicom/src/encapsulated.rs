//! Compressed frames out of their fragments.

use std::borrow::Cow;
use std::ops::Range;

use dicom_core::smallvec::SmallVec;
use dicom_encoding::adapters::{PixelDataObject, RawPixelData};

use crate::slice::Format;

/// A fragment promises more bytes than the file has.
pub(crate) struct Short {
    pub(crate) found: u64,
    pub(crate) wanted: u64,
}

/// The bytes of a compressed pixel data element, cut into fragments.
pub(crate) struct Fragments {
    bytes: Vec<u8>,
    /// Start of each frame, counted from the first fragment; empty where the file does not say.
    offsets: Vec<u32>,
    parts: Vec<Range<usize>>,
}

const ITEM: [u8; 4] = [0xFE, 0xFF, 0x00, 0xE0];

impl Fragments {
    /// Cuts the value of a pixel data element; what follows its end is ignored.
    ///
    /// # Errors
    ///
    /// [`Short`] if a fragment is cut off.
    pub(crate) fn new(bytes: Vec<u8>) -> Result<Self, Short> {
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
                return Err(Short { found: bytes.len() as u64, wanted });
            }
            at = range.end;
            items.push(range);
        }
        if items.len() < 2 {
            let found = bytes.len() as u64;
            return Err(Short { found, wanted: found + 16 });
        }
        let words = bytes[items.remove(0)].chunks_exact(4);
        let offsets = words.map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]])).collect();
        Ok(Self { bytes, offsets, parts: items })
    }

    /// The first fragment of each frame: from the offset table, or from the first bytes of a
    /// JPEG or JPEG 2000 stream where there is none.
    fn starts(&self) -> Option<Vec<usize>> {
        let first = self.parts[0].start;
        if self.offsets.is_empty() {
            let begins = |n: &usize| {
                let bytes = &self.bytes[self.parts[*n].clone()];
                bytes.starts_with(&[0xFF, 0xD8]) || bytes.starts_with(&[0xFF, 0x4F])
            };
            return Some((0..self.parts.len()).filter(begins).collect());
        }
        let at = |offset: &u32| self.parts.iter().position(|f| f.start - first == *offset as usize);
        self.offsets.iter().map(at).collect()
    }

    /// One compressed frame of `frames`; `None` where the file does not tell which it is.
    pub(crate) fn frame(&self, frame: usize, frames: usize) -> Option<Cow<'_, [u8]>> {
        let count = self.parts.len();
        let own: Range<usize> = if count == frames {
            frame..frame + 1
        } else if frames == 1 {
            0..count
        } else {
            let starts = self.starts().filter(|starts| starts.len() == frames)?;
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

/// One compressed frame, as the library's decoders want to see it.
pub(crate) struct Frame<'a> {
    pub(crate) syntax: &'a str,
    pub(crate) format: &'a Format,
    pub(crate) bytes: &'a [u8],
}

impl PixelDataObject for Frame<'_> {
    fn transfer_syntax_uid(&self) -> &str {
        self.syntax
    }

    fn rows(&self) -> Option<u16> {
        u16::try_from(self.format.rows).ok()
    }

    fn cols(&self) -> Option<u16> {
        u16::try_from(self.format.columns).ok()
    }

    fn samples_per_pixel(&self) -> Option<u16> {
        Some(self.format.samples)
    }

    fn bits_allocated(&self) -> Option<u16> {
        Some(self.format.bits_allocated)
    }

    fn bits_stored(&self) -> Option<u16> {
        Some(self.format.bits_stored)
    }

    fn photometric_interpretation(&self) -> Option<&str> {
        Some(&self.format.photometric)
    }

    fn number_of_frames(&self) -> Option<u32> {
        Some(1)
    }

    fn number_of_fragments(&self) -> Option<u32> {
        Some(1)
    }

    fn fragment(&self, fragment: usize) -> Option<Cow<'_, [u8]>> {
        (fragment == 0).then_some(Cow::Borrowed(self.bytes))
    }

    fn offset_table(&self) -> Option<Cow<'_, [u32]>> {
        None
    }

    fn raw_pixel_data(&self) -> Option<RawPixelData> {
        let fragments = SmallVec::from_iter([self.bytes.to_vec()]);
        Some(RawPixelData { fragments, offset_table: SmallVec::new() })
    }
}
