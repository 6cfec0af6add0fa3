//! Pixels as PNG and JPEG.

use image::{ExtendedColorType, codecs::jpeg::JpegEncoder};
use png::{BitDepth, ColorType, Compression, Encoder, Filter};

use crate::Error;

/// Quality of JPEG from 1 to 100: noise in lung is kept, blocks are not seen.
const JPEG_QUALITY: u8 = 80;

/// A picture whose pixels name colours of a palette.
pub(super) struct Indexed<'a> {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Red, green, blue of each colour.
    pub(super) palette: &'a [[u8; 3]],
    /// Opacity of the first colours; the others are opaque.
    pub(super) opacity: &'a [u8],
    /// One colour number per pixel.
    pub(super) pixels: &'a [u8],
}

/// Brightness as JPEG.
pub(super) fn jpeg(name: &str, grey: &[u8], [width, height]: [usize; 2]) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)
        .encode(grey, width as u32, height as u32, ExtendedColorType::L8)
        .map_err(|source| Error::Encoding { picture: name.into(), source: source.into() })?;
    Ok(bytes)
}

/// An indexed picture as PNG: 2 bits per pixel for up to four colours, else 8.
pub(super) fn png(name: &str, image: &Indexed<'_>) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    write_png(&mut bytes, image)
        .map_err(|source| Error::Encoding { picture: name.into(), source: source.into() })?;
    Ok(bytes)
}

fn write_png(bytes: &mut Vec<u8>, image: &Indexed<'_>) -> Result<(), png::EncodingError> {
    let mut encoder = Encoder::new(bytes, image.width as u32, image.height as u32);
    encoder.set_color(ColorType::Indexed);
    encoder.set_palette(image.palette.concat());
    if !image.opacity.is_empty() {
        encoder.set_trns(image.opacity.to_vec());
    }
    encoder.set_compression(Compression::Fast);
    encoder.set_filter(Filter::NoFilter);
    if image.palette.len() <= 4 {
        encoder.set_depth(BitDepth::Two);
        return encoder.write_header()?.write_image_data(&packed(image.pixels, image.width));
    }
    encoder.set_depth(BitDepth::Eight);
    encoder.write_header()?.write_image_data(image.pixels)
}

/// Four pixels in a byte, each row on bytes of its own.
fn packed(pixels: &[u8], width: usize) -> Vec<u8> {
    let pack =
        |four: &[u8]| four.iter().zip([6, 4, 2, 0]).fold(0, |byte, (p, shift)| byte | p << shift);
    pixels.chunks(width).flat_map(|row| row.chunks(4).map(pack)).collect()
}
