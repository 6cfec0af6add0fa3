//! What is counted: patterns by part of the lungs, block by block, in one pass.

use hilum_core::{Partition, Pattern, Region, Site};
use hilum_kernel::par;

use crate::Classified;
use crate::sides::is_empty;

/// Number of patterns.
pub(crate) const PATTERNS: usize = 6;

/// Counts of one part of the lungs within one block.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cell {
    /// Voxels of each pattern.
    pub(crate) voxels: [u64; PATTERNS],
    /// Sum over them of the deviation of being this pattern or not, √(c(1 - c)).
    pub(crate) doubt: [f64; PATTERNS],
    /// Sum over them of √(1 - c), how far they could be another pattern.
    pub(crate) error: [f64; PATTERNS],
    /// Faces towards a voxel of another pattern.
    pub(crate) border: [u64; PATTERNS],
    /// Voxels that are neither vessel nor told a pattern.
    pub(crate) untold: u64,
}

/// Blocks of about the size that a classifier looks at, each with the parts that it touches.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    blocks: Vec<Vec<(u8, Cell)>>,
    sites: Vec<(Site, Vec<u8>)>,
    /// Volume of a voxel in mL.
    pub(crate) voxel_ml: f64,
}

impl Tally {
    /// Counts in blocks with edges of `edge` mm; grids of map and partition are the same.
    pub(crate) fn of(classified: &Classified, partition: &Partition, edge: f64) -> Self {
        let grid = partition.grid();
        let [slices, rows, columns] = grid.shape();
        let size = grid.spacing().map(|mm| ((edge / mm).round() as usize).max(1));
        let count = [slices.div_ceil(size[0]), rows.div_ceil(size[1]), columns.div_ceil(size[2])];
        let maps = Maps::new(classified, partition);
        let slabs = par::collect(count[0], |slab| {
            let mut blocks: Vec<Vec<(u8, Cell)>> = vec![Vec::new(); count[1] * count[2]];
            for k in slab * size[0]..((slab + 1) * size[0]).min(slices) {
                for j in 0..rows {
                    let row = (k * rows + j) * columns;
                    let parts = &maps.parts[row..row + columns];
                    if is_empty(parts) {
                        continue;
                    }
                    for (i, part) in parts.iter().enumerate() {
                        if *part > 0 {
                            let block = &mut blocks[j / size[1] * count[2] + i / size[2]];
                            maps.count_voxel([k, j, i], row + i, block);
                        }
                    }
                }
            }
            blocks.retain(|block| !block.is_empty());
            blocks
        });
        Self {
            blocks: slabs.into_iter().flatten().collect(),
            sites: partition.sites().to_vec(),
            voxel_ml: grid.voxel_volume() / 1000.0,
        }
    }

    /// The regions, the trachea aside.
    pub(crate) fn sites(&self) -> impl Iterator<Item = Site> + '_ {
        self.sites.iter().map(|(site, _)| *site).filter(|site| *site != Site::Trachea)
    }

    /// What each block holds of a region; blocks without any of it are left out.
    pub(crate) fn blocks(&self, site: Site) -> Vec<Cell> {
        let Some((_, parts)) = self.sites.iter().find(|row| row.0 == site) else {
            return Vec::new();
        };
        let of_site = |block: &Vec<(u8, Cell)>| {
            let own = block.iter().filter(|(part, _)| parts.contains(part)).map(|(_, cell)| *cell);
            own.reduce(Cell::plus)
        };
        self.blocks.iter().filter_map(of_site).collect()
    }
}

impl Cell {
    pub(crate) fn plus(self, other: Self) -> Self {
        let mut sum = self;
        for n in 0..PATTERNS {
            sum.voxels[n] += other.voxels[n];
            sum.doubt[n] += other.doubt[n];
            sum.error[n] += other.error[n];
            sum.border[n] += other.border[n];
        }
        sum.untold += other.untold;
        sum
    }

    /// Voxels that are told a pattern.
    pub(crate) fn told(&self) -> u64 {
        self.voxels.iter().sum()
    }
}

/// Which of the counts a pattern has.
pub(crate) fn place(pattern: Pattern) -> usize {
    usize::from(pattern.label()) - 1
}

/// What is counted.
struct Maps<'a> {
    shape: [usize; 3],
    partition: &'a Partition,
    parts: &'a [u8],
    labels: &'a [u8],
    confidence: &'a [u8],
    /// `doubt` and `error` of a voxel by its confidence in per cent.
    doubts: Vec<[f64; 2]>,
}

impl<'a> Maps<'a> {
    fn new(classified: &'a Classified, partition: &'a Partition) -> Self {
        let doubts = |per_cent: u8| {
            let sure = f64::from(per_cent) / 100.0;
            [(sure * (1.0 - sure)).sqrt(), (1.0 - sure).sqrt()]
        };
        Self {
            shape: partition.grid().shape(),
            partition,
            parts: partition.parts().as_slice(),
            labels: classified.patterns.labels().as_slice(),
            confidence: classified.confidence.as_slice(),
            doubts: (0..=100).map(doubts).collect(),
        }
    }

    /// Counts a voxel, the `n`th in memory, in its block.
    fn count_voxel(&self, voxel: [usize; 3], n: usize, block: &mut Vec<(u8, Cell)>) {
        let part = self.parts[n];
        let at = block.iter().position(|row| row.0 == part).unwrap_or_else(|| {
            block.push((part, Cell::default()));
            block.len() - 1
        });
        let cell = &mut block[at].1;
        let label = self.labels[n];
        if label == 0 {
            cell.untold += u64::from(!self.partition.is_vessel(part));
            return;
        }
        let pattern = usize::from(label) - 1;
        let [doubt, error] = self.doubts[usize::from(self.confidence[n].min(100))];
        cell.voxels[pattern] += 1;
        cell.doubt[pattern] += doubt;
        cell.error[pattern] += error;
        cell.border[pattern] += self.borders(voxel, n, label);
    }

    /// Faces of a voxel towards another pattern.
    fn borders(&self, voxel: [usize; 3], n: usize, label: u8) -> u64 {
        let [_, rows, columns] = self.shape;
        let mut borders = 0;
        for (axis, stride) in [rows * columns, columns, 1].into_iter().enumerate() {
            let is_other = |n: usize| u64::from(self.labels[n] != 0 && self.labels[n] != label);
            if voxel[axis] > 0 {
                borders += is_other(n - stride);
            }
            if voxel[axis] + 1 < self.shape[axis] {
                borders += is_other(n + stride);
            }
        }
        borders
    }
}
