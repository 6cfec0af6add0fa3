//! Images on odd, anisotropic, turned grids, and the answers that are wanted.

use hilum_core::{Ct, Grid, Hu, Volume};
use hilum_network::{Error, Network};
use nalgebra::{Matrix3, Point3};

/// Levels in units of 1000 HU: air, lung, soft tissue.
pub(crate) const LEVELS: [f32; 3] = [0.0, -0.9, -0.5];

/// Describes a network whose channels 1 and 2 are the lungs. Its input is HU / 1000.
pub(crate) fn description(patch: [usize; 3], more: &str) -> String {
    format!(
        r#"{{"schema": "hilum.network/1", "name": "levels", "produces": "lungs",
            "patch": {patch:?}, "clip": [-1000, 0], "subtract": 0, "divide": 1000,
            "labels": {{"1": "right_lung", "2": "left_lung"}}{more}}}"#
    )
}

/// The label of a CT number by the nearest of [`LEVELS`].
pub(crate) fn label(hu: f64) -> u8 {
    match hu {
        hu if hu < -700.0 => 1,
        hu if hu < -250.0 => 2,
        _ => 0,
    }
}

/// Distance in HU to the nearest change of label.
pub(crate) fn margin(hu: f64) -> f64 {
    (hu + 700.0).abs().min((hu + 250.0).abs())
}

/// An upright grid, a grid with its axes exchanged and reversed, and an oblique one.
pub(crate) fn grids() -> [Grid; 3] {
    let shape = [17, 23, 29];
    let exchanged = Matrix3::new(0.0, -2.0, 0.0, 0.0, 0.0, -1.5, -3.0, 0.0, 0.0);
    let (sin, cos) = 0.2_f64.sin_cos();
    let turn = Matrix3::new(cos, -sin, 0.0, sin, cos, 0.0, 0.0, 0.0, 1.0);
    let (sin, cos) = 0.3_f64.sin_cos();
    let tilt = Matrix3::new(1.0, 0.0, 0.0, 0.0, cos, -sin, 0.0, sin, cos);
    let first = Point3::new(-20.0, 30.0, -400.0);
    [
        Grid::axial(shape, [3.0, 2.0, 1.5]).unwrap(),
        Grid::new(shape, first, exchanged).unwrap(),
        Grid::new(shape, first, tilt * turn * exchanged).unwrap(),
    ]
}

/// Every voxel another than its neighbours, none on the edge between two labels.
pub(crate) fn rough(grid: &Grid) -> Ct {
    let hu = |[k, j, i]: [usize; 3]| ((k * 41 + j * 13 + i * 7) % 97) as i16 * 12 - 1037;
    Ct::new(Volume::from_fn(grid, |voxel| Hu(hu(voxel))))
}

/// Rises evenly through the patient, in HU at a patient point; -450 in the middle of the grid.
pub(crate) fn ramp(grid: &Grid, p: Point3<f64>) -> f64 {
    let middle = grid.point(grid.shape().map(|n| (n as f64 - 1.0) / 2.0));
    let away = p - middle;
    12.0 * away.x - 14.0 * away.y + 8.0 * away.z - 450.0
}

/// The ramp as a CT.
pub(crate) fn ramped(grid: &Grid) -> Ct {
    let hu = |voxel| ramp(grid, grid.centre(voxel)).round().clamp(-1000.0, 0.0) as i16;
    Ct::new(Volume::from_fn(grid, |voxel| Hu(hu(voxel))))
}

/// Voxels at least `border` steps inside of a grid.
pub(crate) fn inner(grid: &Grid, border: usize) -> impl Iterator<Item = [usize; 3]> {
    let shape = grid.shape();
    let inside =
        move |voxel: &[usize; 3]| (0..3).all(|n| (border..shape[n] - border).contains(&voxel[n]));
    Volume::from_fn(grid, |voxel| voxel).into_vec().into_iter().filter(inside)
}

/// Runs a network over a CT.
pub(crate) fn run(network: &[u8], description: &str, ct: &Ct) -> Result<Volume<u8>, Error> {
    Network::new(network, description)?.run(ct, &|_, _| {})
}
