//! Where a series lies, without its pixels.

use hilum_core::{Grid, Quality};

use crate::Error;
use crate::series::Series;
use crate::stack::stack;

impl Series {
    /// The grid that [`Series::load`] would give, and what is to be known about the places of the
    /// slices, from the headers alone.
    ///
    /// Cost: `O(slices)`.
    ///
    /// # Errors
    ///
    /// As [`Series::load`] for a stack that is no regular grid.
    pub fn geometry(&self) -> Result<(Grid, Vec<Quality>), Error> {
        self.require_ct()?;
        let stack = stack(&self.slices, self.unplaced)?;
        Ok((stack.grid, stack.quality))
    }
}
