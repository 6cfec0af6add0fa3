//! What diseased lung looks like on CT.

use crate::{Code, Region};

/// The patterns of `ild.nii.gz`, in the words of the Fleischner Society's glossary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pattern {
    /// Aerated lung without any of the others.
    Normal,
    /// Denser lung in which vessels can still be seen.
    GroundGlass,
    /// A net of fine lines.
    Reticular,
    /// Stacked cysts that share walls, beneath the pleura.
    Honeycombing,
    /// Airless lung in which vessels can no longer be seen.
    Consolidation,
    /// Lung that was destroyed: low in attenuation, without walls.
    Emphysema,
}

impl Region for Pattern {
    const ALL: &'static [Self] = &[
        Self::Normal,
        Self::GroundGlass,
        Self::Reticular,
        Self::Honeycombing,
        Self::Consolidation,
        Self::Emphysema,
    ];

    fn label(self) -> u8 {
        match self {
            Self::Normal => 1,
            Self::GroundGlass => 2,
            Self::Reticular => 3,
            Self::Honeycombing => 4,
            Self::Consolidation => 5,
            Self::Emphysema => 6,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::GroundGlass => "ground_glass",
            Self::Reticular => "reticular",
            Self::Honeycombing => "honeycombing",
            Self::Consolidation => "consolidation",
            Self::Emphysema => "emphysema",
        }
    }

    fn code(self) -> Code {
        let own = |value, meaning| Code::new(Code::PRIVATE, value, meaning);
        match self {
            Self::Normal => own("ILDNORMAL", "Lung without abnormal pattern"),
            Self::GroundGlass => own("ILDGGO", "Ground glass opacity"),
            Self::Reticular => own("ILDRETIC", "Reticular pattern"),
            Self::Honeycombing => own("ILDHONEY", "Honeycombing"),
            Self::Consolidation => own("ILDCONS", "Consolidation"),
            Self::Emphysema => own("ILDEMPH", "Emphysema"),
        }
    }
}

/// Subtypes of emphysema as the Chest Imaging Platform tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EmphysemaSubtype {
    /// Along the pleura and the septa.
    Paraseptal,
    /// Whole lobules.
    Panlobular,
    /// Small holes in the middle of lobules.
    MildCentrilobular,
    /// More and larger holes.
    ModerateCentrilobular,
    /// Holes that run together.
    SevereCentrilobular,
}

impl Region for EmphysemaSubtype {
    const ALL: &'static [Self] = &[
        Self::Paraseptal,
        Self::Panlobular,
        Self::MildCentrilobular,
        Self::ModerateCentrilobular,
        Self::SevereCentrilobular,
    ];

    fn label(self) -> u8 {
        match self {
            Self::Paraseptal => 1,
            Self::Panlobular => 2,
            Self::MildCentrilobular => 3,
            Self::ModerateCentrilobular => 4,
            Self::SevereCentrilobular => 5,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Paraseptal => "paraseptal",
            Self::Panlobular => "panlobular",
            Self::MildCentrilobular => "mild_centrilobular",
            Self::ModerateCentrilobular => "moderate_centrilobular",
            Self::SevereCentrilobular => "severe_centrilobular",
        }
    }

    fn code(self) -> Code {
        let own = |value, meaning| Code::new(Code::PRIVATE, value, meaning);
        match self {
            Self::Paraseptal => own("EMPHPS", "Paraseptal emphysema"),
            Self::Panlobular => own("EMPHPL", "Panlobular emphysema"),
            Self::MildCentrilobular => own("EMPHCL1", "Mild centrilobular emphysema"),
            Self::ModerateCentrilobular => own("EMPHCL2", "Moderate centrilobular emphysema"),
            Self::SevereCentrilobular => own("EMPHCL3", "Severe centrilobular emphysema"),
        }
    }
}
