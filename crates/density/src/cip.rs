//! The phenotypes of the Chest Imaging Platform's C++ tool, by its own definitions, so that its
//! published baselines can be compared with.
//!
//! Definitions: CT numbers from -1024 to 1024, thresholds strict, percentiles and median the last
//! whole number up to which at most the share lies, mass (HU + 1000)/1000 g/mL without a floor,
//! moments of the population, kurtosis not reduced by 3. Region = label & 255; thirds and lobes
//! add up to lungs.

use hilum_core::{Ct, Volume};
use hilum_kernel::{HuCounts, par, part_histograms};

use crate::{Bound, Error, Histogram, Percentile};

/// The metrics in the order of [`CipValues::values`], as the tool's table names them.
pub const CIP_METRICS: [&str; 20] = [
    "%Below-950",
    "%Below-925",
    "%Below-910",
    "%Below-905",
    "%Below-900",
    "%Below-875",
    "%Below-856",
    "%Above0",
    "%Above-600",
    "%Above-250",
    "tenthPercentileHU",
    "fifteenthPercentileHU",
    "volume (L)",
    "mass (g)",
    "intensityMean",
    "intensitySTD",
    "skewness",
    "kurtosis",
    "mode",
    "median",
];

/// A region of the tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CipRegion {
    /// Its name in the table of phenotypes.
    pub name: &'static str,
    /// Its name in the table of histograms.
    pub histogram: &'static str,
    /// Region numbers that belong to it; all but 0 where there are none.
    parts: &'static [u8],
}

impl CipRegion {
    /// The 17 regions in the order of the tables.
    pub const ALL: [Self; 17] = [
        Self::new("wholeLung", "WHOLELUNG", &[]),
        Self::new("leftLung", "LEFTLUNG", &[3, 7, 8, 9, 10, 11]),
        Self::new("rightLung", "RIGHTLUNG", &[2, 4, 5, 6, 12, 13, 14]),
        Self::new("lulLung", "LEFTSUPERIORLOBE", &[7]),
        Self::new("lllLung", "LEFTINFERIORLOBE", &[8]),
        Self::new("rulLung", "RIGHTUPPERLOBE", &[4]),
        Self::new("rmlLung", "RIGHTMIDDLELOBE", &[5]),
        Self::new("rllLung", "RIGHTLOWERLOBE", &[6]),
        Self::new("lutLung", "LEFTUPPERTHIRD", &[9]),
        Self::new("lmtLung", "LEFTMIDDLETHIRD", &[10]),
        Self::new("lltLung", "LEFTLOWERTHIRD", &[11]),
        Self::new("rutLung", "RIGHTUPPERTHIRD", &[12]),
        Self::new("rmtLung", "RIGHTMIDDLETHIRD", &[13]),
        Self::new("rltLung", "RIGHTLOWERTHIRD", &[14]),
        Self::new("utLung", "UPPERTHIRD", &[9, 12, 20]),
        Self::new("mtLung", "MIDDLETHIRD", &[10, 13, 21]),
        Self::new("ltLung", "LOWERTHIRD", &[11, 14, 22]),
    ];

    const fn new(name: &'static str, histogram: &'static str, parts: &'static [u8]) -> Self {
        Self { name, histogram, parts }
    }

    fn holds(&self, part: usize) -> bool {
        part != 0 && (self.parts.is_empty() || self.parts.contains(&(part as u8)))
    }

    /// Histogram of the region within the range that the tool counts.
    pub(crate) fn of(&self, parts: &[HuCounts]) -> Histogram {
        let is_counted = |hu: hilum_core::Hu| (-1024..=1024).contains(&hu.0);
        parts
            .iter()
            .enumerate()
            .filter(|(part, _)| self.holds(*part))
            .map(|(_, counts)| Histogram::of_whole(counts, is_counted))
            .fold(Histogram::default(), |sum, part| sum.union(&part))
    }
}

/// The phenotypes of one region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CipValues {
    /// The region.
    pub region: CipRegion,
    /// In the order of [`CIP_METRICS`]; `None` where the definition gives no number.
    pub values: [Option<f64>; 20],
}

/// Counts for each region number, in one pass. CT numbers that are not whole are rounded, as the
/// tool reads them into 16 bits.
pub(crate) fn region_counts(ct: &Ct, labels: &Volume<u16>) -> Result<Vec<HuCounts>, Error> {
    ct.require_same(labels.grid(), "the label map")?;
    let parts = par::map(labels, |label| (label & 255) as u8);
    Ok(part_histograms(ct.hu(), &parts))
}

/// The phenotypes of all 17 regions. O(n) for `n` voxels.
///
/// # Errors
///
/// [`Error::Grid`] if the labels lie on another grid than the image.
pub fn cip_phenotypes(ct: &Ct, labels: &Volume<u16>) -> Result<Vec<CipValues>, Error> {
    let parts = region_counts(ct, labels)?;
    let voxel_ml = ct.grid().voxel_volume() / 1000.0;
    Ok(CipRegion::ALL
        .into_iter()
        .map(|region| CipValues { region, values: values(&region.of(&parts), voxel_ml) })
        .collect())
}

fn values(h: &Histogram, voxel_ml: f64) -> [Option<f64>; 20] {
    let share = |count: u64| (!h.is_empty()).then(|| count as f64 / h.total() as f64 * 100.0);
    let below = |hu: f64| share(h.below(hu, Bound::Strict));
    let above = |hu: f64| share(h.above(hu, Bound::Strict));
    let percentile = |p: f64| h.percentile(p, Percentile::Histogram);
    let volume = h.total() as f64 * voxel_ml;
    let density = h.mean_of(|hu| (hu + 1000.0) / 1000.0).unwrap_or(0.0);
    [
        below(-950.0),
        below(-925.0),
        below(-910.0),
        below(-905.0),
        below(-900.0),
        below(-875.0),
        below(-856.0),
        above(0.0),
        above(-600.0),
        above(-250.0),
        percentile(0.10),
        percentile(0.15),
        Some(volume / 1000.0),
        Some(volume * density),
        h.mean(),
        h.sd(),
        h.skewness(),
        h.kurtosis().map(|excess| excess + 3.0),
        h.mode(),
        percentile(0.5),
    ]
}
