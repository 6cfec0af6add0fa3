//! Compressed bytes to stored pixels, little-endian, as wide as the file allocates them.
//!
//! Streams come from anywhere. Each decoder is asked only after the stream's own header agrees
//! with the file's, and its output is measured before it is believed.

use std::io::{Cursor, Read};

use dicom_dictionary_std::uids;
use hilum_core::guarded;

use crate::dataset;
use crate::encapsulated::Frame;
use crate::jpeg;
use crate::jpeg_2000::jpeg_2000;
use crate::jpeg_ls::jpeg_ls;
use crate::run_length::run_length;
use crate::slice::Format;

/// What stands against decoding.
pub(crate) enum Refusal {
    /// No decoder for this transfer syntax.
    Syntax,
    /// The stream is not what it should be.
    Stream(String),
}

pub(crate) fn stream<T: ToString + ?Sized>(reason: &T) -> Refusal {
    Refusal::Stream(reason.to_string().replace('\n', " "))
}

/// The stored pixels of a frame.
pub(crate) struct Decoded {
    /// Little-endian, as wide as the file allocates them.
    pub(crate) bytes: Vec<u8>,
    /// Whether the stream gave a wrong length of a part, which was taken as "to the end".
    pub(crate) repaired: bool,
}

/// How a transfer syntax stores pixels.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Coding {
    RunLength,
    Jpeg,
    JpegLossless,
    JpegLs,
    Jpeg2000,
    Deflate,
    /// As if it were not compressed.
    Plain,
}

fn coding(syntax: &str) -> Option<Coding> {
    Some(match syntax {
        uids::RLE_LOSSLESS => Coding::RunLength,
        uids::JPEG_BASELINE8_BIT
        | uids::JPEG_EXTENDED12_BIT
        | JPEG_SPECTRAL_SELECTION
        | JPEG_PROGRESSIVE => Coding::Jpeg,
        uids::JPEG_LOSSLESS | uids::JPEG_LOSSLESS_SV1 => Coding::JpegLossless,
        uids::JPEGLS_LOSSLESS | uids::JPEGLS_NEAR_LOSSLESS => Coding::JpegLs,
        uids::JPEG2000_LOSSLESS
        | uids::JPEG2000
        | uids::HTJ2K_LOSSLESS
        | uids::HTJ2K_LOSSLESS_RPCL
        | uids::HTJ2K => Coding::Jpeg2000,
        uids::DEFLATED_IMAGE_FRAME_COMPRESSION => Coding::Deflate,
        uids::ENCAPSULATED_UNCOMPRESSED_EXPLICIT_VR_LITTLE_ENDIAN => Coding::Plain,
        _ => return None,
    })
}

/// Retired from the standard but not from archives: processes 6 and 8, then 10 and 12.
pub(crate) const JPEG_SPECTRAL_SELECTION: &str = "1.2.840.10008.1.2.4.53";
pub(crate) const JPEG_PROGRESSIVE: &str = "1.2.840.10008.1.2.4.55";

/// The stored pixels of one compressed frame of one sample per pixel.
pub(crate) fn decode(frame: &Frame<'_>) -> Result<Decoded, Refusal> {
    let coding = coding(frame.syntax).ok_or(Refusal::Syntax)?;
    let whole = |bytes| Decoded { bytes, repaired: false };
    // Some decoders are other people's code; a panic in one is a broken stream, not our end.
    let decoded = guarded(|| match coding {
        Coding::RunLength => run_length(frame).map(whole),
        Coding::Jpeg => jpeg::decode(frame, false).map(whole),
        Coding::JpegLossless => jpeg::decode(frame, true).map(whole),
        Coding::JpegLs => jpeg_ls(frame).map(whole),
        Coding::Jpeg2000 => jpeg_2000(frame),
        Coding::Deflate => deflated(frame).map(whole),
        Coding::Plain => Ok(whole(plain(frame))),
    });
    let decoded = decoded.unwrap_or_else(|| Err(stream("the decoder gave up")))?;
    let wanted = frame.format.frame_bytes();
    if decoded.bytes.len() != wanted {
        return Err(stream(&format!("{} bytes, wanted {wanted}", decoded.bytes.len())));
    }
    Ok(decoded)
}

/// Rows, columns and samples, as a stream and as its file say them.
pub(crate) fn require_size(found: [usize; 3], format: &Format) -> Result<(), Refusal> {
    let wanted = [format.rows, format.columns, 1];
    if found == wanted {
        return Ok(());
    }
    Err(stream(&format!("rows, columns and samples {found:?}, wanted {wanted:?}")))
}

/// Unpacked here, because what comes out has to be measured while it comes: a stream may grow a
/// thousandfold.
fn deflated(frame: &Frame<'_>) -> Result<Vec<u8>, Refusal> {
    let wanted = frame.format.frame_bytes();
    let source = Box::new(Cursor::new(frame.bytes.to_vec()));
    let inflated = dataset::inflated(source).ok_or(Refusal::Syntax)?;
    let mut pixels = Vec::with_capacity(wanted + 1);
    // One byte more than the pixels pads an odd frame; more than that is another frame.
    inflated.take(wanted as u64 + 2).read_to_end(&mut pixels).map_err(|error| stream(&error))?;
    if pixels.len() == wanted + 1 {
        pixels.truncate(wanted);
    }
    Ok(pixels)
}

/// The bytes of a frame, without the one that fills it to an even number.
fn plain(frame: &Frame<'_>) -> Vec<u8> {
    let wanted = frame.format.frame_bytes();
    let filled = wanted % 2 == 1 && frame.bytes.len() == wanted + 1;
    frame.bytes[..frame.bytes.len() - usize::from(filled)].to_vec()
}
