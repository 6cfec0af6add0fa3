//! Stored numbers to CT numbers.

use hilum_core::Hu;

use crate::opening::BIG_ENDIAN;
use crate::slice::{Format, Header, Rescale};
use crate::table::Table;

/// How the bytes of a frame become CT numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stored<'a> {
    bytes: usize,
    big_endian: bool,
    signed: bool,
    /// Whether pixels are floating point numbers.
    float: bool,
    /// Shifts that bring the stored bits to the top of a word of 32 bits and down again, with
    /// their sign or with zeros: what lies outside of the stored bits is not part of the number.
    up: u32,
    down: u32,
    rescale: Rescale,
    table: Option<&'a Table>,
}

/// A CT number that 16 bits cannot hold.
pub(crate) struct OutOfRange;

/// A pixel that is infinite or no number at all.
pub(crate) struct NotANumber;

impl<'a> Stored<'a> {
    /// The pixels of a file, with the rescale of one of its frames.
    pub(crate) fn of(header: &'a Header, rescale: Rescale) -> Self {
        Self {
            float: header.pixels.float,
            table: header.table.as_ref(),
            ..Self::new(&header.format, header.syntax == BIG_ENDIAN, rescale)
        }
    }

    fn new(format: &Format, big_endian: bool, rescale: Rescale) -> Self {
        Self {
            bytes: usize::from(format.bits_allocated).div_ceil(8),
            big_endian,
            signed: format.signed,
            float: false,
            // Pixels of 64 bits are floating point, where nothing is shifted, or refused.
            up: 31u32.saturating_sub(u32::from(format.high_bit)),
            down: 32u32.saturating_sub(u32::from(format.bits_stored)),
            rescale,
            table: None,
        }
    }

    /// Bytes of one pixel.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Says whether all CT numbers are whole, whatever the pixels are.
    pub(crate) fn is_whole(&self) -> bool {
        let whole = |x: f64| x.fract() == 0.0 && x.abs() < f64::from(1 << 15);
        let rescale = &self.rescale;
        !self.float && (self.table.is_some() || whole(rescale.slope) && whole(rescale.intercept))
    }

    /// The number that some bits stand for.
    pub(crate) fn number(&self, raw: u32) -> i64 {
        let top = raw << self.up;
        if self.signed { i64::from((top as i32) >> self.down) } else { i64::from(top >> self.down) }
    }

    /// The CT number that some bits stand for.
    pub(crate) fn rescaled(&self, raw: u32) -> f64 {
        let number = self.number(raw);
        match self.table {
            Some(table) => f64::from(table.at(number)),
            None => self.scaled(number as f64),
        }
    }

    /// The CT number of a stored number, where there is no table.
    pub(crate) fn scaled(&self, number: f64) -> f64 {
        number * self.rescale.slope + self.rescale.intercept
    }

    /// Writes whole CT numbers, one for each pixel. The rescale must be whole.
    pub(crate) fn whole(&self, bytes: &[u8], out: &mut [Hu]) -> Result<(), OutOfRange> {
        let (slope, intercept) = (self.rescale.slope as i64, self.rescale.intercept as i64);
        let usual = self.bytes == 2 && !self.big_endian && slope == 1 && self.table.is_none();
        let full = self.up == 16 && self.down == 16;
        match (usual && full, self.signed) {
            (true, true) => words(bytes, out, |word| i32::from(word as i16) + intercept as i32),
            (true, false) => words(bytes, out, |word| i32::from(word) + intercept as i32),
            _ => {
                let mut fits = true;
                for (pixel, hu) in bytes.chunks_exact(self.bytes).zip(out) {
                    let number = self.number(self.raw(pixel));
                    let value = match self.table {
                        Some(table) => i64::from(table.at(number)),
                        None => number * slope + intercept,
                    };
                    fits &= i16::try_from(value).is_ok();
                    *hu = Hu(value as i16);
                }
                if fits { Ok(()) } else { Err(OutOfRange) }
            }
        }
    }

    /// Writes CT numbers, one for each pixel, as they are.
    pub(crate) fn exact(&self, bytes: &[u8], out: &mut [f32]) -> Result<(), NotANumber> {
        let mut finite = true;
        for (pixel, value) in bytes.chunks_exact(self.bytes).zip(out) {
            let exact = if self.float {
                self.scaled(self.real(pixel))
            } else {
                self.rescaled(self.raw(pixel))
            };
            *value = exact as f32;
            finite &= value.is_finite();
        }
        if finite { Ok(()) } else { Err(NotANumber) }
    }

