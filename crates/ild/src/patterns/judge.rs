//! How probable each pattern is, from what is seen.
//!
//! Questions are asked one after the other, from what is most conspicuous to what is least: airless?
//! honeycombed? destroyed? a net? hazy? Each answer is a logistic function of what was measured beyond
//! a threshold; a pattern's probability is that of the first yes.

use hilum_core::Pattern;

use crate::patterns::airless::AIRLESS;

/// Excess of the density between vessels in HU at which haze counts half: ground glass begins some 100
/// HU above normal lung (-750 where that has -860).
const HAZE: f32 = 85.0;
/// Grain (see [`super::grain`]) at which cysts count half, at slices of 1 mm, and how it falls for each mm more: walls of
/// 1 to 3 mm go far up and the air between them far down (chosen on phantoms to tune on).
const CYSTS: [f32; 2] = [0.21, 0.012];
/// By what share grain may be less beside undoubted cysts.
const BESIDE: f32 = 0.2;
/// Mean density in HU that honeycombing exceeds, air and walls together: 3 to 10 mm of air in walls of 1
/// to 3 mm.
const HEAVY: f32 = -760.0;
/// Grain at which a net counts half, and how it falls for each mm more (chosen on phantoms to tune on).
const NET: [f32; 2] = [0.088, 0.013];
/// Excess in HU of the mean density, lines and all, at which a net counts half: small vessels of healthy lung have grain as
/// well, but do not weigh as much.
const WEIGHT: f32 = 60.0;
/// Share of the strength near by at which haze, and the weight of a net, ends: half, less what the edge of the window takes.
const EDGE: [f32; 2] = [0.45, 0.35];
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
/// Widths of the logistic functions, in the units of their measures (chosen on phantoms so that
/// probabilities are met).
const WIDTHS: Widths =
    Widths { airless: 60.0, haze: 22.0, cysts: 0.02, net: 0.01, weight: 15.0, low: 12.0 };

struct Widths {
    airless: f32,
    haze: f32,
    cysts: f32,
    net: f32,
    weight: f32,
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
    /// Density between vessels that would be normal here, and what is beyond it, in HU.
    pub(crate) normal: f32,
    pub(crate) excess: f32,
    /// What is beyond normal where that is much near by.
    pub(crate) plateau: f32,
    /// Ups and downs of the density.
    pub(crate) grain: f32,
    /// The same where they are great near by.
    pub(crate) grainy: f32,
    /// Mean density around in HU.
    pub(crate) mean: f32,
    /// What a model makes of it: probability of emphysema.
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
    /// For slices of so many mm.
    pub(crate) fn new(thickness: f64, texture: bool) -> Self {
        let more = (thickness as f32 - 1.0).clamp(-0.5, 3.0);
        Self { cysts: CYSTS[0] - CYSTS[1] * more, net: NET[0] - NET[1] * more, texture }
    }

    /// The probabilities of the patterns, in the order of [`Pattern`]; they add up to 1.
    pub(crate) fn probabilities(&self, seen: &Seen) -> [f32; 6] {
        let airless = if seen.airless {
            logistic((seen.smooth - AIRLESS) / WIDTHS.airless + 1.0)
        } else {
            0.0
        };
        let cysts = self.cysts(seen);
        let low = low(seen);
        let net = self.net(seen);
        let haze = logistic((seen.excess - HAZE.max(EDGE[0] * seen.plateau)) / WIDTHS.haze);
        let mut rest = 1.0;
        let mut first = |yes: f32| {
            let share = rest * yes;
            rest -= share;
            share
        };
        let (consolidation, honeycombing, emphysema) = (first(airless), first(cysts), first(low));
        let (reticular, ground_glass) = (first(net), first(haze));
        [rest, ground_glass, reticular, honeycombing, consolidation, emphysema]
    }

    fn cysts(&self, seen: &Seen) -> f32 {
        if !self.texture || seen.mean < HEAVY {
            return 0.0;
        }
        // Beside cysts a window holds less of them: there less will do.
        let beside = ((seen.grainy / self.cysts - 1.0) / 0.15).clamp(0.0, 1.0);
        logistic((seen.grain - self.cysts * (1.0 - BESIDE * beside)) / WIDTHS.cysts)
    }

    fn net(&self, seen: &Seen) -> f32 {
        if !self.texture {
            return 0.0;
        }
        let least = WEIGHT.max(EDGE[1] * seen.plateau);
        let weight = logistic((seen.mean - seen.normal - least) / WIDTHS.weight);
        weight * logistic((seen.grain - self.net) / WIDTHS.net)
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
