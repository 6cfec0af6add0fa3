//! The part of the image around the lungs, to which all further work is held.

use hilum_core::Grid;

use crate::coarse::Coarse;
use crate::lungs::Air;
use crate::window::{Window, bounds, crop};

/// Room in mm around the air of the lungs: what is closed in or dense reaches no farther.
const ROOM: f64 = 30.0;

/// A box around the lungs, the same in coarse voxels and in those of the image.
pub(crate) struct Near {
    pub(crate) coarse: Window,
    pub(crate) fine: Window,
}

impl Near {
    /// The box around the air of the lungs and some room, cut to the image.
    pub(crate) fn around(air: &Air, coarse: &Coarse, grid: &Grid) -> Self {
        let (spacing, shape) = (coarse.grid().spacing(), coarse.grid().shape());
        let tight = bounds(&air.lungs, |inside| *inside).unwrap_or(shape.map(|n| 0..n));
        let window: Window = std::array::from_fn(|n| {
            let more = (ROOM / spacing[n]).ceil() as usize;
            tight[n].start.saturating_sub(more)..(tight[n].end + more).min(shape[n])
        });
        let fine = std::array::from_fn(|n| {
            let factor = coarse.factors[n];
            window[n].start * factor..(window[n].end * factor).min(grid.shape()[n])
        });
        Self { coarse: window, fine }
    }

    /// The air in the box.
    pub(crate) fn air(&self, air: &Air) -> Air {
        let (lungs, crumbs) = (crop(&air.lungs, &self.coarse), crop(&air.crumbs, &self.coarse));
        Air { lungs, crumbs, refused: air.refused }
    }

    /// The coarse copy in the box.
    pub(crate) fn copy(&self, coarse: &Coarse) -> Coarse {
        Coarse { hu: crop(&coarse.hu, &self.coarse), factors: coarse.factors }
    }
}
