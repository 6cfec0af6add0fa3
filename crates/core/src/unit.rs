//! Units of measurement.

/// The unit of a [`crate::Measurement`]. The set is closed: there are no free-text units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unit {
    /// CT numbers.
    Hounsfield,
    /// Hundredths.
    Percent,
    /// Volume.
    Millilitre,
    /// Mass.
    Gram,
    /// Density of tissue, as in PD15.
    GramPerLitre,
    /// Length.
    Millimetre,
    /// Area.
    SquareMillimetre,
    /// Time.
    Second,
    /// A plain number: skewness, exponents, ratios.
    One,
    /// A number of things.
    Count,
}

impl Unit {
    /// The unit in the Unified Code for Units of Measure.
    pub const fn ucum(self) -> &'static str {
        match self {
            Self::Hounsfield => "[hnsf'U]",
            Self::Percent => "%",
            Self::Millilitre => "ml",
            Self::Gram => "g",
            Self::GramPerLitre => "g/l",
            Self::Millimetre => "mm",
            Self::SquareMillimetre => "mm2",
            Self::Second => "s",
            Self::One => "1",
            Self::Count => "{count}",
        }
    }

    /// The unit as people write it; empty for plain numbers.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Hounsfield => "HU",
            Self::Percent => "%",
            Self::Millilitre => "mL",
            Self::Gram => "g",
            Self::GramPerLitre => "g/L",
            Self::Millimetre => "mm",
            Self::SquareMillimetre => "mm²",
            Self::Second => "s",
            Self::One | Self::Count => "",
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Unit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.ucum())
    }
}
