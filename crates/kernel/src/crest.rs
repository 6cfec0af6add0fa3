//! The middles of tubes.

use nalgebra::Vector3;

use crate::curvature::Blurred;

/// A voxel in the middle of a tube: blurred at its own scale, it is more (of a dark tube less) than at
/// eight places 1 mm away across the tube.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TubeMiddle {
    /// Its place `[k, j, i]`.
    pub voxel: [usize; 3],
    /// The unit vector along the tube in the patient (LPS); its sign means nothing.
    pub direction: [f32; 3],
}

/// Places across a tube that a middle exceeds.
const PLACES: usize = 8;

/// Says whether a voxel exceeds what lies across a direction in the frame of the grid, `sign` being -1
/// where less is more.
pub(crate) fn is_crest(
    blurred: &Blurred,
    spacing: [f32; 3],
    voxel: [usize; 3],
    along: [f32; 3],
    sign: f32,
) -> bool {
    let Some([u, v]) = across(along) else { return false };
    let here = sign * blurred.near(voxel, [0.0; 3]);
    (0..PLACES).all(|n| {
        let (sine, cosine) = (n as f32 * std::f32::consts::TAU / PLACES as f32).sin_cos();
        let aside = u * cosine + v * sine;
        sign * blurred.near(voxel, [0, 1, 2].map(|n| aside[n] / spacing[n])) < here
    })
}

/// Two unit vectors perpendicular to a direction and to each other.
fn across(along: [f32; 3]) -> Option<[Vector3<f32>; 2]> {
    let along = Vector3::from(along).try_normalize(1e-6)?;
    let mut axis = Vector3::zeros();
    axis[along.iamin()] = 1.0;
    let u = along.cross(&axis).normalize();
    Some([u, along.cross(&u)])
}
