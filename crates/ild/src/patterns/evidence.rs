//! What the sites show: density between vessels and lines.

use hilum_core::{Grid, Volume};
use hilum_kernel::par;

use crate::patterns::anatomy::Anatomy;
use crate::patterns::frame::Frame;
use crate::patterns::normal::Normal;
use crate::patterns::relief::Relief;
use crate::patterns::sites::Sites;

/// Curvature in HU from which on a voxel is no background between lines.
const FAINT: f32 = 40.0;
/// Window in mm (standard deviation of a Gaussian) for the density between vessels: a lobule of 10 to 20 mm is told from
/// the next.
const WINDOW: f64 = 2.0;
/// Share of a full window that must speak.
const LEAST: f32 = 0.01;

/// What is known at each site.
pub(crate) struct Evidence {
    /// Density between vessels and lines beyond what is normal there, in HU; `NaN` where unknown.
    pub(crate) excess: Volume<f32>,
    /// What is normal there.
    pub(crate) normal: Normal,
}

impl Evidence {
    pub(crate) fn new(
        frame: &Frame,
        sites: &Sites,
        anatomy: &Anatomy,
        relief: &Relief,
        image: &Grid,
    ) -> Self {
        let (hu, clear) = (frame.hu.as_slice(), anatomy.clear.as_slice());
        let [plains, densities] = sites.sums(|n, [plains, densities]: &mut [f32; 2]| {
            if clear[n] && !relief.is_ridge(n, FAINT) {
                *plains += 1.0;
                *densities += hu[n];
            }
        });
        let background = sites.mean(&densities, &plains, WINDOW, [LEAST, f32::NAN]);
        let normal = Normal::new(&background, image);
        // Where nothing speaks, nothing is said to be hazy.
        let excess = par::zip(
            &background,
            &normal.hu,
            |hu, normal| {
                if hu.is_nan() { 0.0 } else { hu - normal }
            },
        );
        Self { excess, normal }
    }
}
