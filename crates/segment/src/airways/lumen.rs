//! From branches to a mask on the voxels of the image.

use hilum_core::{Ct, Lung, Mask, Region};
use hilum_kernel::{Components, Connectivity, par};

use super::course::Places;
use super::edge::to_half_way;
use super::field::{Field, spread};
use super::grow::Grown;
use super::reach::Reach;
use crate::thorax::Thorax;
use crate::upright::Upright;
use crate::window::{bounds, crop, view_mut};

/// The lumen of all branches on the lattice: what hangs together with the trachea.
pub(crate) fn lumen(branches: &[Grown], reach: &Reach, places: &Places, field: &Field) -> Mask {
    let mut lumen = par::copy(&field.trusted);
    for (n, branch) in branches.iter().enumerate() {
        let swept = branch.shells.iter().flatten().map(|(place, _)| *place);
        for place in swept.chain(branch.others.iter().copied()) {
            if reach.holds(n, places.of(place)) {
                lumen.as_mut_slice()[place as usize] = true;
            }
        }
    }
    let components = Components::new(&lumen, Connectivity::Corners);
    match components.largest() {
        Some(largest) => components.mask(|number| number == largest),
        None => lumen,
    }
}

/// The lumen on the voxels of the image, to half-way up its wall.
pub(crate) fn on_image(
    lumen: &Mask,
    field: &Field,
    ct: &Ct,
    thorax: &Thorax,
    upright: &Upright,
) -> Mask {
    let whole = upright.grid();
    let labels = upright.stand(thorax.lungs.labels());
    let window = [0, 1, 2].map(|n| {
        let end = field.first[n] + lumen.grid().shape()[n] * field.factors[n];
        field.first[n]..end.min(whole.shape()[n])
    });
    let spread = spread(lumen, field.factors, &window, whole);
    let mut drawn =
        par::zip(&spread, &labels, |lumen, label| *lumen || *label == Lung::Airway.label());
    if let Some(tight) = bounds(&drawn, |inside| *inside) {
        let room = [0, 1, 2]
            .map(|n| tight[n].start.saturating_sub(4)..(tight[n].end + 4).min(whole.shape()[n]));
        let edged = to_half_way(&crop(&drawn, &room), &crop(&upright.stand(ct.hu()), &room));
        view_mut(&mut drawn, &room).assign(&edged.voxels());
    }
    upright.lay(drawn)
}
