//! What the outline of a lung closes in: vessels, nodules at the pleura, masses inside.

use hilum_core::{Lung, Mask, Region, Volume};
use hilum_kernel::par;

/// The outlines of both lungs on the coarse grid.
pub(crate) struct Outline {
    /// Side of each voxel that lies in an outline.
    pub(crate) sides: Volume<u8>,
    /// Depth in mm below the outline; 0 outside.
    pub(crate) depth: Volume<f32>,
}

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
    Outline { sides: closed, depth }
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
