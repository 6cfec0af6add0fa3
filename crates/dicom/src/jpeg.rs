//! JPEG streams of one component (ISO/IEC 10918-1): tables, frame and scans.
//!
//! Cosine processes with 8 and 12 bits, sequential and progressive, and the lossless process with
//! 2 to 16 bits, all Huffman coded. Arithmetic coding and hierarchical streams are refused.

use crate::codec::{Refusal, require_size, stream};
use crate::cosine_jpeg::Cosines;
use crate::encapsulated::Frame;
use crate::huffman::Huffman;
use crate::lossless_jpeg;

/// Progressive streams come in about ten scans; more than this only cost time.
const MOST_SCANS: usize = 64;

/// What a stream has said before a scan.
#[derive(Default)]
pub(crate) struct Tables {
    /// Codes of steady parts, and of differences in a lossless stream.
    pub(crate) steady: [Option<Huffman>; 4],
    /// Codes of alternating parts.
    pub(crate) alternating: [Option<Huffman>; 4],
    /// Steps of the coefficients in zigzag order.
    pub(crate) steps: [Option<[u16; 64]>; 4],
    /// Data units between restarts; 0 for none.
    pub(crate) restart: usize,
}

/// The frame header.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    /// Bits of a sample.
    pub(crate) precision: u32,
}

/// The scan header.
#[derive(Clone, Copy)]
pub(crate) struct Scan {
    /// Numbers of the tables of codes for steady and alternating parts.
    pub(crate) tables: [usize; 2],
    /// First coefficient; in a lossless stream the predictor.
    pub(crate) first: usize,
    /// Last coefficient.
    pub(crate) last: usize,
    /// Bit that was sent before, or 0.
    pub(crate) before: u32,
    /// Bit that is sent now; in a lossless stream the point transform.
    pub(crate) bit: u32,
}

/// The picture as far as it is known.
enum Picture {
    Lossless(Vec<u16>),
    Cosines(Cosines),
}

/// The stored pixels of a frame; `lossless` if nothing but the lossless process will do.
pub(crate) fn decode(frame: &Frame<'_>, lossless: bool) -> Result<Vec<u8>, Refusal> {
    let bytes = frame.bytes;
    if !bytes.starts_with(&[0xFF, 0xD8]) {
        return Err(stream("it does not begin as JPEG"));
    }
    let tables = Tables::default();
    let mut reading = Reading { frame, lossless, tables, begun: None, scans: 0 };
    let mut at = 2;
    while let Some((marker, content, end)) = segment(bytes, at)? {
        at = end + reading.take(marker, content, &bytes[end..])?;
    }
    match reading.begun {
        // Without its last scans a progressive picture is whole but blurred.
        Some((_, _, Picture::Cosines(picture))) if picture.is_progressive() && !is_ended(bytes) => {
            Err(stream("a progressive stream without end"))
        }
        Some((_, _, picture)) if reading.scans > 0 => Ok(stored(picture, frame)),
        _ => Err(stream("no picture")),
    }
}

/// A stream that is being read.
struct Reading<'a> {
    frame: &'a Frame<'a>,
    lossless: bool,
    tables: Tables,
    /// What the frame header said, the number of its table of steps among it, and the picture.
    begun: Option<(Size, usize, Picture)>,
    scans: usize,
}

