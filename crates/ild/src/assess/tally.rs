//! What is counted: patterns by part of the lungs, block by block, in one pass.

use hilum_core::{Partition, Pattern, Region, Site};
use hilum_kernel::par;

use crate::Classified;

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
        let slabs = par::collect(count[0], |slab| {
            let mut blocks: Vec<Vec<(u8, Cell)>> = vec![Vec::new(); count[1] * count[2]];
            for k in slab * size[0]..((slab + 1) * size[0]).min(slices) {
                for j in 0..rows {
                    for i in 0..columns {
                        let block = &mut blocks[j / size[1] * count[2] + i / size[2]];
                        count_voxel(classified, partition, [k, j, i], block);
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

fn count_voxel(
    classified: &Classified,
    partition: &Partition,
    voxel: [usize; 3],
    block: &mut Vec<(u8, Cell)>,
) {
    let part = partition.parts().at(voxel);
    if part == 0 {
        return;
    }
    let at = block.iter().position(|row| row.0 == part).unwrap_or_else(|| {
        block.push((part, Cell::default()));
        block.len() - 1
    });
    let cell = &mut block[at].1;
    let label = classified.patterns.labels().at(voxel);
    if label == 0 {
        cell.untold += u64::from(!partition.is_vessel(part));
        return;
    }
    let n = usize::from(label) - 1;
    let sure = f64::from(classified.confidence.at(voxel).min(100)) / 100.0;
    cell.voxels[n] += 1;
    cell.doubt[n] += (sure * (1.0 - sure)).sqrt();
    cell.error[n] += (1.0 - sure).sqrt();
    for other in neighbours(classified, voxel) {
        if other != 0 && other != label {
            cell.border[n] += 1;
        }
    }
}

/// Labels of the voxels behind the three faces towards higher indices, and of those before.
fn neighbours(classified: &Classified, voxel: [usize; 3]) -> impl Iterator<Item = u8> + '_ {
    let labels = classified.patterns.labels();
    let shape = labels.grid().shape();
    (0..6).filter_map(move |n| {
        let mut other = voxel;
        let axis = n / 2;
        other[axis] = if n % 2 == 0 { voxel[axis].checked_sub(1)? } else { voxel[axis] + 1 };
        (other[axis] < shape[axis]).then(|| labels.at(other))
    })
}
