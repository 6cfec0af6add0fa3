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

/// The stream without what fills it up between its last bit and its end marker: the standard
/// allows any number of bytes FF there, and writers fill streams to an even length with one.
fn without_filling(bytes: &[u8]) -> Cow<'_, [u8]> {
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap_or(0);
    let Some(coded) = bytes[..=end.min(bytes.len().saturating_sub(1))].strip_suffix(&[0xFF, 0xD9])
    else {
        return Cow::Borrowed(bytes);
    };
    let last = coded.iter().rposition(|byte| *byte != 0xFF).map_or(0, |at| at + 1);
    if last == coded.len() {
        return Cow::Borrowed(bytes);
    }
    // Coded data that end in FF are followed by a byte with a zero on top, so these are filling.
    Cow::Owned([&coded[..last], &[0xFF, 0xD9]].concat())
}