impl Reading<'_> {
    /// Takes in a segment, and returns how many bytes of the `rest` behind it belong to it.
    fn take(&mut self, marker: u8, content: &[u8], rest: &[u8]) -> Result<usize, Refusal> {
        match marker {
            0xC4 => huffman(&mut self.tables, content)?,
            0xDB => steps(&mut self.tables, content)?,
            0xDD => self.tables.restart = short(content, 0)?,
            0xC0..=0xC3 => self.begin(marker, content)?,
            0xC5..=0xCF if marker != 0xC8 && marker != 0xCC => {
                return Err(stream(&format!("JPEG process SOF{}, wanted 0 to 3", marker - 0xC0)));
            }
            0xDA => return self.scan(content, rest),
            _ => {}
        }
        Ok(0)
    }

    fn begin(&mut self, marker: u8, content: &[u8]) -> Result<(), Refusal> {
        if self.begun.is_some() {
            return Err(stream("two frame headers"));
        }
        let bytes = self.frame.bytes;
        self.begun = Some(if marker == 0xC3 {
            let (size, table) = header(content, self.frame, 2..=16)?;
            let area = size.rows * size.columns;
            require_bits(bytes, area)?;
            (size, table, Picture::Lossless(vec![0; area]))
        } else if self.lossless {
            return Err(stream("a lossy process, wanted lossless"));
        } else {
            let (size, table) = header(content, self.frame, 8..=12)?;
            require_bits(bytes, size.rows.div_ceil(8) * size.columns.div_ceil(8))?;
            (size, table, Picture::Cosines(Cosines::new(size, marker == 0xC2)))
        });
        Ok(())
    }

    fn scan(&mut self, content: &[u8], rest: &[u8]) -> Result<usize, Refusal> {
        let (size, table, picture) =
            self.begun.as_mut().ok_or_else(|| stream("a scan before the frame header"))?;
        let scan = scan_header(content)?;
        self.scans += 1;
        if self.scans > MOST_SCANS {
            return Err(stream(&format!("more than {MOST_SCANS} scans")));
        }
        let coded = Coded::new(rest);
        match picture {
            Picture::Lossless(samples) => {
                lossless_jpeg::scan(&coded, *size, scan, &self.tables, samples)?;
            }
            Picture::Cosines(cosines) => cosines.scan(&coded, scan, &self.tables, *table)?,
        }
        Ok(coded.length)
    }
}

fn is_ended(bytes: &[u8]) -> bool {
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
    bytes[..end].ends_with(&[0xFF, 0xD9])
}

/// Samples as wide as the file allocates them.
fn stored(picture: Picture, frame: &Frame<'_>) -> Vec<u8> {
    let samples = match picture {
        Picture::Lossless(samples) => samples,
        Picture::Cosines(cosines) => cosines.samples(),
    };
    match frame.format.bits_allocated {
        8 => samples.iter().map(|sample| *sample as u8).collect(),
        _ => samples.iter().flat_map(|sample| sample.to_le_bytes()).collect(),
    }
}

/// Marker and content of a segment, and where it ends.
type Segment<'a> = (u8, &'a [u8], usize);

/// The segment at `at`; `None` at the end of the image.
fn segment(bytes: &[u8], mut at: usize) -> Result<Option<Segment<'_>>, Refusal> {
    loop {
        match bytes.get(at..at + 2) {
            // Streams without end marker are common.
            None | Some([0xFF, 0xD9]) => return Ok(None),
            Some([0xFF, 0xFF]) => at += 1,
            Some([0xFF, 0x01 | 0xD0..=0xD8]) => at += 2,
            Some([0xFF, marker]) => {
                let length = short(bytes, at + 2)?;
                let content = bytes.get(at + 4..at + 2 + length);
                let content = content.ok_or_else(|| stream("a segment is cut off"))?;
                return Ok(Some((*marker, content, at + 2 + length)));
            }
            // What pads a stream to an even length, or a writer's buffer to its size.
            Some(_) if bytes[at..].iter().all(|byte| *byte == 0) => return Ok(None),
            Some(_) => return Err(stream("no marker where one should be")),
        }
    }
}

fn short(bytes: &[u8], at: usize) -> Result<usize, Refusal> {
    let pair = bytes.get(at..at + 2).ok_or_else(|| stream("a segment is cut off"))?;
    Ok(usize::from(u16::from_be_bytes([pair[0], pair[1]])))
}

fn byte(bytes: &[u8], at: usize) -> Result<u8, Refusal> {
    bytes.get(at).copied().ok_or_else(|| stream("a segment is cut off"))
}

/// Size, and the number of the table of steps.
fn header(
    segment: &[u8],
    frame: &Frame<'_>,
    precisions: std::ops::RangeInclusive<u32>,
) -> Result<(Size, usize), Refusal> {
    let precision = u32::from(byte(segment, 0)?);
    let (rows, columns) = (short(segment, 1)?, short(segment, 3)?);
    require_size([rows, columns, usize::from(byte(segment, 5)?)], frame.format)?;
    let allocated = u32::from(frame.format.bits_allocated);
    let whole = precisions.start() == &2 || precision == 8 || precision == 12;
    if !precisions.contains(&precision) || !whole || precision > allocated || allocated > 16 {
        return Err(stream(&format!("{precision} bits a sample, {allocated} allocated")));
    }
    let table = usize::from(byte(segment, 8)?) & 3;
    Ok((Size { rows, columns, precision }, table))
}

