//! Label maps: numbers on a grid, each with a name.

use std::marker::PhantomData;

use crate::{Code, Error, Grid, Mask, Volume};

/// What a label map can name. Number, key and code stand together in the type; 0 is always
/// "none of them".
pub trait Region: Copy + Eq + 'static {
    /// Every region of this kind.
    const ALL: &'static [Self];

    /// The number in the label map and in files.
    fn label(self) -> u8;

    /// Key in reports and file names.
    fn key(self) -> &'static str;

    /// The anatomical concept.
    fn code(self) -> Code;

    /// The region that a number names.
    fn from_label(label: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|region| region.label() == label)
    }
}

/// The labels of `lungs.nii.gz` and `lungs_anatomical.nii.gz`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lung {
    /// Right lung.
    Right,
    /// Left lung.
    Left,
    /// Trachea and main bronchi.
    Airway,
}

impl Region for Lung {
    const ALL: &'static [Self] = &[Self::Right, Self::Left, Self::Airway];

    fn label(self) -> u8 {
        match self {
            Self::Right => 1,
            Self::Left => 2,
            Self::Airway => 3,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Right => "right_lung",
            Self::Left => "left_lung",
            Self::Airway => "trachea_and_main_bronchi",
        }
    }

    fn code(self) -> Code {
        match self {
            Self::Right | Self::Left => Code::new("SCT", "39607008", "Lung"),
            Self::Airway => Code::new("SCT", "110726009", "Trachea and bronchus"),
        }
    }
}

/// The labels of `lobes.nii.gz`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lobe {
    /// RUL.
    RightUpper,
    /// RML.
    RightMiddle,
    /// RLL.
    RightLower,
    /// LUL, lingula included.
    LeftUpper,
    /// LLL.
    LeftLower,
}

impl Region for Lobe {
    const ALL: &'static [Self] =
        &[Self::RightUpper, Self::RightMiddle, Self::RightLower, Self::LeftUpper, Self::LeftLower];

    fn label(self) -> u8 {
        match self {
            Self::RightUpper => 1,
            Self::RightMiddle => 2,
            Self::RightLower => 3,
            Self::LeftUpper => 4,
            Self::LeftLower => 5,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::RightUpper => "right_upper_lobe",
            Self::RightMiddle => "right_middle_lobe",
            Self::RightLower => "right_lower_lobe",
            Self::LeftUpper => "left_upper_lobe",
            Self::LeftLower => "left_lower_lobe",
        }
    }

    fn code(self) -> Code {
        match self {
            Self::RightUpper | Self::LeftUpper => {
                Code::new("SCT", "45653009", "Upper lobe of lung")
            }
            Self::RightMiddle => Code::new("SCT", "72481006", "Middle lobe of right lung"),
            Self::RightLower | Self::LeftLower => {
                Code::new("SCT", "90572001", "Lower lobe of lung")
            }
        }
    }
}

/// A volume of region numbers, 0 where there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelMap<R> {
    labels: Volume<u8>,
    regions: PhantomData<R>,
}

impl<R: Region> LabelMap<R> {
    /// Takes a volume of numbers as a label map.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownLabel`] if a number other than 0 names no region of `R`.
    pub fn new(labels: Volume<u8>) -> Result<Self, Error> {
        // The greatest label is found many voxels at a time, and mostly tells that there is nothing to be looked for.
        let greatest = labels.as_slice().iter().fold(0, |greatest, label| (*label).max(greatest));
        let unknown = (1..=greatest)
            .filter(|label| R::from_label(*label).is_none())
            .find(|label| labels.as_slice().contains(label));
        match unknown {
            None => Ok(Self { labels, regions: PhantomData }),
            Some(label) => {
                let known: Vec<String> =
                    R::ALL.iter().map(|r| format!("{} {}", r.label(), r.key())).collect();
                Err(Error::UnknownLabel { label, known: known.join(", ") })
            }
        }
    }

    /// A map without any region.
    pub fn empty(grid: &Grid) -> Self {
        Self { labels: Volume::filled(grid, 0), regions: PhantomData }
    }

    /// The numbers.
    pub fn labels(&self) -> &Volume<u8> {
        &self.labels
    }

    /// The numbers without the meaning of them.
    pub fn into_labels(self) -> Volume<u8> {
        self.labels
    }

    /// Where the voxels lie.
    pub fn grid(&self) -> &Grid {
        self.labels.grid()
    }

    /// The region at a voxel.
    ///
    /// # Panics
    ///
    /// If the voxel is outside of the grid.
    pub fn at(&self, voxel: [usize; 3]) -> Option<R> {
        R::from_label(self.labels.at(voxel))
    }

    /// The voxels of one region.
    pub fn mask(&self, region: R) -> Mask {
        self.labels.map(|label| *label == region.label())
    }

    /// Number of voxels of one region.
    pub fn count(&self, region: R) -> u64 {
        self.labels.as_slice().iter().map(|label| u64::from(*label == region.label())).sum()
    }
}
