//! When nothing is said, and why.

use hilum_core::{Acquisition, Grid, Quality};

use crate::{Evidence, Facts, Quantity};

/// Why category and subtype are withheld, or read with caution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abstention {
    /// Stable short name.
    pub code: &'static str,
    /// What is withheld for it.
    pub withholds: Withholds,
    /// What was found and what was wanted.
    pub message: String,
}

/// What a reason withholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Withholds {
    /// Nothing; it weakens what is said.
    Nothing,
    /// The subtypes.
    Subtypes,
    /// Category and subtypes.
    Category,
}

impl Withholds {
    /// Key in reports.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Subtypes => "subtypes",
            Self::Category => "category",
        }
    }
}

/// Thickness in mm up to which slices are thin, and beyond which patterns are blurred.
const THIN: [f64; 2] = [1.5, 2.0];
/// Slices this much farther apart than they are thick leave gaps.
const GAP: f64 = 1.1;
/// Below this extent in per cent there is too little to tell subtypes apart.
const LITTLE: f64 = 5.0;
/// Rows of quality that bear on a category, with what they withhold.
const ROWS: [(&str, &str, Withholds); 8] = [
    ("no_breathing", "motion", Withholds::Category),
    ("motion", "motion", Withholds::Category),
    ("slice_gap", "not_volumetric", Withholds::Category),
    ("contrast", "contrast", Withholds::Nothing),
    ("contrast_in_image", "contrast", Withholds::Nothing),
    ("lung_cut_by_stack", "lung_mask", Withholds::Category),
    ("lung_missing", "lung_mask", Withholds::Category),
    ("lungs_swapped", "lung_mask", Withholds::Category),
];

/// Every reason that the acquisition, the quality rows and the evidence give.
pub(crate) fn abstentions(
    grid: &Grid,
    facts: &Facts,
    quality: &[Quality],
    evidence: &Evidence,
) -> Vec<Abstention> {
    let mut found = slices(grid, &facts.acquisition);
    found.extend(facts.normal_hu.and_then(expiration));
    let rows = quality.iter().filter(|row| row.severity != hilum_core::Severity::Info);
    for row in rows {
        if let Some((_, code, withholds)) = ROWS.iter().find(|known| known.0 == row.code) {
            let message = row.message.clone();
            found.push(Abstention { code, withholds: *withholds, message });
        }
    }
    match evidence.number(Quantity::Ild) {
        None => found.push(Abstention {
            code: "patterns_withheld",
            withholds: Withholds::Category,
            message: "the patterns of the lungs are not told, wanted them in at least half of both".into(),
        }),
        Some(number) if number.value < LITTLE => found.push(Abstention {
            code: "little_disease",
            withholds: Withholds::Subtypes,
            message: format!(
                "interstitial disease takes {:.1} % of both lungs, wanted {LITTLE:.0} % before subtypes are told apart",
                number.value
            ),
        }),
        Some(_) => {}
    }
    found.dedup_by_key(|row| row.code);
    found
}

/// Lung without abnormal pattern that is denser than this on average (HU) is not full of air: full
/// inspiration gives about -850, full expiration about -700 (hilum's own limit between).
const EMPTIED: f64 = -740.0;

fn expiration(mean: f64) -> Option<Abstention> {
    (mean > EMPTIED).then(|| Abstention {
        code: "expiration",
        withholds: Withholds::Category,
        message: format!(
            "lung without abnormal pattern has a mean of {mean:.0} HU, wanted {EMPTIED:.0} HU or less: breath is short or expired, which looks like ground glass"
        ),
    })
}

fn slices(grid: &Grid, acquisition: &Acquisition) -> Vec<Abstention> {
    let longest = grid.spacing().into_iter().fold(0.0, f64::max);
    let thickness = acquisition.slice_thickness_mm.filter(|mm| mm.is_finite());
    let thick = thickness.map_or(longest, |mm| mm.max(longest));
    let mut found = Vec::new();
    if thick > THIN[0] {
        let withholds = if thick > THIN[1] { Withholds::Category } else { Withholds::Nothing };
        let message = format!(
            "slices of {thick:.2} mm, wanted {} mm or less; beyond {} mm nothing is categorised",
            THIN[0], THIN[1]
        );
        found.push(Abstention { code: "thick_slices", withholds, message });
    }
    if let Some(mm) = thickness.filter(|mm| longest > GAP * mm) {
        found.push(Abstention {
            code: "not_volumetric",
            withholds: Withholds::Category,
            message: format!("slices {mm:.2} mm thick lie {longest:.2} mm apart, wanted no gap"),
        });
    }
    found
}
