//! How an X-ray picture sees the patient.

use nalgebra::{Isometry3, Point2, Point3, Vector3};

use crate::Error;

/// Where the origin of a [`Projection`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Patient space: points are those of the CT.
    Patient,
    /// The axes are the patient's (LPS), but the origin is the isocentre of the C-arm, whose place
    /// in the patient is not known.
    Isocentre,
}

/// A point source and a flat detector: each pixel is the end of a straight ray.
///
/// Pixel `[row, column]` has its centre at
/// `origin + row · pitch[0] · down_column + column · pitch[1] · along_row`. Positions may be
/// fractional, and pixels may be oblong. Detector points are mm on the detector, `x` along a row
/// and `y` down a column, from the centre of pixel `[0, 0]`.
///
/// Lengths are mm. Space is the patient's (LPS) up to the [`Anchor`].
#[derive(Clone, Debug, PartialEq)]
pub struct Projection {
    source: Point3<f64>,
    origin: Point3<f64>,
    along_row: Vector3<f64>,
    down_column: Vector3<f64>,
    pitch: [f64; 2],
    anchor: Anchor,
}

/// A source nearer to its detector (mm) is none that a patient fits before.
const NEAREST_SOURCE: f64 = 1e-3;

impl Projection {
    /// A projection onto a detector with the given first pixel and directions, which are brought
    /// to length 1. `pitch` is the distance of rows, then of columns.
    ///
    /// # Errors
    ///
    /// [`Error::DegenerateProjection`] if a number is not finite, a pitch is not positive, the
    /// directions are not perpendicular (within 10⁻⁶), or the source lies in the detector plane.
    pub fn new(
        source: Point3<f64>,
        origin: Point3<f64>,
        [down_column, along_row]: [Vector3<f64>; 2],
        pitch: [f64; 2],
        anchor: Anchor,
    ) -> Result<Self, Error> {
        let refuse = |found: String, wanted| Err(Error::DegenerateProjection { found, wanted });
        let vectors = [source.coords, origin.coords, down_column, along_row];
        if !vectors.iter().flat_map(|v| v.iter()).chain(&pitch).all(|c| c.is_finite()) {
            return refuse("a length that is not finite".into(), "finite lengths");
        }
        if pitch.iter().any(|mm| *mm <= 0.0) {
            return refuse(format!("pixels of {pitch:?} mm"), "pixels of positive size");
        }
        let (Some(down_column), Some(along_row)) =
            (down_column.try_normalize(1e-12), along_row.try_normalize(1e-12))
        else {
            return refuse("a detector axis of no length".into(), "two directions");
        };
        let skew = down_column.dot(&along_row);
        if skew.abs() > 1e-6 {
            let found = format!("detector axes with a cosine of {skew:.2e}");
            return refuse(found, "perpendicular axes");
        }
        let projection = Self { source, origin, along_row, down_column, pitch, anchor };
        let distance = projection.source_distance();
        if distance < NEAREST_SOURCE {
            let found = format!("a source {distance} mm from the detector plane");
            return refuse(found, "a source before the detector");
        }
        Ok(projection)
    }

    /// Where the rays begin.
    pub fn source(&self) -> Point3<f64> {
        self.source
    }

    /// Centre of pixel `[0, 0]`.
    pub fn origin(&self) -> Point3<f64> {
        self.origin
    }

    /// Direction in which the column number grows, of length 1.
    pub fn along_row(&self) -> Vector3<f64> {
        self.along_row
    }

    /// Direction in which the row number grows, of length 1.
    pub fn down_column(&self) -> Vector3<f64> {
        self.down_column
    }

    /// Distance of neighbouring rows, then of neighbouring columns, on the detector in mm.
    pub fn pitch(&self) -> [f64; 2] {
        self.pitch
    }

    /// What the origin of the points is.
    pub fn anchor(&self) -> Anchor {
        self.anchor
    }

    /// Normal of the detector, from the source towards it, of length 1.
    pub fn normal(&self) -> Vector3<f64> {
        let normal = self.along_row.cross(&self.down_column);
        if normal.dot(&(self.origin - self.source)) < 0.0 { -normal } else { normal }
    }

    /// Distance of the source from the plane of the detector in mm.
    pub fn source_distance(&self) -> f64 {
        self.normal().dot(&(self.origin - self.source))
    }

    /// Detector point where the normal through the source meets the detector.
    pub fn principal_point(&self) -> Point2<f64> {
        self.on_detector(self.source + self.normal() * self.source_distance())
    }

    /// By how much a small thing at a point is enlarged on the detector; `None` for a point that
    /// is not before the source.
    pub fn magnification(&self, point: Point3<f64>) -> Option<f64> {
        let depth = self.normal().dot(&(point - self.source));
        (depth > 0.0).then(|| self.source_distance() / depth)
    }

    /// Detector point on which a point casts its shadow; `None` for a point that is not before
    /// the source. The shadow may lie outside of the picture.
    pub fn project(&self, point: Point3<f64>) -> Option<Point2<f64>> {
        let magnification = self.magnification(point)?;
        let shadow = self.on_detector(self.source + (point - self.source) * magnification);
        shadow.coords.iter().all(|c| c.is_finite()).then_some(shadow)
    }

    /// Pixel position `[row, column]` of a detector point, not rounded.
    pub fn pixel(&self, point: Point2<f64>) -> [f64; 2] {
        [point.y / self.pitch[0], point.x / self.pitch[1]]
    }

    /// Point of a pixel position `[row, column]` on the detector.
    pub fn point(&self, [row, column]: [f64; 2]) -> Point3<f64> {
        let down = self.down_column * (row * self.pitch[0]);
        self.origin + down + self.along_row * (column * self.pitch[1])
    }

    /// Direction from the source to a pixel position `[row, column]`, of length 1.
    pub fn ray(&self, pixel: [f64; 2]) -> Vector3<f64> {
        (self.point(pixel) - self.source).normalize()
    }

    /// The same source and detector after a rigid motion of both, which sets the anchor: this is
    /// how a projection about an isocentre is laid into the patient.
    #[must_use]
    pub fn moved(&self, motion: &Isometry3<f64>, anchor: Anchor) -> Self {
        Self {
            source: motion * self.source,
            origin: motion * self.origin,
            along_row: motion * self.along_row,
            down_column: motion * self.down_column,
            pitch: self.pitch,
            anchor,
        }
    }

    fn on_detector(&self, point: Point3<f64>) -> Point2<f64> {
        let from_origin = point - self.origin;
        Point2::new(from_origin.dot(&self.along_row), from_origin.dot(&self.down_column))
    }
}
