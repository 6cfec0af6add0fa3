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
    debug_assert!((2 * radius + 1) * AT_ONCE <= 127, "a radius of {radius} pixels is too wide");
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

/// The counts of one column, each in its place: no window is as high as a byte can count.
type Column = [u8; ROOM];

/// The counts of each column of a slice over some rows: those of the last site that looked at it.
struct Columns<'a> {
    pixels: &'a [u8],
    counts: Vec<Column>,
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
    fn bring(&mut self, columns: &[Column], wanted: Range<usize>) {
        if wanted.start >= self.columns.end {
            self.clear(wanted.start);
        }
        let mut gone = columns[self.columns.start..wanted.start].chunks(AT_ONCE);
        let mut come = columns[self.columns.end..wanted.end].chunks(AT_ONCE);
        loop {
            let (gone, come) = (gone.next().unwrap_or_default(), come.next().unwrap_or_default());
            if gone.is_empty() && come.is_empty() {
                break;
            }
            self.change(gone, come);
        }
        self.columns = wanted;
    }

    /// Takes at most [`AT_ONCE`] columns out of the window and in.
    fn change(&mut self, gone: &[Column], come: &[Column]) {
        let mut changes = [0_u8; ROOM];
        for column in gone {
            for (change, count) in changes.iter_mut().zip(column) {
                *change = change.wrapping_sub(*count);
            }
        }
        for column in come {
            for (change, count) in changes.iter_mut().zip(column) {
                *change = change.wrapping_add(*count);
            }
        }
        for (sum, change) in self.counts.iter_mut().zip(changes) {
            *sum = sum.wrapping_add_signed(i16::from(change as i8));
        }
    }
}

/// Columns whose counts a signed byte can hold together.
const AT_ONCE: usize = 3;
