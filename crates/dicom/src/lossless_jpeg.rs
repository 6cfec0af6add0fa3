//! What a lossless JPEG stream says of itself (ISO/IEC 10918-1 annex B).

/// Marker of a frame of process 14: lossless, Huffman, sequential.
const FRAME: u8 = 0xC3;

/// Rows, columns and components that the frame header declares; `None` if the stream is not of
/// the lossless process.
pub(crate) fn size(bytes: &[u8]) -> Option<[usize; 3]> {
    let mut at = 2;
    loop {
        let head = bytes.get(at..at + 4)?;
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        match head[..2] {
            [0xFF, 0xFF] => at += 1,
            [0xFF, FRAME] => {
                let f = bytes.get(at + 4..at + 10)?;
                let number = |n: usize| usize::from(u16::from_be_bytes([f[n], f[n + 1]]));
                return Some([number(1), number(3), usize::from(f[5])]);
            }
            // Tables and comments come before the frame; nothing else does.
            [0xFF, 0xC4 | 0xDB | 0xDD | 0xE0..=0xEF | 0xFE] => at += 2 + length.max(2),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn the_frame_header_is_found_behind_comments_and_tables() {
        let comment = [0xFF, 0xFE, 0, 4, 0xFF, 0xC3];
        let frame = [0xFF, 0xFF, 0xC3, 0, 11, 12, 0, 33, 0, 37, 1, 1, 0x11, 0];
        let stream = [&[0xFF, 0xD8][..], &comment, &frame].concat();
        assert_eq!(size(&stream), Some([33, 37, 1]));
        assert_eq!(size(&stream[..15]), None);
    }

    #[test]
    fn other_processes_are_not_taken_for_it() {
        assert_eq!(size(&[0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 33, 0, 37, 1, 1, 0x11, 0]), None);
    }
}
