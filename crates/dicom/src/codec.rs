//! Compressed bytes to stored pixels, little-endian, as wide as the file allocates them.
//!
//! Streams come from anywhere. Each decoder is asked only after the stream's own header agrees
//! with the file's, and its output is measured before it is believed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dicom_dictionary_std::uids;
use dicom_encoding::transfer_syntax::TransferSyntaxIndex;
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;
use openreadout_codecs::{Raster, jpeg_decode_limited, jpegls_decode_limited, packbits_decode};

use crate::encapsulated::Frame;
use crate::slice::Format;

/// What stands against decoding.
pub(crate) enum Refusal {
    /// No decoder for this transfer syntax.
    Syntax,
    /// The stream is not what it should be.
    Stream(String),
}

fn stream<T: ToString + ?Sized>(reason: &T) -> Refusal {
    Refusal::Stream(reason.to_string().replace('\n', " "))
}

/// How a transfer syntax stores pixels.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Coding {
    RunLength,
    Jpeg,
    JpegLs,
    Jpeg2000,
}

fn coding(syntax: &str) -> Option<Coding> {
    Some(match syntax {
        uids::RLE_LOSSLESS => Coding::RunLength,
        uids::JPEG_BASELINE8_BIT
        | uids::JPEG_EXTENDED12_BIT
        | uids::JPEG_LOSSLESS
        | uids::JPEG_LOSSLESS_SV1 => Coding::Jpeg,
        uids::JPEGLS_LOSSLESS | uids::JPEGLS_NEAR_LOSSLESS => Coding::JpegLs,
        uids::JPEG2000_LOSSLESS
        | uids::JPEG2000
        | uids::HTJ2K_LOSSLESS
        | uids::HTJ2K_LOSSLESS_RPCL
        | uids::HTJ2K => Coding::Jpeg2000,
        _ => return None,
    })
}

/// The stored pixels of one compressed frame of one sample per pixel.
pub(crate) fn decode(frame: &Frame<'_>) -> Result<Vec<u8>, Refusal> {
    let coding = coding(frame.syntax).ok_or(Refusal::Syntax)?;
    // The decoders are other people's code; a panic in one is a broken stream, not our end.
    let decoded = catch_unwind(AssertUnwindSafe(|| match coding {
        Coding::RunLength => run_length(frame.bytes, frame.format),
        Coding::Jpeg => raster(jpeg_decode_limited(frame.bytes, limit(frame.format)), frame.format),
        Coding::JpegLs => {
            raster(jpegls_decode_limited(frame.bytes, limit(frame.format)), frame.format)
        }
        Coding::Jpeg2000 => jpeg_2000(frame),
    }));
    let bytes = decoded.unwrap_or_else(|_| Err(stream("the decoder gave up")))?;
    let wanted = frame.format.frame_bytes();
    if bytes.len() != wanted {
        return Err(stream(&format!("{} bytes, wanted {wanted}", bytes.len())));
    }
    Ok(bytes)
}

/// Bytes that an honest stream may unpack to: decoders count two for each sample.
fn limit(format: &Format) -> usize {
    2 * format.area()
}

fn raster(
    decoded: Result<Raster, openreadout_codecs::CodecError>,
    format: &Format,
) -> Result<Vec<u8>, Refusal> {
    let raster = decoded.map_err(|error| stream(&error))?;
    let found = [raster.height as usize, raster.width as usize, raster.channels as usize];
    let wanted = [format.rows, format.columns, 1];
    if found != wanted {
        return Err(stream(&format!("rows, columns and samples {found:?}, wanted {wanted:?}")));
    }
    Ok(match (raster.bits_per_sample, format.bits_allocated) {
        (8, 16) => raster.data.iter().flat_map(|sample| [*sample, 0]).collect(),
        _ => raster.data,
    })
}

/// PackBits segments, one for each byte of a pixel, the highest first (PS3.5 annex G).
fn run_length(bytes: &[u8], format: &Format) -> Result<Vec<u8>, Refusal> {
    let width = usize::from(format.bits_allocated).div_ceil(8);
    let word = |n: usize| {
        let word = bytes.get(4 * n..4 * n + 4).ok_or_else(|| stream("no segment table"))?;
        Ok(u32::from_le_bytes([word[0], word[1], word[2], word[3]]) as usize)
    };
    let segments = word(0)?;
    if segments != width {
        return Err(stream(&format!("{segments} segments, wanted {width}")));
    }
    let mut pixels = vec![0; format.area() * width];
    for n in 0..segments {
        let end = if n + 1 < segments { word(n + 2)? } else { bytes.len() };
        let segment =
            bytes.get(word(n + 1)?..end).ok_or_else(|| stream("a segment out of place"))?;
        let plane = packbits_decode(segment, format.area()).map_err(|error| stream(&error))?;
        if plane.len() < format.area() {
            return Err(stream(&format!("{} pixels, wanted {}", plane.len(), format.area())));
        }
        let place = width - 1 - n;
        for (pixel, byte) in pixels.chunks_exact_mut(width).zip(plane) {
            pixel[place] = byte;
        }
    }
    Ok(pixels)
}

fn jpeg_2000(frame: &Frame<'_>) -> Result<Vec<u8>, Refusal> {
    let found = image_size(frame.bytes).ok_or_else(|| stream("no image size"))?;
    let wanted = [frame.format.rows, frame.format.columns, 1];
    if found != wanted {
        return Err(stream(&format!("rows, columns and samples {found:?}, wanted {wanted:?}")));
    }
    let syntax = TransferSyntaxRegistry.get(frame.syntax).ok_or(Refusal::Syntax)?;
    let decoder = syntax.pixel_data_reader().ok_or(Refusal::Syntax)?;
    let mut pixels = Vec::with_capacity(frame.format.frame_bytes());
    decoder.decode_frame(frame, 0, &mut pixels).map_err(|error| stream(&error))?;
    Ok(pixels)
}

/// Rows, columns and components that a JPEG 2000 codestream declares in its SIZ marker.
fn image_size(bytes: &[u8]) -> Option<[usize; 3]> {
    let marker = bytes.windows(4).take(4096).position(|w| w == [0xFF, 0x4F, 0xFF, 0x51])?;
    let fields = bytes.get(marker + 8..marker + 44)?;
    let word = |n: usize| {
        u32::from_be_bytes([fields[n], fields[n + 1], fields[n + 2], fields[n + 3]]) as usize
    };
    let components = usize::from(u16::from_be_bytes([fields[32], fields[33]]));
    Some([word(4).checked_sub(word(12))?, word(0).checked_sub(word(8))?, components])
}
