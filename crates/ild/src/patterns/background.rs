//! Density between vessels and lines.

use hilum_core::Volume;

use crate::patterns::anatomy::Anatomy;
use crate::patterns::frame::Frame;
use crate::patterns::relief::Relief;
use crate::patterns::sites::Sites;

/// Curvature in HU from which on a voxel is no background between lines.
const FAINT: f32 = 40.0;
/// Window in mm (standard deviation of a Gaussian): a lobule of 10 to 20 mm is told from the next.
const WINDOW: f64 = 2.0;
/// Share of a full window that must speak.
const LEAST: f32 = 0.01;

/// Density at each site between vessels and lines, in HU; `NaN` where it is not known.
pub(crate) fn background(
    frame: &Frame,
    sites: &Sites,
    anatomy: &Anatomy,
    relief: &Relief,
) -> Volume<f32> {
    let (hu, clear) = (frame.hu.as_slice(), anatomy.clear.as_slice());
    let [plains, densities] = sites.sums(|n, _, [plains, densities]: &mut [f32; 2]| {
        if clear[n] && !relief.is_ridge(n, FAINT) {
            *plains += 1.0;
            *densities += hu[n];
        }
    });
    sites.mean(&densities, &plains, WINDOW, [LEAST, f32::NAN])
}
