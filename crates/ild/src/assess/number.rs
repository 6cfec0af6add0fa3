//! A number, how far it could be off, and whether it passes a limit.

/// A number of the evidence with the interval in which it lies in 95 of 100 cases, as far as the
/// classifier's own doubt tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// The number, in the unit of its [`crate::Quantity`].
    pub value: f64,
    /// Half the width of its interval, in the same unit.
    pub half: f64,
}

impl Number {
    /// A number without doubt.
    pub const fn exact(value: f64) -> Self {
        Self { value, half: 0.0 }
    }

    /// A number with half the width of its interval.
    pub const fn give_or_take(value: f64, half: f64) -> Self {
        Self { value, half }
    }
}

/// Whether something is so: yes, no, or not to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// It is.
    Met,
    /// It is not.
    Unmet,
    /// It cannot be told.
    Unknown,
}

impl Status {
    /// Both: unmet as soon as one is.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unmet, _) | (_, Self::Unmet) => Self::Unmet,
            (Self::Met, Self::Met) => Self::Met,
            _ => Self::Unknown,
        }
    }

    /// Either: met as soon as one is.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.negated().and(other.negated()).negated()
    }

    /// The opposite; what cannot be told stays so.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Met => Self::Unmet,
            Self::Unmet => Self::Met,
            Self::Unknown => Self::Unknown,
        }
    }

    /// Key in reports.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Unmet => "unmet",
            Self::Unknown => "unknown",
        }
    }
}

/// Standard deviations in half an interval of 95 %.
pub(crate) const DEVIATIONS: f64 = 1.959_964;

/// The share of a normal distribution below `z` standard deviations.
///
/// Abramowitz and Stegun (1964), formula 26.2.17, error below 7.5e-8 (not checked).
pub(crate) fn normal(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z.abs());
    let series = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let sum = series.iter().rev().fold(0.0, |sum, factor| (sum + factor) * t);
    let tail = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt() * sum;
    if z >= 0.0 { 1.0 - tail } else { tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logic_of_three_values_is_that_of_kleene() {
        use Status::{Met, Unknown, Unmet};
        assert_eq!([Met.and(Unknown), Unmet.and(Unknown)], [Unknown, Unmet]);
        assert_eq!([Met.or(Unknown), Unmet.or(Unknown), Unmet.or(Unmet)], [Met, Unknown, Unmet]);
        assert_eq!([Met.negated(), Unknown.negated()], [Unmet, Unknown]);
    }

    #[test]
    fn the_normal_distribution_is_that_of_tables() {
        for (z, share) in [(0.0, 0.5), (1.0, 0.841_344_7), (-1.959_964, 0.025), (3.0, 0.998_650_1)]
        {
            assert!((normal(z) - share).abs() < 1e-6, "{z}");
        }
    }
}
