//! Second derivatives of a blurred volume, row by row.

use std::ops::Range;

use hilum_core::Volume;

use crate::gaussian::fastest;
use crate::par;
use crate::region::Region;
use crate::stencil::Stencil;

/// A volume blurred at one scale, with a margin, from which rows of second derivatives are taken.
pub(crate) struct Blurred {
    volume: Volume<f32>,
    /// Voxel of the grid that is voxel 0 here.
    first: [isize; 3],
    stencils: [Stencil; 3],
}

/// Sigmas beyond the wanted voxels that still reach them.
const MARGIN: f64 = 5.0;

/// Room for the derivatives of one slice.
#[derive(Default)]
pub(crate) struct Room {
    /// First derivative along `k`, for the rows near wanted ones.
    across: Vec<f32>,
    /// First derivative along `j` of the row at hand, and of what lies left and right of it.
    down: Vec<f32>,
    /// The six second derivatives of the row at hand: kk, jj, ii, kj, ki, ji.
    rows: [Vec<f32>; 6],
}

impl Blurred {
    /// Blurs what is needed for the voxels of a region. Beyond the grid its border is repeated.
    pub(crate) fn new(volume: &Volume<f32>, sigma: f64, region: &Region) -> Self {
        Self::with_margin(volume, sigma, region, 0.0)
    }

    /// The same, and right for so many mm around the voxels of the region.
    pub(crate) fn with_margin(
        volume: &Volume<f32>,
        sigma: f64,
        region: &Region,
        around: f64,
    ) -> Self {
        assert!(sigma > 0.0, "sigma must be positive, got {sigma} mm");
        let spacing = volume.grid().spacing();
        let stencils = spacing.map(|spacing| Stencil::new(sigma / spacing, spacing));
        let shape = region.shape();
        let window: [Range<isize>; 3] = std::array::from_fn(|axis| {
            let around = (around / spacing[axis]).ceil() as isize;
            let reach = (stencils[axis].reach() as isize).max(around);
            let margin = (MARGIN * sigma / spacing[axis]).ceil() as isize + reach;
            let wanted = &region.extent()[axis];
            let end = (wanted.end as isize + margin).min(shape[axis] as isize + reach);
            if wanted.is_empty() { 0..0 } else { (wanted.start as isize - margin).max(-reach)..end }
        });
        let first = window.each_ref().map(|range| range.start);
        let mut volume = cut_out(volume, &window);
        fastest(&mut volume, sigma);
        Self { volume, first, stencils }
    }

    /// The blurred voxels, with a margin.
    pub(crate) fn voxels(&self) -> &[f32] {
        self.volume.as_slice()
    }

    /// Where among [`Blurred::voxels`] a voxel of the grid lies.
    pub(crate) fn index(&self, voxel: [usize; 3]) -> usize {
        let [_, rows, columns] = self.volume.grid().shape();
        let [k, j, i] = [0, 1, 2].map(|axis| self.place(axis, voxel[axis]));
        (k * rows + j) * columns + i
    }

    /// What a step along each axis means there.
    pub(crate) fn strides(&self) -> [isize; 3] {
        let [_, rows, columns] = self.volume.grid().shape().map(|length| length as isize);
        [rows * columns, columns, 1]
    }

    /// The blurred density so many steps `[k, j, i]` away from a voxel of the grid, linear between
    /// voxels.
    pub(crate) fn near(&self, voxel: [usize; 3], steps: [f32; 3]) -> f32 {
        let shape = self.volume.grid().shape();
        let (mut low, mut next, mut part) = ([0; 3], [0; 3], [0.0; 3]);
        for axis in 0..3 {
            let last = shape[axis] - 1;
            let place =
                (self.place(axis, voxel[axis]) as f32 + steps[axis]).clamp(0.0, last as f32);
            low[axis] = place as usize;
            next[axis] = (low[axis] + 1).min(last);
            part[axis] = place - low[axis] as f32;
        }
        let row = |k: usize, j: usize| {
            let row = &self.volume.as_slice()[(k * shape[1] + j) * shape[2]..][..shape[2]];
            row[low[2]] + (row[next[2]] - row[low[2]]) * part[2]
        };
        let slice = |k: usize| {
            let (a, b) = (row(k, low[1]), row(k, next[1]));
            a + (b - a) * part[1]
        };
        let (a, b) = (slice(low[0]), slice(next[0]));
        a + (b - a) * part[0]
    }

    /// Hands to `visit` each stretch of each row `j` of slice `k` that has wanted voxels, and there
    /// the second derivatives kk, jj, ii, kj, ki, ji.
    pub(crate) fn rows(
        &self,
        region: &Region,
        k: usize,
        room: &mut Room,
        mut visit: impl FnMut(usize, Range<usize>, [&[f32]; 6]),
    ) {
        self.derive_across(region, k, room);
        for j in 0..region.shape()[1] {
            for columns in region.stretches(k, j) {
                self.derive_row(k, j, &columns, room);
                visit(j, columns, room.rows.each_ref().map(Vec::as_slice));
            }
        }
    }

