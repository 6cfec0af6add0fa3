//! From clicks of many readers to a model.

use nalgebra::{DMatrix, DVector, Point3, Vector3};

use crate::lobes::case::AtlasCase;
use crate::lobes::fissure::Fissure;
use crate::lobes::frame::{ALL_TERMS, Frame, TERMS, first_term, rank};
use crate::lobes::model::Model;

/// Clicks that a scan must have on a fissure for its direction to be believed.
const FOR_A_PLANE: usize = 15;
/// Rounds of expectation and maximisation.
const ROUNDS: usize = 15;
/// Variance of a coefficient in mm² that is believed as much as [`SHRINK`] scans.
const SHRINK: f64 = 2.0;
/// Penalty on the dependence of coefficients on stretch, in scans.
const RIDGE: f64 = 1.0;

/// Sums over the clicks of one scan from which its coefficients follow.
pub(crate) struct Sums {
    square: DMatrix<f64>,
    product: DVector<f64>,
    heights: f64,
    count: f64,
    log_scale: [f64; 3],
}

/// The planes of the three fissures and the rectangles in which they were clicked on: medians over
/// scans of the planes that fit each scan best. (The plane through all clicks is no such: where a
/// reader clicks depends on where the fissure is.)
pub(crate) fn frames(cases: &[AtlasCase]) -> [Frame; 3] {
    Fissure::ALL.map(|fissure| {
        let planes: Vec<(Point3<f64>, Vector3<f64>)> = cases
            .iter()
            .filter(|case| case.count(fissure) >= FOR_A_PLANE)
            .map(|case| best_plane(&case.in_atlas(fissure).collect::<Vec<_>>()))
            .collect();
        let origin = [0, 1, 2].map(|axis| median(planes.iter().map(|(p, _)| p[axis])));
        let normal = [0, 1, 2].map(|axis| median(planes.iter().map(|(_, n)| n[axis])));
        let mut frame = Frame::new(Point3::from(origin), Vector3::from(normal));
        frame.bound(cases.iter().flat_map(|case| case.in_atlas(fissure)));
        frame
    })
}

/// Centre and upward normal of the plane with the least squared distances.
fn best_plane(points: &[Point3<f64>]) -> (Point3<f64>, Vector3<f64>) {
    let count = points.len() as f64;
    let centre = points.iter().map(|p| p.coords).sum::<Vector3<f64>>() / count;
    let spread = points.iter().map(|p| (p.coords - centre) * (p.coords - centre).transpose()).sum();
    let spread: nalgebra::Matrix3<f64> = spread;
    let eigen = spread.symmetric_eigen();
    let normal: Vector3<f64> = eigen.eigenvectors.column(eigen.eigenvalues.imin()).into();
    (Point3::from(centre), if normal.z < 0.0 { -normal } else { normal })
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 {
        values[middle]
    } else {
        f64::midpoint(values[middle - 1], values[middle])
    }
}

/// The sums of one scan in the given frames.
pub(crate) fn sums(frames: &[Frame; 3], case: &AtlasCase) -> Sums {
    let mut sums = Sums {
        square: DMatrix::zeros(ALL_TERMS, ALL_TERMS),
        product: DVector::zeros(ALL_TERMS),
        heights: 0.0,
        count: case.points.len() as f64,
        log_scale: case.to_case.log_scale(),
    };
    for fissure in Fissure::ALL {
        let (frame, first) = (&frames[rank(fissure)], first_term(fissure));
        let mut terms = vec![0.0; TERMS[rank(fissure)]];
        for p in case.in_atlas(fissure) {
            let [u, v, n] = frame.plane.coordinates(p);
            frame.terms(fissure, [u, v], &mut terms);
            sums.heights += n * n;
            for (a, x) in terms.iter().enumerate() {
                sums.product[first + a] += x * n;
                for (b, y) in terms.iter().enumerate() {
                    sums.square[(first + a, first + b)] += x * y;
                }
            }
        }
    }
    sums
}

/// A linear model with random effects, fitted by expectation and maximisation: each scan has its
/// own coefficients, drawn from one Gaussian, of which its clicks are noisy sums.
///
/// Cost: `O(n c³)` for `n` scans and `c` coefficients.
pub(crate) fn fit(frames: &[Frame; 3], scans: &[&Sums]) -> Model {
    let count = scans.len() as f64;
    let scale = [0, 1, 2].map(|axis| {
        let mean = scans.iter().map(|scan| scan.log_scale[axis]).sum::<f64>() / count;
        let square = |scan: &&Sums| (scan.log_scale[axis] - mean).powi(2);
        [mean, (scans.iter().map(square).sum::<f64>() / count).sqrt().max(1e-6)]
    });
    let mut model = Model {
        frames: frames.clone(),
        scale,
        mean: DMatrix::zeros(4, ALL_TERMS),
        covariance: DMatrix::identity(ALL_TERMS, ALL_TERMS) * 50.0,
        noise: 9.0,
    };
    let design = DMatrix::from_row_iterator(
        scans.len(),
        4,
        scans.iter().flat_map(|scan| model.covariates(scan.log_scale)),
    );
    for _ in 0..ROUNDS {
        improve(&mut model, scans, &design);
    }
    model
}

/// One round.
fn improve(model: &mut Model, scans: &[&Sums], design: &DMatrix<f64>) {
    let size = ALL_TERMS;
    let prior = inverse(&model.covariance);
    let expected = design * &model.mean;
    let mut own = DMatrix::zeros(scans.len(), size);
    let mut spread = DMatrix::<f64>::zeros(size, size);
    let (mut residual, mut clicks) = (0.0, 0.0);
    for (n, scan) in scans.iter().enumerate() {
        let covariance = inverse(&(&prior + &scan.square / model.noise));
        let pull = &prior * expected.row(n).transpose() + &scan.product / model.noise;
        let mean = &covariance * pull;
        residual += scan.heights - 2.0 * scan.product.dot(&mean)
            + (&scan.square * &mean).dot(&mean)
            + scan.square.component_mul(&covariance).sum();
        clicks += scan.count;
        own.row_mut(n).copy_from(&mean.transpose());
        spread += covariance;
    }
    let mut normal = design.tr_mul(design);
    (1..4).for_each(|n| normal[(n, n)] += RIDGE);
    model.mean = inverse(&normal) * design.tr_mul(&own);
    let apart = own - design * &model.mean;
    let shrink = DMatrix::identity(size, size) * SHRINK;
    model.covariance = (apart.tr_mul(&apart) + spread + shrink) / (scans.len() as f64 + SHRINK);
    model.noise = residual / clicks;
}

/// Inverse of a matrix that is positive definite by construction.
fn inverse(matrix: &DMatrix<f64>) -> DMatrix<f64> {
    matrix.clone().cholesky().expect("sums of squares and a positive diagonal").inverse()
}
