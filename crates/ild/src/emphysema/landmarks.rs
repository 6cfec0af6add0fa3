//! Ridge regression on a kernel, by the samples that stand for all.

use super::algebra::{Cholesky, dot, weighted_square};

/// How alike two standardised samples are, 0 to 1: half a Gaussian of their distance and half an
/// exponential of the sum of their differences, both for a mean over features.
pub(super) fn alike(a: &[f64], b: &[f64]) -> f64 {
    let (mut squares, mut sum) = (0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        squares += (x - y) * (x - y);
        sum += (x - y).abs();
    }
    let count = a.len() as f64;
    0.5 * (-GAUSSIAN * squares / count).exp() + 0.5 * (-sum / count).exp()
}

/// Factor of the mean square difference in the exponent of the Gaussian.
pub(super) const GAUSSIAN: f64 = 0.25;

/// Samples that were chosen, and how much each speaks for each class.
pub(super) struct Landmarks {
    /// Their places among the samples.
    pub(super) chosen: Vec<usize>,
    /// For each of them, one number for each class.
    pub(super) coefficients: Vec<f64>,
}

/// Fits membership of each class (1 or 0, less the mean over classes) with a ridge.
///
/// At most `most` samples are chosen, one after the other where the kernel is told worst by those
/// before: a Cholesky decomposition with pivots[^fine].
///
/// Cost: `O(n m²)` for `n` samples and `m` landmarks.
///
/// [^fine]: Fine & Scheinberg (2001), Efficient SVM training using low-rank kernel
///     representations. JMLR 2:243-264 (not checked).
pub(super) fn fit(
    samples: &[f64],
    size: usize,
    labels: &[u8],
    weights: &[f64],
    classes: usize,
    most: usize,
) -> Landmarks {
    let count = labels.len();
    let sample = |n: usize| &samples[n * size..][..size];
    let most = most.min(count);
    // One row for each sample: its part of the triangle.
    let mut lower = vec![0.0; count * most];
    let mut left = vec![1.0; count];
    let mut chosen = Vec::new();
    for column in 0..most {
        let worst = (0..count).fold(0, |best, n| {
            if left[n] * weights[n] > left[best] * weights[best] { n } else { best }
        });
        if left[worst] < 1e-6 {
            break;
        }
        let pivot: Vec<f64> = lower[worst * most..][..column].to_vec();
        let root = left[worst].sqrt();
        for n in 0..count {
            let row = &mut lower[n * most..][..=column];
            let told = dot(&row[..column], &pivot);
            row[column] = (alike(sample(n), sample(worst)) - told) / root;
            left[n] -= row[column] * row[column];
        }
        left[worst] = 0.0;
        chosen.push(worst);
    }
    let coefficients = solve(&lower, most, &chosen, labels, weights, classes);
    Landmarks { chosen, coefficients }
}

/// Ridge of the regression, in mean weights of a sample.
const RIDGE: f64 = 0.1;

fn solve(
    lower: &[f64],
    most: usize,
    chosen: &[usize],
    labels: &[u8],
    weights: &[f64],
    classes: usize,
) -> Vec<f64> {
    let size = chosen.len();
    let rows: Vec<f64> = lower.chunks_exact(most).flat_map(|row| row[..size].to_vec()).collect();
    let mut normal = weighted_square(&rows, weights, size);
    for n in 0..size {
        normal[n * size + n] += RIDGE;
    }
    let normal = Cholesky::new(normal, size).expect("a ridge makes it positive definite");
    let triangle: Vec<f64> =
        chosen.iter().flat_map(|n| lower[n * most..][..size].to_vec()).collect();
    let square: Vec<f64> = product_with_transpose(&triangle, size);
    let triangle = Cholesky::new(square, size).expect("pivots are positive");
    let mut coefficients = vec![0.0; size * classes];
    for class in 0..classes {
        let mut x = vec![0.0; size];
        for ((row, label), weight) in rows.chunks_exact(size).zip(labels).zip(weights) {
            let member = f64::from(usize::from(*label) == class) - 1.0 / classes as f64;
            for (sum, value) in x.iter_mut().zip(row) {
                *sum += weight * member * value;
            }
        }
        normal.solve(&mut x);
        triangle.solve_transposed(&mut x);
        for (n, value) in x.iter().enumerate() {
            coefficients[n * classes + class] = *value;
        }
    }
    coefficients
}

/// `matrix · matrixᵀ`.
fn product_with_transpose(matrix: &[f64], size: usize) -> Vec<f64> {
    let row = |n: usize| &matrix[n * size..][..size];
    (0..size * size).map(|n| dot(row(n / size), row(n % size))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With every sample a landmark the answer is that of the kernel matrix itself.
    #[test]
    fn all_landmarks_give_the_full_regression() {
        let samples: Vec<f64> = (0..60).map(|n| ((n * 37 + n * n) % 41) as f64 / 13.0).collect();
        let labels: Vec<u8> = (0..20).map(|n| (n % 3) as u8).collect();
        let weights: Vec<f64> = (0..20).map(|n| 0.5 + f64::from(n % 4) / 3.0).collect();
        let sample = |n: usize| &samples[n * 3..][..3];
        let found = fit(&samples, 3, &labels, &weights, 3, 20);
        assert_eq!(found.chosen.len(), 20);
        let mut matrix: Vec<f64> =
            (0..400).map(|n| alike(sample(n / 20), sample(n % 20))).collect();
        for n in 0..20 {
            matrix[n * 20 + n] += RIDGE / weights[n];
        }
        let mut dual: Vec<f64> =
            labels.iter().map(|label| f64::from(*label == 1) - 1.0 / 3.0).collect();
        Cholesky::new(matrix, 20).expect("positive definite").solve(&mut dual);
        for n in 0..20 {
            let wanted: f64 = (0..20).map(|m| dual[m] * alike(sample(n), sample(m))).sum();
            let told = found.chosen.iter().enumerate();
            let value: f64 = told
                .map(|(at, m)| found.coefficients[at * 3 + 1] * alike(sample(n), sample(*m)))
                .sum();
            assert!((value - wanted).abs() < 1e-8, "{value} for {wanted}");
        }
    }
}
