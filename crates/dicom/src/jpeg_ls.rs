//! JPEG-LS streams (ISO/IEC 14495-1).

use std::borrow::Cow;

use openreadout_codecs::jpegls_decode_limited;

use crate::codec::{Refusal, require_size, stream};
use crate::encapsulated::Frame;

/// The stored pixels of a frame.
pub(crate) fn jpeg_ls(frame: &Frame<'_>) -> Result<Vec<u8>, Refusal> {
    // The library counts two bytes for each sample.
    let most = 2 * frame.format.area();
    let raster = jpegls_decode_limited(&without_filling(frame.bytes), most)
        .map_err(|error| stream(&error))?;
    let size = [raster.height, raster.width, raster.channels].map(|n| n as usize);
    require_size(size, frame.format)?;
    match (raster.bits_per_sample, frame.format.bits_allocated) {
        (8, 16) => Ok(raster.data.iter().flat_map(|sample| [*sample, 0]).collect()),
        _ => Ok(raster.data),
    }
}

/// The stream without the bytes FF that may stand before any marker, and without what is behind
/// its end marker: writers fill streams to an even length that way, and the library takes none.
fn without_filling(bytes: &[u8]) -> Cow<'_, [u8]> {
    let Some((head, coded)) = head(bytes) else { return Cow::Borrowed(bytes) };
    let end = coded.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
    let Some(data) = coded[..end].strip_suffix(&END) else { return Cow::Borrowed(bytes) };
    // Data that end in FF are followed by a byte with a zero on top, so these are filling.
    let last = data.iter().rposition(|byte| *byte != 0xFF).map_or(0, |at| at + 1);
    if head.len() + coded.len() == bytes.len() && last == data.len() {
        return Cow::Borrowed(bytes);
    }
    Cow::Owned([&head, &data[..last], &END].concat())
}

const END: [u8; 2] = [0xFF, 0xD9];

/// The segments up to the scan header without filling, and what is behind them.
fn head(bytes: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut head = bytes.get(..2)?.to_vec();
    let mut rest = &bytes[2..];
    loop {
        match rest.get(..4)? {
            [0xFF, 0xFF, ..] => rest = &rest[1..],
            [0xFF, marker, high, low] => {
                let length = 2 + usize::from(u16::from_be_bytes([*high, *low]));
                let (segment, behind) = rest.split_at_checked(length)?;
                head.extend_from_slice(segment);
                if *marker == 0xDA {
                    return Some((head, behind));
                }
                rest = behind;
            }
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_filling;

    const SIZE: [u8; 6] = [0xFF, 0xF7, 0, 4, 1, 2];
    const SCAN: [u8; 5] = [0xFF, 0xDA, 0, 3, 7];
    const DATA: [u8; 4] = [9, 0xFF, 0x7F, 3];

    #[test]
    fn filling_goes_wherever_it_stands() {
        let plain = [&[0xFF, 0xD8][..], &SIZE, &SCAN, &DATA, &[0xFF, 0xD9]].concat();
        assert_eq!(*without_filling(&plain), plain);
        for [a, b, c] in [[1, 0, 0], [0, 2, 0], [0, 0, 3], [1, 1, 1]] {
            let fill = |count: usize| vec![0xFF; count];
            let filled = [
                &[0xFF, 0xD8][..],
                &fill(a),
                &SIZE,
                &fill(b),
                &SCAN,
                &DATA,
                &fill(c),
                &[0xFF, 0xD9, 0],
            ];
            assert_eq!(*without_filling(&filled.concat()), plain, "{a} {b} {c}");
        }
    }

    #[test]
    fn a_stream_that_was_cut_is_left_alone() {
        let plain = [&[0xFF, 0xD8][..], &SIZE, &SCAN, &DATA, &[0xFF, 0xFF, 0xD9]].concat();
        for end in 0..plain.len() {
            assert_eq!(*without_filling(&plain[..end]), plain[..end]);
        }
    }
}
