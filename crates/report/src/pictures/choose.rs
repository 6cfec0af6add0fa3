//! Which slices are worth showing.

use std::ops::Range;

use hilum_core::{LabelMap, Lung, Region};
use hilum_kernel::par;

/// Where the lungs lie: voxels of right and left lung in each slice along each array axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// `[axis][index]` is `[right, left]`.
    counts: [Vec<[u64; 2]>; 3],
}

impl Extent {
    /// Counts the lungs of a label map in one pass.
    pub(super) fn new(lungs: &LabelMap<Lung>) -> Self {
        let [nk, nj, ni] = lungs.grid().shape();
        let labels = lungs.labels().voxels();
        let slices = par::collect(nk, |k| {
            let (mut by_row, mut by_column) = (vec![[0; 2]; nj], vec![[0; 2]; ni]);
            for (row, j) in labels.index_axis(ndarray::Axis(0), k).rows().into_iter().zip(0..) {
                for (label, count) in row.iter().zip(&mut by_column) {
                    if let Some(side) = side(*label) {
                        count[side] += 1;
                        by_row[j as usize][side] += 1;
                    }
                }
            }
            (by_row, by_column)
        });
        let mut counts = [vec![[0; 2]; nk], vec![[0; 2]; nj], vec![[0; 2]; ni]];
        for (k, (by_row, by_column)) in slices.into_iter().enumerate() {
            counts[0][k] = by_row.iter().fold([0; 2], |sum, row| plus(sum, *row));
            add(&mut counts[1], &by_row);
            add(&mut counts[2], &by_column);
        }
        Self { counts }
    }

    /// The box around both lungs, `margin` mm wider on all sides; everything if there are none.
    pub(super) fn shown(&self, spacing: [f64; 3], margin: f64) -> [Range<usize>; 3] {
        [0, 1, 2].map(|axis| {
            let around = (margin.max(0.0) / spacing[axis]).round() as usize;
            let lungs = self.range(axis);
            lungs.start.saturating_sub(around)..(lungs.end + around).min(self.counts[axis].len())
        })
    }

    /// Indices along an axis that hold lung; all of them if none does.
    pub(super) fn range(&self, axis: usize) -> Range<usize> {
        let holds = |count: &[u64; 2]| count != &[0; 2];
        let first = self.counts[axis].iter().position(holds);
        let last = self.counts[axis].iter().rposition(holds);
        match (first, last) {
            (Some(first), Some(last)) => first..last + 1,
            _ => 0..self.counts[axis].len(),
        }
    }

    /// Index along an axis with most voxels of these lungs (0 right, 1 left); the middle one of
    /// several, and the middle of the image if there is no lung.
    pub(super) fn largest(&self, axis: usize, sides: &[usize]) -> usize {
        let area = |count: &[u64; 2]| sides.iter().map(|side| count[*side]).sum::<u64>();
        let most = self.counts[axis].iter().map(area).max().unwrap_or(0);
        let all = self.counts[axis].iter().enumerate();
        let equal: Vec<usize> = all.filter(|(_, c)| area(c) == most).map(|(n, _)| n).collect();
        equal.get(equal.len() / 2).copied().unwrap_or(0)
    }

    /// Index along an axis below which `share` of both lungs lies.
    pub(super) fn quantile(&self, axis: usize, share: f64) -> usize {
        let total: u64 = self.counts[axis].iter().flatten().sum();
        if total == 0 {
            return self.counts[axis].len() / 2;
        }
        let mut seen = 0;
        let reaches = |count: &[u64; 2]| {
            seen += count[0] + count[1];
            seen as f64 >= share * total as f64
        };
        self.counts[axis].iter().position(reaches).unwrap_or(self.counts[axis].len() - 1)
    }
}

/// Which lung a label names: 0 right, 1 left.
fn side(label: u8) -> Option<usize> {
    match label {
        label if label == Lung::Right.label() => Some(0),
        label if label == Lung::Left.label() => Some(1),
        _ => None,
    }
}

fn plus(a: [u64; 2], b: [u64; 2]) -> [u64; 2] {
    [a[0] + b[0], a[1] + b[1]]
}

fn add(sums: &mut [[u64; 2]], counts: &[[u64; 2]]) {
    for (sum, count) in sums.iter_mut().zip(counts) {
        *sum = plus(*sum, *count);
    }
}
