//! The mean filter (S60F).

use hilum_core::Volume;
use hilum_kernel::par;

use super::Filter;
use super::separable::Separable;
use crate::Error;

/// The mean of the voxels around each: of a cube, by slice of a square.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mean {
    /// Support `M`: voxels along a side, odd (YNOF).
    pub support: usize,
}

/// Supports beyond this are typing errors.
const WIDEST: usize = 1001;

impl Mean {
    pub(super) fn response(
        self,
        image: &Volume<f32>,
        filter: &Filter,
    ) -> Result<Volume<f32>, Error> {
        if self.support.is_multiple_of(2) || self.support > WIDEST {
            let found = format!("a mean filter with a support of {} voxels", self.support);
            return Err(Error::setting(found, "an odd number up to 1001"));
        }
        let taps = vec![1.0 / self.support as f64; self.support];
        let mut response = par::copy(image);
        Separable::named(vec![taps; filter.axes().len()], filter.by_slice)?
            .apply(&mut response, filter);
        Ok(response)
    }
}
