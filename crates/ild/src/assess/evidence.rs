//! What was found in the lungs, as the rules ask for it.

use crate::Number;

/// A number that criteria ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quantity {
    /// Share of both lungs with ground glass, reticular pattern, honeycombing or consolidation, %.
    Ild,
    /// Share with reticular pattern or honeycombing, %.
    Fibrosis,
    /// Share with ground glass, %.
    GroundGlass,
    /// Share with reticular pattern, %.
    Reticular,
    /// Share with honeycombing, %.
    Honeycombing,
    /// Share with consolidation, %.
    Consolidation,
    /// Share with emphysema, %.
    Emphysema,
    /// Ground glass as a share of ground glass and fibrosis, %.
    GroundGlassShare,
    /// (lower - upper) / (lower + upper) of the extents in the thirds, -1 to 1.
    Basal,
    /// (rind - core) / (rind + core), -1 to 1.
    Peripheral,
    /// (deeper - subpleural) / (deeper + subpleural), -1 to 1.
    Sparing,
    /// |right - left| / (right + left), 0 to 1.
    Asymmetry,
    /// Length of bronchi that are pulled open in fibrosis, mm.
    Traction,
    /// Number of lobes with mosaic attenuation.
    Mosaic,
}

impl Quantity {
    /// Every quantity, in the order of reports.
    pub const ALL: [Self; 14] = [
        Self::Ild,
        Self::Fibrosis,
        Self::GroundGlass,
        Self::Reticular,
        Self::Honeycombing,
        Self::Consolidation,
        Self::Emphysema,
        Self::GroundGlassShare,
        Self::Basal,
        Self::Peripheral,
        Self::Sparing,
        Self::Asymmetry,
        Self::Traction,
        Self::Mosaic,
    ];

    /// Key in reports and files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Ild => "ild",
            Self::Fibrosis => "fibrosis",
            Self::GroundGlass => "ground_glass",
            Self::Reticular => "reticular",
            Self::Honeycombing => "honeycombing",
            Self::Consolidation => "consolidation",
            Self::Emphysema => "emphysema",
            Self::GroundGlassShare => "ground_glass_share",
            Self::Basal => "basal_index",
            Self::Peripheral => "peripheral_index",
            Self::Sparing => "sparing_index",
            Self::Asymmetry => "asymmetry_index",
            Self::Traction => "traction_length",
            Self::Mosaic => "mosaic_lobes",
        }
    }

    /// Unit as people write it; empty for plain numbers.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Ild
            | Self::Fibrosis
            | Self::GroundGlass
            | Self::Reticular
            | Self::Honeycombing
            | Self::Consolidation
            | Self::Emphysema
            | Self::GroundGlassShare => "%",
            Self::Traction => "mm",
            Self::Basal | Self::Peripheral | Self::Sparing | Self::Asymmetry | Self::Mosaic => "",
        }
    }
}

/// The numbers that were found, and why others were not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    rows: Vec<(Quantity, Result<Number, String>)>,
}

impl Evidence {
    /// The same with a number, in place of an earlier one.
    #[must_use]
    pub fn with(mut self, quantity: Quantity, number: Number) -> Self {
        self.set(quantity, Ok(number));
        self
    }

    /// The same without a number, for a reason.
    #[must_use]
    pub fn without(mut self, quantity: Quantity, reason: impl Into<String>) -> Self {
        self.set(quantity, Err(reason.into()));
        self
    }

    pub(crate) fn set(&mut self, quantity: Quantity, found: Result<Number, String>) {
        self.rows.retain(|row| row.0 != quantity);
        self.rows.push((quantity, found));
    }

    /// A number, if it was found.
    pub fn number(&self, quantity: Quantity) -> Option<Number> {
        self.rows.iter().find(|row| row.0 == quantity).and_then(|row| row.1.clone().ok())
    }

    /// Why a number was not found.
    pub fn reason(&self, quantity: Quantity) -> Option<&str> {
        match self.rows.iter().find(|row| row.0 == quantity) {
            None => Some("it was not measured"),
            Some((_, Err(reason))) => Some(reason),
            Some(_) => None,
        }
    }
}
