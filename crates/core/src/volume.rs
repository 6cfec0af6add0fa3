//! Voxels on a grid.

use ndarray::{Array3, ArrayView3, ArrayViewMut3};

use crate::{Error, Grid};

/// One value per voxel of a [`Grid`], in standard layout `[k, j, i]`.
///
/// Shape and layout are checked once, here; kernels then trust them.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume<T> {
    grid: Grid,
    voxels: Array3<T>,
}

/// A region: `true` inside.
pub type Mask = Volume<bool>;

impl<T> Volume<T> {
    /// Lays an array on a grid. An array in another memory layout is brought into standard layout.
    ///
    /// # Errors
    ///
    /// [`Error::ShapeMismatch`] if the array does not have the grid's shape.
    pub fn new(grid: Grid, voxels: Array3<T>) -> Result<Self, Error>
    where
        T: Clone,
    {
        let found: [usize; 3] = voxels.dim().into();
        if found != grid.shape() {
            return Err(Error::ShapeMismatch { expected: grid.shape(), found });
        }
        let voxels = if voxels.is_standard_layout() {
            voxels
        } else {
            voxels.as_standard_layout().into_owned()
        };
        Ok(Self { grid, voxels })
    }

    /// Lays a list on a grid, `i` fastest.
    ///
    /// # Errors
    ///
    /// [`Error::ShapeMismatch`] if the list does not have one value per voxel; `found` is then
    /// `[1, 1, length]`.
    pub fn from_vec(grid: Grid, values: Vec<T>) -> Result<Self, Error> {
        let found = [1, 1, values.len()];
        match Array3::from_shape_vec(grid.shape(), values) {
            Ok(voxels) => Ok(Self { grid, voxels }),
            Err(_) => Err(Error::ShapeMismatch { expected: grid.shape(), found }),
        }
    }

    /// Asks `value` for each voxel `[k, j, i]` in order, on one thread.
    pub fn from_fn(grid: &Grid, mut value: impl FnMut([usize; 3]) -> T) -> Self {
        let voxels = Array3::from_shape_fn(grid.shape(), |(k, j, i)| value([k, j, i]));
        Self { grid: grid.clone(), voxels }
    }

    /// The same value everywhere.
    pub fn filled(grid: &Grid, value: T) -> Self
    where
        T: Clone,
    {
        Self { grid: grid.clone(), voxels: Array3::from_elem(grid.shape(), value) }
    }

    /// Where the voxels lie.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The voxels, `[k, j, i]`.
    pub fn voxels(&self) -> ArrayView3<'_, T> {
        self.voxels.view()
    }

    /// The voxels, to be changed in place.
    pub fn voxels_mut(&mut self) -> ArrayViewMut3<'_, T> {
        self.voxels.view_mut()
    }

    /// The voxels as one list, `i` fastest.
    pub fn as_slice(&self) -> &[T] {
        self.voxels.as_slice().expect("volumes are in standard layout")
    }

    /// The voxels as one list to be changed in place, `i` fastest.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        self.voxels.as_slice_mut().expect("volumes are in standard layout")
    }

    /// The voxels without their grid.
    pub fn into_voxels(self) -> Array3<T> {
        self.voxels
    }

    /// The voxels as a list without their grid, `i` fastest.
    pub fn into_vec(self) -> Vec<T> {
        self.voxels.into_raw_vec_and_offset().0
    }

    /// The value at a voxel.
    ///
    /// # Panics
    ///
    /// If the voxel is outside of the grid.
    pub fn at(&self, voxel: [usize; 3]) -> T
    where
        T: Copy,
    {
        self.voxels[voxel]
    }

    /// A volume on the same grid, each value made from the one here, on one thread.
    pub fn map<U>(&self, value: impl FnMut(&T) -> U) -> Volume<U> {
        Volume { grid: self.grid.clone(), voxels: self.voxels.map(value) }
    }
}

impl Mask {
    /// Number of voxels inside.
    pub fn count(&self) -> u64 {
        self.as_slice().iter().map(|inside| u64::from(*inside)).sum()
    }

    /// Volume inside, in millilitres.
    pub fn millilitres(&self) -> f64 {
        self.count() as f64 * self.grid.voxel_volume() / 1000.0
    }
}
