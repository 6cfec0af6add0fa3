//! Where a series lies, without its pixels.

use hilum_core::{Grid, Quality};

use crate::series::Series;
use crate::stack::stack;
use crate::{Error, LoadOptions};

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
        self.geometry_with(&LoadOptions::default())
    }

    /// The grid that [`Series::load_with`] would give, as [`Series::geometry`] does.
    ///
    /// Cost: `O(slices)`.
    ///
    /// # Errors
    ///
    /// As [`Series::load_with`] for a stack that is no regular grid.
    pub fn geometry_with(&self, options: &LoadOptions) -> Result<(Grid, Vec<Quality>), Error> {
        self.require_ct()?;
        let stack = stack(&self.slices, self.unplaced, options.uneven)?;
        Ok((stack.grid, stack.quality))
    }
}
