//! A fissure as a height field over a plane.

use nalgebra::{Point3, Vector3};
use ndarray::{Array2, ArrayView2};

use crate::lobes::fissure::Fissure;

/// A plane in patient space with two directions in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    /// Where both coordinates are 0, mm.
    pub origin: Point3<f64>,
    /// Direction of the first coordinate; a unit vector.
    pub u: Vector3<f64>,
    /// Direction of the second coordinate; a unit vector perpendicular to `u`.
    pub v: Vector3<f64>,
    /// Perpendicular to both, towards the upper lobe; a unit vector.
    pub n: Vector3<f64>,
}

impl Plane {
    /// Coordinates of a point along `u`, `v` and `n`, in mm.
    pub fn coordinates(&self, p: Point3<f64>) -> [f64; 3] {
        let r = p - self.origin;
        [r.dot(&self.u), r.dot(&self.v), r.dot(&self.n)]
    }

    /// The point with these coordinates.
    pub fn point(&self, [u, v, n]: [f64; 3]) -> Point3<f64> {
        self.origin + self.u * u + self.v * v + self.n * n
    }
}

/// A fissure as a height field over a plane in patient space.
///
/// Node `[a, b]` lies at the plane's coordinates `a·step` and `b·step`, and `height[a, b]` mm above
/// it. Between nodes the height is bilinear; beyond the last nodes it stays that of the border.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    fissure: Fissure,
    plane: Plane,
    step: f64,
    nodes_per_mm: f64,
    height: Array2<f64>,
    deviation: Array2<f64>,
}

impl Sheet {
    /// A sheet from heights at nodes `step` mm apart and their standard deviations, both in mm.
    ///
    /// # Panics
    ///
    /// If `step` is not positive, if there are fewer than two nodes along a direction, or if the two
    /// arrays differ in shape.
    pub fn new(
        fissure: Fissure,
        plane: Plane,
        step: f64,
        height: Array2<f64>,
        deviation: Array2<f64>,
    ) -> Self {
        let (rows, columns) = height.dim();
        assert!(step > 0.0, "nodes must be apart, got {step} mm");
        assert!(rows > 1 && columns > 1, "a sheet needs 2×2 nodes, got {rows}×{columns}");
        assert_eq!(height.dim(), deviation.dim(), "heights and deviations differ in shape");
        Self { fissure, plane, step, nodes_per_mm: 1.0 / step, height, deviation }
    }

    /// The fissure that it is.
    pub fn fissure(&self) -> Fissure {
        self.fissure
    }

    /// The plane beneath it.
    pub fn plane(&self) -> &Plane {
        &self.plane
    }

    /// Distance of neighbouring nodes along the plane, in mm.
    pub fn step(&self) -> f64 {
        self.step
    }

    /// Number of nodes along `u` and along `v`.
    pub fn shape(&self) -> [usize; 2] {
        self.height.dim().into()
    }

    /// Heights of the nodes above the plane in mm, `[a, b]`.
    pub fn height(&self) -> ArrayView2<'_, f64> {
        self.height.view()
    }

    /// Standard deviations of the heights in mm, `[a, b]`.
    pub fn deviation(&self) -> ArrayView2<'_, f64> {
        self.deviation.view()
    }

    /// A node in patient space.
    ///
    /// # Panics
    ///
    /// If there is no such node.
    pub fn node(&self, [a, b]: [usize; 2]) -> Point3<f64> {
        self.plane.point([a as f64 * self.step, b as f64 * self.step, self.height[[a, b]]])
    }

    /// The same fissure over the same nodes with other heights and deviations.
    ///
    /// # Panics
    ///
    /// If their shapes are not that of this sheet.
    #[must_use]
    pub fn with_heights(&self, height: Array2<f64>, deviation: Array2<f64>) -> Self {
        assert_eq!(height.dim(), self.height.dim(), "heights do not fit the nodes");
        Self::new(self.fissure, self.plane, self.step, height, deviation)
    }

    /// How far a point lies above the sheet along the plane's normal, in mm; negative below.
    /// Positive is the side of the upper lobe.
    pub fn above(&self, p: Point3<f64>) -> f64 {
        let [u, v, n] = self.plane.coordinates(p);
        n - self.between(&self.height, [u, v])
    }

    /// Distance of a point to the sheet in mm, positive on the side of the upper lobe: the height
    /// above it, shortened by its slope there (exact for planes).
    pub fn signed_distance(&self, p: Point3<f64>) -> f64 {
        let [u, v, n] = self.plane.coordinates(p);
        let half = self.step / 2.0;
        let slope = |du: f64, dv: f64| {
            let rise = self.between(&self.height, [u + du, v + dv])
                - self.between(&self.height, [u - du, v - dv]);
            rise / self.step
        };
        let (along_u, along_v) = (slope(half, 0.0), slope(0.0, half));
        let rise = n - self.between(&self.height, [u, v]);
        rise / (1.0 + along_u * along_u + along_v * along_v).sqrt()
    }

    /// Standard deviation of the height beneath or above a point, in mm.
    pub fn deviation_at(&self, p: Point3<f64>) -> f64 {
        let [u, v, _] = self.plane.coordinates(p);
        self.between(&self.deviation, [u, v])
    }

    /// Bilinear value of a field over the nodes.
    fn between(&self, field: &Array2<f64>, along: [f64; 2]) -> f64 {
        let (rows, columns) = field.dim();
        let [(a, s), (b, t)] = [(along[0], rows), (along[1], columns)].map(|(x, count)| {
            let x = (x * self.nodes_per_mm).clamp(0.0, (count - 1) as f64);
            let first = (x as usize).min(count - 2);
            (first, x - first as f64)
        });
        let row = |a: usize| field[[a, b]] * (1.0 - t) + field[[a, b + 1]] * t;
        row(a) * (1.0 - s) + row(a + 1) * s
    }
}
