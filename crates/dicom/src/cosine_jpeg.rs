//! The cosine processes of JPEG (ISO/IEC 10918-1 annexes F and G).

use crate::codec::{Refusal, stream};
use crate::huffman::{Bits, Huffman};
use crate::inverse_cosine::inverse_cosine;
use crate::jpeg::{Coded, Scan, Size, Tables};

/// Where the coefficients of a block come in a stream: row and column as octal digits.
#[rustfmt::skip]
const ZIGZAG: [u8; 64] = [
    0o00, 0o01, 0o10, 0o20, 0o11, 0o02, 0o03, 0o12, 0o21, 0o30, 0o40, 0o31, 0o22, 0o13, 0o04, 0o05,
    0o14, 0o23, 0o32, 0o41, 0o50, 0o60, 0o51, 0o42, 0o33, 0o24, 0o15, 0o06, 0o07, 0o16, 0o25, 0o34,
    0o43, 0o52, 0o61, 0o70, 0o71, 0o62, 0o53, 0o44, 0o35, 0o26, 0o17, 0o27, 0o36, 0o45, 0o54, 0o63,
    0o72, 0o73, 0o64, 0o55, 0o46, 0o37, 0o47, 0o56, 0o65, 0o74, 0o75, 0o66, 0o57, 0o67, 0o76, 0o77,
];

/// A block of coefficients in zigzag order.
type Block = [i16; 64];

/// A picture in the making.
pub(crate) struct Cosines {
    size: Size,
    /// Coefficients of a progressive stream, which come in several scans.
    blocks: Option<Vec<Block>>,
    steps: Option<[u16; 64]>,
    samples: Vec<u16>,
}

impl Cosines {
    pub(crate) fn new(size: Size, progressive: bool) -> Self {
        let count = size.rows.div_ceil(8) * size.columns.div_ceil(8);
        Self {
            size,
            blocks: progressive.then(|| vec![[0; 64]; count]),
            steps: None,
            samples: vec![0; size.rows * size.columns],
        }
    }

    /// Whether the picture comes in several scans.
    pub(crate) fn is_progressive(&self) -> bool {
        self.blocks.is_some()
    }

    /// Takes in a scan. What a sequential scan says of first and last coefficients is not
    /// believed: some writers leave zeros there, and all of them are always sent.
    pub(crate) fn scan(
        &mut self,
        coded: &Coded,
        scan: Scan,
        tables: &Tables,
        table: usize,
    ) -> Result<(), Refusal> {
        let steps = tables.steps[table].ok_or_else(|| stream("a missing table of steps"))?;
        self.steps.get_or_insert(steps);
        let count = self.size.rows.div_ceil(8) * self.size.columns.div_ceil(8);
        let each = if tables.restart == 0 { count } else { tables.restart };
        let mut parts = coded.parts();
        for from in (0..count).step_by(each) {
            let part = parts.next().ok_or_else(|| stream("it ends before its picture"))?;
            let range = from..count.min(from + each);
            let bits = &mut Bits::new(part);
            match &mut self.blocks {
                Some(blocks) => progressive(bits, scan, tables, &mut blocks[range])?,
                None => self.sequential(bits, scan, tables, range)?,
            }
        }
        Ok(())
    }

    fn sequential(
        &mut self,
        bits: &mut Bits<'_>,
        scan: Scan,
        tables: &Tables,
        range: std::ops::Range<usize>,
    ) -> Result<(), Refusal> {
        let steady = codes(&tables.steady, scan.tables[0])?;
        let alternating = codes(&tables.alternating, scan.tables[1])?;
        let mut last = 0;
        for n in range {
            let mut block = [0; 64];
            last = difference(bits, steady)?.wrapping_add(last);
            block[0] = last as i16;
            whole(bits, alternating, &mut block)?;
            require_left(bits)?;
            self.put(n, &block);
        }
        Ok(())
    }

    /// Turns a block into samples.
    fn put(&mut self, n: usize, block: &Block) {
        let steps = self.steps.unwrap_or([1; 64]);
        let mut coefficients = [0.0; 64];
        for (at, (number, step)) in ZIGZAG.iter().zip(block.iter().zip(steps)) {
            coefficients[usize::from(*at)] = f32::from(*number) * f32::from(step);
        }
        let values = inverse_cosine(&coefficients);
        let Size { rows, columns, precision } = self.size;
        let across = columns.div_ceil(8);
        let (top, left) = (n / across * 8, n % across * 8);
        let (half, most) = ((1 << (precision - 1)) as f32, ((1u32 << precision) - 1) as f32);
        for (j, row) in values.chunks_exact(8).enumerate().take(rows - top) {
            let start = (top + j) * columns + left;
            let end = start + (columns - left).min(8);
            for (sample, value) in self.samples[start..end].iter_mut().zip(row) {
                *sample = (value + half).round().clamp(0.0, most) as u16;
            }
        }
    }

    /// The samples, row by row.
    pub(crate) fn samples(mut self) -> Vec<u16> {
        for (n, block) in self.blocks.take().iter().flatten().enumerate() {
            self.put(n, block);
        }
        self.samples
    }
}

fn codes(tables: &[Option<Huffman>; 4], n: usize) -> Result<&Huffman, Refusal> {
    tables[n].as_ref().ok_or_else(|| stream("a missing table of codes"))
}

fn code(bits: &mut Bits<'_>, table: &Huffman) -> Result<u8, Refusal> {
    bits.code(table).ok_or_else(|| stream("a code that is in no table"))
}

