//! Counts in square windows around sites, slid along a slice.

use super::bins::ROOM;
use super::response::Channel;

/// Places of sites in a slice: for each row that has any, the columns, rising.
pub(super) type Rows = [(usize, Vec<usize>)];

/// Hands the counts of `channel` in the window of `radius` around each site to `take`, in the order of
/// the sites. A window ends where the slice does.
///
/// Cost: two counts for each pixel between the outermost rows, and a few additions of histograms for
/// each column between the outermost sites of a row. Room: a histogram for each column.
pub(super) fn slide(
    channel: &Channel,
    [height, width]: [usize; 2],
    radius: usize,
    rows: &Rows,
    mut take: impl FnMut(usize, &[u16; ROOM]),
) {
    let mut columns = vec![[0u16; ROOM]; width];
    let (mut from, mut to) = (0, 0);
    let mut site = 0;
    for (row, sites) in rows {
        let (Some(first), Some(last)) = (sites.first(), sites.last()) else { continue };
        let (wanted_from, wanted_to) = (row.saturating_sub(radius), (row + radius + 1).min(height));
        let pixels = |row: usize| channel.pixels[row * width..(row + 1) * width].iter();
        if wanted_from >= to {
            columns.fill([0; ROOM]);
            (from, to) = (wanted_from, wanted_from);
        }
        for gone in from..wanted_from {
            for (counts, bin) in columns.iter_mut().zip(pixels(gone)) {
                counts[usize::from(*bin)] -= 1;
            }
        }
        for come in to..wanted_to {
            for (counts, bin) in columns.iter_mut().zip(pixels(come)) {
                counts[usize::from(*bin)] += 1;
            }
        }
        (from, to) = (wanted_from, wanted_to);
        debug_assert!(first <= last && *last < width, "columns rise and lie in the slice");
        site = slide_row(&columns, radius, sites, site, &mut take);
    }
}

/// The sites of one row; returns the number of the site after them.
fn slide_row(
    columns: &[[u16; ROOM]],
    radius: usize,
    sites: &[usize],
    mut number: usize,
    take: &mut impl FnMut(usize, &[u16; ROOM]),
) -> usize {
    let mut window = [0u16; ROOM];
    let (mut from, mut to) = (0, 0);
    for column in sites {
        let wanted = (column.saturating_sub(radius), (column + radius + 1).min(columns.len()));
        if wanted.0 >= to {
            window = [0; ROOM];
            (from, to) = (wanted.0, wanted.0);
        }
        for gone in &columns[from..wanted.0] {
            for (sum, count) in window.iter_mut().zip(gone) {
                *sum = sum.wrapping_sub(*count);
            }
        }
        for come in &columns[to..wanted.1] {
            for (sum, count) in window.iter_mut().zip(come) {
                *sum = sum.wrapping_add(*count);
            }
        }
        (from, to) = wanted;
        take(number, &window);
        number += 1;
    }
    number
}
