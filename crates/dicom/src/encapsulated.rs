//! Compressed frames out of their fragments.

use std::borrow::Cow;
use std::ops::Range;

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

/// How a JPEG stream, a JPEG 2000 stream and a JP2 file begin.
const BEGINNINGS: [&[u8]; 3] =
    [&[0xFF, 0xD8, 0xFF], &[0xFF, 0x4F, 0xFF, 0x51], b"\0\0\0\x0CjP  \r\n\x87\n"];

/// The first fragment of each frame: from the offset table, or from the first bytes of a JPEG or
/// JPEG 2000 stream where there is none.
fn starts(bytes: &[u8], parts: &[Range<usize>], offsets: &[u32]) -> Option<Vec<usize>> {
    if offsets.is_empty() {
        let begins = |n: &usize| {
            let bytes = &bytes[parts[*n].clone()];
            BEGINNINGS.iter().any(|beginning| bytes.starts_with(beginning))
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
