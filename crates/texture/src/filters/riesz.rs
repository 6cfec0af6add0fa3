//! The Riesz transform (AYRS).

use hilum_core::Volume;
use hilum_kernel::Complex;

use super::Filter;
use super::continued::{Continued, Wave};
use crate::Error;

/// The Riesz transform: derivatives of an order along each axis, of which every frequency has the same size.
///
/// At a frequency `ω` it multiplies by `(-i)^L √(L! / l!) ω^l / |ω|^L` with `L` the sum of the orders `l`;
/// the squares of all transforms of one `L` sum to 1. The mean of the image is lost. Directions
/// are those of the grid's axes, and space is round, whatever the voxels.
///
/// Aligning (steering) it with the structure tensor is not offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Riesz {
    /// Orders `l` along `[k, j, i]`: `[0, 0, 1]` is like a slope along columns.
    pub order: [u32; 3],
}

/// Sums of orders beyond which factorials leave nothing of the digits.
const HIGHEST: u32 = 10;

impl Riesz {
    pub(super) fn check(self, filter: &Filter) -> Result<(), Error> {
        let sum = self.order.iter().fold(0_u32, |sum, order| sum.saturating_add(*order));
        let wanted = match (sum, filter.by_slice && self.order[0] > 0) {
            (_, true) => "none along slices that are filtered one by one",
            (0, _) => "a positive one along an axis",
            (1..=HIGHEST, _) => return Ok(()),
            _ => "orders that sum to at most 10",
        };
        Err(Error::setting(format!("a Riesz transform of orders {:?}", self.order), wanted))
    }

    /// What a frequency is multiplied by.
    pub(super) fn at(self, wave: &Wave) -> Complex {
        let norm = wave.norm();
        if norm == 0.0 {
            return Complex::default();
        }
        let sum: u32 = self.order.iter().sum();
        let ways = factorial(sum) / self.order.map(factorial).iter().product::<f64>();
        let directions = wave.per_unit.iter().zip(self.order);
        let product: f64 =
            directions.map(|(angle, order)| (angle / norm).powi(order as i32)).product();
        Complex::new(0.0, -1.0).powu(sum) * (ways.sqrt() * product)
    }

    /// The image is continued to twice its length, since what the transform sees falls off slowly.
    pub(super) fn response(
        self,
        image: &Volume<f32>,
        filter: &Filter,
    ) -> Result<Volume<f32>, Error> {
        self.check(filter)?;
        let reach = image.grid().shape().map(|length| length.div_ceil(2));
        let continued = Continued::new(image.grid(), filter, reach)?;
        Ok(continued.through(image, filter, |_, wave| self.at(wave)))
    }
}

fn factorial(n: u32) -> f64 {
    (1..=n).map(f64::from).product()
}
