//! A CT image: whole CT numbers, exact ones where they differ, and what was not measured.

use std::ops::RangeInclusive;

use crate::{Error, Grid, Hu, Volume};

/// A CT image in Hounsfield units.
///
/// Nearly every scanner writes whole numbers, and those are exact in [`Ct::hu`].
/// Where a rescale slope makes fractions, or a value does not fit 16 bits,
/// [`Ct::exact`] holds the very values as well: **measure on `exact` where it is
/// present**, since a threshold applied to rounded numbers counts other voxels.
/// Segmentation and pictures read the rounded ones.
///
/// Voxels that the scanner did not measure (padding outside of the field of
/// view) keep the number the file gives them; [`Ct::is_measured`] tells them apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Ct {
    hu: Volume<Hu>,
    exact: Option<Volume<f32>>,
    padding: Option<RangeInclusive<i16>>,
}

/// No tissue and no air reads lower, whatever the noise; such numbers are a
/// file's way to say "outside".
const LOWEST_MEASURED: i16 = -1500;

impl Ct {
    /// An image of whole numbers, all of them measured unless they lie below -1500 HU.
    pub fn new(hu: Volume<Hu>) -> Self {
        Self { hu, exact: None, padding: None }
    }

    /// An image from real numbers. If all are whole and fit 16 bits, `exact` is dropped.
    pub fn from_exact(exact: Volume<f32>) -> Self {
        let hu = exact.map(|value| Hu::nearest(*value));
        let whole = exact.as_slice().iter().zip(hu.as_slice()).all(|(e, h)| *e == f32::from(*h));
        Self { hu, exact: (!whole).then_some(exact), padding: None }
    }

    /// The same image, in which CT numbers inside `padding` are known as not measured.
    #[must_use]
    pub fn with_padding(self, padding: Option<RangeInclusive<i16>>) -> Self {
        Self { padding, ..self }
    }

    /// The CT numbers, rounded where the scanner's are not whole.
    pub fn hu(&self) -> &Volume<Hu> {
        &self.hu
    }

    /// The very values, where rounding would change any of them.
    pub fn exact(&self) -> Option<&Volume<f32>> {
        self.exact.as_ref()
    }

    /// CT numbers that stand for "not measured", where the file declares any.
    pub fn padding(&self) -> Option<&RangeInclusive<i16>> {
        self.padding.as_ref()
    }

    /// Says whether a CT number of this image is a measurement, not padding.
    pub fn is_measured(&self, hu: Hu) -> bool {
        hu.0 >= LOWEST_MEASURED
            && self.padding.as_ref().is_none_or(|padding| !padding.contains(&hu.0))
    }

    /// Where the voxels lie.
    pub fn grid(&self) -> &Grid {
        self.hu.grid()
    }

    /// Checks that `grid` is the grid of this image.
    ///
    /// # Errors
    ///
    /// [`Error::GridMismatch`] with `role` as the name of the other volume.
    pub fn require_same(&self, grid: &Grid, role: &'static str) -> Result<(), Error> {
        self.grid().require_same(grid, role)
    }
}
