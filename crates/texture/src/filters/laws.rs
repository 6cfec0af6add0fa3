//! Laws kernels and their texture energy (JTXT).

use hilum_core::Volume;
use hilum_kernel::par;

use super::separable::{self, Separable};
use super::{Filter, Mean, Pooling};
use crate::Error;

/// A kernel along one axis, divided by its Euclidean norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LawsKernel {
    /// Level: 1, 4, 6, 4, 1.
    L5,
    /// Edge: -1, -2, 0, 2, 1.
    E5,
    /// Spot: -1, 0, 2, 0, -1.
    S5,
    /// Wave: -1, 2, 0, -2, 1.
    W5,
    /// Ripple: 1, -4, 6, -4, 1.
    R5,
    /// Level: 1, 2, 1.
    L3,
    /// Edge: -1, 0, 1.
    E3,
    /// Spot: -1, 2, -1.
    S3,
}

impl LawsKernel {
    /// All.
    pub const ALL: [Self; 8] =
        [Self::L5, Self::E5, Self::S5, Self::W5, Self::R5, Self::L3, Self::E3, Self::S3];

    /// The taps, of norm 1.
    pub fn taps(self) -> Vec<f64> {
        let taps: &[i32] = match self {
            Self::L5 => &[1, 4, 6, 4, 1],
            Self::E5 => &[-1, -2, 0, 2, 1],
            Self::S5 => &[-1, 0, 2, 0, -1],
            Self::W5 => &[-1, 2, 0, -2, 1],
            Self::R5 => &[1, -4, 6, -4, 1],
            Self::L3 => &[1, 2, 1],
            Self::E3 => &[-1, 0, 1],
            Self::S3 => &[-1, 2, -1],
        };
        let norm = f64::from(taps.iter().map(|tap| tap * tap).sum::<i32>()).sqrt();
        taps.iter().map(|tap| f64::from(*tap) / norm).collect()
    }
}

/// A product of kernels along the axes, named by them: `L5E5S5` is level along columns (`i`), edge along
/// rows (`j`) and spot along slices (`k`).
#[derive(Clone, Debug, PartialEq)]
pub struct Laws {
    /// Along `i`, `j` and `k`, as in the name; the first two where slices are filtered one by one.
    pub kernels: Vec<LawsKernel>,
    /// Whether responses of all rotations by quarter turns are pooled (O1AQ).
    pub rotations: Option<Pooling>,
    /// Chebyshev distance `δ` in voxels up to which absolute responses are averaged to texture energy;
    /// `None` for the response itself (I176).
    pub energy: Option<usize>,
}

impl Laws {
    /// The kernel of a name like `L5E5S5`, without rotations and energy.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for a name that holds something else.
    pub fn named(name: &str) -> Result<Self, Error> {
        let letters: Vec<char> = name.chars().collect();
        let kernel = |pair: &[char]| {
            let pair: String = pair.iter().collect();
            LawsKernel::ALL.into_iter().find(|kernel| format!("{kernel:?}") == pair)
        };
        let kernels: Option<Vec<_>> = letters.chunks(2).map(kernel).collect();
        match kernels {
            Some(kernels) => Ok(Self { kernels, rotations: None, energy: None }),
            None => Err(Error::setting(
                format!("Laws kernels `{name}`"),
                "names of L5, E5, S5, W5, R5, L3, E3 and S3 in a row",
            )),
        }
    }

    pub(super) fn response(
        &self,
        image: &Volume<f32>,
        filter: &Filter,
    ) -> Result<Volume<f32>, Error> {
        let kernels = self.kernels.iter().map(|kernel| kernel.taps()).collect();
        let product = Separable::named(kernels, filter.by_slice)?;
        let response = separable::response(image, &[product], filter, self.rotations);
        match self.energy {
            Some(distance) => {
                let absolute = par::map(&response, |value| value.abs());
                Mean { support: distance.saturating_mul(2).saturating_add(1) }
                    .response(&absolute, filter)
            }
            None => Ok(response),
        }
    }
}
