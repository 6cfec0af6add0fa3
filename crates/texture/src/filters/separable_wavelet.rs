//! Separable wavelets, stationary: nothing is left out between levels.

use hilum_core::Volume;

use super::separable::{self, Separable};
use super::{Filter, Pooling, check_level};
use crate::Error;

/// A wavelet with a kernel of finite length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wavelet {
    /// Haar's, 2 taps.
    Haar,
    /// Daubechies' with two vanishing moments, 4 taps.
    Daubechies2,
    /// Daubechies' with three vanishing moments, 6 taps.
    Daubechies3,
    /// The first coiflet, 6 taps.
    Coiflet1,
}

impl Wavelet {
    /// All.
    pub const ALL: [Self; 4] = [Self::Haar, Self::Daubechies2, Self::Daubechies3, Self::Coiflet1];

    /// The low pass of the decomposition: it sums to `√2`, its squares to 1.
    pub fn low_pass(self) -> Vec<f64> {
        let (numerators, divisor) = match self {
            Self::Haar => (vec![1.0, 1.0], 1.0),
            Self::Daubechies2 => {
                let root = 3.0_f64.sqrt();
                (vec![1.0 - root, 3.0 - root, 3.0 + root, 1.0 + root], 4.0)
            }
            Self::Daubechies3 => {
                let a = 10.0_f64.sqrt();
                let b = (5.0 + 2.0 * a).sqrt();
                let taps = [
                    1.0 + a - b,
                    5.0 + a - 3.0 * b,
                    10.0 - 2.0 * a - 2.0 * b,
                    10.0 - 2.0 * a + 2.0 * b,
                    5.0 + a + 3.0 * b,
                    1.0 + a + b,
                ];
                (taps.to_vec(), 16.0)
            }
            Self::Coiflet1 => {
                let root = 7.0_f64.sqrt();
                let taps = [
                    root - 3.0,
                    1.0 - root,
                    14.0 - 2.0 * root,
                    14.0 + 2.0 * root,
                    5.0 + root,
                    1.0 - root,
                ];
                (taps.to_vec(), 16.0)
            }
        };
        numerators.iter().map(|tap| tap / divisor / 2.0_f64.sqrt()).collect()
    }

    /// The high pass of the decomposition, orthogonal to the low pass.
    pub fn high_pass(self) -> Vec<f64> {
        let low = self.low_pass();
        low.iter()
            .rev()
            .enumerate()
            .map(|(n, tap)| if n.is_multiple_of(2) { -tap } else { *tap })
            .collect()
    }
}

/// Which frequencies along an axis pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Band {
    /// Low ones.
    L,
    /// High ones.
    H,
}

/// A product of low and high passes, named by them: `LLH` is low along columns (`i`) and rows (`j`), high
/// along slices (`k`).
///
/// Up to the level before the last the image goes through low passes alone; from level to level,
/// kernels are spread by zeros (à trous) and the image keeps its voxels.
#[derive(Clone, Debug, PartialEq)]
pub struct SeparableWavelet {
    /// Which wavelet.
    pub wavelet: Wavelet,
    /// Along `i`, `j` and `k`, as in the name; the first two where slices are filtered one by one.
    pub bands: Vec<Band>,
    /// Level of the decomposition, from 1 (the finest) on (GCEK).
    pub level: u32,
    /// Whether responses of all rotations by quarter turns are pooled.
    pub rotations: Option<Pooling>,
}

impl SeparableWavelet {
    /// The first level of a name like `LLH`, without rotations.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for a name that holds something else.
    pub fn named(wavelet: Wavelet, name: &str) -> Result<Self, Error> {
        let band = |letter| match letter {
            'L' => Some(Band::L),
            'H' => Some(Band::H),
            _ => None,
        };
        let bands: Option<Vec<_>> = name.chars().map(band).collect();
        match bands {
            Some(bands) => Ok(Self { wavelet, bands, level: 1, rotations: None }),
            None => Err(Error::setting(format!("bands `{name}`"), "letters L and H, as in LLH")),
        }
    }

    pub(super) fn response(
        &self,
        image: &Volume<f32>,
        filter: &Filter,
    ) -> Result<Volume<f32>, Error> {
        check_level(self.level)?;
        let kernel = |bands: &[Band], level: u32| {
            let taps = |band: &Band| match band {
                Band::L => spread(&self.wavelet.low_pass(), level),
                Band::H => spread(&self.wavelet.high_pass(), level),
            };
            Separable::named(bands.iter().map(taps).collect(), filter.by_slice)
        };
        let lows = vec![Band::L; self.bands.len()];
        let mut cascade: Vec<_> =
            (1..self.level).map(|level| kernel(&lows, level)).collect::<Result<_, _>>()?;
        cascade.push(kernel(&self.bands, self.level)?);
        Ok(separable::response(image, &cascade, filter, self.rotations))
    }
}

/// Taps with zeros between them; a kernel of even length gets a last tap of 0 before, so that each level
/// has its middle at the same voxel.
fn spread(taps: &[f64], level: u32) -> Vec<f64> {
    let step = 1 << (level - 1);
    let odd = taps.len() + usize::from(taps.len().is_multiple_of(2));
    let mut spread = vec![0.0; (odd - 1) * step + 1];
    taps.iter().enumerate().for_each(|(n, tap)| spread[n * step] = *tap);
    spread
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums of products with powers of the place, and with the kernel moved by two.
    fn moment(taps: &[f64], power: i32) -> f64 {
        taps.iter().enumerate().map(|(n, tap)| tap * (n as f64).powi(power)).sum()
    }

    #[test]
    fn passes_are_orthogonal_and_high_ones_have_their_vanishing_moments() {
        for (wavelet, moments) in Wavelet::ALL.into_iter().zip([1, 2, 3, 2]) {
            let (low, high) = (wavelet.low_pass(), wavelet.high_pass());
            assert!((moment(&low, 0) - 2.0_f64.sqrt()).abs() < 1e-12, "{wavelet:?}");
            for step in (0..low.len()).step_by(2) {
                let product = |a: &[f64], b: &[f64]| -> f64 {
                    a[step..].iter().zip(b).map(|(a, b)| a * b).sum()
                };
                let one = if step == 0 { 1.0 } else { 0.0 };
                assert!((product(&low, &low) - one).abs() < 1e-12, "{wavelet:?} {step}");
                assert!((product(&high, &high) - one).abs() < 1e-12, "{wavelet:?} {step}");
                assert!(product(&low, &high).abs() < 1e-12, "{wavelet:?} {step}");
            }
            assert!((0..moments).all(|power| moment(&high, power).abs() < 1e-10), "{wavelet:?}");
            assert!(moment(&high, moments).abs() > 0.1, "{wavelet:?}");
        }
    }
}
