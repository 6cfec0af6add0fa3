//! Convolutional filters, from an image to a response map.

mod continued;
mod gabor;
mod laplacian_of_gaussian;
mod laws;
mod mean;
mod nonseparable_wavelet;
mod pooling;
mod riesz;
mod separable;
mod separable_wavelet;
mod turns;

use hilum_core::Volume;
use hilum_kernel::Boundary;

use crate::Error;
use crate::roi::require_finite;

pub use gabor::{Gabor, GaborResponse, Orientation};
pub use laplacian_of_gaussian::LaplacianOfGaussian;
pub use laws::{Laws, LawsKernel};
pub use mean::Mean;
pub use nonseparable_wavelet::{NonSeparableWavelet, RadialWavelet};
pub use pooling::Pooling;
pub use riesz::Riesz;
pub use separable_wavelet::{Band, SeparableWavelet, Wavelet};

/// A convolutional filter of the standard's second part[^manual].
///
/// What a filter has as a length is in mm. Where the standard counts in voxels (supports of kernels, levels
/// of wavelets, the unit of derivatives), it takes voxels to be cubes: resample first.
///
/// ```
/// use hilum_core::{Grid, Mask, Volume};
/// use hilum_texture::{Family, Filter, Kernel, Laws, Options, Pooling, Processing, Roi, features};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let grid = Grid::axial([8, 8, 8], [1.0; 3])?;
/// let stripes = Volume::from_fn(&grid, |[_, _, i]| (i / 2 % 2) as f32);
/// let edges = Laws { rotations: Some(Pooling::Maximum), energy: Some(1), ..Laws::named("L3L3E3")? };
/// let processing =
///     Processing { filter: Some(Filter::new(Kernel::Laws(edges))), ..Processing::default() };
/// let options = Options { processing, families: vec![Family::Statistics], ..Options::default() };
/// let found = features(&Roi::new(stripes, Mask::filled(&grid, true))?, &options)?;
/// assert!(found[0].tag() == "stat_mean" && found[0].value > Some(0.5));
/// # Ok(())
/// # }
/// ```
///
/// [^manual]: Whybra et al. (2024), The Image Biomarker Standardization Initiative: standardized
///     convolutional filters for reproducible radiomics and enhanced clinical insights. Radiology 310(2),
///     doi:10.1148/radiol.231319 (not checked); Depeursinge et al., Standardised convolutional filtering for
///     radiomics, arXiv:2006.05470 (not checked).
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// What the image is convolved with.
    pub kernel: Kernel,
    /// Whether each slice is filtered by itself, in two dimensions.
    pub by_slice: bool,
    /// How the image goes on beyond its ends.
    pub boundary: Boundary,
}

/// What an image is convolved with.
#[derive(Clone, Debug, PartialEq)]
pub enum Kernel {
    /// The mean of a cube (S60F).
    Mean(Mean),
    /// Blobs and edges of one size (L6PA).
    LaplacianOfGaussian(LaplacianOfGaussian),
    /// Products of short kernels that Laws named, and their energy (JTXT).
    Laws(Laws),
    /// Waves of one length and orientation (Q88H).
    Gabor(Gabor),
    /// Products of the high and low passes of a wavelet.
    SeparableWavelet(SeparableWavelet),
    /// An octave of frequencies, whatever their direction.
    NonSeparableWavelet(NonSeparableWavelet),
    /// The Riesz transform by itself (AYRS).
    Riesz(Riesz),
}

impl Filter {
    /// In the volume, with the image mirrored at its ends.
    pub fn new(kernel: Kernel) -> Self {
        Self { kernel, by_slice: false, boundary: Boundary::Mirror }
    }

    /// The response map, on the grid of the image.
    ///
    /// Cost: kernels that are products along axes take `O(n m)` for `n` voxels and kernels of `m` voxels along
    /// an axis, and hold three volumes at most; the others take `O(n log n)` by Fourier transform, and 16 bytes (32
    /// for [`Gabor`]) for each voxel of the continued image, by slice of 16 slices of it at a time. The same bits on any
    /// number of threads.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for a parameter that means nothing, or an image that is too large for its
    /// Fourier transform; [`Error::NotFinite`] if a voxel of the image, or of the response, is NaN or
    /// infinite.
    pub fn response(&self, image: &Volume<f32>) -> Result<Volume<f32>, Error> {
        require_finite(image)?;
        let response = match &self.kernel {
            Kernel::Mean(kernel) => kernel.response(image, self),
            Kernel::LaplacianOfGaussian(kernel) => kernel.response(image, self),
            Kernel::Laws(kernel) => kernel.response(image, self),
            Kernel::Gabor(kernel) => kernel.response(image, self),
            Kernel::SeparableWavelet(kernel) => kernel.response(image, self),
            Kernel::NonSeparableWavelet(kernel) => kernel.response(image, self),
            Kernel::Riesz(kernel) => kernel.response(image, self),
        }?;
        require_finite(&response)?;
        Ok(response)
    }

    /// The array axes along which the image is filtered.
    fn axes(&self) -> &'static [usize] {
        if self.by_slice { &[1, 2] } else { &[0, 1, 2] }
    }
}

/// Levels of a wavelet beyond which an image has nothing to say.
const MOST_LEVELS: u32 = 8;

fn check_level(level: u32) -> Result<(), Error> {
    if (1..=MOST_LEVELS).contains(&level) {
        return Ok(());
    }
    Err(Error::setting(format!("a wavelet of level {level}"), "a level from 1 to 8"))
}

fn check_length(name: &str, length: f64) -> Result<(), Error> {
    if length.is_finite() && length > 0.0 {
        return Ok(());
    }
    Err(Error::setting(format!("a {name} of {length}"), "a positive number"))
}

/// Voxels on either side beyond which a kernel is a typing error.
const FARTHEST: usize = 4096;

fn check_reach(reach: &[usize; 3]) -> Result<(), Error> {
    match reach.iter().find(|reach| **reach > FARTHEST) {
        Some(far) => {
            Err(Error::setting(format!("a kernel that reaches {far} voxels"), "at most 4096"))
        }
        None => Ok(()),
    }
}
