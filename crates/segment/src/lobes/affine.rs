//! Affine maps of patient space.

use nalgebra::{Matrix3, Point3, Vector3};

/// `p ↦ matrix · p + shift`, in mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Affine {
    pub(crate) matrix: Matrix3<f64>,
    pub(crate) shift: Vector3<f64>,
}

impl Affine {
    pub(crate) fn apply(&self, p: Point3<f64>) -> Point3<f64> {
        Point3::from(self.matrix * p.coords + self.shift)
    }

    /// The way back, unless the map is flat.
    pub(crate) fn inverse(&self) -> Option<Self> {
        let matrix = self.matrix.try_inverse()?;
        Some(Self { matrix, shift: -(matrix * self.shift) })
    }

    /// Logarithms of the stretch of the three axes.
    pub(crate) fn log_scale(&self) -> [f64; 3] {
        [0, 1, 2].map(|axis| self.matrix.column(axis).norm().ln())
    }
}
