//! Packing in parallel: one ordinary gzip or zlib stream, made of chunks.
//!
//! Each chunk is deflated on its own and ends on a byte (a sync flush), so that the chunks, laid
//! end to end, are one deflate stream; the checksums of the chunks are combined. The cut follows
//! from the data alone: the same bytes on any number of threads.

use flate2::{Compress, Compression, Crc, FlushCompress};
use hilum_kernel::par;

/// Bytes of a chunk before packing. What the next chunk cannot refer to costs less than 1 %.
pub(crate) const CHUNK: usize = 1 << 20;

/// Deflate level. Higher ones pack a chest by a few per cent more and take several times as long.
const LEVEL: u32 = 1;

const END_OF_STREAM: [u8; 2] = [0x03, 0x00];

/// What goes round a deflate stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrap {
    Gzip,
    Zlib,
}

/// One stream around `count` chunks, each handed over by `chunk`.
pub(crate) fn packed(
    wrap: Wrap,
    count: usize,
    chunk: impl Fn(usize) -> Vec<u8> + Sync + Send,
) -> Vec<u8> {
    match wrap {
        Wrap::Gzip => {
            let chunks = par::collect(count, |n| {
                let bytes = chunk(n);
                (deflated(&bytes), crc(&bytes))
            });
            let (chunks, sums): (Vec<_>, Vec<_>) = chunks.into_iter().unzip();
            let mut whole = Crc::new();
            for sum in &sums {
                whole.combine(sum);
            }
            let mut end = whole.sum().to_le_bytes().to_vec();
            end.extend(whole.amount().to_le_bytes());
            joined(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255], &chunks, &end)
        }
        Wrap::Zlib => {
            let chunks = par::collect(count, |n| {
                let bytes = chunk(n);
                (deflated(&bytes), Adler::of(&bytes))
            });
            let (chunks, sums): (Vec<_>, Vec<_>) = chunks.into_iter().unzip();
            let whole = sums.into_iter().fold(Adler::EMPTY, Adler::then);
            joined(&[0x78, 0x01], &chunks, &whole.sum().to_be_bytes())
        }
    }
}

fn joined(header: &[u8], chunks: &[Vec<u8>], end: &[u8]) -> Vec<u8> {
    let length: usize = chunks.iter().map(Vec::len).sum();
    let mut stream = Vec::with_capacity(header.len() + length + 16);
    stream.extend(header);
    for chunk in chunks {
        stream.extend(chunk);
    }
    stream.extend(END_OF_STREAM);
    stream.extend(end);
    stream
}

fn crc(bytes: &[u8]) -> Crc {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut packer = Compress::new(Compression::new(LEVEL), false);
    let mut deflated = Vec::with_capacity(bytes.len() / 4 + 64);
    loop {
        let taken = packer.total_in() as usize;
        packer
            .compress_vec(&bytes[taken..], &mut deflated, FlushCompress::Sync)
            .expect("deflate accepts any bytes");
        // A flush is over once it leaves room in the output.
        if deflated.len() < deflated.capacity() {
            return deflated;
        }
        deflated.reserve(deflated.capacity());
    }
}

/// The checksum of zlib, in a form that can be combined (RFC 1950).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Adler {
    a: u64,
    b: u64,
    length: u64,
}

impl Adler {
    const MODULUS: u64 = 65521;
    const EMPTY: Self = Self { a: 1, b: 0, length: 0 };

    fn of(bytes: &[u8]) -> Self {
        // In a block of this length, 64 bits hold the sums without a remainder taken.
        const BLOCK: usize = 1 << 16;
        let (mut a, mut b) = (1, 0);
        for block in bytes.chunks(BLOCK) {
            for byte in block {
                a += u64::from(*byte);
                b += a;
            }
            a %= Self::MODULUS;
            b %= Self::MODULUS;
        }
        Self { a, b, length: bytes.len() as u64 }
    }

    /// The checksum of these bytes followed by those of `next`.
    fn then(self, next: Self) -> Self {
        let m = Self::MODULUS;
        let before = self.a + m - 1;
        Self {
            a: (before + next.a) % m,
            b: (self.b + next.b + next.length % m * (before % m)) % m,
            length: self.length + next.length,
        }
    }

    fn sum(self) -> u32 {
        (self.b << 16 | self.a) as u32
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn rough(length: usize) -> Vec<u8> {
        (0..length as u64).map(|n| ((n * n % 251) >> ((n >> 14) & 7)) as u8).collect()
    }

    fn chunks(bytes: &[u8], size: usize) -> Vec<Vec<u8>> {
        bytes.chunks(size).map(<[u8]>::to_vec).collect()
    }

    #[test]
    fn a_gzip_stream_of_chunks_is_one_member() {
        for length in [0, 1, 1000, 300_001] {
            let bytes = rough(length);
            let parts = chunks(&bytes, 70_000);
            let stream = packed(Wrap::Gzip, parts.len(), |n| parts[n].clone());
            let mut unpacked = Vec::new();
            // This decoder stops after the first member.
            flate2::read::GzDecoder::new(stream.as_slice()).read_to_end(&mut unpacked).unwrap();
            assert!(unpacked == bytes, "{length} bytes");
        }
    }

    #[test]
    fn a_zlib_stream_of_chunks_has_the_checksum_of_the_whole() {
        for length in [0, 1, 1000, 300_001] {
            let bytes = rough(length);
            let parts = chunks(&bytes, 70_000);
            let stream = packed(Wrap::Zlib, parts.len(), |n| parts[n].clone());
            let mut unpacked = Vec::new();
            flate2::read::ZlibDecoder::new(stream.as_slice()).read_to_end(&mut unpacked).unwrap();
            assert!(unpacked == bytes, "{length} bytes");
        }
    }

    #[test]
    fn bytes_that_cannot_be_packed_stay_whole() {
        let mut state = 1u64;
        let noise: Vec<u8> = (0..200_000)
            .map(|_| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                (state >> 56) as u8
            })
            .collect();
        let stream = packed(Wrap::Gzip, 1, |_| noise.clone());
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(stream.as_slice()).read_to_end(&mut unpacked).unwrap();
        assert!(unpacked == noise);
    }

    #[test]
    fn the_checksum_of_wikipedia_is_right() {
        assert_eq!(Adler::of(b"Wikipedia").sum(), 0x11E6_0398);
        assert_eq!(Adler::of(b"Wiki").then(Adler::of(b"pedia")).sum(), 0x11E6_0398);
    }
}
