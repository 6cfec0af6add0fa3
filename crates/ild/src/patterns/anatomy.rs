//! Which voxels can speak for the tissue, and which show a bronchus, a vessel or the pleura.

use hilum_core::{Mask, Volume};
use hilum_kernel::{dilate, erode, gaussian_within, par};

use crate::patterns::frame::Frame;
use crate::patterns::scene::Scene;
use crate::patterns::sites::Sites;

/// Width in mm of the band beneath the pleura that partial volume and blur of the wall reach.
const PLEURA: f64 = 2.0;
/// Width in mm of the band around a lumen that is its wall: walls of segmental bronchi have some 1 to
/// 1.5 mm (chosen for that and the blur of the scan).
const BRONCHIAL_WALL: f64 = 2.5;
/// Radius in mm from which on a dense structure is thicker than any septum: septa that show are up to
/// some 2 mm thick (Fleischner glossary; not checked).
const THICK: f64 = 1.3;
/// Width in mm of the band around a thick structure that its blur reaches.
const BLUR: f64 = 2.0;
/// CT number half-way between lung and blood, from which on a small structure is dense.
const DENSE: f32 = -500.0;
/// By how much a vessel exceeds the mean density around it. Ground glass and dense lung do not.
const ABOVE: f32 = 200.0;
/// Blur in mm that takes noise out and leaves septa.
pub(crate) const DENOISE: f64 = 0.6;
/// Window in mm over which the mean around is taken: wider than the thickest vessel in the lung.
const AROUND: f64 = 8.0;

/// What the voxels of the frame belong to.
pub(crate) struct Anatomy {
    /// Lumen of bronchi.
    pub(crate) lumen: Mask,
    /// Lung away from the pleura and from bronchi: tissue, with its vessels.
    pub(crate) tissue: Mask,
    /// Vessels, or what looks like thick ones.
    pub(crate) thick: Mask,
    /// Tissue away from thick vessels.
    pub(crate) clear: Mask,
    /// The image without most of its noise, in HU; anything outside of the lungs.
    pub(crate) smooth: Volume<f32>,
}

impl Anatomy {
    pub(crate) fn new(scene: &Scene, frame: &Frame, sites: &Sites) -> Self {
        let lumen = scene
            .airways
            .map_or_else(|| Mask::filled(&frame.grid, false), |airways| frame.cut(airways));
        let smooth = gaussian_within(&frame.hu, DENOISE, &frame.lung);
        let inner = erode(&frame.lung, PLEURA);
        let bronchi = dilate(&lumen, BRONCHIAL_WALL);
        let tissue = par::zip(&inner, &bronchi, |inner, bronchus| *inner && !bronchus);
        let core = erode(&dense(scene, frame, sites, &smooth), THICK);
        let thick = dilate(&core, THICK);
        let near = dilate(&core, THICK + BLUR);
        let clear = par::zip(&tissue, &near, |tissue, near| *tissue && !near);
        Self { lumen, tissue, thick, clear, smooth }
    }
}

/// Lung that is much denser than what is around it.
fn dense(scene: &Scene, frame: &Frame, sites: &Sites, smooth: &Volume<f32>) -> Mask {
    let hu = frame.hu.as_slice();
    let [sum, count] = sites.sums(|n, _, [sum, count]| {
        *sum += hu[n];
        *count += 1.0;
    });
    let around = sites.mean(&sum, &count, AROUND, [1e-4, 0.0]);
    let around = around.as_slice();
    let given = scene.vessels.map(|vessels| frame.cut(vessels));
    sites.map(false, |n, site| {
        let value = smooth.as_slice()[n];
        let vessel = || given.as_ref().is_some_and(|given| given.as_slice()[n]);
        (value > DENSE || vessel()) && value > around[site] + ABOVE
    })
}
