//! How a patient's body differs from the default adult's.

use hilum_core::Lung;
use nalgebra::Matrix3;

/// Proportions and positions of a body, relative to the default adult.
///
/// Everything within the body follows: lobes, fissures, trees and their truth stay exact.
#[derive(Clone, Debug, PartialEq)]
pub struct Build {
    /// Width, depth and height relative to the default.
    pub proportions: [f64; 3],
    /// Millimetres by which the body leans to the left for each of its height: a shear.
    pub lean: f64,
    /// Sideways bow of the spine and all around it, in mm: to the left in the middle of the chest
    /// and to the right above and below, as in scoliosis. Up to about 10 mm.
    pub bow: f64,
    /// Size of the heart relative to the default.
    pub heart: f64,
    /// How much higher than the default's the right and the left half of the diaphragm stand, in mm,
    /// with everything below them; negative is lower, down to about -20 mm.
    pub domes: [f64; 2],
    /// How far the mediastinum is pushed to the left, in mm; negative is to the right. Up to about 45 mm.
    pub shift: f64,
    /// A lung that was taken out; fluid fills its place.
    pub absent: Option<Lung>,
}

impl Default for Build {
    fn default() -> Self {
        Self {
            proportions: [1.0; 3],
            lean: 0.0,
            bow: 0.0,
            heart: 1.0,
            domes: [0.0; 2],
            shift: 0.0,
            absent: None,
        }
    }
}

impl Build {
    /// The linear part: from places in the model to places in the patient, of size `scale`.
    pub(crate) fn linear(&self, scale: f64) -> Matrix3<f64> {
        let [width, depth, height] = self.proportions.map(|share| share * scale);
        Matrix3::new(width, 0.0, self.lean * height, 0.0, depth, 0.0, 0.0, 0.0, height)
    }
}
