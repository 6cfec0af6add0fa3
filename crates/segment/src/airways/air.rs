//! Whether what a wave has swept holds air, as a lumen of its width must.

use super::field::Field;
use super::front::Shell;
use super::grow::excess;

/// HU by which a narrow lumen may be denser than a wide one: the blur of the image fills it from its walls.
const NARROW: f32 = 220.0;
/// Radius in mm at which half of that is allowed.
const HALF: f32 = 1.3;
/// The middle of a lumen is no more than so many HU denser than the air in the trachea, if it is wide.
const AIR: f32 = 20.0;
/// So many more for each mm that slices are thicker than what shows walls whichever way they run.
const THICK: f32 = 20.0;
/// Quantile of a branch's voxels that stands for its middle.
const MIDDLE: f64 = 0.25;

/// HU by which the lumen of a bronchus of some radius in mm may be denser than that of a wide one.
pub(crate) fn narrow(radius: f32) -> f32 {
    NARROW / (1.0 + (radius / HALF).powi(2))
}

/// Whether a branch with fronts of a median area in mm² is dark enough for its width. The meshes of a net and the lung
/// between vessels have walls around them as well, but hold lung.
pub(crate) fn is_air(field: &Field, shells: &[Shell], area: f64) -> bool {
    let places = || shells.iter().flatten().map(|(place, _)| *place as usize);
    if places().any(|n| field.trusted.as_slice()[n]) {
        return true;
    }
    let mut hu: Vec<f32> = places().map(|n| field.hu.as_slice()[n]).collect();
    let middle = (hu.len() as f64 * MIDDLE) as usize;
    let Some(last) = hu.len().checked_sub(1) else { return false };
    let middle = *hu.select_nth_unstable_by(middle.min(last), f32::total_cmp).1;
    let radius = (area / std::f64::consts::PI).sqrt() as f32;
    let depth = field.grid().spacing().into_iter().fold(1.0, f64::max) as f32;
    middle <= field.air as f32 + AIR + narrow(radius) + THICK * excess(depth)
}
