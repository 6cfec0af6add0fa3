//! The metrics of a region: key, unit, concept, definition and how it is computed.

use hilum_core::{Code, Unit};

use crate::{Bound, Histogram, Options, Percentile, concept};

/// Computes a number from a histogram; `None` where it is not defined.
type Value = Box<dyn Fn(&Histogram) -> Option<f64> + Send + Sync>;

/// One metric of one region.
pub(crate) struct Metric {
    pub(crate) key: &'static str,
    pub(crate) unit: Unit,
    pub(crate) concept: Code,
    pub(crate) definition: String,
    pub(crate) value: Value,
}

impl Metric {
    fn new(
        key: &'static str,
        unit: Unit,
        concept: Code,
        definition: impl Into<String>,
        value: impl Fn(&Histogram) -> Option<f64> + Send + Sync + 'static,
    ) -> Self {
        Self { key, unit, concept, definition: definition.into(), value: Box::new(value) }
    }
}

const LOW: [(&str, i16, Code); 8] = [
    ("laa_950", -950, concept::low("LAA950")),
    ("laa_925", -925, concept::low("LAA925")),
    ("laa_910", -910, concept::low("LAA910")),
    ("laa_856", -856, concept::low("LAA856")),
    ("laa_960", -960, concept::low("LAA960")),
    ("laa_905", -905, concept::low("LAA905")),
    ("laa_900", -900, concept::low("LAA900")),
    ("laa_875", -875, concept::low("LAA875")),
];

const HIGH: [(&str, i16, Code); 5] = [
    ("haa_700", -700, concept::high("HAA700")),
    ("haa_600", -600, concept::high("HAA600")),
    ("haa_500", -500, concept::high("HAA500")),
    ("haa_250", -250, concept::high("HAA250")),
    ("haa_0", 0, concept::high("HAA0")),
];

/// All metrics that are measured on the whole lung tissue of a region, vessels included.
pub(crate) fn all(options: &Options, voxel_ml: f64) -> Vec<Metric> {
    let mut metrics = sizes(options, voxel_ml);
    metrics.extend(moments());
    metrics.extend(LOW.map(|(key, hu, code)| low(key, hu, code, options.bound, VESSELS_IN)));
    metrics.extend(HIGH.map(|(key, hu, code)| high(key, hu, code, options.bound)));
    metrics.push(band("haa_600_250", options.bound, VESSELS_IN));
    metrics.extend(percentiles(options));
    metrics
}

/// Says whether a metric of [`all`] is one of any region, not of lung alone.
pub(crate) fn is_general(key: &str) -> bool {
    ["mean_hu", "sd_hu", "median_hu", "min_hu", "max_hu"].contains(&key)
}

/// The main metrics once more without the vessels.
pub(crate) fn parenchyma(options: &Options, voxel_ml: f64) -> Vec<Metric> {
    let percentile = options.percentile;
    vec![
        volume("parenchyma_volume_ml", voxel_ml, "vessels left out"),
        Metric::new(
            "parenchyma_mean_hu",
            Unit::Hounsfield,
            concept::MEAN,
            "mean of voxels, vessels left out",
            Histogram::mean,
        ),
        low("parenchyma_laa_950", -950, concept::low("LAA950P"), options.bound, VESSELS_OUT),
        low("parenchyma_laa_910", -910, concept::low("LAA910P"), options.bound, VESSELS_OUT),
        low("parenchyma_laa_856", -856, concept::low("LAA856P"), options.bound, VESSELS_OUT),
        band("parenchyma_haa_600_250", options.bound, VESSELS_OUT),
        Metric::new(
            "parenchyma_perc15_hu",
            Unit::Hounsfield,
            concept::PERCENTILE_15,
            format!("{}, vessels left out", percentile_text(15, percentile)),
            move |h| h.percentile(0.15, percentile),
        ),
    ]
}

/// The volume of the vessels that were closed into the lung.
pub(crate) fn vessels(voxel_ml: f64) -> Metric {
    Metric {
        concept: concept::VESSELS,
        definition: "voxels of vessels inside the lung × voxel volume".into(),
        ..volume("vessel_volume_ml", voxel_ml, "")
    }
}

const VESSELS_IN: &str = "of all lung voxels, vessels included";
const VESSELS_OUT: &str = "of lung voxels without vessels";

fn volume(key: &'static str, voxel_ml: f64, which: &str) -> Metric {
    let definition = format!("voxels × voxel volume ({:.6} mm³), {which}", voxel_ml * 1000.0);
    Metric::new(key, Unit::Millilitre, concept::VOLUME, definition, move |h| {
        Some(h.total() as f64 * voxel_ml)
    })
}

