//! The places of a grid in scan order, for many threads, without a division for every voxel.

use std::ops::Range;

use hilum_core::Grid;
use rayon::iter::plumbing::{Consumer, Producer, ProducerCallback, UnindexedConsumer, bridge};
use rayon::iter::{IndexedParallelIterator, ParallelIterator};

/// Some of the places `[k, j, i]` of a grid, in scan order.
pub(crate) struct Places {
    shape: [usize; 3],
    /// Numbers of the places in scan order.
    numbers: Range<usize>,
}

impl Places {
    /// All places of a grid.
    pub(crate) fn of(grid: &Grid) -> Self {
        Self { shape: grid.shape(), numbers: 0..grid.voxel_count() }
    }
}

impl ParallelIterator for Places {
    type Item = [usize; 3];

    fn drive_unindexed<C: UnindexedConsumer<Self::Item>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn opt_len(&self) -> Option<usize> {
        Some(self.numbers.len())
    }
}

impl IndexedParallelIterator for Places {
    fn len(&self) -> usize {
        self.numbers.len()
    }

    fn drive<C: Consumer<Self::Item>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn with_producer<CB: ProducerCallback<Self::Item>>(self, callback: CB) -> CB::Output {
        callback.callback(self)
    }
}

impl Producer for Places {
    type Item = [usize; 3];
    type IntoIter = Walk;

    fn into_iter(self) -> Walk {
        Walk { next: place(self.shape, self.numbers.start), places: self }
    }

    fn split_at(self, index: usize) -> (Self, Self) {
        let Self { shape, numbers } = self;
        let middle = numbers.start + index;
        let part = |numbers| Self { shape, numbers };
        (part(numbers.start..middle), part(middle..numbers.end))
    }
}

/// A walk over places, from each to the next.
pub(crate) struct Walk {
    places: Places,
    next: [usize; 3],
}

impl Iterator for Walk {
    type Item = [usize; 3];

    #[inline]
    fn next(&mut self) -> Option<[usize; 3]> {
        self.places.numbers.next()?;
        let here = self.next;
        let [k, j, i] = &mut self.next;
        *i += 1;
        if *i == self.places.shape[2] {
            (*i, *j) = (0, *j + 1);
            if *j == self.places.shape[1] {
                (*j, *k) = (0, *k + 1);
            }
        }
        Some(here)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.numbers.size_hint()
    }
}

impl ExactSizeIterator for Walk {}

impl DoubleEndedIterator for Walk {
    fn next_back(&mut self) -> Option<[usize; 3]> {
        self.places.numbers.next_back().map(|number| place(self.places.shape, number))
    }
}

/// The place of a number in scan order.
fn place([_, rows, columns]: [usize; 3], number: usize) -> [usize; 3] {
    let row = number / columns.max(1);
    [row / rows.max(1), row % rows.max(1), number % columns.max(1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_a_grid_are_walked_in_order_from_either_end() {
        let grid = Grid::axial([3, 4, 5], [1.0; 3]).unwrap();
        let all: Vec<[usize; 3]> = Places::of(&grid).into_iter().collect();
        assert_eq!(all[0], [0, 0, 0]);
        assert_eq!(all[28], [1, 1, 3]);
        assert!(all.is_sorted() && all.len() == 60);
        for cut in 0..=60 {
            let (before, after) = Places::of(&grid).split_at(cut);
            assert_eq!(before.into_iter().rev().collect::<Vec<_>>(), {
                all[..cut].iter().rev().copied().collect::<Vec<_>>()
            });
            assert_eq!(after.into_iter().collect::<Vec<_>>(), all[cut..]);
        }
    }
}
