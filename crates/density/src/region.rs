//! The numbers of one region.

use hilum_core::{Lungs, Measurement, Partition, Quality, Site};

use crate::metrics::{self, Metric};
use crate::{Histogram, Options, acquisition};

/// The metrics that are taken of every region.
pub(crate) struct Tables {
    all: Vec<Metric>,
    parenchyma: Vec<Metric>,
    vessels: Metric,
    /// Whether the partition tells vessels apart at all.
    pub(crate) has_vessels: bool,
}

impl Tables {
    pub(crate) fn new(options: &Options, partition: &Partition) -> Self {
        let voxel_ml = partition.grid().voxel_volume() / 1000.0;
        Self {
            all: metrics::all(options, voxel_ml),
            parenchyma: metrics::parenchyma(options, voxel_ml),
            vessels: metrics::vessels(voxel_ml),
            has_vessels: (1..=255).any(|part| partition.is_vessel(part)),
        }
    }
}

/// What one region has to say.
pub(crate) struct Found {
    pub(crate) measurements: Vec<Measurement>,
    pub(crate) quality: Vec<Quality>,
    pub(crate) histogram: Histogram,
}

/// Takes every metric of a region, given the histograms of all parts; `None` where it is empty.
pub(crate) fn measure(
    (site, numbers): &(Site, Vec<u8>),
    partition: &Partition,
    parts: &[Histogram],
    tables: &Tables,
) -> Option<Found> {
    let union = |is_vessel: bool| {
        let chosen = numbers.iter().filter(|part| partition.is_vessel(**part) == is_vessel);
        Histogram::union_of(chosen.filter_map(|part| parts.get(usize::from(*part))))
    };
    let (parenchyma, vessels) = (union(false), union(true));
    let all = parenchyma.union(&vessels);
    if all.is_empty() {
        return None;
    }
    let (mut measurements, mut undefined) = (Vec::new(), Vec::new());
    let mut add = |metric: &Metric, histogram: &Histogram| match (metric.value)(histogram)
        .filter(|value| value.is_finite())
    {
        Some(value) => measurements.push(measurement(*site, metric, value)),
        None => undefined.push(metric.key),
    };
    let is_lung = *site != Site::Trachea;
    for metric in tables.all.iter().filter(|metric| is_lung || metrics::is_general(metric.key)) {
        add(metric, &all);
    }
    if tables.has_vessels && is_lung {
        for metric in tables.parenchyma.iter().filter(|_| !parenchyma.is_empty()) {
            add(metric, &parenchyma);
        }
        add(&tables.vessels, &vessels);
    }
    // Fractions have no mode; one row of `check_values` says so for all regions.
    undefined.retain(|key| *key != "mode_hu");
    let mut quality: Vec<Quality> =
        (!undefined.is_empty()).then(|| not_defined(*site, &undefined, &all)).into_iter().collect();
    if *site == Site::Whole(Lungs::Both) {
        let voxel_ml = partition.grid().voxel_volume() / 1000.0;
        quality.extend(acquisition::check_values(&all, all.total() as f64 * voxel_ml));
    }
    Some(Found { measurements, quality, histogram: all.coarse() })
}

fn not_defined(site: Site, keys: &[&str], all: &Histogram) -> Quality {
    let message = format!(
        "{}: {} not defined for {} voxels with values from {} to {} HU, wanted different values",
        site.name(),
        keys.join(", "),
        all.total(),
        all.min().unwrap_or_default(),
        all.max().unwrap_or_default()
    );
    Quality::refused("undefined_metric", message)
}

fn measurement(site: Site, metric: &Metric, value: f64) -> Measurement {
    let interval = reproducibility(site, metric.key, value);
    Measurement {
        key: metric.key,
        site,
        value,
        unit: metric.unit,
        concept: metric.concept,
        definition: metric.definition.clone(),
        interval,
        interval_meaning: interval.map(|_| SOURCE),
    }
}

const SOURCE: &str = "value ± the reproducibility coefficient between 8 software tools on 50 COPDGene CTs (Inter- and intra-software reproducibility of CT lung density measurements, Med Phys); not the error of this scan";

/// Where other software would put the same number on the same scan, where that is published.
fn reproducibility(site: Site, key: &str, value: f64) -> Option<[f64; 2]> {
    if site != Site::Whole(Lungs::Both) {
        return None;
    }
    let around =
        |half: f64, least: f64, most: f64| [(value - half).max(least), (value + half).min(most)];
    match key {
        "volume_ml" => Some(around(350.0, 0.0, f64::INFINITY)),
        "laa_950" => Some(around(1.2, 0.0, 100.0)),
        "perc15_hu" | "pd15_g_l" => Some(around(1.8, f64::NEG_INFINITY, f64::INFINITY)),
        _ => None,
    }
}
