//! What stands within the lungs: airways, vessels, lobes.

use hilum_core::{Ct, LabelMap, Lobe, Measurement, Quality};
use hilum_segment::{
    AirwayOptions, Airways, LobeOptions, Thorax, VesselOptions, Vessels, airways, lobes, vessels,
};

use crate::Error;
use crate::steps::Steps;

/// How airways, vessels and lobes are outlined.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnatomyOptions {
    /// Airways.
    pub airways: AirwayOptions,
    /// Vessels.
    pub vessels: VesselOptions,
    /// Lobes, where they are not given.
    pub lobes: LobeOptions,
}

/// Airways, vessels and lobes of one chest.
#[derive(Clone, Debug)]
pub struct Anatomy {
    /// The airway tree.
    pub airways: Airways,
    /// The vessels of the lungs.
    pub vessels: Vessels,
    /// The five lobes, found or given.
    pub lobes: LabelMap<Lobe>,
    /// Numbers about airways, vessels and fissures.
    pub measurements: Vec<Measurement>,
    /// What a reader must know about them.
    pub quality: Vec<Quality>,
}

/// Number of steps that [`anatomy`] announces.
pub(crate) const STEPS: usize = 3;

/// Follows airways and vessels, and divides the lobes unless somebody drew them.
pub(crate) fn anatomy(
    ct: &Ct,
    thorax: &Thorax,
    drawn: Option<&LabelMap<Lobe>>,
    options: &AnatomyOptions,
    steps: &mut Steps<'_>,
) -> Result<Anatomy, Error> {
    let airways = steps.step("following the airways", || airways(ct, thorax, &options.airways))?;
    let vessels = steps
        .step("following the vessels", || vessels(ct, thorax, Some(&airways), &options.vessels))?;
    let mut measurements = airways.measurements.clone();
    measurements.extend(vessels.measurements.iter().cloned());
    let mut quality = airways.quality.clone();
    quality.extend(vessels.quality.iter().cloned());
    let lobes = steps.step("dividing the lobes", || {
        if let Some(drawn) = drawn {
            return Ok::<_, Error>(drawn.clone());
        }
        let found = lobes(ct, thorax, Some(&airways), Some(&vessels), &options.lobes)?;
        measurements.extend(found.measurements);
        quality.extend(found.quality);
        Ok(found.map)
    })?;
    Ok(Anatomy { airways, vessels, lobes, measurements, quality })
}
