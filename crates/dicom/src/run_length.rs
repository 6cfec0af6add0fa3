//! Run-length coding: PackBits segments, one for each byte of a pixel, the highest first
//! (PS3.5 annex G).

use crate::codec::{Refusal, stream};
use crate::encapsulated::Frame;

/// The stored pixels of a run-length coded frame.
pub(crate) fn run_length(frame: &Frame<'_>) -> Result<Vec<u8>, Refusal> {
    let width = usize::from(frame.format.bits_allocated).div_ceil(8);
    let area = frame.format.area();
    let mut pixels = vec![0; area * width];
    for (n, segment) in segments(frame.bytes, width)?.into_iter().enumerate() {
        let plane = expanded(segment, area)?;
        for (pixel, byte) in pixels.chunks_exact_mut(width).zip(plane) {
            pixel[width - 1 - n] = byte;
        }
    }
    Ok(pixels)
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

/// What a segment unpacks to: `area` bytes, and up to as many again that a writer added.
fn expanded(segment: &[u8], area: usize) -> Result<Vec<u8>, Refusal> {
    let mut plane = Vec::with_capacity(area + 128);
    let mut rest = segment;
    while let Some((head, next)) = rest.split_first() {
        let head = usize::from(*head);
        rest = match head {
            0..=127 => {
                let (bytes, rest) = next.split_at((head + 1).min(next.len()));
                plane.extend_from_slice(bytes);
                rest
            }
            128 => next,
            _ => {
                let Some((byte, rest)) = next.split_first() else { break };
                plane.resize(plane.len() + 257 - head, *byte);
                rest
            }
        };
        if plane.len() > 2 * area + 128 {
            return Err(stream(&format!("over {} pixels, wanted {area}", 2 * area)));
        }
    }
    if plane.len() < area {
        return Err(stream(&format!("{} pixels, wanted {area}", plane.len())));
    }
    Ok(plane)
}

#[cfg(test)]
mod tests {
    use super::expanded;

    #[test]
    fn runs_and_literals_are_unpacked() {
        let plane = |segment, area| expanded(segment, area).ok();
        assert_eq!(plane(&[2, 1, 2, 3, 0xFD, 9, 0x80, 0], 7), Some(vec![1, 2, 3, 9, 9, 9, 9]));
        assert_eq!(plane(&[5, 1, 2], 2), Some(vec![1, 2]));
        assert_eq!(plane(&[0x81], 1), None);
        assert_eq!(plane(&[0x81, 7], 100), Some(vec![7; 128]));
        assert_eq!(plane(&[0x81, 7].repeat(3), 100), None);
    }
}
