//! From how far the evidence goes to how often it is right.

use hilum_core::{Pattern, Region};

use crate::rounding::nearest;

/// Slope and offset in log-odds[^platt] from the probability with which a pattern is told to how often it is right: fitted
/// to the voxels of the first three phantoms of each kind to tune on, of which most are normal lung, and looked at on the
/// other three. Nets and cysts are right as often as is told, within what the two halves differ by: they keep what they have.
///
/// [^platt]: Platt (1999), Probabilistic outputs for support vector machines (not checked).
const LINES: [(Pattern, [f32; 2]); 6] = [
    (Pattern::Normal, [0.92, 1.27]),
    (Pattern::GroundGlass, [1.26, 0.28]),
    (Pattern::Reticular, [1.0, 0.0]),
    (Pattern::Honeycombing, [1.0, 0.0]),
    (Pattern::Consolidation, [3.21, -5.33]),
    (Pattern::Emphysema, [1.58, 0.09]),
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
    fn haze_is_right_more_often_than_it_is_sure_and_the_edge_of_airless_lung_less_often() {
        let calibration = Calibration::new();
        assert!(calibration.of(Pattern::GroundGlass, 75) >= 82);
        assert!(calibration.of(Pattern::Consolidation, 76) <= 25);
        assert!((2..99).all(|n| calibration.of(Pattern::Reticular, n) == n), "nets are left alone");
    }
}
