//! The zones that two families share.

use crate::levels::Levels;
use crate::zones::{Zones, by_slice, in_volume};
use crate::{Dimensions, Roi};

/// Zones of a region, as far as they are asked for.
pub(crate) struct ZoneMaps {
    pub(crate) levels: usize,
    pub(crate) slices: Option<Vec<Zones>>,
    pub(crate) volume: Option<Zones>,
}

impl ZoneMaps {
    pub(crate) fn of(levels: &Levels, roi: &Roi, dimensions: Dimensions) -> Self {
        let mask = roi.morphological();
        Self {
            levels: levels.count,
            slices: dimensions.by_slice.then(|| by_slice(levels, mask)),
            volume: dimensions.in_volume.then(|| in_volume(levels, mask)),
        }
    }
}
