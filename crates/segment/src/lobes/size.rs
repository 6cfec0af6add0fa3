//! Lungs of every size are searched as if they were the atlas'.

use hilum_core::{Grid, Volume};
use nalgebra::Point3;

use crate::lobes::affine::Affine;
use crate::lobes::sheet::{Plane, Sheet};

/// How large a pair of lungs is: lengths of theirs to those of the atlas, at most 1.
///
/// Lobes are looked for in *measure*, the space of the patient in which small lungs are grown to the atlas' size. So
/// every length of prior, search and completion is one of the atlas' lungs, and a share of the patient's
/// own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Size(f64);

/// Larger lungs are searched with the atlas' own lengths: wide chests have more branches and not coarser ones.
const LARGEST: f64 = 1.0;

impl Size {
    /// Lengths in measure are those in the patient.
    pub(crate) const SAME: Self = Self(1.0);

    /// The root of the area to which a map from the atlas onto a patient stretches an axial area of 1.
    /// Height is left out: breathing changes it most, and bodies do not shrink with each breath.
    pub(crate) fn of(to_patient: &Affine) -> Self {
        let [across, back] = [0, 1].map(|axis| to_patient.matrix.column(axis).into_owned());
        Self(across.cross(&back).norm().sqrt().min(LARGEST))
    }

    /// A length in measure, in mm of the patient.
    pub(crate) fn millimetres(self, length: f64) -> f64 {
        length * self.0
    }

    /// A length in mm of the patient, in measure.
    pub(crate) fn measured(self, millimetres: f64) -> f64 {
        millimetres / self.0
    }

    /// A point of the patient, in measure.
    pub(crate) fn point(self, p: Point3<f64>) -> Point3<f64> {
        p / self.0
    }

    /// A volume in the patient, in measure; values stay.
    pub(crate) fn volume<T: Clone>(self, volume: Volume<T>) -> Volume<T> {
        let grid = volume.grid();
        let grid = Grid::new(grid.shape(), self.point(grid.origin()), grid.axes() / self.0)
            .expect("lungs are not flat");
        Volume::new(grid, volume.into_voxels()).expect("the shape stays")
    }

    /// A map from the atlas to the patient, as one into measure.
    pub(crate) fn map(self, to_patient: &Affine) -> Affine {
        Affine { matrix: to_patient.matrix / self.0, shift: to_patient.shift / self.0 }
    }

    /// A sheet in measure, in the patient.
    pub(crate) fn in_patient(self, sheet: &Sheet) -> Sheet {
        let plane = Plane { origin: sheet.plane().origin * self.0, ..*sheet.plane() };
        let [height, deviation] = [sheet.height(), sheet.deviation()].map(|field| &field * self.0);
        Sheet::new(sheet.fissure(), plane, self.millimetres(sheet.step()), height, deviation)
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::{Matrix3, Vector3};
    use ndarray::Array2;

    use super::*;
    use crate::lobes::Fissure;

    #[test]
    fn lengths_go_with_the_root_of_axial_areas() {
        let matrix = Matrix3::from_diagonal(&Vector3::new(0.5, 0.5, 0.8));
        let size = Size::of(&Affine { matrix, shift: Vector3::x() });
        assert!((size.millimetres(3.0) - 1.5).abs() < 1e-12);
        assert!((size.measured(1.5) - 3.0).abs() < 1e-12);
        let map = size.map(&Affine { matrix, shift: Vector3::x() });
        assert!((map.matrix.determinant() - 1.6).abs() < 1e-12);
        assert!((map.shift.x - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_sheet_in_measure_is_as_far_from_a_point_in_measure() {
        let size = Size(0.5);
        let n = Vector3::new(0.0, -0.6, 0.8);
        let (u, origin) = (Vector3::x(), Point3::new(-20.0, 5.0, 7.0));
        let plane = Plane { origin, u, v: n.cross(&u), n };
        let height = Array2::from_shape_fn((9, 7), |(a, b)| 1.3 * a as f64 - 0.4 * b as f64);
        let sheet = Sheet::new(Fissure::LeftOblique, plane, 3.0, height, Array2::ones((9, 7)));
        let p = Point3::new(-6.0, 2.0, 9.0);
        let apart = size.millimetres(sheet.signed_distance(size.point(p)));
        let patient = size.in_patient(&sheet);
        assert!((patient.signed_distance(p) - apart).abs() < 1e-12);
        assert!((patient.deviation_at(p) - 0.5).abs() < 1e-12);
    }
}
