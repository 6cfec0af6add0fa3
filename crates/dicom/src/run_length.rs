//! Run-length coding: PackBits segments, one for each byte of a pixel, the highest first
//! (PS3.5 annex G). The library unpacks them, after they were measured.

use openreadout_codecs::packbits_decode;

use crate::codec::{Refusal, stream};
use crate::encapsulated::Frame;
use crate::library::decoded;

/// The stored pixels of a run-length coded frame.
pub(crate) fn run_length(frame: &Frame<'_>) -> Result<Vec<u8>, Refusal> {
    let width = usize::from(frame.format.bits_allocated).div_ceil(8);
    let area = frame.format.area();
    let segments = segments(frame.bytes, width)?;
    for segment in &segments {
        // Decoders unpack a segment as a whole. A row more than the frame is a writer's padding.
        let found = unpacked(segment);
        if found < area || found > 2 * area + 128 {
            return Err(stream(&format!("{found} pixels, wanted {area}")));
        }
    }
    match width {
        1 | 2 => decoded(frame).map_err(|error| stream(&error)),
        _ => wide(&segments, area),
    }
}

/// Cuts a frame at the offsets of its table.
fn segments(bytes: &[u8], width: usize) -> Result<Vec<&[u8]>, Refusal> {
    let word = |n: usize| {
        let word = bytes.get(4 * n..4 * n + 4).ok_or_else(|| stream("no segment table"))?;
        Ok(u32::from_le_bytes([word[0], word[1], word[2], word[3]]) as usize)
    };
    let count = word(0)?;
    if count != width {
        return Err(stream(&format!("{count} segments, wanted {width}")));
    }
    let segment = |n: usize| {
        let end = if n + 1 < count { word(n + 2)? } else { bytes.len() };
        bytes.get(word(n + 1)?..end).ok_or_else(|| stream("a segment out of place"))
    };
    (0..count).map(segment).collect()
}

/// Number of bytes that a segment unpacks to.
fn unpacked(segment: &[u8]) -> usize {
    let (mut at, mut count) = (0, 0);
    while let Some(head) = segment.get(at) {
        let head = usize::from(*head);
        let there = segment.len() - at - 1;
        let (bytes, pixels) = match head {
            0..=127 => (head + 1, there.min(head + 1)),
            128 => (0, 0),
            _ => (1, if there > 0 { 257 - head } else { 0 }),
        };
        count += pixels;
        at += 1 + bytes;
    }
    count
}

/// Pixels wider than the library takes.
fn wide(segments: &[&[u8]], area: usize) -> Result<Vec<u8>, Refusal> {
    let width = segments.len();
    let mut pixels = vec![0; area * width];
    for (n, segment) in segments.iter().enumerate() {
        let plane = packbits_decode(segment, area).map_err(|error| stream(&error))?;
        for (pixel, byte) in pixels.chunks_exact_mut(width).zip(plane) {
            pixel[width - 1 - n] = byte;
        }
    }
    Ok(pixels)
}

#[cfg(test)]
mod tests {
    use super::unpacked;

    #[test]
    fn runs_and_literals_are_counted_as_they_unpack() {
        assert_eq!(unpacked(&[2, 1, 2, 3, 0xFD, 9, 0x80, 0]), 3 + 4);
        assert_eq!(unpacked(&[5, 1, 2]), 2);
        assert_eq!(unpacked(&[0x81]), 0);
        assert_eq!(unpacked(&[0x81, 7]), 128);
    }
}
