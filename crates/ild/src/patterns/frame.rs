//! The box around the lungs, in which all work is done.

use std::ops::Range;

use hilum_core::{Ct, Grid, LabelMap, Lung, Mask, Region, Volume};
use hilum_kernel::par;

use crate::error::Error;
use crate::sides::{is_empty, sides};

/// Room around the lungs in mm, so that filters see the wall as it is.
const MARGIN: f64 = 6.0;
/// CT numbers beyond these say nothing more about lung; bone and metal would reach far into it.
const RANGE: [i16; 2] = [-1024, 150];

/// The box around the lungs.
///
/// Its axes are made perpendicular, as if the slices of a tilted scan were pushed above each other:
/// lengths within a slice, which is where patterns are finest, stay right.
pub(crate) struct Frame {
    /// Where the voxels of the box lie, axes perpendicular.
    pub(crate) grid: Grid,
    /// The voxel of the image that is the first of the box.
    pub(crate) first: [usize; 3],
    /// CT numbers.
    pub(crate) hu: Volume<f32>,
    /// Right and left lung, as far as measured.
    pub(crate) lung: Mask,
}

impl Frame {
    pub(crate) fn new(ct: &Ct, lungs: &LabelMap<Lung>) -> Result<Self, Error> {
        let inside = lung_sides(ct, lungs).ok_or_else(|| nothing(lungs))?;
        let whole = ct.grid();
        let spacing = whole.spacing();
        let sides: [Range<usize>; 3] = std::array::from_fn(|axis| {
            let margin = (MARGIN / spacing[axis]).ceil() as usize;
            let end = (inside[axis].end + margin).min(whole.shape()[axis]);
            inside[axis].start.saturating_sub(margin)..end
        });
        let shape = sides.each_ref().map(ExactSizeIterator::len);
        let grid = Grid::axial(shape, spacing)?;
        let first = sides.each_ref().map(|side| side.start);
        let mut frame =
            Self { hu: Volume::filled(&grid, 0.0), lung: Mask::filled(&grid, false), grid, first };
        let [low, high] = RANGE;
        frame.hu = frame.cut_as(ct.hu(), |hu| f32::from(hu.0.clamp(low, high)));
        frame.lung = frame.cut_as(lungs.labels(), is_lung);
        let measured = frame.cut_as(ct.hu(), |hu| ct.is_measured(hu));
        frame.lung = par::zip(&frame.lung, &measured, |lung, measured| *lung && *measured);
        Ok(frame)
    }

    /// The part of a volume of the image that lies in the box.
    pub(crate) fn cut<T: Copy + Default + Send + Sync>(&self, volume: &Volume<T>) -> Volume<T> {
        self.cut_as(volume, |value| value)
    }

    /// The same, of what `value` makes of each voxel.
    fn cut_as<T: Copy + Send + Sync, U: Copy + Default + Send + Sync>(
        &self,
        volume: &Volume<T>,
        value: impl Fn(T) -> U + Send + Sync,
    ) -> Volume<U> {
        let [_, rows, columns] = volume.grid().shape();
        let [_, _, width] = self.grid.shape();
        let [first_k, first_j, first_i] = self.first;
        let mut part = Volume::filled(&self.grid, U::default());
        par::for_each_slice(&mut part, |k, slice| {
            for (j, row) in slice.chunks_exact_mut(width).enumerate() {
                let start = ((k + first_k) * rows + j + first_j) * columns + first_i;
                let source = &volume.as_slice()[start..start + width];
                row.iter_mut().zip(source).for_each(|(to, from)| *to = value(*from));
            }
        });
        part
    }

    /// The volume of the image that holds the box, `outside` around it.
    pub(crate) fn lay<T: Copy + Send + Sync>(
        &self,
        part: &Volume<T>,
        whole: &Grid,
        outside: T,
    ) -> Volume<T> {
        let [_, height, width] = self.grid.shape();
        let columns = whole.shape()[2];
        let mut laid = Volume::filled(whole, outside);
        par::for_each_slice(&mut laid, |k, slice| {
            let Some(k) = k.checked_sub(self.first[0]).filter(|k| *k < self.grid.shape()[0]) else {
                return;
            };
            for j in 0..height {
                let row = &part.as_slice()[(k * height + j) * width..][..width];
                let start = (j + self.first[1]) * columns + self.first[2];
                slice[start..start + width].copy_from_slice(row);
            }
        });
        laid
    }
}

fn is_lung(label: u8) -> bool {
    label == Lung::Right.label() || label == Lung::Left.label()
}

/// The smallest box around what is lung and measured; `None` if nothing is.
fn lung_sides(ct: &Ct, lungs: &LabelMap<Lung>) -> Option<[Range<usize>; 3]> {
    let labels = lungs.labels().as_slice();
    let columns = ct.grid().shape()[2];
    sides(
        ct.grid().shape(),
        |row| !is_empty(&labels[row..row + columns]),
        |n| is_lung(labels[n]) && ct.is_measured(ct.hu().as_slice()[n]),
    )
}

/// Why there is nothing to look at.
fn nothing(lungs: &LabelMap<Lung>) -> Error {
    let labelled = lungs.count(Lung::Right) + lungs.count(Lung::Left);
    let found = match labelled {
        0 => "a map without right or left lung".to_owned(),
        count => format!("{count} voxels of lung, none of which the scanner measured"),
    };
    Error::NoLung { found }
}
