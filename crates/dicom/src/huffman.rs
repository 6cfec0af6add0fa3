//! Huffman codes of JPEG (ISO/IEC 10918-1 annexes C and F), and the bits they are read from.

/// Codes up to this length are found by one look into a table.
const SHORT: usize = 10;

/// A table of codes: each stands for a byte.
pub(crate) struct Huffman {
    /// Length and byte of the code that each `SHORT` bits begin with; length 0 for longer ones.
    short: Vec<(u8, u8)>,
    /// For each length from 1: one more than the last code, its bits at the top of 16.
    ends: [u32; 17],
    /// For each length from 1: what is to be added to a code to find its byte.
    shifts: [i32; 17],
    bytes: Vec<u8>,
}

impl Huffman {
    /// The codes of a table segment: how many there are of each length from 1 to 16, and what
    /// they stand for. `None` if they are more than such codes can be.
    pub(crate) fn new(counts: &[u8; 16], bytes: &[u8]) -> Option<Self> {
        let mut table = Self {
            short: vec![(0, 0); 1 << SHORT],
            ends: [0; 17],
            shifts: [0; 17],
            bytes: bytes.to_vec(),
        };
        let (mut code, mut first) = (0u32, 0usize);
        for (length, count) in (1..=16usize).zip(counts) {
            let next = first + usize::from(*count);
            let after = code + u32::from(*count);
            if next > bytes.len() || after > 1 << length {
                return None;
            }
            table.shifts[length] = first as i32 - code as i32;
            table.ends[length] = after << (16 - length);
            if length <= SHORT {
                let width = 1 << (SHORT - length);
                let from = (code as usize) << (SHORT - length);
                for (n, byte) in bytes[first..next].iter().enumerate() {
                    table.short[from + n * width..][..width].fill((length as u8, *byte));
                }
            }
            code = after << 1;
            first = next;
        }
        Some(table)
    }

    /// Length and byte of the code that 16 bits begin with; `None` if no code does.
    pub(crate) fn find(&self, bits: u32) -> Option<(u32, u8)> {
        let (length, byte) = self.short[(bits >> (16 - SHORT)) as usize];
        if length > 0 {
            return Some((u32::from(length), byte));
        }
        let length = (SHORT + 1..=16).find(|length| bits < self.ends[*length])?;
        let code = (bits >> (16 - length)) as i32;
        let byte = self.bytes.get(usize::try_from(code + self.shifts[length]).ok()?)?;
        Some((length as u32, *byte))
    }
}

/// Bits of entropy-coded data, the highest of a byte first. Behind their end there are zeros, and
/// [`Bits::is_spent`] tells that some of those were taken.
pub(crate) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Bits that were fetched, from the top, and how many of them.
    held: u64,
    count: u32,
    /// Zeros among them that stand behind the end.
    padding: u32,
}

impl<'a> Bits<'a> {
    /// Bits of data out of which stuffing was taken.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, held: 0, count: 0, padding: 0 }
    }

    /// Makes sure that 48 bits may be looked at and skipped.
    #[inline]
    pub(crate) fn fetch(&mut self) {
        if self.count >= 48 {
            return;
        }
        if let Some(word) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk::<8>) {
            // What is fetched twice falls on itself.
            self.held |= u64::from_be_bytes(*word) >> self.count;
            self.at += ((63 - self.count) >> 3) as usize;
            self.count |= 0b11_1000;
            return;
        }
        while self.count <= 56 {
            match self.bytes.get(self.at) {
                Some(byte) => self.held |= u64::from(*byte) << (56 - self.count),
                None => self.padding = (self.padding + 8).min(1 << 16),
            }
            self.at += 1;
            self.count += 8;
        }
    }

    /// The next `count` bits, from 1 to 32, of those that were fetched.
    #[inline]
    pub(crate) fn peek(&self, count: u32) -> u32 {
        (self.held >> (64 - count)) as u32
    }

    #[inline]
    pub(crate) fn skip(&mut self, count: u32) {
        self.held <<= count;
        self.count -= count;
    }

    /// Takes `count` bits, up to 16, of those that were fetched.
    #[inline]
    pub(crate) fn take(&mut self, count: u32) -> u32 {
        if count == 0 {
            return 0;
        }
        let bits = self.peek(count);
        self.skip(count);
        bits
    }

    /// Takes one bit.
    pub(crate) fn bit(&mut self) -> bool {
        self.fetch();
        self.take(1) == 1
    }

    /// Takes a code, and leaves 32 bits fetched behind it. `None` if there is no such code.
    #[inline]
    pub(crate) fn code(&mut self, table: &Huffman) -> Option<u8> {
        self.fetch();
        let (length, byte) = table.find(self.peek(16))?;
        self.skip(length);
        Some(byte)
    }

    /// Takes a number of `size` bits, up to 16: those with the highest bit clear are negative
    /// (F.2.2.1).
    #[inline]
    pub(crate) fn number(&mut self, size: u32) -> i32 {
        extend(self.take(size), size)
    }

    /// Whether more was taken than there was.
    pub(crate) fn is_spent(&self) -> bool {
        self.padding > self.count
    }
}

/// The number that `size` bits stand for.
#[inline]
pub(crate) fn extend(bits: u32, size: u32) -> i32 {
    if size > 0 && bits >> (size - 1) == 0 { bits as i32 - (1 << size) + 1 } else { bits as i32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lengths 2, 3, 3, 12 and 16.
    fn table() -> Huffman {
        let mut counts = [0; 16];
        (counts[1], counts[2], counts[11], counts[15]) = (1, 2, 1, 1);
        Huffman::new(&counts, &[7, 1, 2, 9, 4]).unwrap()
    }

    #[test]
    fn codes_of_every_length_are_found() {
        let table = table();
        assert_eq!(table.find(0b0011_1111 << 8), Some((2, 7)));
        assert_eq!(table.find(0b0101_1111 << 8), Some((3, 1)));
        assert_eq!(table.find(0b0110_0000 << 8), Some((3, 2)));
        assert_eq!(table.find(0b1000_0000_0000_1111), Some((12, 9)));
        assert_eq!(table.find(0b1000_0000_0001_0000), Some((16, 4)));
        assert_eq!(table.find(0b1000_0000_0001_0001), None);
    }

    #[test]
    fn tables_with_too_many_codes_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Huffman::new(&counts, &[1, 2, 3]).is_none());
        counts[0] = 2;
        assert!(Huffman::new(&counts, &[1]).is_none());
    }

    #[test]
    fn bits_come_in_order_and_their_end_is_noticed() {
        let bytes: Vec<u8> = (0..21u32).map(|n| (n * 37 + 11) as u8).collect();
        let mut bits = Bits::new(&bytes);
        let mut count = 0;
        for size in (1..=16).cycle() {
            if count + size > 168 {
                break;
            }
            bits.fetch();
            let expected = (count..count + size).fold(0, |number, bit| {
                number << 1 | u32::from(bytes[bit as usize / 8] >> (7 - bit % 8) & 1)
            });
            assert_eq!(bits.take(size), expected, "{size} bits behind {count}");
            count += size;
        }
        while count < 168 {
            bits.bit();
            count += 1;
        }
        assert!(!bits.is_spent());
        assert!(!bits.bit());
        assert!(bits.is_spent());
    }

    #[test]
    fn numbers_with_a_clear_highest_bit_are_negative() {
        assert_eq!([0, 1, 2, 3].map(|bits| extend(bits, 2)), [-3, -2, 2, 3]);
        assert_eq!(extend(0, 0), 0);
        assert_eq!(extend(0, 15), -32767);
    }
}
