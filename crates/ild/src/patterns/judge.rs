//! How probable each pattern is, from what is seen.
//!
//! Questions are asked one after the other, from what is most conspicuous to what is least: airless?
//! honeycombed? destroyed? a net? hazy? Each answer is a logistic function of what was measured beyond
//! a threshold; a pattern's probability is that of the first yes.

use hilum_core::Pattern;

use crate::patterns::airless::AIRLESS;
use crate::patterns::anatomy::DENOISE;

/// Least HU beyond normal at which haze counts half, lines and all (chosen on phantoms to tune on): ground glass begins
/// some 100 HU above normal lung (-750 where that has -860).
const HAZE: f32 = 115.0;
/// Least and most HU beyond normal at which nets count half: the mean of a strong net is still that of lines and meshes.
const WEIGHT: [f32; 2] = [130.0, 180.0];
/// HU that a net may weigh less where its grain is twice what it must be, and the least that it must weigh: healthy lung
/// with small vessels has grain as well, but never so much (chosen on phantoms to tune on).
const GRAINY: f32 = 40.0;
const LIGHTEST: f32 = 100.0;
/// Share of the strength near by at which haze and nets end: half, and what the strongest places weigh more.
const EDGES: [f32; 2] = [0.7, 0.6];
/// Grain (see [`super::grain`]) at which a net counts half at slices of 1 mm, and how it falls for each mm more (chosen on
/// phantoms to tune on).
const NET: [f32; 2] = [0.080, 0.006];
/// Blur in mm, that against noise included, at which these thresholds were chosen. The grain of thin sheets goes with the
/// root of its inverse.
const USUAL: f32 = 0.85;
/// By what share grain must be more where the density climbs towards airless lung.
const CLIMB: f32 = 0.45;
/// Grain, closed cells counted in, at which cysts count half at slices of 1 mm, and how it falls for each mm more (chosen on
/// phantoms to tune on).
const CYSTS: [f32; 2] = [0.25, 0.04];
/// Grain that the share of closed cells is worth, and the share from which on more makes no difference: thick walls of 1 to
/// 3 mm show as grain, thin ones by the air that they close in (chosen on phantoms to tune on).
const CELLS: f32 = 2.0;
const FULL: f32 = 0.05;
/// Mean density in HU that honeycombing exceeds, air and walls together: 3 to 10 mm of air in walls of 1 to 3 mm.
const HEAVY: f32 = -760.0;
/// Density of destroyed lung in HU: air with a remnant of tissue.
const DESTROYED: f32 = -975.0;
/// Share of the way from normal to destroyed lung at which it counts as destroyed: less than half of it, since blur takes
/// more of the depth of a small hole than noise can make.
const SHARE: f32 = 0.4;
/// Thresholds for destroyed lung, whatever is normal: -950 HU is the usual one at thin slices
/// (Gevenois 1996, not checked), for voxels with noise.
const LOW: [f32; 2] = [-955.0, -895.0];
/// Probability of the palest part of a hole.
const LEAST: f32 = 0.6;
/// Widths of the logistic functions, in the units of their measures (chosen on phantoms; what is left is made good by
/// [`super::calibration`]).
const WIDTHS: Widths = Widths { airless: 60.0, sick: 22.0, cysts: 0.025, net: 0.01, low: 12.0 };

struct Widths {
    airless: f32,
    sick: f32,
    cysts: f32,
    net: f32,
    low: f32,
}

/// What is seen at a voxel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    /// Part of a lump of airless lung.
    pub(crate) airless: bool,
    /// Density in HU without most of its noise.
    pub(crate) smooth: f32,
    /// Part of a hole.
    pub(crate) hole: bool,
    /// Density between vessels that would be normal here, and how far the mean around lies beyond it, in HU.
    pub(crate) normal: f32,
    pub(crate) beyond: f32,
    /// How much that is where sick lung ends, in HU.
    pub(crate) border: f32,
    /// Probability of cysts, and of a net, should the lung be sick.
    pub(crate) cysts: f32,
    pub(crate) net: f32,
    /// What a model makes of it: probability of emphysema. Nobody asks but for holes.
    pub(crate) model: Option<f32>,
}

/// Thresholds for one scan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judge {
    cysts: f32,
    net: f32,
    /// Whether the scan shows nets and cysts at all.
    texture: bool,
}

impl Judge {
    /// For slices of so many mm and a blur within them of as many more.
    pub(crate) fn new(thickness: f64, blur: f32, texture: bool) -> Self {
        let more = (thickness as f32 - 1.0).clamp(-0.5, 3.0);
        let sharper = (USUAL / blur.hypot(DENOISE as f32)).sqrt();
        let [net, cysts] = [NET, CYSTS].map(|[least, fall]| (least - fall * more) * sharper);
        Self { cysts, net, texture }
    }

