//! Counts in square windows around sites, slid along a slice.

use std::ops::Range;

use super::bins::{Counts, ROOM};
use super::response::Channel;

/// Places of sites in a slice: for each row that has any, the columns, rising.
pub(super) type Rows = [(usize, Vec<usize>)];

/// Hands the counts of `channel` in the window of `radius` around each site to `take`, in the order of
/// the sites. A window ends where the slice does.
///
/// Cost: two counts for each pixel in windows, and a few additions of histograms for
/// each column between neighbouring sites of a row. Room: a histogram for each column.
pub(super) fn slide(
    channel: &Channel,
    [height, width]: [usize; 2],
    radius: usize,
    rows: &Rows,
    mut take: impl FnMut(usize, &Counts),
) {
    let mut columns = Columns::new(&channel.pixels, width);
    let mut window = Window { counts: [0; ROOM], columns: 0..0 };
    let mut number = 0;
    for (row, sites) in rows {
        let wanted = row.saturating_sub(radius)..(row + radius + 1).min(height);
        let around = |site: &usize| site.saturating_sub(radius)..(site + radius + 1).min(width);
        let mut done = 0;
        for around in sites.iter().map(around) {
            columns.bring(around.start.max(done)..around.end, &wanted);
            done = around.end;
        }
        window.clear(0);
        for around in sites.iter().map(around) {
            window.bring(&columns.counts, around);
            take(number, &window.counts);
            number += 1;
        }
    }
}

/// Columns whose counts are changed together: they fit the nearest cache.
const TOGETHER: usize = 64;

/// The counts of each column of a slice over some rows: those of the last site that looked at it.
struct Columns<'a> {
    pixels: &'a [u8],
    counts: Vec<Counts>,
    rows: Vec<Range<usize>>,
}

impl<'a> Columns<'a> {
    fn new(pixels: &'a [u8], width: usize) -> Self {
        Self { pixels, counts: vec![[0; ROOM]; width], rows: vec![0..0; width] }
    }

    /// Makes some columns count the wanted rows, which never lie above those of before.
    fn bring(&mut self, columns: Range<usize>, wanted: &Range<usize>) {
        let mut start = columns.start;
        while start < columns.end {
            // Mostly all of them counted the same rows so far.
            let rows = self.rows[start].clone();
            let some = start..columns.end.min(start + TOGETHER);
            let same = self.rows[some].iter().take_while(|other| **other == rows);
            let end = start + same.count();
            self.bring_alike(start..end, rows, wanted);
            start = end;
        }
    }

    /// The same for columns that count the same `rows`.
    fn bring_alike(
        &mut self,
        columns: Range<usize>,
        mut rows: Range<usize>,
        wanted: &Range<usize>,
    ) {
        let width = self.rows.len();
        let pixels = |row: usize| &self.pixels[row * width..][columns.clone()];
        let counts = &mut self.counts[columns.clone()];
        if wanted.start >= rows.end {
            counts.fill([0; ROOM]);
            rows = wanted.start..wanted.start;
        }
        for row in rows.start..wanted.start {
            for (counts, bin) in counts.iter_mut().zip(pixels(row)) {
                counts[usize::from(*bin)] -= 1;
            }
        }
        for row in rows.end..wanted.end {
            for (counts, bin) in counts.iter_mut().zip(pixels(row)) {
                counts[usize::from(*bin)] += 1;
            }
        }
        self.rows[columns].fill(wanted.clone());
    }
}

/// The counts of some columns together.
struct Window {
    counts: Counts,
    columns: Range<usize>,
}

impl Window {
    fn clear(&mut self, column: usize) {
        self.counts = [0; ROOM];
        self.columns = column..column;
    }

    /// Makes the window hold the wanted columns, which never lie before those of before.
    fn bring(&mut self, columns: &[Counts], wanted: Range<usize>) {
        if wanted.start >= self.columns.end {
            self.clear(wanted.start);
        }
        for gone in &columns[self.columns.start..wanted.start] {
            for (sum, count) in self.counts.iter_mut().zip(gone) {
                *sum = sum.wrapping_sub(*count);
            }
        }
        for come in &columns[self.columns.end..wanted.end] {
            for (sum, count) in self.counts.iter_mut().zip(come) {
                *sum = sum.wrapping_add(*count);
            }
        }
        self.columns = wanted;
    }
}
