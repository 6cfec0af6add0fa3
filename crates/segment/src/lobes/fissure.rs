//! The surfaces between lobes, by name.

use hilum_core::Lung;

/// A surface between two lobes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fissure {
    /// Between the right lower lobe and the other two: the right major fissure.
    RightOblique,
    /// Between the right upper and middle lobe: the minor fissure. It ends at the oblique one.
    RightHorizontal,
    /// Between the left upper and lower lobe: the left major fissure.
    LeftOblique,
}

impl Fissure {
    /// All three; an oblique one always comes before the horizontal one that ends at it.
    pub const ALL: [Self; 3] = [Self::RightOblique, Self::RightHorizontal, Self::LeftOblique];

    /// Key in reports and file names.
    pub fn key(self) -> &'static str {
        match self {
            Self::RightOblique => "right_oblique_fissure",
            Self::RightHorizontal => "right_horizontal_fissure",
            Self::LeftOblique => "left_oblique_fissure",
        }
    }

    /// Name in sentences.
    pub fn name(self) -> &'static str {
        match self {
            Self::RightOblique => "right oblique fissure",
            Self::RightHorizontal => "right horizontal fissure",
            Self::LeftOblique => "left oblique fissure",
        }
    }

    /// The lung that it divides.
    pub fn side(self) -> Lung {
        match self {
            Self::RightOblique | Self::RightHorizontal => Lung::Right,
            Self::LeftOblique => Lung::Left,
        }
    }
}
