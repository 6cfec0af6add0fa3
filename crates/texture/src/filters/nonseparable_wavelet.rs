//! Wavelets that look at the absolute frequency alone.

use std::f64::consts::PI;

use hilum_core::Volume;
use hilum_kernel::Complex;

use super::continued::{Continued, Wave};
use super::{Filter, Riesz, check_level};
use crate::Error;

/// The shape of an octave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RadialWavelet {
    /// Shannon's: an octave passes whole, the next not at all.
    Shannon,
    /// Simoncelli's: two octaves about a peak, as the cosine of the logarithm (PRT7).
    Simoncelli,
}

/// An octave of absolute frequencies.
///
/// With `ν` the absolute frequency as share of the highest of a line of voxels, and `m = 2^(1-level)`, Shannon's
/// passes `m/2 ≤ ν ≤ m`, Simoncelli's is `cos(π/2 log2(2ν/m))` for `m/4 ≤ ν ≤ m`: the squares of
/// its levels sum to 1 below the peak of the first. The unit of length is the spacing along columns.
///
/// The kernel has no end. An image that is longer than 32 voxels of the level and not periodic is continued by 16 of them
/// at each end; what that cuts off is below 3 thousandths of the largest response for Simoncelli's, about a
/// tenth for Shannon's, and matters near the ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NonSeparableWavelet {
    /// Which shape.
    pub wavelet: RadialWavelet,
    /// Level of the decomposition, from 1 (the finest) on (GCEK).
    pub level: u32,
    /// A Riesz transform of the response.
    pub riesz: Option<Riesz>,
}

impl NonSeparableWavelet {
    /// The share of a frequency that passes, from 0 to 1.
    fn at(self, wave: &Wave) -> f64 {
        let top = 0.5_f64.powi(self.level as i32 - 1);
        let share = wave.norm() / PI / top;
        match self.wavelet {
            RadialWavelet::Shannon if (0.5..=1.0).contains(&share) => 1.0,
            RadialWavelet::Simoncelli if (0.25..=1.0).contains(&share) => {
                (PI / 2.0 * (2.0 * share).log2()).cos()
            }
            _ => 0.0,
        }
    }

    /// The image is continued by 16 voxels of the level.
    pub(super) fn response(
        self,
        image: &Volume<f32>,
        filter: &Filter,
    ) -> Result<Volume<f32>, Error> {
        check_level(self.level)?;
        self.riesz.map_or(Ok(()), |riesz| riesz.check(filter))?;
        let reach = image.grid().spacing().map(|spacing| {
            let unit = image.grid().spacing()[2];
            (f64::from(16 << self.level) * unit / spacing).ceil() as usize
        });
        let continued = Continued::new(image.grid(), filter, reach)?;
        Ok(continued.through(image, filter, |_, wave| {
            let riesz = self.riesz.map_or(Complex::new(1.0, 0.0), |riesz| riesz.at(wave));
            riesz * self.at(wave)
        }))
    }
}
