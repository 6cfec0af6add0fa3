//! What a JPEG 2000 codestream says of itself (ISO/IEC 15444-1 annex A), high-throughput or not.

use std::ops::RangeInclusive;

const START: [u8; 4] = [0xFF, 0x4F, 0xFF, 0x51];
const TILE_PART: [u8; 2] = [0xFF, 0x90];
const DATA: [u8; 2] = [0xFF, 0x93];
const END: [u8; 2] = [0xFF, 0xD9];

/// Start of the codestream: some writers put it into the boxes of a JP2 file.
fn start(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).take(4096).position(|window| window == START)
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let word = bytes.get(at..at + 4)?;
    Some(u32::from_be_bytes([word[0], word[1], word[2], word[3]]) as usize)
}

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    let word = bytes.get(at..at + 2)?;
    Some(usize::from(u16::from_be_bytes([word[0], word[1]])))
}

/// Rows, columns and components that the size marker declares.
pub(crate) fn size(bytes: &[u8]) -> Option<[usize; 3]> {
    let fields = start(bytes)? + 8;
    let extent = |n: usize| word(bytes, fields + n)?.checked_sub(word(bytes, fields + n + 8)?);
    Some([extent(4)?, extent(0)?, short(bytes, fields + 32)?])
}

/// How a stream stores the samples of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Component {
    pub(crate) bits: u32,
    pub(crate) signed: bool,
    /// Whether it has a sample for each pixel, not for each second one.
    pub(crate) full: bool,
}

impl Component {
    /// The numbers that its bits can hold, of at most 31.
    pub(crate) fn range(self) -> RangeInclusive<i32> {
        let whole = 1_i64 << self.bits;
        let least = if self.signed { -whole / 2 } else { 0 };
        least as i32..=(least + whole - 1) as i32
    }
}

/// What the size marker declares of the first component.
pub(crate) fn component(bytes: &[u8]) -> Option<Component> {
    let fields = start(bytes)? + 42;
    let &[stored, across, down] = bytes.get(fields..fields + 3)?.first_chunk()?;
    Some(Component {
        bits: u32::from(stored & 0x7F) + 1,
        signed: stored & 0x80 != 0,
        full: across == 1 && down == 1,
    })
}

/// Whether the stream asks for the block coder of part 15: bit 14 of the capabilities (`Rsiz`).
pub(crate) fn is_high_throughput(bytes: &[u8]) -> bool {
    let capabilities = start(bytes).and_then(|start| short(bytes, start + 6));
    capabilities.is_some_and(|capabilities| capabilities & (1 << 14) != 0)
}

/// The stream with the length of a tile-part taken as "to the end", if that length is wrong: it
/// leads neither to the next tile-part nor to the end of the stream. `None` if all lengths are
/// right, or if the stream has no end marker: then it was cut, and no length would mend it.
pub(crate) fn mended(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut at = first_tile_part(bytes)?;
    let end = bytes.iter().rposition(|byte| *byte != 0)?.checked_sub(1)?;
    while bytes.get(at..at + 2)? == TILE_PART {
        let length = word(bytes, at + 6)?;
        if length == 0 || at + length == end + 2 || at + length == bytes.len() {
            return None;
        }
        let next = bytes.get(at + length..at + length + 2);
        if length < 14 || !next.is_some_and(|next| next == TILE_PART || next == END) {
            // With another tile-part behind it, the end of the stream is not the end of this one.
            let last = !bytes.get(at + 12..)?.windows(4).any(is_tile_part);
            let mut mended = bytes[..end + 2].to_vec();
            mended.get_mut(at + 6..at + 10)?.fill(0);
            return (last && bytes.get(end..end + 2)? == END).then_some(mended);
        }
        at += length;
    }
    None
}

/// A tile-part marker with the length of its segment, which is always 10.
fn is_tile_part(window: &[u8]) -> bool {
    window == [TILE_PART[0], TILE_PART[1], 0, 10]
}

/// Goes over the segments of the main header.
fn first_tile_part(bytes: &[u8]) -> Option<usize> {
    let mut at = start(bytes)? + 2;
    while bytes.get(at..at + 2)? != TILE_PART {
        if bytes.get(at..at + 2)? == DATA || bytes[at] != 0xFF {
            return None;
        }
        at += 2 + short(bytes, at + 2)?.max(2);
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header of 5 rows and 7 columns, one tile-part of `length` with 6 bytes of data, the end.
    fn stream(length: u32) -> Vec<u8> {
        let mut bytes = START.to_vec();
        bytes.extend([0, 41, 0, 0]);
        for number in [9u32, 8, 2, 3] {
            bytes.extend(number.to_be_bytes());
        }
        bytes.extend([0; 16]);
        bytes.extend([0, 1, 11, 1, 1]);
        bytes.extend(TILE_PART);
        bytes.extend([0, 10, 0, 0]);
        bytes.extend(length.to_be_bytes());
        bytes.extend([0, 1]);
        bytes.extend(DATA);
        bytes.extend([1, 2, 3, 4, 5, 6]);
        bytes.extend(END);
        bytes
    }

    #[test]
    fn the_size_is_the_extent_without_the_offset() {
        assert_eq!(size(&stream(20)), Some([5, 7, 1]));
        assert_eq!(size(&stream(20)[..30]), None);
    }

    #[test]
    fn a_component_has_bits_and_perhaps_a_sign() {
        let mut stream = stream(20);
        let unsigned = Component { bits: 12, signed: false, full: true };
        assert_eq!(component(&stream), Some(unsigned));
        assert_eq!(unsigned.range(), 0..=4095);
        stream[42] |= 0x80;
        assert_eq!(component(&stream).map(Component::range), Some(-2048..=2047));
        stream[43] = 2;
        assert_eq!(component(&stream).map(|c| c.full), Some(false));
        assert!(!is_high_throughput(&stream));
        stream[6] = 0x40;
        assert!(is_high_throughput(&stream));
    }

    #[test]
    fn a_right_length_is_left_alone() {
        assert_eq!(mended(&stream(20)), None);
        assert_eq!(mended(&stream(0)), None);
        let padded = [stream(20), vec![0]].concat();
        assert_eq!(mended(&padded), None);
    }

    #[test]
    fn a_wrong_length_becomes_to_the_end() {
        for length in [13, 17, 21, 4000, u32::MAX] {
            assert_eq!(mended(&stream(length)), Some(stream(0)), "{length}");
        }
    }

    #[test]
    fn a_cut_stream_is_not_mended() {
        let whole = stream(20);
        for end in 0..whole.len() - 2 {
            assert_eq!(mended(&whole[..end]), None, "{end}");
        }
    }
}
