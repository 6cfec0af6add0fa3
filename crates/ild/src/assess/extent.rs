//! How much of each region each pattern takes, with an interval.

use hilum_core::{Code, Lungs, Measurement, Pattern, Quality, Site, Unit};

use crate::Number;
use crate::assess::number::DEVIATIONS;
use crate::assess::tally::{Cell, PATTERNS, Tally, place};

/// Patterns that are counted together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Group {
    percent: &'static str,
    millilitres: &'static str,
    code: &'static str,
    meaning: &'static str,
    words: &'static str,
    pub(crate) patterns: &'static [Pattern],
}

const fn group(
    [percent, millilitres, code]: [&'static str; 3],
    [meaning, words]: [&'static str; 2],
    patterns: &'static [Pattern],
) -> Group {
    Group { percent, millilitres, code, meaning, words, patterns }
}

pub(crate) const FIBROSIS: Group = group(
    ["extent_fibrosis_percent", "extent_fibrosis_ml", "ILDXFIB"],
    ["Extent of fibrosis", "reticular pattern or honeycombing"],
    &[Pattern::Reticular, Pattern::Honeycombing],
);
pub(crate) const ILD: Group = group(
    ["extent_ild_percent", "extent_ild_ml", "ILDXALL"],
    [
        "Extent of interstitial disease",
        "ground glass, reticular pattern, honeycombing or consolidation",
    ],
    &[Pattern::GroundGlass, Pattern::Reticular, Pattern::Honeycombing, Pattern::Consolidation],
);

/// Every group, in the order of reports.
pub(crate) const GROUPS: [Group; 8] = [
    ILD,
    FIBROSIS,
    group(
        ["extent_normal_percent", "extent_normal_ml", "ILDXNOR"],
        ["Extent of lung without abnormal pattern", "no abnormal pattern"],
        &[Pattern::Normal],
    ),
    group(
        ["extent_ground_glass_percent", "extent_ground_glass_ml", "ILDXGGO"],
        ["Extent of ground glass opacity", "ground glass"],
        &[Pattern::GroundGlass],
    ),
    group(
        ["extent_reticular_percent", "extent_reticular_ml", "ILDXRET"],
        ["Extent of reticular pattern", "reticular pattern"],
        &[Pattern::Reticular],
    ),
    group(
        ["extent_honeycombing_percent", "extent_honeycombing_ml", "ILDXHON"],
        ["Extent of honeycombing", "honeycombing"],
        &[Pattern::Honeycombing],
    ),
    group(
        ["extent_consolidation_percent", "extent_consolidation_ml", "ILDXCON"],
        ["Extent of consolidation", "consolidation"],
        &[Pattern::Consolidation],
    ),
    group(
        ["extent_emphysema_percent", "extent_emphysema_ml", "ILDXEMP"],
        ["Extent of emphysema", "emphysema"],
        &[Pattern::Emphysema],
    ),
];

/// What the intervals cover.
pub(crate) const MEANING: &str = "95 of 100: the classifier's own doubt, taken as alike within blocks of 15 mm and independent between them, and half a voxel at borders between patterns; not differences between scans, readers or classifiers, and not the outline of the lungs";

/// Share of a region that must be told for an extent to be given.
const TOLD: f64 = 0.5;

/// Counts of a region with what is needed for intervals.
pub(crate) struct Counted {
    blocks: Vec<Cell>,
    sum: Cell,
    /// How frequent each pattern is in both lungs: errors go there in this proportion.
    shares: [f64; PATTERNS],
}

impl Counted {
    pub(crate) fn of(tally: &Tally, site: Site) -> Self {
        let whole = total(&tally.blocks(Site::Whole(Lungs::Both)));
        let told = whole.told().max(1) as f64;
        let blocks = tally.blocks(site);
        let sum = total(&blocks);
        Self { blocks, sum, shares: whole.voxels.map(|voxels| voxels as f64 / told) }
    }

    fn is_told(&self) -> bool {
        let told = self.sum.told() as f64;
        told > 0.0 && told >= TOLD * (told + self.sum.untold as f64)
    }

    /// Share of a group in per cent of what is told.
    pub(crate) fn extent(&self, patterns: &[Pattern]) -> Option<Number> {
        if !self.is_told() {
            return None;
        }
        let told = self.sum.told() as f64;
        let inside = self.voxels(patterns) as f64;
        let variance: f64 =
            self.blocks.iter().map(|block| self.deviation(block, patterns)).map(|d| d * d).sum();
        let half = DEVIATIONS * variance.sqrt();
        // Nothing seen in n independent places leaves 3/n possible (Hanley and Lippman-Hand 1983,
        // doi:10.1001/jama.1983.03330370053031, not checked).
        let least = 3.0 * told / self.blocks.len().max(1) as f64;
        let half = if inside == 0.0 || inside == told { half.max(least.min(told)) } else { half };
        Some(Number { value: 100.0 * inside / told, half: 100.0 * half / told })
    }

    pub(crate) fn voxels(&self, patterns: &[Pattern]) -> u64 {
        patterns.iter().map(|pattern| self.sum.voxels[place(*pattern)]).sum()
    }

    /// Deviation in voxels of the count of a group within one block, all of it in step.
    fn deviation(&self, block: &Cell, patterns: &[Pattern]) -> f64 {
        let inside = |n: usize| patterns.iter().any(|pattern| place(*pattern) == n);
        let share: f64 = (0..PATTERNS).filter(|n| inside(*n)).map(|n| self.shares[n]).sum();
        let mut deviation = 0.0;
        let mut border = 0;
        for n in 0..PATTERNS {
            if inside(n) {
                // What leaves the group; errors within it change nothing.
                let others = (1.0 - self.shares[n]).max(1e-9);
                deviation += block.doubt[n] * ((1.0 - share) / others).clamp(0.0, 1.0).sqrt();
                border += block.border[n];
            } else {
                let others = (1.0 - self.shares[n]).max(1e-9);
                deviation += block.error[n] * (share / others).clamp(0.0, 1.0).sqrt();
            }
        }
        // A border that lies anywhere within a voxel: 1/√12 of it.
        deviation.hypot(border as f64 / 12.0_f64.sqrt())
    }
}

fn total(blocks: &[Cell]) -> Cell {
    blocks.iter().copied().fold(Cell::default(), Cell::plus)
}

/// Extents of every group in every region, and why some are absent.
pub(crate) fn extents(tally: &Tally) -> (Vec<Measurement>, Vec<Quality>) {
    let (mut rows, mut quality) = (Vec::new(), Vec::new());
    for site in tally.sites() {
        let counted = Counted::of(tally, site);
        if !counted.is_told() {
            let message = format!(
                "{}: {} voxels are told a pattern and {} are not, wanted at least half; extents are absent",
                site.name(),
                counted.sum.told(),
                counted.sum.untold
            );
            quality.push(Quality::refused("patterns_untold", message));
            continue;
        }
        for group in GROUPS {
            rows.extend(row(&counted, site, &group, tally.voxel_ml).into_iter().flatten());
        }
    }
    (rows, quality)
}

fn row(counted: &Counted, site: Site, group: &Group, voxel_ml: f64) -> Option<[Measurement; 2]> {
    let number = counted.extent(group.patterns)?;
    let concept = Code::new(Code::PRIVATE, group.code, group.meaning);
    let of = |definition: String, key, value: f64, unit, most: f64, half: f64| Measurement {
        interval: Some([(value - half).max(0.0), (value + half).min(most)]),
        interval_meaning: Some(MEANING),
        ..Measurement::plain(key, site, value, unit, concept, definition)
    };
    let ml = voxel_ml * counted.voxels(group.patterns) as f64;
    let whole = voxel_ml * counted.sum.told() as f64;
    let share = format!(
        "{}: share of the voxels whose pattern is told; vessels and airways aside",
        group.words
    );
    let volume = format!("{}: volume; vessels and airways aside", group.words);
    Some([
        of(share, group.percent, number.value, Unit::Percent, 100.0, number.half),
        of(volume, group.millilitres, ml, Unit::Millilitre, whole, number.half / 100.0 * whole),
    ])
}

#[cfg(test)]
mod tests {
    use hilum_core::Region;

    use super::*;

    #[test]
    fn keys_are_made_of_the_names_of_patterns() {
        for pattern in Pattern::ALL {
            let alone = GROUPS.iter().find(|group| group.patterns == [*pattern]).unwrap();
            assert_eq!(alone.percent, format!("extent_{}_percent", pattern.key()));
        }
    }
}
