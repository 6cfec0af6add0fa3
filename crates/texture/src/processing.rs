//! How an image becomes one that features are taken of.

use hilum_core::{Grid, Mask};
use hilum_kernel::{Interpolation, par, resample};
use nalgebra::{Matrix3, Vector3};

use crate::{Error, Filter, Roi};

/// How intensities become grey levels `1, 2, …`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Discretisation {
    /// Intensities are grey levels already: whole numbers from 1 on.
    None,
    /// As many bins as given between the lowest and the highest intensity of the region (K15C).
    BinNumber(u32),
    /// Bins of the given width, the first from the lower bound of the re-segmentation range
    /// on, or from the lowest intensity of the region where there is none (Q3RU).
    BinSize(f64),
}

/// How an image and the mask drawn on it are brought onto other voxels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resampling {
    /// Distance of the new centres `[k, j, i]` in mm; `None` along an axis that keeps its own.
    pub spacing: [Option<f64>; 3],
    /// How intensities between centres are found.
    pub interpolation: Interpolation,
    /// Whether intensities are rounded to whole numbers after it, as is right for HU.
    pub round: bool,
}

/// The processing of the standard, in its order: resampling, re-segmentation, filtering, discretisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Processing {
    /// Other voxels, or `None` for those of the image.
    pub resampling: Option<Resampling>,
    /// Intensities that stay in the region, both bounds included (USB3).
    pub range: Option<[f64; 2]>,
    /// Intensities stay that lie within so many standard deviations of the mean (7ACA).
    pub outliers: Option<f64>,
    /// What makes the image a response map, whose intensities features are then taken of. The whole image is
    /// filtered; range and outliers are those of intensities before.
    pub filter: Option<Filter>,
    /// Grey levels of the histogram and the texture matrices.
    pub levels: Discretisation,
    /// Grey levels of the intensity-volume histogram.
    pub volume_levels: Discretisation,
}

impl Default for Processing {
    /// Nothing is done: the image holds grey levels, as the digital phantom does.
    fn default() -> Self {
        Self {
            resampling: None,
            range: None,
            outliers: None,
            filter: None,
            levels: Discretisation::None,
            volume_levels: Discretisation::None,
        }
    }
}

/// A mask that was interpolated keeps the voxels that it covers by half; what rounding takes from
/// a half is given back.
const HALF: f32 = 0.5 - 1e-4;

impl Processing {
    /// Resamples, re-segments and filters a region.
    ///
    /// The mask is interpolated trilinearly, whatever the interpolation of the image. Range and
    /// outliers both look at the region as it is after resampling, and a voxel must pass both.
    ///
    /// Cost: `O(n)` for `n` voxels before and after, which are held at the same time; that of a filter
    /// stands at [`Filter::response`].
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for a spacing, range or multiple that means nothing; those of
    /// [`Filter::response`].
    pub fn apply(&self, roi: &Roi) -> Result<Roi, Error> {
        self.check()?;
        let roi = match &self.resampling {
            Some(resampling) => resampling.apply(roi)?,
            None => roi.clone(),
        };
        let intensity = self.resegmented(&roi);
        let roi = roi.with_intensity(intensity);
        match &self.filter {
            Some(filter) => {
                let response = filter.response(roi.image())?;
                Ok(roi.with_image(response))
            }
            None => Ok(roi),
        }
    }

    /// The range that grey levels begin and end with: that of intensities says nothing of responses.
    pub(crate) fn level_range(&self) -> Option<[f64; 2]> {
        self.range.filter(|_| self.filter.is_none())
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        if let Some([low, high]) = self.range
            && (low.is_nan() || high.is_nan() || low > high)
        {
            return Err(Error::setting(format!("range [{low}, {high}]"), "a lower bound first"));
        }
        if let Some(sigmas) = self.outliers
            && !(sigmas.is_finite() && sigmas > 0.0)
        {
            let found = format!("outliers beyond {sigmas} standard deviations");
            return Err(Error::setting(found, "a positive number"));
        }
        for levels in [self.levels, self.volume_levels] {
            levels.check()?;
        }
        Ok(())
    }

    fn resegmented(&self, roi: &Roi) -> Mask {
        let mut bounds = vec![[f64::NEG_INFINITY, f64::INFINITY]];
        bounds.extend(self.range);
        if let Some(sigmas) = self.outliers {
            let (mean, deviation) = mean_and_deviation(&roi.intensities());
            bounds.push([mean - sigmas * deviation, mean + sigmas * deviation]);
        }
        let low = bounds.iter().map(|b| b[0]).fold(f64::NEG_INFINITY, f64::max);
        let high = bounds.iter().map(|b| b[1]).fold(f64::INFINITY, f64::min);
        par::zip(roi.intensity(), roi.image(), |inside, value| {
            *inside && (low..=high).contains(&f64::from(*value))
        })
    }
}

