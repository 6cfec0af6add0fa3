//! What every analysis of a chest CT stands on: lungs, airways, vessels, lobes.

use hilum_core::{Ct, LabelMap, Lobe, Measurement, Quality, Volume};
use hilum_segment::{
    AirwayOptions, Airways, LobeOptions, Options, Thorax, VesselOptions, Vessels, airways,
    given_lungs, lobes, thorax, vessels,
};

use crate::Error;
use crate::steps::Steps;

/// How outlines are found, where they are not given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnatomyOptions {
    /// Lungs.
    pub lungs: Options,
    /// Airways.
    pub airways: AirwayOptions,
    /// Vessels.
    pub vessels: VesselOptions,
    /// Lobes.
    pub lobes: LobeOptions,
}

/// Outlines that somebody drew, on the grid of the CT.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Given<'a> {
    pub(crate) lungs: Option<&'a Volume<u8>>,
    pub(crate) lobes: Option<&'a LabelMap<Lobe>>,
}

/// Outlines of one chest, found or given.
#[derive(Clone, Debug)]
pub struct Anatomy {
    /// Lungs with trachea and main bronchi.
    pub thorax: Thorax,
    /// The airway tree.
    pub airways: Airways,
    /// The vessels of the lungs.
    pub vessels: Vessels,
    /// The five lobes.
    pub lobes: LabelMap<Lobe>,
    /// Numbers about the fissures; none where lobes were given.
    pub fissures: Vec<Measurement>,
    /// What a reader must know about the lobes.
    pub lobe_quality: Vec<Quality>,
}

/// Number of steps that [`anatomy`] announces.
pub(crate) const STEPS: usize = 4;

/// Takes outlines that are given and looks for the others.
pub(crate) fn anatomy(
    ct: &Ct,
    given: Given<'_>,
    options: &AnatomyOptions,
    steps: &mut Steps<'_>,
) -> Result<Anatomy, Error> {
    let thorax = steps.step("outlining the lungs", || match given.lungs {
        Some(drawn) => given_lungs(ct, drawn),
        None => thorax(ct, &options.lungs),
    })?;
    let airways = steps.step("following the airways", || airways(ct, &thorax, &options.airways))?;
    let vessels = steps
        .step("following the vessels", || vessels(ct, &thorax, Some(&airways), &options.vessels))?;
    let (lobes, fissures, lobe_quality) = steps.step("dividing the lobes", || {
        if let Some(drawn) = given.lobes {
            ct.require_same(drawn.grid(), "the lobe map")?;
            return Ok((drawn.clone(), Vec::new(), Vec::new()));
        }
        let found = lobes(ct, &thorax, Some(&airways), &options.lobes)?;
        Ok::<_, Error>((found.map, found.measurements, found.quality))
    })?;
    Ok(Anatomy { thorax, airways, vessels, lobes, fissures, lobe_quality })
}

impl Anatomy {
    /// All rows about the outlines.
    pub(crate) fn quality(&self) -> impl Iterator<Item = Quality> {
        let rows = [
            &self.thorax.quality,
            &self.airways.quality,
            &self.vessels.quality,
            &self.lobe_quality,
        ];
        rows.into_iter().flatten().cloned()
    }

    /// All numbers about the outlines themselves.
    pub(crate) fn measurements(&self) -> impl Iterator<Item = Measurement> {
        let rows = [&self.airways.measurements, &self.vessels.measurements, &self.fissures];
        rows.into_iter().flatten().cloned()
    }
}
