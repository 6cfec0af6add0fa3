//! The lossless process of JPEG (ISO/IEC 10918-1 annex H).

use crate::codec::{Refusal, stream};
use crate::huffman::{Bits, Huffman, extend};
use crate::jpeg::{Coded, Scan, Size, Tables};

/// Decodes the one scan of a lossless stream.
pub(crate) fn scan(
    coded: &Coded,
    size: Size,
    scan: Scan,
    tables: &Tables,
    samples: &mut [u16],
) -> Result<(), Refusal> {
    let table = tables.steady[scan.tables[0]].as_ref();
    let differences = Differences::new(table.ok_or_else(|| stream("a missing table of codes"))?);
    if !(1..=7).contains(&scan.first) || scan.bit >= size.precision {
        return Err(stream(&format!("predictor {} and shift {}", scan.first, scan.bit)));
    }
    let rows = match tables.restart {
        0 => size.rows,
        units if units.is_multiple_of(size.columns) => units / size.columns,
        units => {
            return Err(stream(&format!("restarts after {units} pixels, not after whole rows")));
        }
    };
    let mut left = samples.chunks_mut(rows * size.columns);
    for part in coded.parts() {
        let Some(area) = left.next() else { break };
        differences.part(part, size, scan, area)?;
    }
    if left.next().is_some() {
        return Err(stream("it ends before its picture"));
    }
    if scan.bit > 0 {
        for sample in samples {
            *sample <<= scan.bit;
        }
    }
    Ok(())
}

/// Bits by which a whole difference is looked up.
const SHORT: u32 = 12;

/// Codes of differences.
struct Differences<'a> {
    table: &'a Huffman,
    /// Length of a code with its difference, and the difference; length 0 for longer ones.
    short: Vec<(u16, u16)>,
}

impl<'a> Differences<'a> {
    fn new(table: &'a Huffman) -> Self {
        let whole = |bits: u32| {
            let top = bits << (16 - SHORT);
            let (length, size) = table.find(top)?;
            let size = u32::from(size);
            let total = length + size;
            (total <= SHORT).then(|| {
                let number = bits >> (SHORT - total) & ((1 << size) - 1);
                (total as u16, extend(number, size) as u16)
            })
        };
        Self { table, short: (0..1 << SHORT).map(|bits| whole(bits).unwrap_or((0, 0))).collect() }
    }

    /// Decodes the rows between two restarts.
    fn part(&self, part: &[u8], size: Size, scan: Scan, area: &mut [u16]) -> Result<(), Refusal> {
        let mut bits = Bits::new(part);
        let mut above: &[u16] = &[];
        for row in area.chunks_exact_mut(size.columns) {
            for sample in row.iter_mut() {
                *sample = self.next(&mut bits)?;
            }
            if bits.is_spent() {
                return Err(stream("it ends before its picture"));
            }
            if above.is_empty() {
                predict_left(row, 1 << (size.precision - scan.bit - 1));
            } else {
                predict(scan.first, row, above);
            }
            above = row;
        }
        Ok(())
    }

    /// The next difference, modulo 2^16.
    #[inline]
    fn next(&self, bits: &mut Bits<'_>) -> Result<u16, Refusal> {
        bits.fetch();
        let (length, difference) = self.short[bits.peek(SHORT) as usize];
        if length > 0 {
            bits.skip(u32::from(length));
            return Ok(difference);
        }
        match bits.code(self.table) {
            Some(16) => Ok(1 << 15),
            Some(size @ 0..=15) => Ok(bits.number(u32::from(size)) as u16),
            _ => Err(stream("a code that is in no table")),
        }
    }
}

/// Differences to samples, each from its left neighbour.
fn predict_left(row: &mut [u16], first: u16) {
    let mut left = first;
    for sample in row {
        left = left.wrapping_add(*sample);
        *sample = left;
    }
}

/// Differences to samples by one of the predictors of table H.1.
fn predict(predictor: usize, row: &mut [u16], above: &[u16]) {
    match predictor {
        1 => predict_left(row, above[0]),
        2 => predict_by(row, above, |_, b, _| b),
        3 => predict_by(row, above, |_, _, c| c),
        4 => predict_by(row, above, |a, b, c| a + b - c),
        5 => predict_by(row, above, |a, b, c| a + ((b - c) >> 1)),
        6 => predict_by(row, above, |a, b, c| b + ((a - c) >> 1)),
        _ => predict_by(row, above, |a, b, _| (a + b) >> 1),
    }
}

/// `prediction` gets the neighbours to the left, above, and above to the left. The first of a row
/// has only the one above.
#[inline]
fn predict_by(row: &mut [u16], above: &[u16], prediction: impl Fn(i32, i32, i32) -> i32) {
    row[0] = row[0].wrapping_add(above[0]);
    let mut left = i32::from(row[0]);
    for (sample, pair) in row[1..].iter_mut().zip(above.windows(2)) {
        let predicted = prediction(left, i32::from(pair[1]), i32::from(pair[0]));
        *sample = sample.wrapping_add(predicted as u16);
        left = i32::from(*sample);
    }
}