    /// First derivatives along `k` of the rows that the rows of a slice need.
    fn derive_across(&self, region: &Region, k: usize, room: &mut Room) {
        let [_, rows, width] = self.volume.grid().shape();
        let (down, along) = (self.stencils[1].reach(), self.stencils[2].reach());
        room.across.resize(rows * width, 0.0);
        for row in 0..rows {
            let j = row as isize + self.first[1];
            let near =
                (j - down as isize).max(0)..(j + down as isize + 1).min(region.shape()[1] as isize);
            let wanted = near.map(|j| region.columns(k, j as usize)).filter(|c| !c.is_empty());
            let Some(columns) = wanted.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)) else {
                continue;
            };
            let start = self.place(2, columns.start) - along;
            let columns = start..start + columns.len() + 2 * along;
            let slice = self.place(0, k);
            let out = &mut room.across[row * width..][columns.clone()];
            first(&self.stencils[0], out, |n| &self.row(slice, n, row, 0)[columns.clone()]);
        }
    }

    /// The six second derivatives of part of a row.
    fn derive_row(&self, k: usize, j: usize, columns: &Range<usize>, room: &mut Room) {
        let (slice, row, start) =
            (self.place(0, k), self.place(1, j), self.place(2, columns.start));
        let [across, down, along] = &self.stencils;
        let width = self.volume.grid().shape()[2];
        let reach = along.reach();
        let narrow = start..start + columns.len();
        let wide = start - reach..narrow.end + reach;
        let shifted =
            |n: isize| (reach as isize + n) as usize..(reach as isize + n) as usize + columns.len();
        let Room { across: derived, down: along_j, rows } = room;
        for out in rows.iter_mut() {
            out.resize(columns.len(), 0.0);
        }
        along_j.resize(wide.len(), 0.0);
        let [kk, jj, ii, kj, ki, ji] = rows;
        let near = |n: isize| &derived[((row as isize + n) as usize) * width..][..width];
        second(across, kk, |n| &self.row(slice, n, row, 0)[narrow.clone()]);
        second(down, jj, |n| &self.row(slice, 0, row, n)[narrow.clone()]);
        second(along, ii, |n| &self.row(slice, 0, row, 0)[wide.clone()][shifted(n)]);
        first(down, along_j, |n| &self.row(slice, 0, row, n)[wide.clone()]);
        first(down, kj, |n| &near(n)[narrow.clone()]);
        first(along, ki, |n| &near(0)[wide.clone()][shifted(n)]);
        first(along, ji, |n| &along_j[shifted(n)]);
    }

    /// Row of the blurred volume, from a place some slices and rows away.
    fn row(&self, slice: usize, slices: isize, row: usize, rows: isize) -> &[f32] {
        let [_, height, width] = self.volume.grid().shape();
        let row = (slice as isize + slices) as usize * height + (row as isize + rows) as usize;
        &self.volume.as_slice()[row * width..][..width]
    }

    /// Where a voxel of the grid lies here.
    fn place(&self, axis: usize, index: usize) -> usize {
        (index as isize - self.first[axis]) as usize
    }
}

/// First derivatives; `line(n)` is the line `n` steps on.
fn first<'a>(stencil: &Stencil, out: &mut [f32], line: impl Fn(isize) -> &'a [f32]) {
    out.fill(0.0);
    for (n, weight) in (1..).zip(&stencil.first) {
        let pairs = line(n).iter().zip(line(-n));
        for (out, (after, before)) in out.iter_mut().zip(pairs) {
            *out += weight * (after - before);
        }
    }
}

/// Second derivatives; `line(n)` is the line `n` steps on.
fn second<'a>(stencil: &Stencil, out: &mut [f32], line: impl Fn(isize) -> &'a [f32]) {
    for (out, value) in out.iter_mut().zip(line(0)) {
        *out = stencil.middle * value;
    }
    for (n, weight) in (1..).zip(&stencil.second) {
        let pairs = line(n).iter().zip(line(-n));
        for (out, (after, before)) in out.iter_mut().zip(pairs) {
            *out += weight * (after + before);
        }
    }
}

/// Part of a volume, which may reach beyond its border: the border is repeated there.
fn cut_out(volume: &Volume<f32>, window: &[Range<isize>; 3]) -> Volume<f32> {
    let [slices, rows, columns] = volume.grid().shape();
    let shape = window.each_ref().map(ExactSizeIterator::len);
    let grid = volume.grid().window(window.each_ref().map(|range| range.start as f64), shape);
    let inside = |place: isize, length: usize| place.clamp(0, length as isize - 1) as usize;
    let mut cut = par::map_voxels(&grid, |_| 0.0);
    par::for_each_slice(&mut cut, |k, slice| {
        let k = inside(window[0].start + k as isize, slices);
        for (j, row) in slice.chunks_exact_mut(shape[2].max(1)).enumerate() {
            let j = inside(window[1].start + j as isize, rows);
            let source = &volume.as_slice()[(k * rows + j) * columns..][..columns];
            let (start, end) = (window[2].start, window[2].end);
            let before = (-start).max(0) as usize;
            let after = (end - columns as isize).max(0) as usize;
            let middle = row.len() - before - after;
            row[..before].fill(source[0]);
            let from = start.max(0) as usize;
            row[before..before + middle].copy_from_slice(&source[from..from + middle]);
            row[before + middle..].fill(source[columns - 1]);
        }
    });
    cut
}
