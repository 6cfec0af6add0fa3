//! Where the fissures of a patient are expected, given the lungs and what was seen.

use hilum_core::{LabelMap, Lung, Volume};
use nalgebra::Point3;
use ndarray::Array2;

use crate::error::Error;
use crate::lobes::affine::Affine;
use crate::lobes::atlas::{ATLAS, Atlas, frame_of};
use crate::lobes::fissure::Fissure;
use crate::lobes::frame::Frame;
use crate::lobes::model::{Coefficients, Seen};
use crate::lobes::outlines::Outlines;
use crate::lobes::register::register;
use crate::lobes::sheet::{Plane, Sheet};
use crate::lobes::size::Size;

/// Distance of the nodes of sheets, mm.
pub(crate) const STEP: f64 = 3.0;
/// Steps towards the height at which a normal meets the expected surface.
const ROUNDS: usize = 10;

/// What is expected of one patient's fissures. All of it is in measure.
pub(crate) struct Prior {
    pub(crate) size: Size,
    pub(crate) outlines: Outlines,
    to_patient: Affine,
    to_atlas: Affine,
    coefficients: Coefficients,
}

/// The expected fissures of a patient of whom the lungs are known, as height fields over the lungs,
/// with standard deviations: only of lungs that are there, in the order of [`Fissure::ALL`].
///
/// The lungs of the atlas are mapped onto the patient's by an affine map. `docs/lobes.md` says how
/// the surfaces were learnt and how far they are from those of patients.
///
/// Cost: one look at each voxel; the rest depends on the size of the lungs alone.
///
/// # Errors
///
/// [`Error::EmptyMask`] if there is neither a right nor a left lung.
pub fn prior(lungs: &LabelMap<Lung>) -> Result<Vec<Sheet>, Error> {
    let prior = Prior::of(lungs)?;
    let sheets = Fissure::ALL.into_iter().filter_map(|fissure| prior.sheet(fissure));
    Ok(sheets.map(|sheet| prior.size.in_patient(&sheet)).collect())
}

impl Prior {
    /// The prior of these lungs.
    pub(crate) fn of(lungs: &LabelMap<Lung>) -> Result<Self, Error> {
        let outlines = Outlines::of(lungs);
        let no_lungs = || Error::EmptyMask { role: "the map of the lungs" };
        let to_patient = register(&ATLAS.surfaces(), &outlines).ok_or_else(no_lungs)?;
        let size = Size::of(&to_patient);
        let coefficients = ATLAS.model.expect(&to_patient);
        let (outlines, to_patient) = (outlines.measured(size), size.map(&to_patient));
        let to_atlas = to_patient.inverse().ok_or_else(no_lungs)?;
        Ok(Self { size, outlines, to_patient, to_atlas, coefficients })
    }

    /// The expectation as it stands.
    pub(crate) fn expectation(&self) -> Coefficients {
        self.coefficients.clone()
    }

    /// Goes back to an earlier expectation.
    pub(crate) fn expect(&mut self, coefficients: Coefficients) {
        self.coefficients = coefficients;
    }

    /// Takes in that fissures were seen at places in the patient, each with the standard deviation
    /// in mm of its distance from there.
    pub(crate) fn see(&mut self, seen: &[(Fissure, Point3<f64>, f64)]) {
        let seen: Vec<Seen> = seen
            .iter()
            .map(|(fissure, p, deviation)| {
                let rise = deviation * self.rise(frame_of(&ATLAS, *fissure));
                let variance = ATLAS.model.noise + rise * rise;
                Seen { fissure: *fissure, point: self.to_atlas.apply(*p), variance }
            })
            .collect();
        self.coefficients = self.coefficients.given(&ATLAS.model, &seen);
    }

    /// The expected sheet over the lung that it divides; `None` where that lung is missing.
    pub(crate) fn sheet(&self, fissure: Fissure) -> Option<Sheet> {
        let atlas: &Atlas = &ATLAS;
        let frame = frame_of(atlas, fissure);
        let lung = self.outlines.side(fissure.side())?;
        let (plane, shape) = over(self.plane(frame), lung);
        let slope = self.rise(frame);
        let mut deviation = Array2::zeros(shape);
        let height = Array2::from_shape_fn(shape, |(a, b)| {
            let along = [a as f64 * STEP, b as f64 * STEP];
            let mut height = 0.0;
            for _ in 0..ROUNDS {
                let p = self.to_atlas.apply(plane.point([along[0], along[1], height]));
                let [u, v, n] = frame.plane.coordinates(p);
                height -= (n - self.coefficients.height(frame, fissure, [u, v])) / slope;
            }
            let p = self.to_atlas.apply(plane.point([along[0], along[1], height]));
            let [u, v, _] = frame.plane.coordinates(p);
            let variance = self.coefficients.variance(frame, fissure, [u, v]) + atlas.model.noise;
            deviation[[a, b]] = variance.sqrt() / slope;
            height
        });
        Some(Sheet::new(fissure, plane, STEP, height, deviation))
    }

    /// The frame's plane in the patient.
    fn plane(&self, frame: &Frame) -> Plane {
        let normal = self.to_atlas.matrix.transpose() * frame.plane.n;
        Frame::new(self.to_patient.apply(frame.plane.origin), normal).plane
    }

    /// Height in the atlas gained by one mm along the normal of the plane in the patient.
    fn rise(&self, frame: &Frame) -> f64 {
        (self.to_atlas.matrix.transpose() * frame.plane.n).norm()
    }
}

/// Moves the origin of a plane so that nodes from there on cover a lung, and counts them.
fn over(plane: Plane, lung: &Volume<f32>) -> (Plane, [usize; 2]) {
    let [_, rows, columns] = lung.grid().shape();
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for (n, _) in lung.as_slice().iter().enumerate().filter(|(_, distance)| **distance < 0.0) {
        let cell = [n / columns / rows, n / columns % rows, n % columns];
        let at = plane.coordinates(lung.grid().centre(cell));
        for axis in 0..2 {
            low[axis] = low[axis].min(at[axis] - STEP);
            high[axis] = high[axis].max(at[axis] + STEP);
        }
    }
    let shape = [0, 1].map(|axis| ((high[axis] - low[axis]) / STEP).ceil() as usize + 1);
    (Plane { origin: plane.point([low[0], low[1], 0.0]), ..plane }, shape)
}
