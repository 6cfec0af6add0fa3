//! The courses of the airways that were drawn, for those who measure trees.

use nalgebra::Point3;

use crate::chest::Chest;
use crate::model::Model;
use crate::tube::Kind;

/// A straight piece of an airway.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bronchus {
    /// Points at both ends of its axis (LPS, mm), towards the trachea and away from it. The next
    /// piece begins at the very point where one ends.
    pub ends: [Point3<f64>; 2],
    /// Radius of the lumen at either end in mm.
    pub lumen: [f64; 2],
    /// Thickness of the wall at either end in mm.
    pub wall: [f64; 2],
}

impl Chest {
    /// All pieces of the airways, trachea and main bronchi first.
    ///
    /// Cost: that of building the patient, which no grid changes.
    pub fn bronchi(&self) -> Vec<Bronchus> {
        let model = Model::new(self);
        let airways = model.tubes.iter().filter(|tube| tube.kind == Kind::Airway);
        let size = self.scale;
        airways
            .map(|tube| Bronchus {
                ends: [tube.a, tube.b].map(|p| p * size),
                lumen: [0, 1].map(|n| (tube.radii[n] - tube.wall[n]) * size),
                wall: tube.wall.map(|mm| mm * size),
            })
            .collect()
    }
}
