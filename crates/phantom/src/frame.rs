//! Grids of the image, cut into parts and brought to the frame of the model.

use hilum_core::Grid;
use nalgebra::{Matrix3, Vector3};

use crate::chest::Chest;

/// The grid with each voxel cut into `factors` parts.
pub(crate) fn divided(grid: &Grid, factors: [usize; 3]) -> Grid {
    let first = factors.map(|f| (1.0 / f as f64 - 1.0) / 2.0);
    let scale = Matrix3::from_diagonal(&Vector3::from(factors.map(|f| 1.0 / f as f64)));
    let shape = [0, 1, 2].map(|n| grid.shape()[n] * factors[n]);
    Grid::new(shape, grid.point(first), grid.axes() * scale)
        .expect("parts of sound voxels are sound")
}

/// The same voxels seen from the default adult.
pub(crate) fn in_model_frame(grid: &Grid, chest: &Chest) -> Grid {
    let sound = "a turned and stretched grid is sound";
    if chest.build.proportions == [1.0; 3] && chest.build.lean == 0.0 {
        let (origin, axes) = (grid.origin() / chest.scale, grid.axes() / chest.scale);
        return Grid::new(grid.shape(), origin, axes).expect(sound);
    }
    let inverse = chest.build.linear(chest.scale).try_inverse().expect("proportions above 0");
    Grid::new(grid.shape(), inverse * grid.origin(), inverse * grid.axes()).expect(sound)
}
