//! Where voxels lie in the patient.

use nalgebra::{Matrix3, Point3, Vector3};

use crate::Error;

/// A regular lattice of voxel centres in patient space (LPS, mm).
///
/// A voxel `[k, j, i]` has its centre at `origin + axes * [k, j, i]`, where
/// column `n` of `axes` is the step in mm along array axis `n`. The steps may
/// be oblique to the patient and to each other (gantry tilt).
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    shape: [usize; 3],
    origin: Point3<f64>,
    axes: Matrix3<f64>,
    voxels_per_mm: Matrix3<f64>,
}

/// Voxels below this volume (mm³) span nothing that a scanner could have seen.
const SMALLEST_VOXEL: f64 = 1e-9;

impl Grid {
    /// A grid with the given steps per voxel.
    ///
    /// # Errors
    ///
    /// [`Error::DegenerateGrid`] if the three steps do not span a volume or are not finite.
    pub fn new(shape: [usize; 3], origin: Point3<f64>, axes: Matrix3<f64>) -> Result<Self, Error> {
        let voxel_volume = axes.determinant();
        let sound =
            origin.coords.iter().all(|c| c.is_finite()) && voxel_volume.abs() > SMALLEST_VOXEL;
        match axes.try_inverse() {
            Some(voxels_per_mm) if sound && voxels_per_mm.iter().all(|c| c.is_finite()) => {
                Ok(Self { shape, origin, axes, voxels_per_mm })
            }
            _ => Err(Error::DegenerateGrid { shape, voxel_volume }),
        }
    }

    /// A grid of axial slices from feet to head: `i` runs to the patient's left,
    /// `j` to the back, `k` up. `spacing` is `[k, j, i]` in mm; the first voxel
    /// lies at the origin of patient space.
    ///
    /// # Errors
    ///
    /// [`Error::DegenerateGrid`] if a spacing is 0 or not finite.
    pub fn axial(shape: [usize; 3], spacing: [f64; 3]) -> Result<Self, Error> {
        let [dk, dj, di] = spacing;
        let axes = Matrix3::from_columns(&[
            Vector3::new(0.0, 0.0, dk),
            Vector3::new(0.0, dj, 0.0),
            Vector3::new(di, 0.0, 0.0),
        ]);
        Self::new(shape, Point3::origin(), axes)
    }

    /// The same lattice of steps, elsewhere and of another extent.
    ///
    /// `first` is the voxel of this grid (it may be negative) that becomes `[0, 0, 0]`.
    #[must_use]
    pub fn window(&self, first: [f64; 3], shape: [usize; 3]) -> Self {
        Self { shape, origin: self.point(first), ..self.clone() }
    }

    /// A grid over the same extent of which each voxel covers `factors` voxels of
    /// this one, `[k, j, i]`; a remainder at the far ends makes one more, partly filled voxel.
    ///
    /// # Panics
    ///
    /// If a factor is 0.
    #[must_use]
    pub fn coarsened(&self, factors: [usize; 3]) -> Self {
        assert!(factors.iter().all(|f| *f > 0), "factors must be positive, got {factors:?}");
        let first = factors.map(|f| (f as f64 - 1.0) / 2.0);
        let scale = Matrix3::from_diagonal(&Vector3::from(factors.map(|f| f as f64)));
        let shape = [0, 1, 2].map(|n| self.shape[n].div_ceil(factors[n]));
        Self::new(shape, self.point(first), self.axes * scale)
            .expect("whole multiples of sound steps are sound")
    }

    /// Number of voxels along each array axis, `[k, j, i]`.
    pub fn shape(&self) -> [usize; 3] {
        self.shape
    }

    /// Number of voxels.
    pub fn voxel_count(&self) -> usize {
        self.shape.iter().product()
    }

    /// Centre of voxel `[0, 0, 0]`.
    pub fn origin(&self) -> Point3<f64> {
        self.origin
    }

    /// Steps in mm: column `n` belongs to array axis `n`.
    pub fn axes(&self) -> &Matrix3<f64> {
        &self.axes
    }

