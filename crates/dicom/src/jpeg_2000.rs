//! JPEG 2000 streams, high-throughput or not.

use jpeg2k::{DecodeParameters, Image};

use crate::codec::{Decoded, Refusal, require_size, stream};
use crate::codestream;
use crate::encapsulated::Frame;

/// The stored pixels of a frame.
pub(crate) fn jpeg_2000(frame: &Frame<'_>) -> Result<Decoded, Refusal> {
    let size = codestream::size(frame.bytes).ok_or_else(|| stream("no image size"))?;
    require_size(size, frame.format)?;
    match codestream::mended(frame.bytes) {
        Some(mended) => Ok(Decoded { bytes: decoded(frame, &mended)?, repaired: true }),
        None => Ok(Decoded { bytes: decoded(frame, frame.bytes)?, repaired: false }),
    }
}

fn decoded(frame: &Frame<'_>, bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    // Strict: a stream that was cut is no image with a blurred end.
    let strict = DecodeParameters::new().strict(true);
    let image = Image::from_bytes_with(bytes, strict).map_err(|error| stream(&error))?;
    let [component] = image.components() else {
        return Err(stream("several components"));
    };
    let size = [component.height() as usize, component.width() as usize, 1];
    require_size(size, frame.format)?;
    let allocated = frame.format.bits_allocated;
    if component.precision() > u32::from(allocated) {
        let precision = component.precision();
        return Err(stream(&format!("{precision} bits a sample, {allocated} allocated")));
    }
    let samples = component.data();
    Ok(match allocated {
        8 => samples.iter().map(|sample| *sample as u8).collect(),
        16 => samples.iter().flat_map(|sample| (*sample as u16).to_le_bytes()).collect(),
        _ => samples.iter().flat_map(|sample| sample.to_le_bytes()).collect(),
    })
}
