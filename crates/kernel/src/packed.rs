//! Masks with 64 voxels of a row to a word.

use std::ops::Range;

use hilum_core::{Grid, Mask};

use crate::par;
use crate::runs::bits;

/// A mask in bits that has voxels, with an empty rim around it where one is asked for.
pub(crate) struct Packed {
    /// Rows of a slice, columns, and words of a row.
    rows: usize,
    columns: usize,
    length: usize,
    /// Row by row; nothing where no voxel is inside.
    slices: Vec<Vec<u64>>,
    rim: [usize; 3],
}

impl Packed {
    /// A mask with a rim of so many voxels, `[k, j, i]`, on either side.
    pub(crate) fn new(mask: &Mask, rim: [usize; 3]) -> Self {
        let [depth, height, width] = mask.grid().shape();
        let [slices, rows, columns] = [0, 1, 2].map(|n| mask.grid().shape()[n] + 2 * rim[n]);
        let length = columns.div_ceil(64);
        let slices = par::collect(slices, |k| {
            let k = k.checked_sub(rim[0]).filter(|k| *k < depth);
            let voxels =
                k.map_or(&[][..], |k| &mask.as_slice()[k * height * width..][..height * width]);
            if !voxels.iter().fold(false, |any, inside| any | inside) {
                return Vec::new();
            }
            let mut packed = vec![0; rows * length];
            let mut row = vec![false; columns];
            for (j, voxels) in voxels.chunks_exact(width).enumerate() {
                row[rim[2]..rim[2] + width].copy_from_slice(voxels);
                let words = packed[(j + rim[1]) * length..].iter_mut().zip(row.chunks(64));
                words.for_each(|(word, voxels)| *word = bits(voxels));
            }
            packed
        });
        Self { rows, columns, length, slices, rim }
    }

    /// The mask without its rim.
    pub(crate) fn unpacked(&self, grid: &Grid) -> Mask {
        let [_, _, width] = grid.shape();
        let [rim_k, rim_j, rim_i] = self.rim;
        let mut mask = Mask::filled(grid, false);
        let room = || vec![false; self.length * 64];
        par::for_each_slice_with(&mut mask, room, |room, k, slice| {
            let packed = &self.slices[k + rim_k];
            if packed.is_empty() {
                return;
            }
            for (j, row) in slice.chunks_exact_mut(width.max(1)).enumerate() {
                let words = &packed[(j + rim_j) * self.length..][..self.length];
                if words.iter().any(|word| *word != 0) {
                    unpack(words, room);
                    row.copy_from_slice(&room[rim_i..rim_i + width]);
                }
            }
        });
        mask
    }

    /// The same size, slice by slice from what `slice` makes of each: words of all rows, or nothing.
    pub(crate) fn map(&self, slice: impl Fn(usize) -> Vec<u64> + Sync + Send) -> Self {
        Self { slices: par::collect(self.slices.len(), slice), ..*self }
    }

    /// What is not inside, in the same room.
    pub(crate) fn inverted(&self) -> Self {
        let last = u64::MAX >> (64 * self.length - self.columns);
        self.map(|k| {
            let mut words = vec![u64::MAX; self.rows * self.length];
            let inside = self.slices[k].iter();
            words.iter_mut().zip(inside).for_each(|(word, inside)| *word = !inside);
            words.chunks_exact_mut(self.length).for_each(|row| row[self.length - 1] &= last);
            words
        })
    }

    /// Rows of a slice, and words of a row.
    pub(crate) fn shape(&self) -> [usize; 2] {
        [self.rows, self.length]
    }

    /// From the first row to the last one that holds anything in any slice.
    pub(crate) fn rows(&self) -> Range<usize> {
        let is_held = |j: &usize| {
            let mut slices = self.slices.iter().filter(|slice| !slice.is_empty());
            slices
                .any(|slice| slice[j * self.length..][..self.length].iter().any(|word| *word != 0))
        };
        let first = (0..self.rows).find(is_held);
        let last = (0..self.rows).rfind(is_held);
        first.zip(last).map_or(0..0, |(first, last)| first..last + 1)
    }

    /// Words of the rows of a slice; nothing if none is inside or there is no such slice.
    pub(crate) fn slice(&self, k: Option<usize>) -> &[u64] {
        k.and_then(|k| self.slices.get(k)).map_or(&[], Vec::as_slice)
    }
}

fn unpack(words: &[u64], voxels: &mut [bool]) {
    for (word, voxels) in words.iter().zip(voxels.as_chunks_mut::<64>().0) {
        match *word {
            0 => voxels.fill(false),
            u64::MAX => voxels.fill(true),
            word => {
                for (byte, voxels) in word.to_le_bytes().iter().zip(voxels.as_chunks_mut::<8>().0) {
                    *voxels = [0, 1, 2, 3, 4, 5, 6, 7].map(|bit| byte >> bit & 1 != 0);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_and_unpacked_is_the_same() {
        for width in [1, 63, 64, 65, 130] {
            let grid = Grid::axial([4, 5, width], [1.0; 3]).expect("a sound grid");
            let mask = Mask::from_fn(&grid, |[k, j, i]| k != 2 && (k * 5 + j * 3 + i * i) % 7 < 2);
            for rim in [[0; 3], [1, 2, 3]] {
                let packed = Packed::new(&mask, rim);
                assert!(packed.unpacked(&grid) == mask);
                assert!(packed.inverted().inverted().unpacked(&grid) == mask);
            }
        }
    }
}
