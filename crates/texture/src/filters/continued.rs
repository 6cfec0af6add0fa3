//! Images that go on beyond their ends, filtered by way of their Fourier transform.

use std::f64::consts::PI;

use hilum_core::{Grid, Volume};
use hilum_kernel::{Boundary, Complex, Direction, fourier, fourier_length, par};

use super::Filter;
use crate::Error;

/// Voxels of a transform: 4 GiB of memory.
const MOST: f64 = 268_435_456.0;

/// Slices that are transformed at a time where each is filtered by itself.
const SLAB: usize = 16;

/// A frequency, as angles in radians along `[k, j, i]`.
pub(super) struct Wave {
    /// For a step of one voxel, from `-π` to `π`.
    pub(super) per_voxel: [f64; 3],
    /// For a step as long as one voxel along columns: the same in all directions of space.
    pub(super) per_unit: [f64; 3],
}

impl Wave {
    /// The absolute frequency for a step of one unit.
    pub(super) fn norm(&self) -> f64 {
        self.per_unit.iter().map(|angle| angle * angle).sum::<f64>().sqrt()
    }
}

/// The lattice of an image and of what stands around it.
pub(super) struct Continued {
    pub(super) grid: Grid,
    before: [usize; 3],
    boundary: Boundary,
}

impl Continued {
    /// Continues an image by at least `reach` voxels, of which there are some, at each end of each filtered axis. A
    /// periodic image needs no more than itself, a mirrored one no more than twice itself: then
    /// nothing is cut off.
    pub(super) fn new(grid: &Grid, filter: &Filter, reach: [usize; 3]) -> Result<Self, Error> {
        let (mut shape, mut before) = (grid.shape(), [0; 3]);
        if filter.by_slice {
            shape[0] = shape[0].min(SLAB);
        }
        for axis in filter.axes().iter().copied() {
            let (length, reach) = (shape[axis], reach[axis]);
            let longer = length.saturating_add(reach.saturating_mul(2));
            [before[axis], shape[axis]] = match filter.boundary {
                // The transform repeats what it is given.
                Boundary::Periodic => [0, length],
                Boundary::Mirror if longer >= 2 * length => [0, 2 * length],
                _ => [reach, longer],
            };
        }
        if shape.iter().map(|length| *length as f64).product::<f64>() > MOST {
            let found = format!("{shape:?} voxels of image and surroundings");
            return Err(Error::setting(found, "at most 2^28; resample or crop it"));
        }
        for axis in [0, 1, 2] {
            if before[axis] == 0 {
                continue;
            }
            // What a good length has more than is needed goes to both ends.
            let more = fourier_length(shape[axis]) - shape[axis];
            shape[axis] += more;
            before[axis] += more / 2;
        }
        let first = before.map(|length| -(length as f64));
        Ok(Self { grid: grid.window(first, shape), before, boundary: filter.boundary })
    }

    /// The image from slice `first` on; slices that it does not have are 0 where slices are filtered
    /// one by one.
    fn laid(&self, image: &Volume<f32>, first: usize, by_slice: bool) -> Volume<Complex> {
        let shape = image.grid().shape();
        par::map_voxels(&self.grid, |place| {
            let place = |axis: usize| {
                let start = if axis == 0 { first } else { 0 };
                let place = (start + place[axis]) as isize - self.before[axis] as isize;
                let boundary = if axis == 0 && by_slice { Boundary::Zero } else { self.boundary };
                boundary.place(place, shape[axis])
            };
            let value = match (place(0), place(1), place(2)) {
                (Some(k), Some(j), Some(i)) => f64::from(image.at([k, j, i])),
                _ => 0.0,
            };
            Complex::new(value, 0.0)
        })
    }

    /// Hands the complex responses to each of `count` kernels, slab after slab, to `take`, with the number
    /// of the kernel and the first slice of the slab. `factor` is the transform of a kernel.
    pub(super) fn respond(
        &self,
        image: &Volume<f32>,
        filter: &Filter,
        count: usize,
        factor: impl Fn(usize, [usize; 3]) -> Complex + Sync + Send,
        mut take: impl FnMut(usize, usize, &Volume<Complex>),
    ) {
        let slab = if filter.by_slice { SLAB } else { usize::MAX };
        for first in (0..image.grid().shape()[0]).step_by(slab) {
            let mut spectrum = self.laid(image, first, filter.by_slice);
            fourier(&mut spectrum, filter.axes(), Direction::Forward);
            for kernel in 0..count - 1 {
                let mut response = par::copy(&spectrum);
                self.multiply(&mut response, filter, |place| factor(kernel, place));
                take(kernel, first, &response);
            }
            self.multiply(&mut spectrum, filter, |place| factor(count - 1, place));
            take(count - 1, first, &spectrum);
        }
    }

    /// From a spectrum to the response whose kernel has the given transform.
    fn multiply(
        &self,
        spectrum: &mut Volume<Complex>,
        filter: &Filter,
        factor: impl Fn([usize; 3]) -> Complex + Sync + Send,
    ) {
        let [_, rows, columns] = self.grid.shape();
        par::for_each_slice(spectrum, |k, slice| {
            for (n, value) in slice.iter_mut().enumerate() {
                *value *= factor([k, n / columns, n % columns]);
            }
            debug_assert_eq!(slice.len(), rows * columns);
        });
        fourier(spectrum, filter.axes(), Direction::Inverse);
    }

    /// The frequency at a place of the transform.
    pub(super) fn wave(&self, place: [usize; 3], filter: &Filter) -> Wave {
        let (shape, spacing) = (self.grid.shape(), self.grid.spacing());
        let mut wave = Wave { per_voxel: [0.0; 3], per_unit: [0.0; 3] };
        for axis in filter.axes().iter().copied() {
            let (n, length) = (place[axis] as f64, shape[axis] as f64);
            let turns = if 2.0 * n > length { n - length } else { n } / length;
            wave.per_voxel[axis] = 2.0 * PI * turns;
            wave.per_unit[axis] = wave.per_voxel[axis] * spacing[2] / spacing[axis];
        }
        wave
    }

    /// The response to one kernel that is given by its transform at each place and frequency.
    pub(super) fn through(
        &self,
        image: &Volume<f32>,
        filter: &Filter,
        transfer: impl Fn([usize; 3], &Wave) -> Complex + Sync + Send,
    ) -> Volume<f32> {
        let mut response = Volume::filled(image.grid(), 0.0);
        let factor = |_, place| transfer(place, &self.wave(place, filter));
        self.respond(image, filter, 1, factor, |_, first, slab| {
            self.gather(slab, first, &mut response, |value, found| *value = found.re as f32);
        });
        response
    }

    /// Hands each voxel of a response, with what a slab from slice `first` on has there, to `change`.
    pub(super) fn gather(
        &self,
        slab: &Volume<Complex>,
        first: usize,
        response: &mut Volume<f32>,
        change: impl Fn(&mut f32, Complex) + Sync + Send,
    ) {
        let [slices, rows, columns] = self.grid.shape();
        let [above, left, front] = self.before;
        let [_, _, width] = response.grid().shape();
        par::for_each_slice(response, |k, slice| {
            let Some(k) = (k + above).checked_sub(first).filter(|k| *k < slices) else { return };
            for (j, row) in slice.chunks_exact_mut(width.max(1)).enumerate() {
                let start = (k * rows + j + left) * columns + front;
                let found = &slab.as_slice()[start..start + width];
                row.iter_mut().zip(found).for_each(|(value, found)| change(value, *found));
            }
        });
    }
}
