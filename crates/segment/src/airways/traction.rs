//! Bronchi that fibrosis has pulled open: wider than those that they come from, and beaded.
//!
//! A wave that may widen no more than a healthy bronchus does stops at their mouth. What tells them from open lung and
//! from the meshes of nets is that they hold nothing but air and have dense walls nearly all around.

use super::front::{End, Limits, Shell, Sweep, Wall, Waves};
use super::grow::WIDE;

/// Their walls lie in fibrosis and read above this, HU.
const WALL: f32 = -600.0;
/// Farthest that a wall may be, mm.
const REACH: f32 = 12.0;
/// Share of the directions in which one is seen, at least.
const WALLED: f32 = 0.7;
/// Widest of them in mm².
const AREA: f64 = 160.0;
/// Least length in mm.
const LENGTH: f64 = 4.0;

/// Follows such a bronchus from its mouth until it ends or divides; `None`, and nothing taken, if there is none.
pub(crate) fn pulled(waves: &mut Waves, mouth: &Shell, limits: Limits) -> Option<Sweep> {
    let air = waves.field.air as f32 + WIDE + waves.field.noise as f32;
    let sweep = waves.sweep(
        mouth,
        Limits {
            threshold: limits.threshold.min(air),
            wall: Wall::Above(WALL),
            reach: REACH,
            walled: WALLED,
            area: AREA,
            growth: f64::INFINITY,
        },
    );
    let length = sweep.shells.len() as f64 * f64::from(waves.depth);
    if matches!(sweep.end, End::Burst(_)) || length < LENGTH {
        waves.give_back(&sweep.shells);
        return None;
    }
    Some(sweep)
}
