//! Convolution with one symmetric kernel for each axis where it is wanted, slice by slice.

use hilum_core::{Mask, Volume};

use crate::lines::LANES;
use crate::par;

/// Three kernels, `[k, j, i]`, each as its middle tap and those on one side of it.
pub(crate) struct Blur {
    pub(crate) taps: [Vec<f32>; 3],
}

/// Room for one slice.
struct Room {
    /// The slice blurred across slices.
    slice: Vec<f32>,
    /// A row of it blurred across rows, with the outermost voxels repeated.
    row: Vec<f32>,
}

impl Blur {
    /// Blurs the voxels of a mask along `k`, then `j`, then `i`; the border voxel is repeated outwards. Tiles of a row in
    /// which no voxel is wanted hold 0.
    ///
    /// A slice is read while it is in the cache, and written once.
    pub(crate) fn within(&self, volume: &Volume<f32>, mask: &Mask) -> Volume<f32> {
        let [_, rows, columns] = volume.grid().shape();
        let margin = self.taps[2].len() - 1;
        let room =
            || Room { slice: vec![0.0; rows * columns], row: vec![0.0; columns + 2 * margin] };
        let mut blurred = Volume::filled(volume.grid(), 0.0);
        par::for_each_slice_with(&mut blurred, room, |room, k, slice| {
            let wanted = Tiles::new(k, mask);
            self.blur_slice(volume, k, &wanted, room, slice);
        });
        blurred
    }

    fn blur_slice(
        &self,
        volume: &Volume<f32>,
        k: usize,
        wanted: &Tiles,
        room: &mut Room,
        blurred: &mut [f32],
    ) {
        let [slices, rows, columns] = volume.grid().shape();
        let [across, down, along] = &self.taps;
        let margin = along.len() - 1;
        let in_row = wanted.widened(margin);
        let in_slice = in_row.heightened(down.len() - 1);
        for j in 0..rows {
            let row = |k: usize| &volume.as_slice()[(k * rows + j) * columns..][..columns];
            let out = &mut room.slice[j * columns..][..columns];
            weigh(out, in_slice.row(j), across, |n| row(beside(k, n, slices)));
        }
        for (j, out) in blurred.chunks_exact_mut(columns.max(1)).enumerate() {
            let row = |j: usize| &room.slice[j * columns..][..columns];
            let middle = &mut room.row[margin..margin + columns];
            weigh(middle, in_row.row(j), down, |n| row(beside(j, n, rows)));
            let (first, last) = (middle[0], middle[columns - 1]);
            room.row[..margin].fill(first);
            room.row[margin + columns..].fill(last);
            let shifted = |n: isize| &room.row[margin.wrapping_add_signed(n)..][..columns];
            weigh(out, wanted.row(j), along, shifted);
        }
    }
}

/// The place so many steps on, within the border.
fn beside(place: usize, steps: isize, length: usize) -> usize {
    place.saturating_add_signed(steps).min(length - 1)
}

/// Writes the weighted sum of a line and those beside it into the wanted tiles of `out`; `line(n)` is the line `n` steps on.
fn weigh<'a>(out: &mut [f32], wanted: &[bool], taps: &[f32], line: impl Fn(isize) -> &'a [f32]) {
    if !wanted.contains(&true) {
        return;
    }
    let lines: Vec<[&[f32]; 2]> = (0..taps.len() as isize).map(|n| [line(-n), line(n)]).collect();
    for (n, out) in out.chunks_mut(LANES).enumerate().filter(|(n, _)| wanted[*n]) {
        match <&mut [f32; LANES]>::try_from(&mut *out) {
            Ok(out) => *out = tile(n * LANES, taps, &lines),
            Err(_) => rest(out, n * LANES, taps, &lines),
        }
    }
}

