//! CT numbers.

/// A CT number in Hounsfield units: air is -1000, water is 0.
///
/// It is the integer that the scanner wrote (after rescale), so counts,
/// thresholds and percentiles over it are exact, whatever order they are
/// taken in. Where a scanner writes fractions of a unit, [`crate::Ct`] keeps
/// them beside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Hu(pub i16);

impl Hu {
    /// The whole number nearest to `value`, halves away from 0, held to what 16 bits can say.
    pub fn nearest(value: f32) -> Self {
        Self(value.round() as i16)
    }
}

impl From<Hu> for f32 {
    fn from(hu: Hu) -> Self {
        Self::from(hu.0)
    }
}

impl From<Hu> for f64 {
    fn from(hu: Hu) -> Self {
        Self::from(hu.0)
    }
}
