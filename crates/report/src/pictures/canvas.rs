//! A still picture while it is drawn.

use super::{
    encode,
    glyphs::{ADVANCE, HEIGHT, glyph},
    overlay::Mark,
    scene::Slice,
};
use crate::Error;

/// Outline of the lung: sky blue of the palette of Okabe and Ito, told from orange by all kinds of
/// colour vision.
pub(super) const OUTLINE: [u8; 3] = [86, 180, 233];
/// Low attenuation: orange of the same palette.
pub(super) const LOW: [u8; 3] = [230, 159, 0];

/// Shades of grey; the colours for marks and letters follow them.
const GREYS: usize = 248;
const OUTLINE_INDEX: u8 = GREYS as u8;
const LOW_INDEX: u8 = GREYS as u8 + 1;

/// Letters and bars are white with a black rim: the last two colours of every palette.
#[derive(Clone, Copy)]
enum Ink {
    White = 2,
    Black = 1,
}

/// Lengths that a scale bar may have, in mm, with their names.
const BARS: [(f64, &str); 6] = [
    (100.0, "100 mm"),
    (50.0, "50 mm"),
    (20.0, "20 mm"),
    (10.0, "10 mm"),
    (5.0, "5 mm"),
    (2.0, "2 mm"),
];

pub(super) struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
    palette: Vec<[u8; 3]>,
}

impl Canvas {
    /// The image with its marks.
    pub(super) fn new(slice: &Slice) -> Self {
        let pixel = |(grey, mark): (&f32, &Mark)| match mark {
            Mark::None => (grey * (GREYS - 1) as f32 + 0.5) as u8,
            Mark::Outline => OUTLINE_INDEX,
            Mark::Low => LOW_INDEX,
            Mark::Rim => LOW_INDEX + 2,
        };
        let pixels = slice.grey.iter().zip(&slice.marks).map(pixel).collect();
        let mut palette: Vec<[u8; 3]> = (0..GREYS).map(|n| [shade(n, GREYS); 3]).collect();
        palette.extend([OUTLINE, LOW]);
        Self::on(pixels, [slice.width, slice.height], palette)
    }

    /// Pixels that number the colours of a palette.
    pub(super) fn on(pixels: Vec<u8>, [width, height]: [usize; 2], palette: Vec<[u8; 3]>) -> Self {
        let mut palette = palette;
        palette.extend([[255; 3], [0; 3]]);
        Self { width, height, pixels, palette }
    }

    /// Pixels across.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Pixels down.
    pub(super) fn height(&self) -> usize {
        self.height
    }

    /// Writes letters at the left, right, top and bottom edges.
    pub(super) fn letters(&mut self, [left, right, top, bottom]: [char; 4]) {
        let (w, h) = (self.width as i32, self.height as i32);
        let dot = self.dot();
        let [half_width, half_height] = [5 * dot / 2, HEIGHT as i32 * dot / 2];
        let edge = 3 * dot;
        let places = [
            (left, edge, h / 2 - half_height),
            (right, w - edge - 2 * half_width, h / 2 - half_height),
            (top, w / 2 - half_width, edge),
            (bottom, w / 2 - half_width, h - edge - 2 * half_height),
        ];
        for (letter, x, y) in places {
            self.text(letter.encode_utf8(&mut [0; 4]), x, y);
        }
    }

    /// Draws a bar of a round length at the lower right, if one fits.
    pub(super) fn scale_bar(&mut self, pixel: f64) {
        let fits = |length: &(f64, &str)| length.0 / pixel <= 0.35 * self.width as f64;
        let Some((length, name)) = BARS.into_iter().find(fits) else { return };
        let (bar, dot) = ((length / pixel).round() as i32, self.dot());
        let [right, bottom] = [self.width as i32 - 4 * dot, self.height as i32 - 4 * dot];
        let left = right - bar;
        let strokes = [
            ([left, bottom - dot], [right, bottom]),
            ([left, bottom - 3 * dot], [left + dot, bottom]),
            ([right - dot, bottom - 3 * dot], [right, bottom]),
        ];
        for (rim, ink) in [(1, Ink::Black), (0, Ink::White)] {
            for (from, to) in strokes {
                self.rectangle(from.map(|c| c - rim), to.map(|c| c + rim), ink);
            }
        }
        let text = (name.len() * ADVANCE) as i32 * dot - dot;
        self.text(name, left + (bar - text) / 2, bottom - (4 + HEIGHT as i32) * dot);
    }

    /// Pixels in a dot of a letter: letters grow with the picture.
    fn dot(&self) -> i32 {
        (self.width.max(self.height) / 200).clamp(1, 6) as i32
    }

    /// White letters with a black rim around a point.
    pub(super) fn label(&mut self, text: &str, [x, y]: [usize; 2]) {
        let across = (text.len() * ADVANCE - 1) as i32 * self.dot();
        let down = HEIGHT as i32 * self.dot();
        self.text(text, x as i32 - across / 2, y as i32 - down / 2);
    }

    /// White letters with a black rim, the upper left corner at `(x, y)`.
    fn text(&mut self, text: &str, x: i32, y: i32) {
        for (rim, ink) in [(1, Ink::Black), (0, Ink::White)] {
            for (character, n) in text.chars().zip(0..) {
                self.character(character, [x + n * ADVANCE as i32 * self.dot(), y], rim, ink);
            }
        }
    }

    fn character(&mut self, character: char, [x, y]: [i32; 2], rim: i32, ink: Ink) {
        let dot = self.dot();
        for (dots, row) in glyph(character).into_iter().zip(0..) {
            for column in (0..5).filter(|column| dots >> (4 - column) & 1 == 1) {
                let [left, top] = [x + column * dot, y + row * dot];
                let corner = [left + dot + rim, top + dot + rim];
                self.rectangle([left - rim, top - rim], corner, ink);
            }
        }
    }

    /// Fills from one corner up to, not including, the other; what lies outside is not drawn.
    fn rectangle(&mut self, [left, top]: [i32; 2], [right, bottom]: [i32; 2], ink: Ink) {
        let colour = (self.palette.len() - ink as usize) as u8;
        let inside = |value: i32, size: usize| value.clamp(0, size as i32) as usize;
        let columns = inside(left, self.width)..inside(right, self.width);
        for row in inside(top, self.height)..inside(bottom, self.height) {
            self.pixels[row * self.width..][columns.clone()].fill(colour);
        }
    }

    /// The picture as PNG.
    pub(super) fn png(&self, name: &str) -> Result<Vec<u8>, Error> {
        let image = encode::Indexed {
            width: self.width,
            height: self.height,
            palette: &self.palette,
            opacity: &[],
            pixels: &self.pixels,
        };
        encode::png(name, &image)
    }
}

/// Shade number `n` of so many from black to white.
pub(super) fn shade(n: usize, of: usize) -> u8 {
    ((n * 255 + (of - 1) / 2) / (of - 1)) as u8
}
