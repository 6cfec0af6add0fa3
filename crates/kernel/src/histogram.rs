//! Histograms of CT numbers, one for each part of a volume.

use hilum_core::{Hu, Volume};

use crate::par;

/// How often each CT number occurs: exact counts, without bins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HuCounts {
    first: Hu,
    counts: Vec<u64>,
}

impl HuCounts {
    /// The least CT number counted; meaningless where there are no counts.
    pub fn first(&self) -> Hu {
        self.first
    }

    /// Counts of [`HuCounts::first`] and the numbers that follow it, up to the greatest counted.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Number of voxels counted.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// CT numbers in rising order, each with its count, which may be 0.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Hu, u64)> + '_ {
        let first = i32::from(self.first.0);
        self.counts.iter().enumerate().map(move |(n, c)| (Hu((first + n as i32) as i16), *c))
    }

    /// Adds the counts of another part, for a region made of several.
    pub fn add(&mut self, other: &Self) {
        if other.counts.is_empty() {
            return;
        }
        if self.counts.is_empty() {
            self.clone_from(other);
            return;
        }
        let (a, b) = (i32::from(self.first.0), i32::from(other.first.0));
        let first = a.min(b);
        let end = (a + self.counts.len() as i32).max(b + other.counts.len() as i32);
        let mut counts = vec![0; (end - first) as usize];
        for (start, addend) in [(a, &self.counts), (b, &other.counts)] {
            let sums = counts[(start - first) as usize..].iter_mut();
            sums.zip(addend).for_each(|(sum, count)| *sum += count);
        }
        *self = Self { first: Hu(first as i16), counts };
    }
}

/// Counts the CT numbers of each part, in one pass. Element `n` belongs to part `n`; part 0 is
/// "none" and is not counted, nor is its density read. A part without voxels has no counts.
///
/// There are as many elements as the greatest part present asks for. Cost: one reading of
/// `parts`, and of `hu` where parts are; runs of part 0 are skipped by words.
///
/// # Panics
///
/// If the two volumes differ in shape.
pub fn part_histograms(hu: &Volume<Hu>, parts: &Volume<u8>) -> Vec<HuCounts> {
    assert_eq!(hu.grid().shape(), parts.grid().shape(), "image and parts differ in shape");
    let pieces = parts.as_slice().len().div_ceil(PIECE);
    let tables = par::collect(pieces.min(TABLES), |table| {
        let mut counts = Table::default();
        // Every piece of the same rank: the tables are even, wherever in the volume parts lie.
        for piece in (table..pieces).step_by(TABLES) {
            let range = piece * PIECE..((piece + 1) * PIECE).min(parts.as_slice().len());
            counts.add(&hu.as_slice()[range.clone()], &parts.as_slice()[range]);
        }
        counts.finish()
    });
    let mut sums: Vec<HuCounts> = Vec::new();
    for table in tables {
        sums.resize_with(sums.len().max(table.len()), HuCounts::default);
        sums.iter_mut().zip(&table).for_each(|(sum, counts)| sum.add(counts));
    }
    sums
}

/// Voxels that are counted in one go; a multiple of the words below.
const PIECE: usize = 1 << 18;

/// Tables that are filled side by side. Counts are whole numbers: any split gives the same.
const TABLES: usize = 8;

/// CT numbers that there are.
const VALUES: usize = 1 << 16;

/// Counts of all CT numbers for those parts that were met.
struct Table(Vec<Option<Box<[u32; VALUES]>>>);

impl Default for Table {
    fn default() -> Self {
        Self(vec![None; 1 << 8])
    }
}

impl Table {
    fn add(&mut self, hu: &[Hu], parts: &[u8]) {
        const WIDTH: usize = 32;
        let (words, rest) = parts.as_chunks::<WIDTH>();
        let (hu_words, hu_rest) = hu.as_chunks::<WIDTH>();
        for (parts, hu) in words.iter().zip(hu_words) {
            let any = parts.iter().fold(0, |any, part| any | part);
            if any == 0 {
                continue;
            }
            if parts.iter().all(|part| *part == any) {
                let counts = self.of(any);
                for hu in hu {
                    counts[index(*hu)] += 1;
                }
            } else {
                self.add_mixed(hu, parts);
            }
        }
        self.add_mixed(hu_rest, rest);
    }

    fn add_mixed(&mut self, hu: &[Hu], parts: &[u8]) {
        for (hu, part) in hu.iter().zip(parts) {
            if *part != 0 {
                self.of(*part)[index(*hu)] += 1;
            }
        }
    }

    fn of(&mut self, part: u8) -> &mut [u32; VALUES] {
        self.0[part as usize].get_or_insert_with(|| {
            vec![0; VALUES].into_boxed_slice().try_into().expect("the length is the same constant")
        })
    }

    /// The counts without the zeros on either side.
    fn finish(self) -> Vec<HuCounts> {
        let trimmed = |counts: Box<[u32; VALUES]>| {
            let first = counts.iter().position(|count| *count > 0).unwrap_or(0);
            let last = counts.iter().rposition(|count| *count > 0).unwrap_or(0);
            let counts = counts[first..=last].iter().map(|count| u64::from(*count)).collect();
            HuCounts { first: Hu((first as u16 ^ 0x8000) as i16), counts }
        };
        let length = self.0.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        let some = self.0.into_iter().take(length);
        some.map(|counts| counts.map(trimmed).unwrap_or_default()).collect()
    }
}

/// Place of a CT number in a table: -32768 comes first.
fn index(hu: Hu) -> usize {
    usize::from(hu.0 as u16 ^ 0x8000)
}
