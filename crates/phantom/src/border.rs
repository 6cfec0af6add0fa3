//! Where the lobes meet, point by point.

use hilum_kernel::par;
use nalgebra::Point3;

use crate::lattice::{Extent, STEP};
use crate::model::Model;
use crate::parts::Part;

/// A point between two lobes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BorderPoint {
    /// The fissure: 0 right oblique, 1 right horizontal, 2 left oblique.
    pub fissure: usize,
    /// Where it is, mm.
    pub point: Point3<f64>,
    /// Whether a fissure can be seen there, or the lobes have grown together.
    pub is_there: bool,
}

impl Model {
    /// The points at which the upright lines of the lattice pass from lobe to lobe.
    pub(crate) fn borders(&self) -> Vec<BorderPoint> {
        let extent = self.oblique.extent;
        par::collect(extent.shape[1], |y| self.borders_of_row(extent, y)).concat()
    }

    fn borders_of_row(&self, extent: Extent, y: usize) -> Vec<BorderPoint> {
        let [columns, _, slices] = extent.shape;
        let mut found = Vec::new();
        for n in 0..columns * (slices - 1) {
            let low = extent.place([n / (slices - 1), y, n % (slices - 1)]);
            if self.part(Part::Lungs).at(low) > STEP as f32 {
                continue;
            }
            let side = if self.right(low) { 0 } else { 2 };
            found.extend(self.crossing(side, low, |p| self.oblique.at(p)));
            if side == 0 {
                found.extend(self.crossing(1, low, |p| self.horizontal.at(p)));
            }
        }
        found
    }

    /// Where a fissure passes between a point of the lattice and the next one above, if it does.
    fn crossing(
        &self,
        fissure: usize,
        low: Point3<f64>,
        distance: impl Fn(Point3<f64>) -> f32,
    ) -> Option<BorderPoint> {
        let high = Point3::new(low.x, low.y, low.z + STEP);
        let (below, above) = (f64::from(distance(low)), f64::from(distance(high)));
        if below > 0.0 || above <= 0.0 {
            return None;
        }
        let z = low.z + STEP * below / (below - above);
        let point = Point3::new(low.x, low.y, z);
        let between = fissure != 1 || self.oblique.at(point) > 0.0;
        let is_there = self.presence(point) > self.absent[fissure];
        let inside = self.part(Part::Lungs).at(point) < 0.0;
        (inside && between).then_some(BorderPoint { fissure, point, is_there })
    }
}
