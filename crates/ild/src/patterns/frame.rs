//! The box around the lungs, in which all work is done.

use std::ops::Range;

use hilum_core::{Ct, Grid, LabelMap, Lung, Mask, Region, Volume};
use hilum_kernel::par;

use crate::error::Error;

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
    first: [usize; 3],
    /// CT numbers.
    pub(crate) hu: Volume<f32>,
    /// Right and left lung, as far as measured.
    pub(crate) lung: Mask,
}

impl Frame {
    pub(crate) fn new(ct: &Ct, lungs: &LabelMap<Lung>) -> Result<Self, Error> {
        let inside = sides(ct, lungs).ok_or_else(|| nothing(lungs))?;
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
        let mut frame = Self {
            hu: par::map_voxels(&grid, |_| 0.0),
            lung: par::map_voxels(&grid, |_| false),
            grid,
            first,
        };
        let [low, high] = RANGE;
        let hu = frame.cut(ct.hu());
        let labels = frame.cut(lungs.labels());
        let is_lung = |label| label == Lung::Right.label() || label == Lung::Left.label();
        frame.lung = par::zip(&hu, &labels, |hu, label| is_lung(*label) && ct.is_measured(*hu));
        frame.hu = par::map(&hu, |hu| f32::from(hu.0.clamp(low, high)));
        Ok(frame)
    }

    /// The part of a volume of the image that lies in the box.
    pub(crate) fn cut<T: Copy + Send + Sync>(&self, volume: &Volume<T>) -> Volume<T> {
        let [_, rows, columns] = volume.grid().shape();
        let [first_k, first_j, first_i] = self.first;
        let voxels = volume.as_slice();
        par::map_voxels(&self.grid, |[k, j, i]| {
            voxels[((k + first_k) * rows + j + first_j) * columns + i + first_i]
        })
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
        let mut laid = par::map_voxels(whole, |_| outside);
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

/// The smallest box around what is lung and measured; `None` if nothing is.
fn sides(ct: &Ct, lungs: &LabelMap<Lung>) -> Option<[Range<usize>; 3]> {
    let [slices, rows, columns] = ct.grid().shape();
    let wanted = |n: usize| {
        let label = lungs.labels().as_slice()[n];
        (label == Lung::Right.label() || label == Lung::Left.label())
            && ct.is_measured(ct.hu().as_slice()[n])
    };
    let of_slices = par::collect(slices, |k| {
        let mut sides: Option<[Range<usize>; 2]> = None;
        for j in 0..rows {
            let row = (k * rows + j) * columns;
            let Some(start) = (0..columns).find(|i| wanted(row + i)) else { continue };
            let end = (start..columns).rfind(|i| wanted(row + i)).unwrap_or(start) + 1;
            let [js, is] = sides.unwrap_or([j..j, start..end]);
            sides = Some([js.start..j + 1, is.start.min(start)..is.end.max(end)]);
        }
        sides
    });
    let mut all: Option<[Range<usize>; 3]> = None;
    for (k, sides) in of_slices.into_iter().enumerate() {
        let Some([j, i]) = sides else { continue };
        let [ks, js, is] = all.unwrap_or([k..k, j.clone(), i.clone()]);
        let wider = |a: Range<usize>, b: Range<usize>| a.start.min(b.start)..a.end.max(b.end);
        all = Some([ks.start..k + 1, wider(js, j), wider(is, i)]);
    }
    all
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
