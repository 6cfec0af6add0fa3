//! Label numbers of other programs.

use hilum_core::{LabelMap, Lobe, Lung, Region, Volume};

use crate::error::Error;

/// Whose numbers a given label map holds.
///
/// | | RUL | RML | RLL | LUL | LLL | right lung | left lung | airway |
/// |---|---|---|---|---|---|---|---|---|
/// | `Hilum` | 1 | 2 | 3 | 4 | 5 | 1 | 2 | 3 |
/// | `Lungmask` | 3 | 4 | 5 | 1 | 2 | 1 | 2 | |
/// | `TotalSegmentator` | 12 | 13 | 14 | 10 | 11 | its lobes | its lobes | 16 |
/// | `Cip` (low byte) | 4 | 5 | 6 | 7 | 8 | 2, its lobes, 12 to 14 | 3, its lobes, 9 to 11 | |
/// | `Lola11` | 20 | 21 | 22 | 10 | 11 | its lobes | its lobes | |
///
/// Lungs and lobes are two files: where both columns hold a 1, the file decides by its role.
/// Numbers of `TotalSegmentator` and `Cip` that name something else than lung are passed over;
/// in the other schemes they are an error. Numbers of TotalSegmentator are those of its second
/// version, the trachea's is from memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// The numbers that hilum writes.
    #[default]
    Hilum,
    /// The networks of lungmask: R231 for lungs, LTRCLobes for lobes.
    Lungmask,
    /// The class map `total` of TotalSegmentator.
    TotalSegmentator,
    /// The conventions of the Chest Imaging Platform: region in the low byte, type in the high one.
    Cip,
    /// The lobes of the LOLA11 challenge.
    Lola11,
}

impl Scheme {
    /// All schemes.
    pub const ALL: [Self; 5] =
        [Self::Hilum, Self::Lungmask, Self::TotalSegmentator, Self::Cip, Self::Lola11];

    /// The scheme as it is typed.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Hilum => "hilum",
            Self::Lungmask => "lungmask",
            Self::TotalSegmentator => "totalsegmentator",
            Self::Cip => "cip",
            Self::Lola11 => "lola11",
        }
    }

    /// A given map of lungs in hilum's numbers: 1 right, 2 left, 3 airway. A map that holds one
    /// number alone is both lungs (of `Cip` only region 1 is), and stays one number; of
    /// `TotalSegmentator` it is what that number names.
    ///
    /// Cost: `O(n)`.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownLabels`] if the map holds numbers that the scheme does not know, or none
    /// that it calls lung.
    pub fn lungs(self, labels: &Volume<u16>) -> Result<Volume<u8>, Error> {
        let found = numbers(labels);
        if let [only] = found[..]
            && self.is_both(only)
        {
            return Ok(labels.map(|label| u8::from(*label > 0)));
        }
        let renumbered = |number| self.lung(number).map(Region::label);
        self.renumbered(labels, &found, "lungs", renumbered)
    }

    /// A given map of lobes.
    ///
    /// Cost: `O(n)`.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownLabels`] if the map holds numbers that the scheme does not know, or none
    /// that it calls a lobe.
    pub fn lobes(self, labels: &Volume<u16>) -> Result<LabelMap<Lobe>, Error> {
        let renumbered = |number| self.lobe(number).map(Region::label);
        let labels = self.renumbered(labels, &numbers(labels), "lobes", renumbered)?;
        Ok(LabelMap::new(labels)?)
    }

    fn renumbered(
        self,
        labels: &Volume<u16>,
        found: &[u16],
        wanted: &'static str,
        number: impl Fn(u16) -> Option<u8>,
    ) -> Result<Volume<u8>, Error> {
        let known = |label: &&u16| number(**label).is_some();
        let count = found.iter().filter(known).count();
        let strict = !matches!(self, Self::TotalSegmentator | Self::Cip);
        if count == 0 || (strict && count < found.len()) {
            let fits = |scheme: &Scheme| found.iter().all(|n| scheme.names(*n, wanted));
            return Err(Error::UnknownLabels {
                wanted,
                scheme: self,
                found: found.to_vec(),
                fitting: Self::ALL.into_iter().filter(fits).collect(),
            });
        }
        let mut table = vec![0; 1 << 16];
        for label in found {
            table[usize::from(*label)] = number(*label).unwrap_or(0);
        }
        Ok(labels.map(|label| table[usize::from(*label)]))
    }

    /// Says whether a map that holds nothing but this number is one of both lungs.
    fn is_both(self, only: u16) -> bool {
        match self {
            Self::Hilum | Self::Lungmask | Self::Lola11 => true,
            Self::Cip => only & 0xff == 1,
            Self::TotalSegmentator => false,
        }
    }

    fn names(self, number: u16, wanted: &str) -> bool {
        match wanted {
            "lobes" => self.lobe(number).is_some(),
            _ => self.lung(number).is_some(),
        }
    }

    fn lobe(self, number: u16) -> Option<Lobe> {
        use Lobe::{LeftLower, LeftUpper, RightLower, RightMiddle, RightUpper};
        let order: [(u16, Lobe); 5] = match self {
            Self::Hilum => return u8::try_from(number).ok().and_then(Lobe::from_label),
            Self::Lungmask => {
                [(1, LeftUpper), (2, LeftLower), (3, RightUpper), (4, RightMiddle), (5, RightLower)]
            }
            Self::TotalSegmentator => [
                (10, LeftUpper),
                (11, LeftLower),
                (12, RightUpper),
                (13, RightMiddle),
                (14, RightLower),
            ],
            Self::Cip => {
                [(4, RightUpper), (5, RightMiddle), (6, RightLower), (7, LeftUpper), (8, LeftLower)]
            }
            Self::Lola11 => [
                (10, LeftUpper),
                (11, LeftLower),
                (20, RightUpper),
                (21, RightMiddle),
                (22, RightLower),
            ],
        };
        let number = if self == Self::Cip { number & 0xff } else { number };
        order.iter().find(|(own, _)| *own == number).map(|(_, lobe)| *lobe)
    }

    fn lung(self, number: u16) -> Option<Lung> {
        match (self, number) {
            (Self::Hilum, number) => u8::try_from(number).ok().and_then(Lung::from_label),
            (Self::Lungmask, 1) => Some(Lung::Right),
            (Self::Lungmask, 2) => Some(Lung::Left),
            (Self::Lungmask, _) => None,
            (Self::TotalSegmentator, TRACHEA) => Some(Lung::Airway),
            (Self::Cip, number) if matches!(number & 0xff, 2 | 12..=14) => Some(Lung::Right),
            (Self::Cip, number) if matches!(number & 0xff, 3 | 9..=11) => Some(Lung::Left),
            (scheme, number) => scheme.lobe(number).map(side),
        }
    }
}

/// The trachea in the class map `total`.
const TRACHEA: u16 = 16;

fn side(lobe: Lobe) -> Lung {
    match lobe {
        Lobe::RightUpper | Lobe::RightMiddle | Lobe::RightLower => Lung::Right,
        Lobe::LeftUpper | Lobe::LeftLower => Lung::Left,
    }
}

/// The numbers other than 0 that occur, rising.
fn numbers(labels: &Volume<u16>) -> Vec<u16> {
    let mut seen = vec![false; 1 << 16];
    labels.as_slice().iter().for_each(|label| seen[usize::from(*label)] = true);
    (1..=u16::MAX).filter(|n| seen[usize::from(*n)]).collect()
}
