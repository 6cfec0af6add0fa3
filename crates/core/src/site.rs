//! The parts of the lungs that numbers speak of.

use crate::{Code, Lobe, Region};

/// One lung or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lungs {
    /// Right and left together.
    Both,
    /// The right lung.
    Right,
    /// The left lung.
    Left,
}

/// A third of the lungs from apex to base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Third {
    /// Towards the apex.
    Upper,
    /// Between the two.
    Middle,
    /// Towards the base.
    Lower,
}

/// The region of a [`crate::Measurement`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Site {
    /// One whole lung, or both.
    Whole(Lungs),
    /// A lobe.
    Lobe(Lobe),
    /// A third from apex to base.
    Third(Lungs, Third),
    /// The outer shell of the lung.
    Rind(Lungs),
    /// What the shell encloses.
    Core(Lungs),
    /// The lumen of the trachea.
    Trachea,
}

impl Lungs {
    /// Both, right, left.
    pub const ALL: [Self; 3] = [Self::Both, Self::Right, Self::Left];

    const fn key(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Right => "right",
            Self::Left => "left",
        }
    }

    const fn whole(self) -> &'static str {
        match self {
            Self::Both => "both lungs",
            Self::Right => "right lung",
            Self::Left => "left lung",
        }
    }

    const fn laterality(self) -> Option<Code> {
        match self {
            Self::Both => None,
            Self::Right => Some(Code::new("SCT", "24028007", "Right")),
            Self::Left => Some(Code::new("SCT", "7771000", "Left")),
        }
    }
}

impl Third {
    /// From apex to base.
    pub const ALL: [Self; 3] = [Self::Upper, Self::Middle, Self::Lower];

    const fn key(self) -> &'static str {
        match self {
            Self::Upper => "upper_third",
            Self::Middle => "middle_third",
            Self::Lower => "lower_third",
        }
    }
}

impl Site {
    /// Key in reports: `both_lungs`, `left_upper_lobe`, `right_lower_third`, `both_rind`.
    pub fn key(self) -> String {
        match self {
            Self::Whole(lungs) => lungs.whole().replace(' ', "_"),
            Self::Lobe(lobe) => lobe.key().into(),
            Self::Third(lungs, third) => format!("{}_{}", lungs.key(), third.key()),
            Self::Rind(lungs) => format!("{}_rind", lungs.key()),
            Self::Core(lungs) => format!("{}_core", lungs.key()),
            Self::Trachea => "trachea".into(),
        }
    }

    /// The region as people say it: `upper third of the right lung`.
    pub fn name(self) -> String {
        match self {
            Self::Whole(lungs) => lungs.whole().into(),
            Self::Lobe(lobe) => lobe.key().replace('_', " "),
            Self::Third(lungs, third) => {
                let whole = lungs.whole();
                let the = if lungs == Lungs::Both { "" } else { "the " };
                format!("{} of {the}{whole}", third.key().replace('_', " "))
            }
            Self::Rind(lungs) => format!("rind, {}", lungs.whole()),
            Self::Core(lungs) => format!("core, {}", lungs.whole()),
            Self::Trachea => "trachea".into(),
        }
    }

    /// The anatomical concept: lung, lobe or trachea.
    pub fn code(self) -> Code {
        match self {
            Self::Lobe(lobe) => lobe.code(),
            Self::Trachea => Code::new("SCT", "44567001", "Trachea"),
            _ => Code::new("SCT", "39607008", "Lung"),
        }
    }

    /// Right or left, where the region lies on one side.
    pub fn laterality(self) -> Option<Code> {
        match self {
            Self::Whole(lungs) | Self::Third(lungs, _) | Self::Rind(lungs) | Self::Core(lungs) => {
                lungs.laterality()
            }
            Self::Lobe(Lobe::RightMiddle) | Self::Trachea => None,
            Self::Lobe(Lobe::RightUpper | Lobe::RightLower) => Lungs::Right.laterality(),
            Self::Lobe(Lobe::LeftUpper | Lobe::LeftLower) => Lungs::Left.laterality(),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Site {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_the_contract() {
        let key = |site: Site| site.key();
        assert_eq!(key(Site::Whole(Lungs::Both)), "both_lungs");
        assert_eq!(key(Site::Whole(Lungs::Right)), "right_lung");
        assert_eq!(key(Site::Lobe(Lobe::LeftUpper)), "left_upper_lobe");
        assert_eq!(key(Site::Third(Lungs::Both, Third::Upper)), "both_upper_third");
        assert_eq!(key(Site::Rind(Lungs::Left)), "left_rind");
    }
}
