//! What is known of fissures before an image is looked at.

use nalgebra::{DMatrix, DVector, Matrix3, Point3};

use crate::lobes::affine::Affine;
use crate::lobes::fissure::Fissure;
use crate::lobes::frame::{ALL_TERMS, Frame, TERMS, first_term, rank};

/// Heights of all three fissures as one Gaussian: the coefficients of their polynomials have a mean,
/// which depends on the stretch of the lungs, and a covariance. So a fissure that is seen tells of
/// those that are not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Model {
    pub(crate) frames: [Frame; 3],
    /// Mean and standard deviation of the logarithms of the stretch from the atlas to a patient.
    pub(crate) scale: [[f64; 2]; 3],
    /// Mean of each coefficient for lungs of mean stretch, and its change per standard deviation of
    /// each stretch: 4 × coefficients.
    pub(crate) mean: DMatrix<f64>,
    pub(crate) covariance: DMatrix<f64>,
    /// Variance of clicks about their polynomials, mm².
    pub(crate) noise: f64,
}

/// The coefficients of one patient, in mm.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Coefficients {
    pub(crate) mean: DVector<f64>,
    pub(crate) covariance: DMatrix<f64>,
}

/// A place where a fissure was seen, in the atlas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) fissure: Fissure,
    pub(crate) point: Point3<f64>,
    /// Variance of its height, mm².
    pub(crate) variance: f64,
}

/// Stretches beyond this many standard deviations are taken for it: nothing is known of them.
const FARTHEST: f64 = 2.0;

impl Model {
    /// Stretch of a patient in standard deviations, after a 1 for the mean.
    pub(crate) fn covariates(&self, log_scale: [f64; 3]) -> [f64; 4] {
        let [x, y, z] = [0, 1, 2].map(|axis| {
            let [mean, deviation] = self.scale[axis];
            ((log_scale[axis] - mean) / deviation).clamp(-FARTHEST, FARTHEST)
        });
        [1.0, x, y, z]
    }

    /// The coefficients of a patient of whom only the lungs are known; `to_patient` maps the lungs
    /// of the atlas onto them.
    pub(crate) fn expect(&self, to_patient: &Affine) -> Coefficients {
        let z = DVector::from_row_slice(&self.covariates(to_patient.log_scale()));
        Coefficients { mean: self.mean.tr_mul(&z), covariance: self.covariance.clone() }
    }

    /// Row of the design for a place in the atlas, and the height of the place.
    pub(crate) fn row(&self, fissure: Fissure, p: Point3<f64>) -> (Vec<f64>, f64) {
        let frame = &self.frames[rank(fissure)];
        let [u, v, n] = frame.plane.coordinates(p);
        let mut row = vec![0.0; ALL_TERMS];
        let first = first_term(fissure);
        frame.terms(fissure, [u, v], &mut row[first..first + TERMS[rank(fissure)]]);
        (row, n)
    }
}

impl Coefficients {
    /// What they are once parts of fissures were seen (Bayes' rule for Gaussians).
    ///
    /// Cost: `O(n c²)` for `n` places and `c` coefficients.
    pub(crate) fn given(&self, model: &Model, seen: &[Seen]) -> Self {
        let Some(prior) = self.covariance.clone().cholesky() else { return self.clone() };
        let mut precision = prior.inverse();
        let mut pull = &precision * &self.mean;
        for seen in seen {
            let first = first_term(seen.fissure);
            let (row, height) = model.row(seen.fissure, seen.point);
            let row = &row[first..first + TERMS[rank(seen.fissure)]];
            for (a, x) in row.iter().enumerate() {
                pull[first + a] += x * height / seen.variance;
                for (b, y) in row.iter().enumerate() {
                    precision[(first + a, first + b)] += x * y / seen.variance;
                }
            }
        }
        let Some(posterior) = precision.cholesky() else { return self.clone() };
        let covariance = posterior.inverse();
        Self { mean: posterior.solve(&pull), covariance }
    }

    /// Height of a fissure over its plane in the atlas, mm.
    pub(crate) fn height(&self, frame: &Frame, fissure: Fissure, along: [f64; 2]) -> f64 {
        let mut terms = [0.0; 21];
        let terms = &mut terms[..TERMS[rank(fissure)]];
        frame.terms(fissure, along, terms);
        let first = first_term(fissure);
        terms.iter().enumerate().map(|(n, term)| term * self.mean[first + n]).sum()
    }

    /// Variance of that height, mm².
    pub(crate) fn variance(&self, frame: &Frame, fissure: Fissure, along: [f64; 2]) -> f64 {
        let count = TERMS[rank(fissure)];
        let mut terms = DVector::zeros(count);
        frame.terms(fissure, along, terms.as_mut_slice());
        let first = first_term(fissure);
        let block = self.covariance.view((first, first), (count, count));
        (block * &terms).dot(&terms).max(0.0)
    }

    /// Distance in mm of a place in a patient to a fissure, to first order: the height above it in
    /// the atlas over its slope in the patient. Positive towards the upper lobe.
    pub(crate) fn distance(
        &self,
        frame: &Frame,
        fissure: Fissure,
        to_atlas: &Affine,
        p: Point3<f64>,
    ) -> f64 {
        let [u, v, n] = frame.plane.coordinates(to_atlas.apply(p));
        let rise = n - self.height(frame, fissure, [u, v]);
        rise / self.gradient(frame, fissure, &to_atlas.matrix, [u, v])
    }

    /// How fast the height above a fissure grows per mm in the patient.
    fn gradient(
        &self,
        frame: &Frame,
        fissure: Fissure,
        to_atlas: &Matrix3<f64>,
        [u, v]: [f64; 2],
    ) -> f64 {
        const HALF: f64 = 1.0;
        let slope = |a: [f64; 2], b: [f64; 2]| {
            (self.height(frame, fissure, a) - self.height(frame, fissure, b)) / (2.0 * HALF)
        };
        let along_u = slope([u + HALF, v], [u - HALF, v]);
        let along_v = slope([u, v + HALF], [u, v - HALF]);
        let plane = &frame.plane;
        (to_atlas.transpose() * (plane.n - plane.u * along_u - plane.v * along_v)).norm()
    }
}
