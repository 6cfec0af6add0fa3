//! Vessels within the lungs.

mod copy;
mod paint;
mod ridge;
mod rows;

use hilum_core::{Ct, Mask, Measurement, Quality, Volume};
use hilum_kernel::{par, resample_labels};

use crate::airways::Airways;
use crate::error::Error;
use crate::sides::is_lung;
use crate::thorax::Thorax;
use crate::upright::Upright;
use crate::window::view_mut;

use self::copy::Copy;
use self::paint::{Painted, paint};

/// How vessels are looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VesselOptions {
    /// Step in mm of the copy of the lungs on which vessels are looked for; finer images are
    /// averaged, coarser ones interpolated.
    pub step: f64,
}

impl Default for VesselOptions {
    fn default() -> Self {
        Self { step: 1.0 }
    }
}

/// Vessels within the lungs.
#[derive(Clone, Debug, PartialEq)]
pub struct Vessels {
    /// Voxels of the image that are mostly vessel.
    pub mask: Mask,
    /// Radius in mm of the vessel at each voxel of a copy of about a millimetre, 0 where there is
    /// none.
    pub radius: Volume<f32>,
    /// Vessel volumes: all, and those of small cross-section.
    pub measurements: Vec<Measurement>,
    /// What a reader must know about them.
    pub quality: Vec<Quality>,
}

/// Looks for the vessels within the lungs.
///
/// # Errors
///
/// [`Error::Domain`] if the image, `thorax` and `airways` lie on different grids.
pub fn vessels(
    ct: &Ct,
    thorax: &Thorax,
    airways: Option<&Airways>,
    options: &VesselOptions,
) -> Result<Vessels, Error> {
    ct.require_same(thorax.lungs.grid(), "the lungs")?;
    if let Some(airways) = airways {
        ct.require_same(airways.lumen.grid(), "the airways")?;
    }
    let upright = Upright::of(ct.grid());
    let quality = rows::quality(ct.grid().spacing(), airways.is_some());
    let Some(copy) = Copy::of(ct, thorax, &upright, options.step) else {
        let (mask, radius) = (thorax.vessels.clone(), Volume::filled(ct.grid(), 0.0));
        return Ok(Vessels { mask, radius, measurements: Vec::new(), quality });
    };
    let within = within(&copy, airways, &upright);
    let painted = paint(&copy, &ridge::middles(&copy, &within));
    let measurements = rows::measurements(&copy, &painted, within.as_slice());
    let inside = inside(&copy, &painted, &within);
    let radius = par::zip(
        &inside,
        &painted.area,
        |inside, area| {
            if *inside { paint::radius(*area) } else { 0.0 }
        },
    );
    let radius = Volume::from_vec(copy.patient.clone(), radius.into_vec())?;
    let mask = on_image(&copy, &inside, &upright);
    Ok(Vessels { mask, radius, measurements, quality })
}

/// What lies this near to a lumen in mm is wall.
const WALL: f64 = 1.3;

/// Lung, but neither lumen nor wall of a bronchus.
fn within(copy: &Copy, airways: Option<&Airways>, upright: &Upright) -> Mask {
    let Some(airways) = airways else {
        return par::map(&copy.lungs, |label| is_lung(*label));
    };
    let lumen = copy.on_lattice(&upright.stand(&airways.lumen));
    let wall = hilum_kernel::dilate(&lumen, WALL);
    par::zip(&copy.lungs, &wall, |label, wall| is_lung(*label) && !wall)
}

/// Least share of blood of voxels within the surface of a vessel. Less is mostly not vessel: a small
/// bronchus beside its artery, which the voxels are too coarse to tell from it, has about 0.3.
const CORE: f32 = 0.4;

/// Voxels of the lattice within the surface of a vessel, or mostly blood beside it.
fn inside(copy: &Copy, painted: &Painted, within: &Mask) -> Mask {
    par::map_voxels(copy.hu.grid(), |voxel| {
        within.at(voxel)
            && painted.area.at(voxel) > 0.0
            && copy.share.at(voxel) >= if painted.depth.at(voxel) <= 0.0 { CORE } else { 0.5 }
    })
}

/// The nearest voxels of the image.
fn on_image(copy: &Copy, inside: &Mask, upright: &Upright) -> Mask {
    let labels = par::map(inside, |inside| u8::from(*inside));
    let cut = par::map(&resample_labels(&labels, &copy.cut), |label| *label > 0);
    let mut whole = Mask::filled(upright.grid(), false);
    view_mut(&mut whole, &copy.window).assign(&cut.voxels());
    upright.lay(whole)
}