impl Discretisation {
    fn check(self) -> Result<(), Error> {
        match self {
            Self::BinNumber(0) => Err(Error::setting("0 bins".into(), "at least one")),
            Self::BinSize(width) if !(width.is_finite() && width > 0.0) => {
                Err(Error::setting(format!("bins of width {width}"), "a positive number"))
            }
            _ => Ok(()),
        }
    }
}

impl Resampling {
    fn apply(&self, roi: &Roi) -> Result<Roi, Error> {
        let onto = self.grid(roi.image().grid())?;
        let mut image = resample(roi.image(), &onto, self.interpolation, 0.0);
        if self.round {
            image = par::map(&image, |value| value.round());
        }
        let covered = par::map(roi.morphological(), |inside| f32::from(u8::from(*inside)));
        let covered = resample(&covered, &onto, Interpolation::Linear, 0.0);
        Roi::new(image, par::map(&covered, |share| *share >= HALF))
    }

    /// The new grid has the middle of the old one and covers it.
    fn grid(&self, from: &Grid) -> Result<Grid, Error> {
        let (shape, spacing) = (from.shape(), from.spacing());
        let mut steps = [1.0; 3];
        let mut counts = shape;
        for axis in 0..3 {
            let Some(wanted) = self.spacing[axis] else { continue };
            if !(wanted.is_finite() && wanted > 0.0) {
                let found = format!("a spacing of {wanted} mm");
                return Err(Error::setting(found, "a positive number"));
            }
            steps[axis] = wanted / spacing[axis];
            // Spacings are stored in few digits: 60.0000002 voxels are 60.
            let count = (shape[axis] as f64 / steps[axis] - 1e-4).ceil().max(1.0);
            counts[axis] = count as usize;
        }
        if counts.iter().map(|n| *n as f64).product::<f64>() > MOST_VOXELS {
            let found = format!("{counts:?} voxels after resampling");
            return Err(Error::setting(found, "a spacing that gives at most 2^31 voxels"));
        }
        let first = [0, 1, 2].map(|axis| {
            let middle = (shape[axis] as f64 - 1.0) / 2.0;
            middle - steps[axis] * (counts[axis] as f64 - 1.0) / 2.0
        });
        let axes = from.axes() * Matrix3::from_diagonal(&Vector3::from(steps));
        Ok(Grid::new(counts, from.point(first), axes)?)
    }
}

/// No scan has more.
const MOST_VOXELS: f64 = 2_147_483_648.0;

/// Of nothing: not a number, which no comparison lets pass.
fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    (mean, variance.sqrt())
}

/// A configuration of the standard for its CT of a lung cancer: how that image is processed, and
/// whether textures are taken slice by slice or in the volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Configuration {
    /// Slices as they are, range [-500, 400], bins of 25 HU.
    A,
    /// Slices of 2 mm by 2 mm (bilinear), range [-500, 400], 32 bins.
    B,
    /// Voxels of 2 mm (trilinear), range [-1000, 400], bins of 25 HU, 2.5 HU for the
    /// intensity-volume histogram.
    C,
    /// Voxels of 2 mm (trilinear), 3 standard deviations, 32 bins.
    D,
    /// Voxels of 2 mm (tricubic spline), range [-1000, 400] and 3 standard deviations, 32 bins,
    /// 1000 for the intensity-volume histogram.
    E,
}

impl Configuration {
    /// All five.
    pub const ALL: [Self; 5] = [Self::A, Self::B, Self::C, Self::D, Self::E];

    /// Whether slices are taken one by one.
    pub fn is_by_slice(self) -> bool {
        matches!(self, Self::A | Self::B)
    }

    /// The processing.
    pub fn processing(self) -> Processing {
        let resampling =
            |spacing, interpolation| Some(Resampling { spacing, interpolation, round: true });
        let plane = [None, Some(2.0), Some(2.0)];
        let cubes = [Some(2.0); 3];
        let (resampling, range, outliers) = match self {
            Self::A => (None, Some([-500.0, 400.0]), None),
            Self::B => (resampling(plane, Interpolation::Linear), Some([-500.0, 400.0]), None),
            Self::C => (resampling(cubes, Interpolation::Linear), Some([-1000.0, 400.0]), None),
            Self::D => (resampling(cubes, Interpolation::Linear), None, Some(3.0)),
            Self::E => (resampling(cubes, Interpolation::Cubic), Some([-1000.0, 400.0]), Some(3.0)),
        };
        let levels = match self {
            Self::A | Self::C => Discretisation::BinSize(25.0),
            Self::B | Self::D | Self::E => Discretisation::BinNumber(32),
        };
        let volume_levels = match self {
            Self::A | Self::B | Self::D => Discretisation::None,
            Self::C => Discretisation::BinSize(2.5),
            Self::E => Discretisation::BinNumber(1000),
        };
        Processing { resampling, range, outliers, filter: None, levels, volume_levels }
    }
}
