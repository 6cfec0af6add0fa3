//! What the sites show: density between vessels, nets, walls of cysts.

use hilum_core::{Grid, Volume};
use hilum_kernel::par;

use crate::patterns::anatomy::Anatomy;
use crate::patterns::frame::Frame;
use crate::patterns::normal::Normal;
use crate::patterns::relief::Relief;
use crate::patterns::sites::Sites;

/// Curvature in HU from which on a voxel is no background between lines.
const FAINT: f32 = 40.0;
/// Curvature in HU of a septum that counts for a net: a sheet of 1 mm and 850 HU of contrast, which is
/// water against lung, has about twice as much at the scale of 1 mm and the blur of a usual kernel, a
/// fissure of 0.4 mm less.
const SEPTUM: f32 = 80.0;
/// Curvature in HU of the walls of cysts.
const WALL: f32 = 40.0;
/// Standard deviations of noise that a septum must exceed.
const ABOVE_NOISE: f32 = 3.0;
/// Windows in mm (standard deviations of Gaussians): for the density between vessels, for walls of
/// cysts (a window holds several cysts of 3 to 10 mm) and for nets (several secondary lobules of 10 to
/// 20 mm).
const WINDOWS: [f64; 3] = [3.0, 4.0, 6.0];
/// Share of a full window that must speak.
const LEAST: f32 = 0.01;

/// What is known at each site.
pub(crate) struct Evidence {
    /// Density between vessels and lines beyond what is normal there, in HU; `NaN` where unknown.
    pub(crate) excess: Volume<f32>,
    /// What is normal there.
    pub(crate) normal: Normal,
    /// Share of clear tissue that is a sheet, 0 to 1.
    pub(crate) net: Volume<f32>,
    /// Share of the tissue that is a ridge of any kind, 0 to 1.
    pub(crate) walls: Volume<f32>,
    /// Mean density of the tissue with all that is in it, in HU.
    pub(crate) mean: Volume<f32>,
}

impl Evidence {
    pub(crate) fn new(
        frame: &Frame,
        sites: &Sites,
        anatomy: &Anatomy,
        relief: &Relief,
        image: &Grid,
    ) -> Self {
        let (hu, tissue, clear) =
            (frame.hu.as_slice(), anatomy.tissue.as_slice(), anatomy.clear.as_slice());
        let septum = SEPTUM.max(ABOVE_NOISE * relief.noise);
        let wall = WALL.max(ABOVE_NOISE * relief.noise);
        let [tissues, masses, walls, clears, sheets, plains, densities] =
            sites.sums(|n, sums: &mut [f32; 7]| {
                if !tissue[n] {
                    return;
                }
                let [tissues, masses, walls, clears, sheets, plains, densities] = sums;
                *tissues += 1.0;
                *masses += hu[n];
                *walls += f32::from(relief.is_ridge(n, wall));
                if clear[n] {
                    *clears += 1.0;
                    *sheets += f32::from(relief.is_sheet(n, septum));
                    if !relief.is_ridge(n, FAINT) {
                        *plains += 1.0;
                        *densities += hu[n];
                    }
                }
            });
        let [narrow, middle, wide] = WINDOWS;
        let background = sites.mean(&densities, &plains, narrow, [LEAST, f32::NAN]);
        let normal = Normal::new(&background, image);
        // Where nothing speaks, nothing is said to be hazy.
        let excess = par::zip(
            &background,
            &normal.hu,
            |hu, normal| {
                if hu.is_nan() { 0.0 } else { hu - normal }
            },
        );
        Self {
            excess,
            normal,
            net: sites.mean(&sheets, &clears, wide, [LEAST, 0.0]),
            walls: sites.mean(&walls, &tissues, middle, [LEAST, 0.0]),
            mean: sites.mean(&masses, &tissues, middle, [LEAST, -1000.0]),
        }
    }
}
