//! From the geometry of a header to a grid.

use hilum_core::Grid;
use nalgebra::{Matrix3, Point3, Vector3};

use crate::Error;

/// Where the voxels of a file lie: all of it in the order of the file, first index fastest, in
/// LPS and mm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Geometry {
    /// Number of voxels along each file axis.
    pub(crate) sizes: [usize; 3],
    /// Centre of the first voxel.
    pub(crate) origin: Vector3<f64>,
    /// Step along each file axis.
    pub(crate) steps: [Vector3<f64>; 3],
}

/// Turns a RAS vector into LPS and back.
pub(crate) fn turned(v: Vector3<f64>) -> Vector3<f64> {
    Vector3::new(-v.x, -v.y, v.z)
}

impl Geometry {
    /// The geometry of a grid, to be written.
    pub(crate) fn of(grid: &Grid) -> Self {
        let [k, j, i] = grid.shape();
        let step = |axis: usize| grid.axes().column(axis).into_owned();
        Self { sizes: [i, j, k], origin: grid.origin().coords, steps: [step(2), step(1), step(0)] }
    }

    /// The grid whose array axes `[k, j, i]` are the file's in reverse.
    ///
    /// # Errors
    ///
    /// [`Error::Geometry`] if the steps span nothing.
    pub(crate) fn grid(&self) -> Result<Grid, Error> {
        let [i, j, k] = self.sizes;
        let axes = Matrix3::from_columns(&[self.steps[2], self.steps[1], self.steps[0]]);
        Ok(Grid::new([k, j, i], Point3::from(self.origin), axes)?)
    }
}
