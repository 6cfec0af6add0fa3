//! Names of the branches.

use hilum_core::Lobe;

/// A branch of the airway with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum AirwayLabel {
    /// Windpipe.
    Trachea,
    /// Right main bronchus, to where the upper lobe's begins.
    RightMain,
    /// Left main bronchus, to where it divides into upper and lower lobe's.
    LeftMain,
    /// Right upper lobe bronchus.
    RightUpper,
    /// Intermediate bronchus, to where the middle lobe's begins.
    Intermediate,
    /// Middle lobe bronchus.
    RightMiddle,
    /// Right lower lobe bronchus.
    RightLower,
    /// Left upper lobe bronchus.
    LeftUpper,
    /// Left lower lobe bronchus.
    LeftLower,
    /// Bronchus of the lingula.
    Lingula,
}

impl AirwayLabel {
    /// All labels, from the trachea outwards.
    pub const ALL: [Self; 10] = [
        Self::Trachea,
        Self::RightMain,
        Self::LeftMain,
        Self::RightUpper,
        Self::Intermediate,
        Self::RightMiddle,
        Self::RightLower,
        Self::LeftUpper,
        Self::LeftLower,
        Self::Lingula,
    ];

    /// The only lobe that it leads air to, if there is only one.
    pub const fn lobe(self) -> Option<Lobe> {
        match self {
            Self::Trachea | Self::RightMain | Self::LeftMain | Self::Intermediate => None,
            Self::RightUpper => Some(Lobe::RightUpper),
            Self::RightMiddle => Some(Lobe::RightMiddle),
            Self::RightLower => Some(Lobe::RightLower),
            Self::LeftUpper | Self::Lingula => Some(Lobe::LeftUpper),
            Self::LeftLower => Some(Lobe::LeftLower),
        }
    }

    /// Key in reports and files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Trachea => "trachea",
            Self::RightMain => "right_main_bronchus",
            Self::LeftMain => "left_main_bronchus",
            Self::RightUpper => "right_upper_lobe_bronchus",
            Self::Intermediate => "intermediate_bronchus",
            Self::RightMiddle => "middle_lobe_bronchus",
            Self::RightLower => "right_lower_lobe_bronchus",
            Self::LeftUpper => "left_upper_lobe_bronchus",
            Self::LeftLower => "left_lower_lobe_bronchus",
            Self::Lingula => "lingular_bronchus",
        }
    }
}