fn require_left(bits: &Bits<'_>) -> Result<(), Refusal> {
    if bits.is_spent() { Err(stream("it ends before its picture")) } else { Ok(()) }
}

/// By how much the steady part of a block differs from the one before.
fn difference(bits: &mut Bits<'_>, table: &Huffman) -> Result<i32, Refusal> {
    match code(bits, table)? {
        size @ 0..=15 => Ok(bits.number(u32::from(size))),
        _ => Err(stream("a difference of more than 15 bits")),
    }
}

/// All alternating parts of a block (F.2.2.2).
fn whole(bits: &mut Bits<'_>, table: &Huffman, block: &mut Block) -> Result<(), Refusal> {
    let mut at = 1;
    while at < 64 {
        let code = code(bits, table)?;
        let (run, size) = (usize::from(code >> 4), u32::from(code & 15));
        match (run, size) {
            (15, 0) => at += 16,
            (_, 0) => break,
            _ => {
                let place =
                    block.get_mut(at + run).ok_or_else(|| stream("a run out of its block"))?;
                *place = bits.number(size) as i16;
                at += run + 1;
            }
        }
    }
    Ok(())
}

/// One scan of a progressive stream.
fn progressive(
    bits: &mut Bits<'_>,
    scan: Scan,
    tables: &Tables,
    blocks: &mut [Block],
) -> Result<(), Refusal> {
    let steady = scan.first == 0;
    let wrong = if steady { scan.last != 0 } else { scan.last > 63 || scan.last < scan.first };
    if wrong || scan.bit > 13 {
        let Scan { first, last, bit, .. } = scan;
        return Err(stream(&format!("a scan of coefficients {first} to {last}, bit {bit}")));
    }
    match (steady, scan.before) {
        (true, 0) => {
            let (table, mut last) = (codes(&tables.steady, scan.tables[0])?, 0);
            for block in blocks {
                last = difference(bits, table)?.wrapping_add(last);
                block[0] = (last << scan.bit) as i16;
                require_left(bits)?;
            }
        }
        (true, _) => {
            for block in blocks {
                block[0] |= i16::from(bits.bit()) << scan.bit;
                require_left(bits)?;
            }
        }
        (false, before) => {
            let mut band =
                Band { scan, table: codes(&tables.alternating, scan.tables[1])?, empty: 0 };
            for block in blocks {
                if before == 0 {
                    band.first(bits, block)?;
                } else {
                    band.refine(bits, block)?;
                }
                require_left(bits)?;
            }
        }
    }
    Ok(())
}

/// A scan of alternating parts.
struct Band<'a> {
    scan: Scan,
    table: &'a Huffman,
    /// Blocks ahead that have nothing more in this band.
    empty: u32,
}

impl Band<'_> {
    /// The highest bits (G.1.2.2).
    fn first(&mut self, bits: &mut Bits<'_>, block: &mut Block) -> Result<(), Refusal> {
        if self.empty > 0 {
            self.empty -= 1;
            return Ok(());
        }
        let mut at = self.scan.first;
        while at <= self.scan.last {
            let code = code(bits, self.table)?;
            let (run, size) = (usize::from(code >> 4), u32::from(code & 15));
            if size == 0 && run < 15 {
                self.empty = (1 << run) - 1 + bits.take(run as u32);
                break;
            }
            at += run;
            if at > self.scan.last {
                return Err(stream("a run out of its block"));
            }
            if size > 0 {
                block[at] = (bits.number(size) << self.scan.bit) as i16;
            }
            at += 1;
        }
        Ok(())
    }

    /// One more bit (G.1.2.3): those that are not zero get it in passing.
    fn refine(&mut self, bits: &mut Bits<'_>, block: &mut Block) -> Result<(), Refusal> {
        let mut at = self.scan.first;
        while self.empty == 0 && at <= self.scan.last {
            let code = code(bits, self.table)?;
            let (run, size) = (u32::from(code >> 4), code & 15);
            let fresh = match size {
                0 if run < 15 => {
                    self.empty = (1 << run) + bits.take(run);
                    break;
                }
                0 => 0,
                _ => {
                    if bits.take(1) == 1 {
                        1 << self.scan.bit
                    } else {
                        -1 << self.scan.bit
                    }
                }
            };
            at = self.pass(bits, block, at, Some(run));
            if fresh != 0 {
                *block[..=self.scan.last]
                    .get_mut(at)
                    .ok_or_else(|| stream("a run out of its block"))? = fresh;
            }
            at += 1;
        }
        if self.empty > 0 {
            self.pass(bits, block, at, None);
            self.empty -= 1;
        }
        Ok(())
    }

    /// Goes over `zeros` zeros, or to the end, and gives the others their bit. Returns the place
    /// of the next zero.
    fn pass(&self, bits: &mut Bits<'_>, block: &mut Block, at: usize, zeros: Option<u32>) -> usize {
        let mut left = zeros.unwrap_or(u32::MAX);
        for (n, number) in block.iter_mut().enumerate().take(self.scan.last + 1).skip(at) {
            if *number == 0 {
                if left == 0 {
                    return n;
                }
                left -= 1;
            } else if bits.bit() && *number >> self.scan.bit & 1 == 0 {
                let bit = 1 << self.scan.bit;
                *number = number.saturating_add(if *number > 0 { bit } else { -bit });
            }
        }
        self.scan.last + 1
    }
}
