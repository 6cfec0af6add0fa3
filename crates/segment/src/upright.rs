//! Volumes turned so that the patient stands: whatever order a file stores its voxels in, every
//! later step sees the same array.

use std::borrow::Cow;

use hilum_core::{Grid, Volume};
use hilum_kernel::par;
use nalgebra::Point3;

/// How the arrays of a grid are turned into upright ones, in which `k` runs up, `j` to the back
/// and `i` to the patient's left, as nearly as the steps of the grid allow.
///
/// Axes are only exchanged and reversed, so that no voxel is interpolated.
pub(crate) struct Upright {
    /// For the upright axes `k, j, i`: the stored axis that runs along it.
    order: [usize; 3],
    /// For the upright axes `k, j, i`: whether the stored index grows with it.
    forward: [bool; 3],
    stored: Grid,
    grid: Grid,
}

impl Upright {
    /// The turn for volumes on `stored`.
    pub(crate) fn of(stored: &Grid) -> Self {
        let [x, y, z] = stored.nearest_axes();
        let order = [z.0, y.0, x.0];
        let shape = order.map(|axis| stored.shape()[axis]);
        let grid = Grid::axial(shape, steps(stored, order)).expect("sound steps stay sound");
        Self { order, forward: [z.1, y.1, x.1], stored: stored.clone(), grid }
    }

    /// The upright lattice: steps along the patient's axes, rotation and tilt left out.
    ///
    /// On a tilted grid the step along `k` is the distance between slices, so that a voxel keeps
    /// its volume.
    pub(crate) fn grid(&self) -> &Grid {
        &self.grid
    }

    /// A stored volume, upright. Costs nothing where it already is.
    pub(crate) fn stand<'a, T>(&self, volume: &'a Volume<T>) -> Cow<'a, Volume<T>>
    where
        T: Copy + Send + Sync,
    {
        if self.is_stored() {
            return Cow::Borrowed(volume);
        }
        let mut view = volume.voxels().permuted_axes(self.order);
        for axis in 0..3 {
            if !self.forward[axis] {
                view.invert_axis(ndarray::Axis(axis));
            }
        }
        Cow::Owned(par::map_voxels(&self.grid, |voxel| view[voxel]))
    }

    /// An upright volume in the order of the file, on the file's grid.
    pub(crate) fn lay<T: Copy + Send + Sync>(&self, volume: Volume<T>) -> Volume<T> {
        if self.is_stored() {
            let voxels = volume.into_vec();
            return Volume::from_vec(self.stored.clone(), voxels).expect("the shape is the same");
        }
        let mut view = volume.voxels();
        for axis in 0..3 {
            if !self.forward[axis] {
                view.invert_axis(ndarray::Axis(axis));
            }
        }
        let view = view.permuted_axes(inverse(self.order));
        par::map_voxels(&self.stored, |voxel| view[voxel])
    }

    /// Patient point of a place among the upright voxels `[k, j, i]`, which need not be whole.
    pub(crate) fn point(&self, place: [f64; 3]) -> Point3<f64> {
        let mut stored = [0.0; 3];
        for n in 0..3 {
            let last = self.grid.shape()[n] as f64 - 1.0;
            stored[self.order[n]] = if self.forward[n] { place[n] } else { last - place[n] };
        }
        self.stored.point(stored)
    }

    /// Place among the upright voxels `[k, j, i]` of a patient point.
    pub(crate) fn place(&self, point: Point3<f64>) -> [f64; 3] {
        let stored = self.stored.position(point);
        [0, 1, 2].map(|n| {
            let last = self.grid.shape()[n] as f64 - 1.0;
            let along = stored[self.order[n]];
            if self.forward[n] { along } else { last - along }
        })
    }

    fn is_stored(&self) -> bool {
        self.order == [0, 1, 2] && self.forward == [true; 3]
    }
}

/// Steps in mm along the upright axes.
fn steps(stored: &Grid, order: [usize; 3]) -> [f64; 3] {
    let spacing = stored.spacing();
    let [_, dj, di] = order.map(|axis| spacing[axis]);
    [stored.voxel_volume() / (dj * di), dj, di]
}

fn inverse(order: [usize; 3]) -> [usize; 3] {
    let mut inverse = [0; 3];
    for (n, axis) in order.into_iter().enumerate() {
        inverse[axis] = n;
    }
    inverse
}
