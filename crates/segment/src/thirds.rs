//! Upper, middle and lower third.

use hilum_core::{Grid, Third, Volume};

use crate::sides::is_lung;

/// What the three thirds have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThirdsBy {
    /// Equal volume: cut where the tally of both lungs together, taken from the base along the
    /// patient's z, reaches one and two thirds.
    #[default]
    Volume,
    /// Equal height of the box around both lungs.
    Height,
}

/// Heights between which the thirds lie.
pub(crate) struct Thirds {
    heights: Heights,
    /// Upper ends of the lower and of the middle third; a voxel at an end lies below it.
    cuts: [f64; 2],
}

impl Thirds {
    /// The thirds of the lungs of a label map.
    pub(crate) fn of(lungs: &Volume<u8>, by: ThirdsBy) -> Self {
        let heights = Heights::of(lungs.grid());
        let tally = Tally::of(lungs, &heights);
        let cuts = match by {
            ThirdsBy::Volume => tally.cuts(),
            ThirdsBy::Height => tally.heights(),
        };
        Self { heights, cuts }
    }

    /// The third in which a voxel lies.
    pub(crate) fn at(&self, voxel: [usize; 3]) -> Third {
        let height = self.heights.at(voxel);
        match () {
            () if height <= self.cuts[0] => Third::Lower,
            () if height <= self.cuts[1] => Third::Middle,
            () => Third::Upper,
        }
    }
}

/// The patient's z of voxels, in mm.
struct Heights {
    origin: f64,
    steps: [f64; 3],
}

/// Steps along z below this share of a voxel's spacing are rounding of the file.
const LEVEL: f64 = 1e-5;

impl Heights {
    fn of(grid: &Grid) -> Self {
        let step = |axis: usize| {
            let step = grid.axes()[(2, axis)];
            if step.abs() < LEVEL * grid.spacing()[axis] { 0.0 } else { step }
        };
        Self { origin: grid.origin().z, steps: [step(0), step(1), step(2)] }
    }

    fn at(&self, [k, j, i]: [usize; 3]) -> f64 {
        self.origin + self.steps[0] * k as f64 + self.steps[1] * j as f64 + self.steps[2] * i as f64
    }
}

/// Width in mm of the bins in which heights are counted. Slices are farther apart, so that on an axial
/// grid each has a bin of its own and the tally is exact.
const BIN: f64 = 0.1;

/// Numbers of lung voxels by height.
struct Tally {
    lowest: f64,
    counts: Vec<u64>,
}

impl Tally {
    fn of(lungs: &Volume<u8>, heights: &Heights) -> Self {
        let [slices, rows, columns] = lungs.grid().shape();
        let ends = lungs.grid().corners().map(|corner| corner.z);
        let lowest = ends.into_iter().fold(f64::INFINITY, f64::min) - BIN;
        let highest = ends.into_iter().fold(f64::NEG_INFINITY, f64::max);
        let bins = ((highest - lowest) / BIN).ceil() as usize + 2;
        let by_slice = hilum_kernel::par::collect(slices, |k| {
            let mut counts = vec![0_u64; bins];
            let slice = &lungs.as_slice()[k * rows * columns..][..rows * columns];
            for (n, label) in slice.iter().enumerate() {
                if is_lung(*label) {
                    let height = heights.at([k, n / columns, n % columns]);
                    counts[((height - lowest) / BIN) as usize] += 1;
                }
            }
            let first = counts.iter().position(|count| *count > 0).unwrap_or(0);
            let end = counts.iter().rposition(|count| *count > 0).map_or(first, |last| last + 1);
            (first, counts[first..end].to_vec())
        });
        let mut counts = vec![0; bins];
        for (first, some) in by_slice {
            counts[first..].iter_mut().zip(some).for_each(|(sum, count)| *sum += count);
        }
        Self { lowest, counts }
    }

    /// Upper end of a bin.
    fn end(&self, bin: usize) -> f64 {
        self.lowest + (bin + 1) as f64 * BIN
    }

    /// Where the tally reaches one and two thirds.
    fn cuts(&self) -> [f64; 2] {
        let total: u64 = self.counts.iter().sum();
        [1, 2].map(|third| {
            let mut tally = 0;
            let bin = self.counts.iter().position(|count| {
                tally += count;
                3 * tally >= third * total
            });
            self.end(bin.unwrap_or(0))
        })
    }

    /// One and two thirds of the height of what was counted.
    fn heights(&self) -> [f64; 2] {
        let first = self.counts.iter().position(|count| *count > 0).unwrap_or(0);
        let last = self.counts.iter().rposition(|count| *count > 0).unwrap_or(first);
        let (low, high) = (self.end(first) - BIN, self.end(last));
        [1.0, 2.0].map(|third| low + (high - low) * third / 3.0)
    }
}