    /// The probabilities of the patterns, in the order of [`Pattern`]; they add up to 1.
    pub(crate) fn probabilities(seen: &Seen) -> [f32; 6] {
        let airless = if seen.airless {
            logistic((seen.smooth - AIRLESS) / WIDTHS.airless + 1.0)
        } else {
            0.0
        };
        let mut rest = 1.0;
        let mut first = |yes: f32| {
            let share = rest * yes;
            rest -= share;
            share
        };
        let (consolidation, honeycombing, emphysema) =
            (first(airless), first(seen.cysts), first(low(seen)));
        let sick = first(logistic((seen.beyond - seen.border) / WIDTHS.sick));
        [rest, sick * (1.0 - seen.net), sick * seen.net, honeycombing, consolidation, emphysema]
    }

    /// Probability of cysts, by grain and the share of closed cells, and by the mean density of a few of them.
    pub(crate) fn cysts(&self, [grain, closed]: [f32; 2], mean: f32) -> f32 {
        if !self.texture || mean < HEAVY {
            return 0.0;
        }
        logistic((grain + CELLS * closed.min(FULL) - self.cysts) / WIDTHS.cysts)
    }

    /// Probability of a net, should the lung be sick, by its grain and by whether the density climbs towards airless lung, 0
    /// to 1.
    pub(crate) fn net(&self, grain: f32, climbs: f32) -> f32 {
        if !self.texture {
            return 0.0;
        }
        logistic((grain - self.net * (1.0 + CLIMB * climbs)) / WIDTHS.net)
    }

    /// HU beyond normal at which sick lung ends where it has a plateau, by its grain and the probability of a net. Small
    /// vessels of healthy lung have grain as well: what is hardly grainy must be denser. Both end where the lung is no longer
    /// as dense as near by.
    pub(crate) fn border(&self, plateau: f32, [grain, net]: [f32; 2]) -> f32 {
        let haze = (EDGES[0] * plateau).max(HAZE);
        let more = (grain / self.net - 1.0).clamp(0.0, 1.0);
        let lines = (EDGES[1] * plateau).clamp(WEIGHT[0], WEIGHT[1]) - GRAINY * more;
        haze + (lines.max(LIGHTEST) - haze) * net
    }
}

/// Density in HU below which lung is destroyed where so much is normal: a share of the way from normal to destroyed.
pub(crate) fn destroyed(normal: f32) -> f32 {
    (normal + SHARE * (DESTROYED - normal)).clamp(LOW[0], LOW[1])
}

/// Probability of destroyed lung. The edge of a hole counts half, its walls little more.
fn low(seen: &Seen) -> f32 {
    if !seen.hole {
        return 0.0;
    }
    let dark = logistic((destroyed(seen.normal) - seen.smooth) / WIDTHS.low).max(LEAST);
    // The model looks at some 2 cm around, the density at the very place: both must speak for it.
    seen.model.map_or(dark, |model| {
        let odds = model / (1.0 - model).max(1e-3) * dark / (1.0 - dark).max(1e-3);
        odds / (1.0 + odds)
    })
}

fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// The most probable pattern, and its probability.
pub(crate) fn most_probable(probabilities: &[f32; 6]) -> (Pattern, f32) {
    const ORDER: [Pattern; 6] = [
        Pattern::Normal,
        Pattern::GroundGlass,
        Pattern::Reticular,
        Pattern::Honeycombing,
        Pattern::Consolidation,
        Pattern::Emphysema,
    ];
    let mut best = (ORDER[0], probabilities[0]);
    for (pattern, probability) in ORDER.into_iter().zip(*probabilities).skip(1) {
        if probability > best.1 {
            best = (pattern, probability);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_net_may_weigh_less_the_grainier_it_is_and_haze_may_not() {
        let judge = Judge::new(1.0, 0.6, true);
        let net = |plateau, times: f32| judge.border(plateau, [times * judge.net, 1.0]);
        assert_eq!([net(250.0, 1.0), net(250.0, 1.5), net(250.0, 2.0)], [150.0, 130.0, 110.0]);
        assert_eq!([net(0.0, 1.0), net(0.0, 3.0)], [WEIGHT[0], LIGHTEST]);
        assert_eq!(judge.border(0.0, [3.0 * judge.net, 0.0]), HAZE);
    }

    #[test]
    fn closed_cells_make_a_net_a_honeycomb_and_darkness_without_weight_does_not() {
        let judge = Judge::new(1.0, 0.6, true);
        assert!(judge.cysts([0.2, 0.0], -650.0) < 0.2, "a net");
        assert!(judge.cysts([0.2, 0.06], -650.0) > 0.8, "thin walls around air");
        assert_eq!(judge.cysts([0.2, 0.06], -850.0), 0.0, "emphysema");
    }
}