/// Refuses a stream that has not even a bit for each of its units, before room is made for them.
fn require_bits(bytes: &[u8], units: usize) -> Result<(), Refusal> {
    let found = bytes.len();
    if 8 * found >= units { Ok(()) } else { Err(stream(&format!("{found} bytes are too few"))) }
}

fn scan_header(segment: &[u8]) -> Result<Scan, Refusal> {
    if byte(segment, 0)? != 1 {
        return Err(stream("a scan of several components"));
    }
    let tables = byte(segment, 2)?;
    let bits = byte(segment, 5)?;
    Ok(Scan {
        tables: [usize::from(tables >> 4) & 3, usize::from(tables) & 3],
        first: usize::from(byte(segment, 3)?),
        last: usize::from(byte(segment, 4)?),
        before: u32::from(bits >> 4),
        bit: u32::from(bits & 15),
    })
}

fn huffman(tables: &mut Tables, mut segment: &[u8]) -> Result<(), Refusal> {
    while !segment.is_empty() {
        let wrong = || stream("a wrong table of codes");
        let (head, rest) = segment.split_at_checked(17).ok_or_else(wrong)?;
        let counts: &[u8; 16] = head[1..].try_into().map_err(|_| wrong())?;
        let total = counts.iter().map(|count| usize::from(*count)).sum();
        let (bytes, rest) = rest.split_at_checked(total).ok_or_else(wrong)?;
        let table = Huffman::new(counts, bytes).ok_or_else(wrong)?;
        let kind = if head[0] >> 4 == 0 { &mut tables.steady } else { &mut tables.alternating };
        kind[usize::from(head[0]) & 3] = Some(table);
        segment = rest;
    }
    Ok(())
}

fn steps(tables: &mut Tables, mut segment: &[u8]) -> Result<(), Refusal> {
    while let Some((head, rest)) = segment.split_first() {
        let width = if head >> 4 == 0 { 1 } else { 2 };
        let (bytes, rest) =
            rest.split_at_checked(64 * width).ok_or_else(|| stream("a wrong table of steps"))?;
        let mut table = [0; 64];
        for (step, bytes) in table.iter_mut().zip(bytes.chunks_exact(width)) {
            *step = bytes.iter().fold(0, |step, byte| step << 8 | u16::from(*byte));
        }
        tables.steps[usize::from(*head) & 3] = Some(table);
        segment = rest;
    }
    Ok(())
}

/// Entropy-coded data of a scan.
pub(crate) struct Coded {
    /// Bytes without stuffing.
    bytes: Vec<u8>,
    /// Where the parts between restarts end.
    ends: Vec<usize>,
    /// Bytes that the data take in the stream.
    length: usize,
}

impl Coded {
    /// Goes to the next marker that is no restart.
    fn new(source: &[u8]) -> Self {
        let mut coded = Self { bytes: Vec::with_capacity(source.len()), ends: vec![], length: 0 };
        let mut rest = source;
        while let Some(at) = rest.iter().position(|byte| *byte == 0xFF) {
            let next = rest.get(at + 1).copied();
            coded.bytes.extend_from_slice(&rest[..at]);
            match next {
                Some(0) => coded.bytes.push(0xFF),
                Some(0xD0..=0xD7) => coded.ends.push(coded.bytes.len()),
                // Before a marker there may be any number of these.
                Some(0xFF) => {
                    rest = &rest[at + 1..];
                    continue;
                }
                _ => {
                    coded.length = source.len() - rest.len() + at;
                    coded.ends.push(coded.bytes.len());
                    return coded;
                }
            }
            rest = &rest[at + 2..];
        }
        coded.bytes.extend_from_slice(rest);
        coded.ends.push(coded.bytes.len());
        coded.length = source.len();
        coded
    }

    /// The parts between restarts, in order.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).map(|(start, end)| &self.bytes[*start..*end])
    }
}
