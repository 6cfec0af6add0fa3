//! The runs of a mask, joined into sets: slabs in parallel, then across their seams.

use std::ops::Range;

use hilum_core::Mask;

use crate::connectivity::{Connectivity, NeighbourRow};
use crate::forest::Forest;
use crate::par;
use crate::runs::{Run, for_each_run};

/// The runs of a mask in scan order, row by row, and which of them hang together.
pub(crate) struct JoinedRuns {
    pub(crate) runs: Vec<Run>,
    /// Row `n` (counted over all slices) has the runs `firsts[n]..firsts[n + 1]`.
    pub(crate) firsts: Vec<u32>,
    pub(crate) forest: Forest,
}

/// Slabs into which a volume is cut, at most: enough for any number of cores, few enough for
/// the seams to be cheap. The result does not depend on it.
const SLABS: usize = 32;

/// Which runs are looked for, and how they join.
#[derive(Clone, Copy)]
pub(crate) struct Joining {
    /// The voxels that make runs.
    pub(crate) value: bool,
    pub(crate) connectivity: Connectivity,
    /// Whether runs join across slices.
    pub(crate) across: bool,
}

impl JoinedRuns {
    /// Finds and joins the runs of `mask`.
    pub(crate) fn new(mask: &Mask, joining: Joining) -> Self {
        let [slices, rows, _] = mask.grid().shape();
        let thickness = slices.div_ceil(SLABS).max(1);
        let slabs = par::collect(slices.div_ceil(thickness), |slab| {
            let slices = slab * thickness..((slab + 1) * thickness).min(slices);
            let mut joined = Self::find(mask, slices, joining.value);
            joined.join_rows(rows, 0..joined.firsts.len() - 1, joining, |row| !row.before);
            joined.join_rows(rows, rows..joined.firsts.len() - 1, joining, |row| row.before);
            joined
        });
        let mut all = Self { runs: Vec::new(), firsts: vec![0], forest: Forest::default() };
        for slab in slabs {
            let seam = all.firsts.len() - 1;
            all.append(&slab);
            if seam > 0 {
                all.join_rows(rows, seam..seam + rows, joining, |row| row.before);
            }
        }
        all
    }

    /// The runs of some slices, none of them joined.
    fn find(mask: &Mask, slices: Range<usize>, value: bool) -> Self {
        let [_, rows, columns] = mask.grid().shape();
        let (mut runs, mut firsts) = (Vec::new(), vec![0]);
        for row in slices.start * rows..slices.end * rows {
            let voxels = &mask.as_slice()[row * columns..(row + 1) * columns];
            for_each_run(voxels, value, |run| runs.push(run));
            firsts.push(runs.len() as u32);
        }
        let forest = Forest::new(runs.len());
        Self { runs, firsts, forest }
    }

    fn append(&mut self, other: &Self) {
        let offset = self.runs.len() as u32;
        self.runs.extend_from_slice(&other.runs);
        self.firsts.extend(other.firsts[1..].iter().map(|first| first + offset));
        self.forest.append(&other.forest);
    }

    /// Joins each of some rows with those of its earlier neighbours that are `wanted`.
    fn join_rows(
        &mut self,
        rows: usize,
        which: Range<usize>,
        joining: Joining,
        wanted: impl Fn(&NeighbourRow) -> bool,
    ) {
        let earlier = joining.connectivity.earlier_rows();
        for neighbour in earlier.iter().filter(|n| wanted(n) && (joining.across || !n.before)) {
            for row in which.clone() {
                let Some(j) = (row % rows).checked_add_signed(neighbour.step) else { continue };
                if j < rows {
                    let slice = row / rows - usize::from(neighbour.before);
                    self.join_two(slice * rows + j, row, neighbour.reach);
                }
            }
        }
    }

    /// Joins the runs of two rows that touch, in one walk along both.
    fn join_two(&mut self, a: usize, b: usize, reach: u32) {
        let (mut p, p_end) = (self.firsts[a], self.firsts[a + 1]);
        let (mut q, q_end) = (self.firsts[b], self.firsts[b + 1]);
        while p < p_end && q < q_end {
            let (one, other) = (self.runs[p as usize], self.runs[q as usize]);
            if one.end + reach <= other.start {
                p += 1;
            } else if other.end + reach <= one.start {
                q += 1;
            } else {
                self.forest.join(p, q);
                if one.end < other.end {
                    p += 1;
                } else {
                    q += 1;
                }
            }
        }
    }
}
