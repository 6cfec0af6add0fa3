//! From how far the evidence goes to how often it is right.

use hilum_core::{Pattern, Region};

use crate::rounding::nearest;

/// Slope and offset in log-odds[^platt] from the probability with which a pattern is told to how often it is right: fitted
/// to the voxels of the first three phantoms of each kind to tune on, of which half is normal lung or more. Nets are told
/// too surely where they are not sure, all else not surely enough.
///
/// [^platt]: Platt (1999), Probabilistic outputs for support vector machines (not checked).
const LINES: [(Pattern, [f32; 2]); 6] = [
    (Pattern::Normal, [1.02, 1.05]),
    (Pattern::GroundGlass, [1.23, 0.46]),
    (Pattern::Reticular, [1.19, -0.64]),
    (Pattern::Honeycombing, [1.10, 0.17]),
    (Pattern::Consolidation, [2.55, -4.20]),
    (Pattern::Emphysema, [1.50, 0.14]),
];
/// Probabilities nearer to 0 or 1 are not told apart.
const SUREST: f32 = 0.001;

/// By label of a pattern and the per cent with which it is told: how often it is right, in per cent.
pub(crate) struct Calibration([[u8; 101]; 7]);

impl Calibration {
    pub(crate) fn new() -> Self {
        let mut table = [[0; 101]; 7];
        for (pattern, line) in LINES {
            let row = &mut table[usize::from(pattern.label())];
            for (value, told) in row.iter_mut().zip(0_u8..) {
                *value = nearest(100.0 * right(line, f32::from(told) / 100.0));
            }
        }
        Self(table)
    }

    /// How often a pattern is right that is told with so many per cent. It changes no pattern, and grows with the per cent.
    pub(crate) fn of(&self, pattern: Pattern, per_cent: u8) -> u8 {
        self.0[usize::from(pattern.label())][usize::from(per_cent.min(100))]
    }
}

/// The probability that comes of another by a line in log-odds.
fn right([slope, offset]: [f32; 2], probability: f32) -> f32 {
    let probability = probability.clamp(SUREST, 1.0 - SUREST);
    let odds = slope * (probability / (1.0 - probability)).ln() + offset;
    1.0 / (1.0 + (-odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_more_surely_is_more_often_right() {
        let calibration = Calibration::new();
        for pattern in Pattern::ALL.iter().copied() {
            let of = |per_cent| calibration.of(pattern, per_cent);
            assert!((0..100).all(|n| of(n) <= of(n + 1)), "{pattern:?}");
            assert!(of(0) < 5 && of(100) > 98, "{pattern:?}");
        }
    }

    #[test]
    fn nets_that_are_not_sure_are_doubted_and_haze_is_not() {
        // Of voxels told as net with 55 per cent, 42 were right; of haze, 66.
        let calibration = Calibration::new();
        assert!(calibration.of(Pattern::Reticular, 55).abs_diff(42) <= 3);
        assert!(calibration.of(Pattern::GroundGlass, 55).abs_diff(66) <= 3);
    }
}