    /// Inverse of [`Grid::axes`].
    pub fn voxels_per_mm(&self) -> &Matrix3<f64> {
        &self.voxels_per_mm
    }

    /// Length of one step along each array axis in mm, `[k, j, i]`.
    ///
    /// On a tilted grid this is the length of the step, not the distance
    /// between slices; volumes follow from [`Grid::voxel_volume`].
    pub fn spacing(&self) -> [f64; 3] {
        [0, 1, 2].map(|n| self.axes.column(n).norm())
    }

    /// Volume of one voxel in mm³.
    pub fn voxel_volume(&self) -> f64 {
        self.axes.determinant().abs()
    }

    /// Patient point of a voxel position `[k, j, i]`, which need not be whole.
    pub fn point(&self, voxel: [f64; 3]) -> Point3<f64> {
        self.origin + self.axes * Vector3::from(voxel)
    }

    /// Centre of a voxel.
    pub fn centre(&self, voxel: [usize; 3]) -> Point3<f64> {
        self.point(voxel.map(|n| n as f64))
    }

    /// Voxel position `[k, j, i]` of a patient point: not rounded, and outside
    /// of the shape where the point is outside of the grid.
    pub fn position(&self, point: Point3<f64>) -> [f64; 3] {
        (self.voxels_per_mm * (point - self.origin)).into()
    }

    /// The eight outermost voxel centres.
    pub fn corners(&self) -> [Point3<f64>; 8] {
        let last = self.shape.map(|n| n.saturating_sub(1) as f64);
        std::array::from_fn(|corner| {
            self.point([0, 1, 2].map(|n| if corner >> n & 1 == 1 { last[n] } else { 0.0 }))
        })
    }

    /// Largest angle by which two steps miss being perpendicular, in radians.
    pub fn shear(&self) -> f64 {
        [(0, 1), (0, 2), (1, 2)]
            .map(|(a, b)| {
                let (a, b) = (self.axes.column(a), self.axes.column(b));
                (a.dot(&b) / (a.norm() * b.norm())).clamp(-1.0, 1.0).asin().abs()
            })
            .into_iter()
            .fold(0.0, f64::max)
    }

    /// For each patient axis (x, y, z) the array axis that runs most along it,
    /// and whether index and coordinate grow together.
    ///
    /// On `Grid::axial` this is `[(2, true), (1, true), (0, true)]`.
    pub fn nearest_axes(&self) -> [(usize, bool); 3] {
        const ORDERS: [[usize; 3]; 6] =
            [[2, 1, 0], [2, 0, 1], [1, 2, 0], [1, 0, 2], [0, 2, 1], [0, 1, 2]];
        let along =
            |xyz: usize, axis: usize| self.axes[(xyz, axis)] / self.axes.column(axis).norm();
        let fit = |order: &[usize; 3]| (0..3).map(|xyz| along(xyz, order[xyz]).abs()).sum::<f64>();
        let mut best = ORDERS[0];
        for order in &ORDERS[1..] {
            if fit(order) > fit(&best) + 1e-9 {
                best = *order;
            }
        }
        std::array::from_fn(|xyz| (best[xyz], along(xyz, best[xyz]) > 0.0))
    }

    /// Says whether `other` names the same voxels: the same shape, and corners
    /// that agree within a hundredth of the smallest step.
    ///
    /// # Errors
    ///
    /// [`Error::GridMismatch`] with `role` as the name of `other`.
    pub fn require_same(&self, other: &Self, role: &'static str) -> Result<(), Error> {
        let mismatch =
            |apart| Error::GridMismatch { role, expected: self.shape, found: other.shape, apart };
        if self.shape != other.shape {
            return Err(mismatch(None));
        }
        let apart = self
            .corners()
            .iter()
            .zip(other.corners())
            .map(|(a, b)| (a - b).norm())
            .fold(0.0, f64::max);
        let allowed = 0.01 * self.spacing().into_iter().fold(f64::INFINITY, f64::min);
        if apart > allowed { Err(mismatch(Some(apart))) } else { Ok(()) }
    }
}