    /// A pixel as a floating point number, of double precision if it takes 8 bytes.
    fn real(&self, pixel: &[u8]) -> f64 {
        let shifted = |bits: u64, byte: &u8| bits << 8 | u64::from(*byte);
        let bits = if self.big_endian {
            pixel.iter().fold(0, shifted)
        } else {
            pixel.iter().rev().fold(0, shifted)
        };
        if self.bytes == 8 { f64::from_bits(bits) } else { f64::from(f32::from_bits(bits as u32)) }
    }

    fn raw(&self, pixel: &[u8]) -> u32 {
        let shifted = |raw: u32, byte: &u8| raw << 8 | u32::from(*byte);
        if self.big_endian {
            pixel.iter().fold(0, shifted)
        } else {
            pixel.iter().rev().fold(0, shifted)
        }
    }
}

/// The usual case, written so that it runs on vector registers.
fn words(bytes: &[u8], out: &mut [Hu], value: impl Fn(u16) -> i32) -> Result<(), OutOfRange> {
    let (mut least, mut most) = (0, 0);
    for (pixel, hu) in bytes.chunks_exact(2).zip(out) {
        let value = value(u16::from_le_bytes([pixel[0], pixel[1]]));
        least = value.min(least);
        most = value.max(most);
        *hu = Hu(value as i16);
    }
    let fits = least >= i32::from(i16::MIN) && most <= i32::from(i16::MAX);
    if fits { Ok(()) } else { Err(OutOfRange) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(allocated: u16, stored: u16, high: u16, signed: bool) -> Format {
        Format {
            rows: 1,
            columns: 1,
            samples: 1,
            bits_allocated: allocated,
            bits_stored: stored,
            high_bit: high,
            signed,
            photometric: "MONOCHROME2".into(),
        }
    }

    const PLAIN: Rescale = Rescale { slope: 1.0, intercept: 0.0, given: true };

    fn one(format: &Format, rescale: Rescale, bytes: &[u8]) -> Option<i16> {
        let mut out = [Hu(0)];
        Stored::new(format, false, rescale).whole(bytes, &mut out).ok().map(|()| out[0].0)
    }

    #[test]
    fn the_sign_stands_in_the_highest_stored_bit() {
        let twelve = format(16, 12, 11, true);
        assert_eq!(one(&twelve, PLAIN, &0x0FFFu16.to_le_bytes()), Some(-1));
        assert_eq!(one(&twelve, PLAIN, &0xF7FFu16.to_le_bytes()), Some(2047));
        let unsigned = format(16, 12, 11, false);
        assert_eq!(one(&unsigned, PLAIN, &0xFFFFu16.to_le_bytes()), Some(4095));
    }

    #[test]
    fn bits_below_the_stored_ones_are_dropped() {
        let shifted = format(16, 12, 15, true);
        assert_eq!(one(&shifted, PLAIN, &0xFFF7u16.to_le_bytes()), Some(-1));
    }

    #[test]
    fn every_depth_is_read() {
        assert_eq!(one(&format(8, 8, 7, false), PLAIN, &[200]), Some(200));
        assert_eq!(one(&format(8, 8, 7, true), PLAIN, &[200]), Some(-56));
        assert_eq!(one(&format(32, 32, 31, true), PLAIN, &(-1000i32).to_le_bytes()), Some(-1000));
        assert_eq!(one(&format(16, 16, 15, true), PLAIN, &(-1000i16).to_le_bytes()), Some(-1000));
    }

    #[test]
    fn a_number_beyond_16_bits_is_not_cut() {
        let full = format(16, 16, 15, false);
        assert_eq!(one(&full, PLAIN, &40_000u16.to_le_bytes()), None);
        let shifted = Rescale { slope: 1.0, intercept: -8192.0, given: true };
        assert_eq!(one(&full, shifted, &40_000u16.to_le_bytes()), Some(31_808));
    }

    #[test]
    fn bytes_may_come_in_either_order() {
        let full = format(16, 16, 15, true);
        let mut out = [Hu(0)];
        let big = Stored::new(&full, true, PLAIN);
        assert!(big.whole(&(-1000i16).to_be_bytes(), &mut out).is_ok());
        assert_eq!(out[0], Hu(-1000));
    }

    #[test]
    fn a_fraction_of_a_unit_stays() {
        let full = format(16, 16, 15, true);
        let rescale = Rescale { slope: 0.37, intercept: -1024.0, given: true };
        let mut out = [0.0];
        let stored = Stored::new(&full, false, rescale);
        assert!(stored.exact(&(-1003i16).to_le_bytes(), &mut out).is_ok());
        assert_eq!(out[0], -1395.11);
    }
}
