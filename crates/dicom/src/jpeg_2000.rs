//! JPEG 2000 streams, high-throughput or not.
//!
//! Two decoders: one of safe code, which is the faster one but knows less, and a translation of
//! OpenJPEG for what the first does not take.

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};
use hilum_core::guarded;
use jpeg2k::DecodeParameters;

use crate::codec::{Decoded, Refusal, require_size, stream};
use crate::codestream::{self, Component};
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
    let component = codestream::component(bytes).ok_or_else(|| stream("no component"))?;
    let allocated = frame.format.bits_allocated;
    if component.bits > u32::from(allocated) {
        let bits = component.bits;
        return Err(stream(&format!("{bits} bits a sample, {allocated} allocated")));
    }
    // A panic of the first decoder is a stream that it does not take.
    let samples = match guarded(|| plain(frame, bytes, component)).flatten() {
        Some(samples) => samples,
        None => any(frame, bytes)?,
    };
    Ok(match allocated {
        8 => samples.iter().map(|sample| *sample as u8).collect(),
        16 => samples.iter().flat_map(|sample| (*sample as u16).to_le_bytes()).collect(),
        _ => samples.iter().flat_map(|sample| sample.to_le_bytes()).collect(),
    })
}

/// Samples of a stream of the first part of the standard with up to 16 bits: the decoder counts in
/// `f32`, which leaves eight bits to what wavelets add. `None` for all that it does not take.
fn plain(frame: &Frame<'_>, bytes: &[u8], component: Component) -> Option<Vec<i32>> {
    if component.bits > 16 || !component.full || codestream::is_high_throughput(bytes) {
        return None;
    }
    // Strict: a stream that was cut is no image with a blurred end.
    let strict =
        DecodeSettings { strict: true, resolve_palette_indices: false, target_resolution: None };
    let mut context = DecoderContext::default();
    let image = Image::new(bytes, &strict).ok()?;
    let decoded = image.decode(&mut context).ok()?;
    let [plane] = decoded.components() else { return None };
    let samples = plane.samples();
    // The decoder lifts samples by half their range, signed ones as well.
    let lifted = if component.signed { 1 << (component.bits - 1) } else { 0 };
    let range = component.range();
    let sample = |sample: &f32| {
        (sample.round_ties_even() as i32 - lifted).clamp(*range.start(), *range.end())
    };
    (samples.len() == frame.format.area()).then(|| samples.iter().map(sample).collect())
}

/// Samples of any stream.
fn any(frame: &Frame<'_>, bytes: &[u8]) -> Result<Vec<i32>, Refusal> {
    let strict = DecodeParameters::new().strict(true);
    let image = jpeg2k::Image::from_bytes_with(bytes, strict).map_err(|error| stream(&error))?;
    let [component] = image.components() else {
        return Err(stream("several components"));
    };
    let size = [component.height() as usize, component.width() as usize, 1];
    require_size(size, frame.format)?;
    Ok(component.data().to_vec())
}
