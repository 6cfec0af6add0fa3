//! Every metric of every region.

use hilum_core::{Ct, Lungs, Measurement, Partition, Quality, Site, Unit};

use crate::metrics::{self, Metric};
use crate::{Error, Histogram, Options, concept, gather};

/// What [`measure`] finds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Density {
    /// Every metric of every region that holds voxels, region by region.
    pub measurements: Vec<Measurement>,
    /// Why numbers are absent, and what the values themselves tell about the scan.
    pub quality: Vec<Quality>,
    /// The values of each region, vessels included, in the order of the partition.
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
    let voxel_ml = partition.grid().voxel_volume() / 1000.0;
    let tables = Tables {
        all: metrics::all(options, voxel_ml),
        parenchyma: metrics::parenchyma(options, voxel_ml),
        vessels: metrics::vessels(voxel_ml),
        has_vessels: (1..=255).any(|part| partition.is_vessel(part)),
    };
    let mut density = Density::default();
    let mut empty = Vec::new();
    for (site, numbers) in partition.sites() {
        let region = Region::new(*site, numbers, partition, &parts);
        if region.all.is_empty() {
            empty.push(site.name());
            continue;
        }
        region.measure(&tables, &mut density);
        density.histograms.push((*site, region.all));
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
    density.quality.extend(crate::acquisition::check_values(&density));
    Ok(density)
}

struct Tables {
    all: Vec<Metric>,
    parenchyma: Vec<Metric>,
    vessels: Metric,
    /// Whether the partition tells vessels apart at all.
    has_vessels: bool,
}

struct Region {
    site: Site,
    all: Histogram,
    parenchyma: Histogram,
    vessels: Histogram,
}

impl Region {
    fn new(site: Site, numbers: &[u8], partition: &Partition, parts: &[Histogram]) -> Self {
        let union = |is_vessel: bool| {
            let chosen = numbers.iter().filter(|part| partition.is_vessel(**part) == is_vessel);
            chosen
                .filter_map(|part| parts.get(usize::from(*part)))
                .fold(Histogram::default(), |sum, part| sum.union(part))
        };
        let (parenchyma, vessels) = (union(false), union(true));
        Self { site, all: parenchyma.union(&vessels), parenchyma, vessels }
    }

    fn measure(&self, tables: &Tables, density: &mut Density) {
        let mut undefined = Vec::new();
        let mut add = |metric: &Metric, histogram: &Histogram| match (metric.value)(histogram)
            .filter(|value| value.is_finite())
        {
            Some(value) => density.measurements.push(self.measurement(metric, value)),
            None => undefined.push(metric.key),
        };
        for metric in &tables.all {
            add(metric, &self.all);
        }
        if tables.has_vessels {
            for metric in tables.parenchyma.iter().filter(|_| !self.parenchyma.is_empty()) {
                add(metric, &self.parenchyma);
            }
            add(&tables.vessels, &self.vessels);
        }
        // Fractions have no mode; one row of `check_values` says so for all regions.
        undefined.retain(|key| *key != "mode_hu");
        if !undefined.is_empty() {
            density.quality.push(self.undefined(&undefined));
        }
    }

    fn undefined(&self, keys: &[&str]) -> Quality {
        let message = format!(
            "{}: {} not defined for {} voxels with values from {} to {} HU, wanted different values",
            self.site.name(),
            keys.join(", "),
            self.all.total(),
            self.all.min().unwrap_or_default(),
            self.all.max().unwrap_or_default()
        );
        Quality::refused("undefined_metric", message)
    }

    fn measurement(&self, metric: &Metric, value: f64) -> Measurement {
        let interval = reproducibility(self.site, metric.key, value);
        Measurement {
            key: metric.key,
            site: self.site,
            value,
            unit: metric.unit,
            concept: metric.concept,
            definition: metric.definition.clone(),
            interval: interval.map(|(interval, _)| interval),
            interval_meaning: interval.map(|(_, meaning)| meaning),
        }
    }
}

const SOURCE: &str = "value ± the reproducibility coefficient between 8 software tools on 50 COPDGene CTs (Inter- and intra-software reproducibility of CT lung density measurements, Med Phys); not the error of this scan";

/// Where other software would put the same number on the same scan, where that is published.
fn reproducibility(site: Site, key: &str, value: f64) -> Option<([f64; 2], &'static str)> {
    if site != Site::Whole(Lungs::Both) {
        return None;
    }
    let around = |half: f64, least: f64, most: f64| {
        ([(value - half).max(least), (value + half).min(most)], SOURCE)
    };
    match key {
        "volume_ml" => Some(around(350.0, 0.0, f64::INFINITY)),
        "laa_950" => Some(around(1.2, 0.0, 100.0)),
        "perc15_hu" | "pd15_g_l" => Some(around(1.8, f64::NEG_INFINITY, f64::INFINITY)),
        _ => None,
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
    let measurement = |key, value, unit, concept| Measurement {
        key,
        site: BOTH,
        value,
        unit,
        concept,
        definition: definition.clone(),
        interval: None,
        interval_meaning: None,
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
