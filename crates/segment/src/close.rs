//! What the outline of a lung closes in: vessels, nodules at the pleura, masses inside.

use hilum_core::{Lung, Mask, Region, Volume};
use hilum_kernel::par;

/// The outlines of both lungs on the coarse grid.
#[derive(Clone)]
pub(crate) struct Outline {
    /// Side of each voxel that lies in an outline.
    pub(crate) sides: Volume<u8>,
    /// Depth in mm below the outline; 0 outside.
    pub(crate) depth: Volume<f32>,
    /// Where dense voxels belong to the lung up to the surface of the outline: in nodules at the pleura, which are thick and
    /// far from the airway, and in lung that is dense as a whole. Elsewhere they are wall, or hilum.
    pub(crate) firm: Mask,
}

/// Reach of the hilum in mm around trachea and main bronchi.
const HILUM: f64 = 35.0;
/// Thinnest nodule in steps of the coarse grid, halved.
const THICK: f64 = 0.9;

/// Closes each lung for itself with a ball of `radius` mm, and fills what is then enclosed.
///
/// The other lung's air and the airway are never taken in.
pub(crate) fn outline(sides: &Volume<u8>, airway: &Mask, radius: f64) -> Outline {
    let (right, left) =
        par::join(|| closed(sides, Lung::Right, radius), || closed(sides, Lung::Left, radius));
    let closed = par::map_voxels(sides.grid(), |voxel| {
        let (side, airway) = (sides.at(voxel), airway.at(voxel));
        match (side, right.at(voxel), left.at(voxel)) {
            (0, true, _) if !airway => Lung::Right.label(),
            (0, false, true) if !airway => Lung::Left.label(),
            _ => side,
        }
    });
    let depth = depth(&closed);
    let firm = nodules(sides, &closed, airway);
    Outline { sides: closed, depth, firm }
}

fn nodules(air: &Volume<u8>, closed: &Volume<u8>, airway: &Mask) -> Mask {
    let step = air.grid().spacing().into_iter().fold(0.0, f64::max);
    let taken = par::zip(air, closed, |air, closed| *air == 0 && *closed > 0);
    let hilum = hilum_kernel::dilate(airway, HILUM);
    let thick = hilum_kernel::open(&taken, THICK * step);
    par::zip(&thick, &hilum, |thick, hilum| *thick && !hilum)
}

fn closed(sides: &Volume<u8>, lung: Lung, radius: f64) -> Mask {
    let own = par::map(sides, |side| *side == lung.label());
    hilum_kernel::fill_holes(&hilum_kernel::close(&own, radius))
}

/// Depth of each voxel of a label map below its outer surface in mm: half a step at the
/// outermost voxels, 0 outside.
pub(crate) fn depth(sides: &Volume<u8>) -> Volume<f32> {
    let outside = par::map(sides, |side| *side == 0);
    hilum_kernel::distance(&outside)
}
