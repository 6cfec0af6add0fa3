//! What is said of fissures and lobes.

use hilum_core::{Code, Lobe, Lungs, Measurement, Quality, Region, Site, Unit, Volume};
use hilum_kernel::par;
use ndarray::Array2;

use crate::lobes::bronchi::{Bronchus, is_above};
use crate::lobes::fissure::Fissure;
use crate::lobes::search::Solved;
use crate::lobes::sheet::Sheet;

/// What is known of one fissure.
#[derive(Clone, Debug, PartialEq)]
pub struct FissureFigures {
    /// Which one.
    pub fissure: Fissure,
    /// The surface that parts the lobes.
    pub sheet: Sheet,
    /// How sure it was seen at each node of the sheet, 0 to 1.
    pub seen: Array2<f32>,
    /// Share of its area in the lung at which a fissure was seen, 0 to 1.
    pub completeness: f64,
    /// Share of its area that is within 3 mm of the true surface, as far as its standard deviations
    /// tell, 0 to 1.
    pub confidence: f64,
    /// Root of the mean variance of its height in mm.
    pub deviation: f64,
}

/// Below this share a fissure counts as unseen, and as incomplete.
const UNSEEN: f64 = 0.15;
const INCOMPLETE: f64 = 0.8;
/// Share of both lungs in per cent: mean and standard deviation in 51 annotated scans.
const SHARES: [(Lobe, [f64; 2]); 5] = [
    (Lobe::RightUpper, [20.3, 4.1]),
    (Lobe::RightMiddle, [9.1, 2.5]),
    (Lobe::RightLower, [23.9, 4.4]),
    (Lobe::LeftUpper, [24.5, 3.4]),
    (Lobe::LeftLower, [22.1, 3.6]),
];
/// Standard deviations from the mean that are worth a word.
const ODD: f64 = 2.5;
/// Distance in mm that confidence speaks of.
const CLOSE: f64 = 3.0;
/// Share of bronchial places in a wrong lobe that is worth a word.
const ASTRAY: f64 = 0.2;

impl FissureFigures {
    pub(crate) fn new(solved: &Solved) -> Self {
        let deviation = solved.sheet.deviation();
        let (mut count, mut close, mut square) = (0.0, 0.0, 0.0);
        for (deviation, _) in deviation.iter().zip(&solved.inside).filter(|(_, inside)| **inside) {
            count += 1.0;
            close += within(CLOSE / deviation);
            square += deviation * deviation;
        }
        let mean = |sum: f64| if count > 0.0 { sum / count } else { 0.0 };
        Self {
            fissure: solved.sheet.fissure(),
            sheet: solved.sheet.clone(),
            seen: solved.seen.clone(),
            completeness: solved.completeness,
            confidence: mean(close),
            deviation: mean(square).sqrt(),
        }
    }

    /// Completeness and confidence as measurements of the lung that the fissure divides.
    pub(crate) fn measurements(&self) -> [Measurement; 2] {
        let [completeness, confidence] = match self.fissure {
            Fissure::RightHorizontal => {
                ["horizontal_fissure_completeness", "horizontal_fissure_confidence"]
            }
            _ => ["oblique_fissure_completeness", "oblique_fissure_confidence"],
        };
        let site = Site::Whole(match self.fissure {
            Fissure::LeftOblique => Lungs::Left,
            _ => Lungs::Right,
        });
        let percent = |key, share: f64, meaning, definition: &str| {
            let concept = Code::new(Code::PRIVATE, key, meaning);
            Measurement::plain(key, site, 100.0 * share, Unit::Percent, concept, definition)
        };
        [
            percent(
                completeness,
                self.completeness,
                "Completeness of fissure",
                "share of the area of the surface between the lobes at which a plate is seen",
            ),
            percent(
                confidence,
                self.confidence,
                "Confidence of fissure",
                "share of that area expected within 3 mm of the true surface",
            ),
        ]
    }
}

/// Probability that a normal deviate lies within `x` standard deviations of its mean (the error
/// function after Abramowitz and Stegun 1964, 7.1.26, to 1.5e-7; not checked).
fn within(x: f64) -> f64 {
    let x = x / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let series = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    1.0 - series.iter().fold(0.0, |sum, c| (sum + c) * t) * (-x * x).exp()
}

