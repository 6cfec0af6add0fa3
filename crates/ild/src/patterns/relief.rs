//! Thin dense structures: how the density is bent at each voxel.

use hilum_core::Volume;
use hilum_kernel::Hessian;

use crate::patterns::anatomy::Anatomy;
use crate::patterns::frame::Frame;
use crate::rounding::nearest;

/// Scale in mm at which curvature is taken: septa of 1 mm answer best about there.
const SCALE: f64 = 1.0;
/// HU for each step of a stored curvature.
const STEP: f32 = 2.0;
/// Most steps that are stored.
const MOST: f32 = 127.0;
/// Where there is no tissue.
const NOTHING: u16 = 0xff00;
/// Standard deviations in a median of magnitudes, of a Gaussian.
const TO_DEVIATION: f32 = 1.4826;

/// Curvature of ridges at each voxel of the tissue: the strength of a ridge in the lower byte, the
/// middle curvature in the upper one.
pub(crate) struct Relief {
    codes: Volume<u16>,
    /// Curvature in HU that noise alone makes, as a standard deviation.
    pub(crate) noise: f32,
}

impl Relief {
    pub(crate) fn new(frame: &Frame, anatomy: &Anatomy) -> Self {
        let hessian = Hessian::new(&frame.hu, SCALE, Some(&anatomy.tissue));
        let square = (SCALE * SCALE) as f32;
        let codes = hessian.map_eigenvalues(NOTHING, |values| {
            let curvatures = values.map(|value| value * square);
            let middle = nearest(curvatures[1].abs().min(254.0));
            u16::from(code(curvatures)) | u16::from(middle) << 8
        });
        let noise = TO_DEVIATION * median(&codes);
        Self { codes, noise }
    }

    /// Says whether the voxel at a place of the list lies on a ridge of at least such a curvature, in HU.
    pub(crate) fn is_ridge(&self, n: usize, least: f32) -> bool {
        f32::from(self.codes.as_slice()[n] as u8) * STEP >= least
    }
}

/// The eigenvalues, ascending, times the square of the scale.
fn code([low, middle, high]: [f32; 3]) -> u8 {
    let curvature = -low;
    if curvature <= middle.abs() || curvature <= high {
        return 0;
    }
    (curvature / STEP).clamp(0.0, MOST) as u8
}

/// The median of the middle curvatures: septa and vessels are too few to move it far.
fn median(codes: &Volume<u16>) -> f32 {
    let mut counts = [0_u64; 255];
    for code in codes.as_slice().iter().filter(|code| **code < NOTHING) {
        counts[usize::from(*code >> 8)] += 1;
    }
    let half = counts.iter().sum::<u64>() / 2;
    let mut sum = 0;
    let found = counts.iter().position(|count| {
        sum += count;
        sum > half
    });
    found.unwrap_or(0) as f32
}