fn sizes(options: &Options, voxel_ml: f64) -> Vec<Metric> {
    let mass = options.mass;
    let air = |hu: f64| (-hu / 1000.0).clamp(0.0, 1.0);
    let share = move |h: &Histogram, of: &dyn Fn(f64) -> f64| {
        Some(h.mean_of(of)? * h.total() as f64 * voxel_ml)
    };
    vec![
        volume("volume_ml", voxel_ml, "vessels included, trachea and main bronchi left out"),
        Metric::new(
            "mass_g",
            Unit::Gram,
            concept::MASS,
            format!("sum of voxel volume × density, density = {}", mass.formula()),
            move |h| share(h, &|hu| mass.density(hu)),
        ),
        Metric::new(
            "air_volume_ml",
            Unit::Millilitre,
            concept::AIR,
            "sum of voxel volume × -HU/1000, held to 0…1",
            move |h| share(h, &air),
        ),
        Metric::new(
            "tissue_volume_ml",
            Unit::Millilitre,
            concept::TISSUE,
            "volume less air volume (-HU/1000, held to 0…1)",
            move |h| share(h, &|hu| 1.0 - air(hu)),
        ),
    ]
}

fn moments() -> Vec<Metric> {
    use Unit::{Hounsfield, One};
    let metric = |key, unit, code, text: &str, value: fn(&Histogram) -> Option<f64>| {
        Metric::new(key, unit, code, text, value)
    };
    vec![
        metric("mean_hu", Hounsfield, concept::MEAN, "mean of voxels", Histogram::mean),
        metric("sd_hu", Hounsfield, concept::SD, "of the population: √(m2), ÷ n", Histogram::sd),
        metric(
            "median_hu",
            Hounsfield,
            concept::MEDIAN,
            "middle value, or the mean of the two in the middle",
            Histogram::median,
        ),
        metric(
            "mode_hu",
            Hounsfield,
            concept::MODE,
            "most frequent whole HU, least of equals",
            |h| h.mode().filter(|_| h.is_whole()),
        ),
        metric("min_hu", Hounsfield, concept::MIN, "least value", Histogram::min),
        metric("max_hu", Hounsfield, concept::MAX, "greatest value", Histogram::max),
        metric(
            "skewness",
            One,
            concept::SKEWNESS,
            "of the population: m3/m2^1.5",
            Histogram::skewness,
        ),
        metric(
            "kurtosis",
            One,
            concept::KURTOSIS,
            "excess, of the population: m4/m2² - 3 (0 for a Gaussian)",
            Histogram::kurtosis,
        ),
    ]
}

fn low(key: &'static str, hu: i16, code: Code, bound: Bound, which: &str) -> Metric {
    let sign = if bound == Bound::Strict { "<" } else { "<=" };
    let definition = format!("share {which}, {sign} {hu} HU");
    Metric::new(key, Unit::Percent, code, definition, move |h| {
        share(h, h.below(f64::from(hu), bound))
    })
}

fn high(key: &'static str, hu: i16, code: Code, bound: Bound) -> Metric {
    let sign = if bound == Bound::Strict { ">" } else { ">=" };
    let definition = format!("share {VESSELS_IN}, {sign} {hu} HU");
    Metric::new(key, Unit::Percent, code, definition, move |h| {
        share(h, h.above(f64::from(hu), bound))
    })
}

/// The high attenuation areas of interstitial disease.
fn band(key: &'static str, bound: Bound, which: &str) -> Metric {
    let sign = if bound == Bound::Strict { "<" } else { "<=" };
    let code = concept::high("HAA600250");
    let definition = format!("share {which}, -600 {sign} HU {sign} -250");
    Metric::new(key, Unit::Percent, code, definition, move |h| {
        let outside = h.total() - h.above(-600.0, bound) + h.total() - h.below(-250.0, bound);
        share(h, h.total() - outside)
    })
}

fn share(h: &Histogram, count: u64) -> Option<f64> {
    (!h.is_empty()).then(|| 100.0 * count as f64 / h.total() as f64)
}

fn percentiles(options: &Options) -> Vec<Metric> {
    let chosen = options.percentile;
    let metric = |key, code, percent: u8, definition: Percentile| {
        let text = percentile_text(percent, definition);
        Metric::new(key, Unit::Hounsfield, code, text, move |h| {
            h.percentile(f64::from(percent) / 100.0, definition)
        })
    };
    vec![
        metric("perc10_hu", concept::PERCENTILE_10, 10, chosen),
        metric("perc15_hu", concept::PERCENTILE_15, 15, chosen),
        metric("perc15_linear_hu", concept::PERCENTILE_15, 15, Percentile::Linear),
        metric("perc15_histogram_hu", concept::PERCENTILE_15, 15, Percentile::Histogram),
        Metric::new(
            "pd15_g_l",
            Unit::GramPerLitre,
            concept::PD15,
            format!("perc15_hu + 1000; {}", percentile_text(15, chosen)),
            move |h| Some(h.percentile(0.15, chosen)? + 1000.0),
        ),
    ]
}

fn percentile_text(percent: u8, definition: Percentile) -> String {
    match definition {
        Percentile::Interpolated => format!(
            "{percent}th percentile, interpolated within whole HU (h ± 0.5); linear between order statistics where HU are fractions"
        ),
        Percentile::Linear => {
            format!("{percent}th percentile, linear between order statistics at rank (n - 1)p")
        }
        Percentile::Histogram => {
            format!("last whole HU up to which at most {percent} % of voxels lie")
        }
    }
}