/// The weighted sums of a whole tile.
fn tile(start: usize, taps: &[f32], lines: &[[&[f32]; 2]]) -> [f32; LANES] {
    let voxels =
        |line: &[f32]| *line[start..].first_chunk::<LANES>().expect("a tile lies in the line");
    let mut sum = voxels(lines[0][0]).map(|value| taps[0] * value);
    for ([before, after], tap) in lines[1..].iter().zip(&taps[1..]) {
        let (before, after) = (voxels(before), voxels(after));
        for lane in 0..LANES {
            sum[lane] += tap * (before[lane] + after[lane]);
        }
    }
    sum
}

/// The same for the end of a line, which does not fill a tile.
fn rest(out: &mut [f32], start: usize, taps: &[f32], lines: &[[&[f32]; 2]]) {
    for (n, out) in (start..).zip(out) {
        let pairs = lines[1..].iter().zip(&taps[1..]);
        *out = pairs.fold(taps[0] * lines[0][0][n], |sum, ([before, after], tap)| {
            sum + tap * (before[n] + after[n])
        });
    }
}

/// Which tiles of [`LANES`] voxels in the rows of a slice are wanted.
struct Tiles {
    /// Tiles of a row.
    width: usize,
    wanted: Vec<bool>,
}

impl Tiles {
    /// Those of slice `k` that hold voxels of the mask.
    fn new(k: usize, mask: &Mask) -> Self {
        let [_, rows, columns] = mask.grid().shape();
        let width = columns.div_ceil(LANES);
        let slice = &mask.as_slice()[k * rows * columns..][..rows * columns];
        let any = |tile: &[bool]| tile.iter().fold(false, |any, inside| any | inside);
        let rows = slice.chunks_exact(columns.max(1));
        Self { width, wanted: rows.flat_map(|row| row.chunks(LANES).map(any)).collect() }
    }

    fn row(&self, j: usize) -> &[bool] {
        &self.wanted[j * self.width..][..self.width]
    }

    /// With those that hold voxels at most so many columns away.
    fn widened(&self, columns: usize) -> Self {
        let reach = columns.div_ceil(LANES);
        let near = |row: &[bool], n: usize| {
            row[n.saturating_sub(reach)..(n + reach + 1).min(row.len())].contains(&true)
        };
        let rows = self.wanted.chunks_exact(self.width.max(1));
        let wanted = rows.flat_map(|row| (0..row.len()).map(move |n| near(row, n))).collect();
        Self { width: self.width, wanted }
    }

    /// With those at most so many rows away.
    fn heightened(&self, rows: usize) -> Self {
        let mut wanted = self.wanted.clone();
        for n in 1..=rows {
            let shift = (n * self.width).min(wanted.len());
            for (to, from) in [(shift, 0), (0, shift)] {
                let length = wanted.len() - shift;
                let pairs =
                    wanted[to..to + length].iter_mut().zip(&self.wanted[from..from + length]);
                pairs.for_each(|(wanted, other)| *wanted |= other);
            }
        }
        Self { width: self.width, wanted }
    }
}

#[cfg(test)]
mod tests {
    use hilum_core::{Grid, Mask, Volume};

    use crate::gaussian::{gaussian, gaussian_within};

    #[test]
    fn what_is_wanted_is_blurred_as_if_all_were() {
        let grid = Grid::axial([9, 21, 83], [1.0, 0.7, 0.6]).expect("sound steps");
        let volume = Volume::from_fn(&grid, |[k, j, i]| ((k * 31 + j * 17 + i * 7) % 23) as f32);
        for share in [2, 997] {
            let mask =
                Mask::from_fn(&grid, |[k, j, i]| (k * 7919 + j * 104_729 + i * 131) % 997 < share);
            let (all, some) = (gaussian(&volume, 1.3), gaussian_within(&volume, 1.3, &mask));
            let voxels = all.as_slice().iter().zip(some.as_slice()).zip(mask.as_slice());
            assert!(voxels.filter(|(_, wanted)| **wanted).all(|((all, some), _)| all == some));
        }
    }
}