/// Rows about fissures that were not, or hardly, seen.
pub(crate) fn fissure_rows(figures: &FissureFigures) -> Vec<Quality> {
    let (name, seen) = (figures.fissure.name(), 100.0 * figures.completeness);
    let (sure, deviation) = (100.0 * figures.confidence, figures.deviation);
    let mut rows = Vec::new();
    if figures.completeness < UNSEEN {
        rows.push(Quality::warning(
            "lobes_from_prior",
            format!("{seen:.0} % of the {name} was seen, wanted {:.0} % or more: the surface is where other people's lie in lungs of this shape, with a standard deviation of {deviation:.0} mm", 100.0 * UNSEEN),
        ));
    } else if figures.completeness < INCOMPLETE {
        rows.push(Quality::info(
            "fissure_incomplete",
            format!("{seen:.0} % of the {name} was seen, wanted {:.0} % or more: the rest was completed from what is seen and from other people's; {sure:.0} % of it is expected within 3 mm", 100.0 * INCOMPLETE),
        ));
    }
    if figures.fissure == Fissure::RightHorizontal && figures.confidence < 0.5 {
        rows.push(Quality::warning(
            "middle_lobe_uncertain",
            format!("{sure:.0} % of the {name} is expected within 3 mm, wanted 50 % or more: numbers of the right middle lobe, and less so of the upper one, may be those of their neighbour"),
        ));
    }
    rows
}

/// Rows about lobes of an odd size. Nothing is said where a lung is missing.
pub(crate) fn volume_rows(lobes: &Volume<u8>) -> Vec<Quality> {
    let counts = counts(lobes);
    let total: f64 = counts.iter().sum();
    if counts[..3].iter().sum::<f64>() == 0.0 || counts[3..].iter().sum::<f64>() == 0.0 {
        return Vec::new();
    }
    let odd = SHARES.iter().zip(counts).filter_map(|((lobe, [mean, deviation]), count)| {
        let share = 100.0 * count / total;
        let [low, high] = [mean - ODD * deviation, mean + ODD * deviation];
        (share < low || share > high).then(|| {
            Quality::warning(
                "lobe_volume",
                format!("the {} makes up {share:.1} % of the lungs, wanted {low:.1} to {high:.1} %: disease, surgery, or a misplaced fissure", lobe.key().replace('_', " ")),
            )
        })
    });
    odd.collect()
}

/// Numbers of voxels of the lobes, in the order of their labels.
fn counts(lobes: &Volume<u8>) -> [f64; 5] {
    let [slices, rows, columns] = lobes.grid().shape();
    let by_slice = par::collect(slices, |k| {
        let slice = &lobes.as_slice()[k * rows * columns..][..rows * columns];
        Lobe::ALL.iter().map(|lobe| count(slice, lobe.label())).collect::<Vec<u64>>()
    });
    std::array::from_fn(|n| by_slice.iter().map(|counts| counts[n]).sum::<u64>() as f64)
}

fn count(labels: &[u8], wanted: u8) -> u64 {
    labels.iter().map(|label| u64::from(*label == wanted)).sum()
}

/// A row about bronchi that do not lie in the lobe that they lead to.
pub(crate) fn bronchus_row(fissures: &[FissureFigures], bronchi: &[Bronchus]) -> Option<Quality> {
    let astray = |bronchus: &&Bronchus| {
        fissures.iter().any(|figures| {
            is_above(bronchus.lobe, figures.fissure)
                .is_some_and(|is_above| (figures.sheet.above(bronchus.point) > 0.0) != is_above)
        })
    };
    let (count, all) = (bronchi.iter().filter(astray).count(), bronchi.len());
    (count as f64 > ASTRAY * all as f64).then(|| {
        Quality::warning(
            "lobe_bronchi",
            format!("{count} of {all} places on lobar and segmental bronchi lie in another lobe than the one they lead to, wanted {:.0} % or fewer", 100.0 * ASTRAY),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn two_thirds_of_deviates_lie_within_one_deviation() {
        assert!((within(1.0) - 0.682_689_5).abs() < 1e-6);
        assert!((within(3.0) - 0.997_300_2).abs() < 1e-6);
        assert!(within(0.0).abs() < 1e-6);
    }
}
