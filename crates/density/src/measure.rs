//! Every metric of every region.

use hilum_core::{Ct, Lungs, Measurement, Partition, Quality, Site, Unit};
use hilum_kernel::par;

use crate::region::{Found, Tables};
use crate::{Error, Histogram, Options, concept, gather, region};

/// What [`measure`] finds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Density {
    /// Every metric of every region that holds voxels, region by region.
    pub measurements: Vec<Measurement>,
    /// Why numbers are absent, and what the values themselves tell about the scan.
    pub quality: Vec<Quality>,
    /// The values of each region, vessels included, in the order of the partition, for a
    /// picture: fractions are counted with the whole number below them.
    pub histograms: Vec<(Site, Histogram)>,
}

impl Density {
    /// One number.
    pub fn value(&self, key: &str, site: Site) -> Option<f64> {
        let found = self.measurements.iter().find(|m| m.key == key && m.site == site);
        found.map(|measurement| measurement.value)
    }
}

/// Measures every region of a partition, in one pass over the image.
///
/// A region that holds no measured voxel has no measurements, and a row in `quality`. Numbers are
/// taken on native voxels and exact values; see the definitions of each.
///
/// Cost: `O(n)` for `n` voxels where Hounsfield units are whole, `O(n log n)` in the voxels of
/// the lungs where they have fractions.
///
/// # Errors
///
/// [`Error::Grid`] if the partition lies on another grid than the image.
pub fn measure(ct: &Ct, partition: &Partition, options: &Options) -> Result<Density, Error> {
    ct.require_same(partition.grid(), "the partition of the lungs")?;
    let parts = gather::histograms(ct, partition);
    let tables = Tables::new(options, partition);
    let sites = partition.sites();
    let found =
        par::collect(sites.len(), |n| region::measure(&sites[n], partition, &parts, &tables));
    let mut density = Density::default();
    let mut empty = Vec::new();
    for ((site, _), found) in sites.iter().zip(found) {
        match found {
            Some(found) => density.add(*site, found),
            None => empty.push(site.name()),
        }
    }
    if !empty.is_empty() {
        density.quality.push(Quality::refused(
            "empty_region",
            format!("no measured voxel, wanted at least 1: {}", empty.join("; ")),
        ));
    }
    if !tables.has_vessels {
        let message =
            "no vessels are told apart inside the lungs: numbers without vessels are absent";
        density.quality.push(Quality::info("vessels_unknown", message));
    }
    adjust(options, &mut density);
    Ok(density)
}

impl Density {
    fn add(&mut self, site: Site, found: Found) {
        self.measurements.extend(found.measurements);
        self.quality.extend(found.quality);
        self.histograms.push((site, found.histogram));
    }
}

/// Perc15 as it would be at the reference volume, if the lung were a sponge that holds its mass.
fn adjust(options: &Options, density: &mut Density) {
    const BOTH: Site = Site::Whole(Lungs::Both);
    let Some(reference) = &options.reference_volume else { return };
    let (volume, pd15) = (density.value("volume_ml", BOTH), density.value("pd15_g_l", BOTH));
    let (Some(volume), Some(pd15)) = (volume, pd15) else { return };
    if !(reference.millilitres.is_finite() && reference.millilitres > 0.0) {
        let found = format!("reference volume is {} mL, wanted more than 0", reference.millilitres);
        density.quality.push(Quality::refused("reference_volume", found));
        return;
    }
    let adjusted = pd15 * volume / reference.millilitres;
    let definition = format!(
        "(perc15_hu + 1000) × volume_ml / {} mL ({}), sponge model; the formula is from memory, not checked",
        reference.millilitres, reference.source
    );
    let measurement = |key, value, unit, concept| {
        Measurement::plain(key, BOTH, value, unit, concept, definition.clone())
    };
    density.measurements.extend([
        measurement("pd15_adjusted_g_l", adjusted, Unit::GramPerLitre, concept::ADJUSTED_PD15),
        measurement(
            "perc15_adjusted_hu",
            adjusted - 1000.0,
            Unit::Hounsfield,
            concept::ADJUSTED_15,
        ),
    ]);
}
