//! The couch and the air around the patient.

use nalgebra::Point3;

use crate::paint::AIR;

/// CT number outside of the patient, in voxels `width` mm wide: a mattress on a shell of carbon
/// fibre with foam in it.
pub(crate) fn hu(p: Point3<f64>, width: f32) -> f32 {
    if p.y < 90.0 || p.x.abs() > HALF_WIDTH + 3.0 {
        return AIR;
    }
    let (x, y) = (p.x as f32, p.y as f32);
    let bow = x / HALF_WIDTH as f32;
    let top = 134.0 - 12.0 * bow * bow;
    let bottom = 136.0 + 24.0 * (1.0 - bow * bow).max(0.0).sqrt();
    let edge = (x.abs() - HALF_WIDTH as f32).max(y - bottom);
    let share = |distance: f32| (0.5 - distance / width).clamp(0.0, 1.0);
    let mattress = share((top - 15.0 - y).max(y - top).max(x.abs() - HALF_WIDTH as f32 + 12.0));
    let shell = share((top - y).max(edge));
    let core = share((top + 1.8 - y).max(edge + 1.8));
    let lay = |hu: f32, share: f32, own: f32| hu + (own - hu) * share;
    lay(lay(lay(AIR, mattress, -925.0), shell, -180.0), core, -955.0)
}

/// Half the width of the couch in mm.
const HALF_WIDTH: f64 = 210.0;
