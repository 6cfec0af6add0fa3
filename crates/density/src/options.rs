//! What a caller can choose.

use hilum_kernel::Connectivity;

use crate::MassModel;

/// Whether a value that equals a threshold counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bound {
    /// It does not: `HU < -950`.
    #[default]
    Strict,
    /// It does: `HU <= -950`.
    Inclusive,
}

/// How a percentile is read off a distribution. On whole Hounsfield units the three differ by up
/// to 1 HU and more where a number does not occur.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Percentile {
    /// Within a whole number: it stands for the values that round to it, spread evenly over
    /// `h ± 0.5`. What rounding took from a smooth distribution is given back. Where the image
    /// has fractions this is the same as [`Percentile::Linear`].
    #[default]
    Interpolated,
    /// Between the two order statistics next to the rank `(n - 1) p`, as NumPy's default.
    Linear,
    /// The greatest whole number up to which at most the share `p` of voxels lies, as the
    /// Chest Imaging Platform's C++ tool.
    Histogram,
}

/// The lung volume at which density is to be stated.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferenceVolume {
    /// Volume of both lungs in mL.
    pub millilitres: f64,
    /// Where it comes from, in the reader's words: `baseline scan`, `predicted TLC (which equation)`.
    pub source: String,
}

/// How density is measured. `Default` is what the reports of hilum say.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Whether values that equal a threshold count.
    pub bound: Bound,
    /// Definition of `perc10_hu`, `perc15_hu` and `pd15_g_l`.
    pub percentile: Percentile,
    /// How mass follows from CT numbers.
    pub mass: MassModel,
    /// Lung volume to which Perc15 is adjusted, where one is known.
    pub reference_volume: Option<ReferenceVolume>,
    /// CT number below which a voxel belongs to a low-attenuation cluster.
    pub cluster_threshold_hu: i16,
    /// Which voxels hang together.
    pub cluster_connectivity: Connectivity,
    /// Size in voxels from which on the power law is fitted.
    pub cluster_smallest: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            bound: Bound::Strict,
            percentile: Percentile::Interpolated,
            mass: MassModel::Linear,
            reference_volume: None,
            cluster_threshold_hu: -950,
            cluster_connectivity: Connectivity::Faces,
            cluster_smallest: 5,
        }
    }
}
