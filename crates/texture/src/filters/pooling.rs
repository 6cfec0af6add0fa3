//! How responses of several orientations become one.

use hilum_core::Volume;
use hilum_kernel::par;

/// How responses of several orientations become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pooling {
    /// Their average.
    Average,
    /// The largest.
    Maximum,
}

impl Pooling {
    /// Pools `count` responses on one grid, taken one after the other.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub(super) fn of<E>(
        self,
        count: usize,
        mut response: impl FnMut(usize) -> Result<Volume<f32>, E>,
    ) -> Result<Volume<f32>, E> {
        let mut pooled = response(0)?;
        for n in 1..count {
            pooled = par::zip(&pooled, &response(n)?, |pooled, one| match self {
                Self::Average => pooled + one,
                Self::Maximum => pooled.max(*one),
            });
        }
        let share = 1.0 / count as f32;
        Ok(match self {
            Self::Average if count > 1 => par::map(&pooled, |sum| sum * share),
            _ => pooled,
        })
    }
}
