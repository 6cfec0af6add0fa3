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
/// Window in mm over which the strength of haze is compared.
const NEAR: f64 = 6.0;
/// Excess in HU beyond which lung is no longer hazy but airless; its neighbours are judged by themselves.
const STRONGEST: f32 = 350.0;
/// Share of a full window that must speak.
const LEAST: f32 = 0.01;

/// What is known at each site.
pub(crate) struct Evidence {
    /// Density between vessels and lines beyond what is normal there, in HU; `NaN` where unknown.
    pub(crate) excess: Volume<f32>,
    /// How strong haze is where it is strong near by, in HU: its mean, each place weighted by itself. The edge of haze lies
    /// where half of that is reached.
    pub(crate) plateau: Volume<f32>,
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
        let strength = par::map(&excess, |excess| excess.clamp(0.0, STRONGEST));
        let squares = par::map(&strength, |strength| strength * strength);
        let plateau = sites.mean(&squares, &strength, NEAR, [0.0, 0.0]);
        Self { excess, plateau, normal }
    }
}
