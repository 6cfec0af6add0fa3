//! How much changed between two scans of one person.

use hilum_core::Measurement;

/// An extent of an earlier run.
#[derive(Clone, Debug, PartialEq)]
pub struct PriorExtent {
    /// Key of the measurement, e.g. `extent_fibrosis_percent`.
    pub key: String,
    /// Key of the region, e.g. `both_lungs`.
    pub region: String,
    /// The value in per cent.
    pub value: f64,
    /// Its interval, where the earlier run gave one.
    pub interval: Option<[f64; 2]>,
}

/// The change of one extent in one region.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Key of the measurement.
    pub key: &'static str,
    /// Key of the region.
    pub region: String,
    /// Earlier and present value in per cent.
    pub values: [f64; 2],
    /// Difference in points, present less earlier.
    pub difference: f64,
    /// Differences up to this many points are noise: the intervals of both, at least
    /// [`REPEATABILITY`].
    pub noise: f64,
    /// What that means.
    pub verdict: Verdict,
}

/// What a difference means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not larger than noise.
    WithinNoise,
    /// More, by more than noise.
    More,
    /// Less, by more than noise.
    Less,
    /// More by at least [`PROGRESSION`] points, and by more than noise.
    Progression,
}

impl Verdict {
    /// Key in reports.
    pub const fn key(self) -> &'static str {
        match self {
            Self::WithinNoise => "within_noise",
            Self::More => "more",
            Self::Less => "less",
            Self::Progression => "progression",
        }
    }
}

/// Points of fibrosis in both lungs from which on a rise is flagged.
pub const PROGRESSION: f64 = 5.0;
/// Published minimal important difference of a fibrosis score, in points (DTA, ERJ 2018; figures
/// of another program, quoted and not used).
pub const IMPORTANT: [f64; 2] = [3.4, 6.4];
/// Least noise in points: the change that the QLF score takes for real (from memory, not checked).
pub const REPEATABILITY: f64 = 2.0;

/// Matches extents by key and region, and weighs each difference against noise.
///
/// Only percentages are compared; what one of the runs lacks is left out.
pub fn change(prior: &[PriorExtent], present: &[Measurement]) -> Vec<Change> {
    let row = |now: &Measurement| {
        let region = now.site.key();
        let before = prior.iter().find(|row| row.key == now.key && row.region == region)?;
        let half = |interval: Option<[f64; 2]>, value: f64| {
            interval.map_or(0.0, |[low, high]| (value - low).max(high - value))
        };
        let noise = half(now.interval, now.value)
            .hypot(half(before.interval, before.value))
            .max(REPEATABILITY);
        let difference = now.value - before.value;
        let whole = region == "both_lungs" && now.key == "extent_fibrosis_percent";
        let verdict = match difference {
            d if d.abs() <= noise => Verdict::WithinNoise,
            d if d < 0.0 => Verdict::Less,
            d if whole && d >= PROGRESSION => Verdict::Progression,
            _ => Verdict::More,
        };
        Some(Change {
            key: now.key,
            region,
            values: [before.value, now.value],
            difference,
            noise,
            verdict,
        })
    };
    let extents =
        present.iter().filter(|m| m.key.starts_with("extent_") && m.key.ends_with("_percent"));
    extents.filter_map(row).collect()
}
