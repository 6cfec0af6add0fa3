//! The coarse copy on which decisions are made, and the way back to the voxels of the image.

use hilum_core::{Grid, Hu, Mask, Volume};
use hilum_kernel::par;

use crate::window::view;

/// Step of the coarse copy in mm that is aimed at: fine enough for a child's trachea and the
/// gap between the lungs, coarse enough that noise averages out and every step is cheap.
const STEP: f64 = 2.5;

/// Block means of the image at about 2.5 mm.
pub(crate) struct Coarse {
    /// The means, on an upright grid. Means below -1050 HU have padding in them.
    pub(crate) hu: Volume<Hu>,
    /// Voxels of the image in a coarse one, `[k, j, i]`.
    pub(crate) factors: [usize; 3],
}

impl Coarse {
    /// The coarse copy of an upright image on the lattice `grid`.
    pub(crate) fn of(hu: &Volume<Hu>, grid: &Grid) -> Self {
        let factors = factors(grid.spacing(), STEP);
        Self { hu: block_means(hu, grid, factors), factors }
    }

    /// The coarse grid.
    pub(crate) fn grid(&self) -> &Grid {
        self.hu.grid()
    }

    /// Longest step of the coarse grid in mm.
    pub(crate) fn step(&self) -> f64 {
        self.grid().spacing().into_iter().fold(0.0, f64::max)
    }

    /// The label that most voxels of each block have in an upright label map; of several, the
    /// lowest.
    pub(crate) fn majority(&self, labels: &Volume<u8>) -> Volume<u8> {
        self.blocks(labels, |counts| {
            let most = counts.iter().max().copied().unwrap_or(0);
            counts.iter().position(|count| *count == most).unwrap_or(0) as u8
        })
    }

    /// The blocks in which an upright label map has any label.
    pub(crate) fn any(&self, labels: &Volume<u8>) -> Mask {
        self.blocks(labels, |counts| counts[1..].iter().any(|count| *count > 0))
    }

    fn blocks<T: Send>(
        &self,
        labels: &Volume<u8>,
        value: impl Fn(&[u32; 256]) -> T + Sync + Send,
    ) -> Volume<T> {
        let shape = labels.grid().shape();
        par::map_voxels(self.grid(), |voxel| {
            let block = [0, 1, 2].map(|n| {
                let first = voxel[n] * self.factors[n];
                first..(first + self.factors[n]).min(shape[n])
            });
            let mut counts = [0; 256];
            view(labels, &block).iter().for_each(|label| counts[usize::from(*label)] += 1);
            value(&counts)
        })
    }

    /// Gives each voxel of an upright mask the side of its block.
    pub(crate) fn spread(&self, mask: &Volume<u8>, sides: &Volume<u8>) -> Volume<u8> {
        let [dk, dj, di] = self.factors;
        par::map_voxels(mask.grid(), |[k, j, i]| match mask.at([k, j, i]) {
            0 => 0,
            _ => sides.at([k / dk, j / dj, i / di]),
        })
    }

    /// Voxel of the image in the middle of a coarse one.
    pub(crate) fn middle(&self, voxel: [usize; 3], shape: [usize; 3]) -> [usize; 3] {
        std::array::from_fn(|n| {
            (voxel[n] * self.factors[n] + self.factors[n] / 2).min(shape[n] - 1)
        })
    }
}

/// Whole factors that bring a spacing nearest to `step` mm, never finer.
fn factors(spacing: [f64; 3], step: f64) -> [usize; 3] {
    spacing.map(|mm| ((step / mm).round() as usize).max(1))
}

/// Block means laid on an upright grid, whichever way the image itself is turned.
pub(crate) fn block_means(hu: &Volume<Hu>, grid: &Grid, factors: [usize; 3]) -> Volume<Hu> {
    let means = hilum_kernel::coarsen(hu, factors);
    Volume::from_vec(grid.coarsened(factors), means.into_vec()).expect("one mean per block")
}

/// Linear interpolation of a coarse field at the voxels of the image, row by row.
pub(crate) struct Between<'a> {
    field: &'a Volume<f32>,
    factors: [usize; 3],
    columns: Vec<Place>,
}

/// A position between two coarse voxels.
#[derive(Clone, Copy)]
struct Place {
    low: usize,
    high: usize,
    /// Weight of `high`.
    weight: f32,
}

impl Place {
    /// Where voxel `n` lies among `length` blocks of `factor` voxels; beyond the outermost
    /// centres the outermost value goes on.
    fn of(n: usize, factor: usize, length: usize) -> Self {
        let place = (n as f64 + 0.5) / factor as f64 - 0.5;
        let low = place.floor().clamp(0.0, (length - 1) as f64);
        let high = (low as usize + 1).min(length - 1);
        Self { low: low as usize, high, weight: (place - low).clamp(0.0, 1.0) as f32 }
    }
}

impl<'a> Between<'a> {
    /// For an image whose rows have `columns` voxels.
    pub(crate) fn new(field: &'a Volume<f32>, factors: [usize; 3], columns: usize) -> Self {
        let width = field.grid().shape()[2];
        let columns = (0..columns).map(|i| Place::of(i, factors[2], width)).collect();
        Self { field, factors, columns }
    }

    /// Writes the values along row `[k, j]` of the image; `blend` is room to work in.
    pub(crate) fn row(&self, [k, j]: [usize; 2], blend: &mut Vec<f32>, values: &mut [f32]) {
        let [slices, rows, width] = self.field.grid().shape();
        let (k, j) = (Place::of(k, self.factors[0], slices), Place::of(j, self.factors[1], rows));
        let source = self.field.as_slice();
        let row = |k: usize, j: usize| &source[(k * rows + j) * width..][..width];
        let four = [row(k.low, j.low), row(k.low, j.high), row(k.high, j.low), row(k.high, j.high)];
        blend.clear();
        blend.extend((0..width).map(|i| {
            let low = four[0][i] + (four[1][i] - four[0][i]) * j.weight;
            let high = four[2][i] + (four[3][i] - four[2][i]) * j.weight;
            low + (high - low) * k.weight
        }));
        for (value, place) in values.iter_mut().zip(&self.columns) {
            let low = blend[place.low];
            *value = low + (blend[place.high] - low) * place.weight;
        }
    }
}
