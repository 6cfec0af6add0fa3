//! Bronchi that fibrosis pulls open: wider, beaded, winding, and on towards the pleura.

use nalgebra::{Point3, Vector3};

use crate::model::Model;

/// What fibrosis does to a bronchus at a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pull {
    /// How much of it there is, 0 to 1.
    pub(crate) share: f64,
    /// How many times as wide the lumen becomes.
    pub(crate) wider: f64,
    /// Where to the axis moves, in mm.
    pub(crate) aside: Vector3<f64>,
}

impl Pull {
    /// None.
    pub(crate) const NONE: Self =
        Self { share: 0.0, wider: 1.0, aside: Vector3::new(0.0, 0.0, 0.0) };
}

impl Model {
    /// What a place does to bronchi that become `traction` times as wide in the midst of fibrosis.
    pub(crate) fn pull(&self, p: Point3<f64>, traction: f64) -> Pull {
        if traction <= 1.0 {
            return Pull::NONE;
        }
        let fibrosis = self.painted.iter().filter(|lesion| lesion.disease.is_fibrosis());
        let share = fibrosis.map(|lesion| self.share(lesion, p)).fold(0.0, f64::max);
        if share < 0.05 {
            return Pull::NONE;
        }
        let beads = 1.0 + 0.25 * self.tile.around(p, 1.6).clamp(-1.5, 1.5);
        let aside = [0.0, 23.0, 41.0].map(|off| {
            let q = p + Vector3::new(off, 0.7 * off, -off);
            0.6 * share * self.tile.around(q, 2.2).clamp(-2.0, 2.0)
        });
        let wider = 1.0 + (traction - 1.0) * share * beads;
        Pull { share, wider, aside: Vector3::from(aside) }
    }
}
