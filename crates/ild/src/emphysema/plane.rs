//! Slices as windows want them: pixels of a known size.

use std::ops::Range;

use hilum_core::{Ct, Grid};

use super::features::{DESIGN_SPACING, PATCH_RADIUS};
use super::response::{DENSITY, REACH, Slice};

/// Spacings, in mm, at which the voxels themselves are looked at.
const NATIVE: (f64, f64) = (0.52, 0.80);
/// Most that rows and columns may differ in spacing there.
const SQUARE: f64 = 1.1;

/// How the slices of an image are cut into pixels.
pub(super) struct Plane {
    /// Rows and columns.
    pub(super) shape: [usize; 2],
    /// Spacing of pixels in mm.
    pub(super) spacing: f64,
    /// Voxels of the CT along one pixel, for rows and columns.
    pub(super) voxels: [f64; 2],
}

impl Plane {
    pub(super) fn new(grid: &Grid) -> Self {
        let [_, height, width] = grid.shape();
        let [_, j, i] = grid.spacing();
        let is_native = [j, i].iter().all(|spacing| (NATIVE.0..=NATIVE.1).contains(spacing));
        if is_native && j.max(i) / j.min(i) <= SQUARE {
            return Self { shape: [height, width], spacing: (j * i).sqrt(), voxels: [1.0; 2] };
        }
        let voxels = [DESIGN_SPACING / j, DESIGN_SPACING / i];
        let pixels = |count: usize, step: f64| (count.saturating_sub(1) as f64 / step) as usize + 1;
        let shape = [pixels(height, voxels[0]), pixels(width, voxels[1])];
        Self { shape, spacing: DESIGN_SPACING, voxels }
    }

    /// Pixels along one of the spacing that windows were designed for.
    pub(super) fn scale(&self) -> f64 {
        DESIGN_SPACING / self.spacing
    }

    /// Rows and columns that bear on sites between the given ones.
    pub(super) fn part(&self, rows: [usize; 2], columns: [usize; 2]) -> [Range<usize>; 2] {
        let margin = (PATCH_RADIUS as f64 * self.scale()).ceil() as usize + REACH;
        let range = |[first, last]: [usize; 2], length: usize| {
            first.saturating_sub(margin)..(last + margin + 1).min(length)
        };
        [range(rows, self.shape[0]), range(columns, self.shape[1])]
    }

    /// A part of slice `k`.
    pub(super) fn slice(&self, ct: &Ct, k: usize, [rows, columns]: &[Range<usize>; 2]) -> Slice {
        let [_, height, width] = ct.grid().shape();
        let voxels = &ct.hu().as_slice()[k * height * width..][..height * width];
        let count = rows.len() * columns.len();
        let (mut density, mut measured) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let read = |j: usize, i: usize| {
            let hu = voxels[j * width + i];
            (f32::from(hu).clamp(DENSITY.0, DENSITY.1), ct.is_measured(hu))
        };
        for row in rows.clone() {
            if self.voxels == [1.0; 2] {
                let voxels = &voxels[row * width..][columns.clone()];
                let hu = voxels.iter().map(|hu| f32::from(*hu).clamp(DENSITY.0, DENSITY.1));
                density.extend(hu);
                measured.extend(voxels.iter().map(|hu| ct.is_measured(*hu)));
                continue;
            }
            for column in columns.clone() {
                let (value, is_measured) = {
                    let at = |n: usize, axis: usize, length: usize| {
                        let position = n as f64 * self.voxels[axis];
                        let first = (position as usize).min(length - 1);
                        (first, (first + 1).min(length - 1), (position - first as f64) as f32)
                    };
                    let (above, below, down) = at(row, 0, height);
                    let (left, right, along) = at(column, 1, width);
                    let mix = |j: usize| {
                        let ((a, a_measured), (b, b_measured)) = (read(j, left), read(j, right));
                        (a + along * (b - a), a_measured && b_measured)
                    };
                    let ((a, a_measured), (b, b_measured)) = (mix(above), mix(below));
                    (a + down * (b - a), a_measured && b_measured)
                };
                density.push(value);
                measured.push(is_measured);
            }
        }
        Slice { rows: rows.len(), columns: columns.len(), density, measured }
    }
}
