//! Dense linear algebra in one fixed order of operations: a model comes out the same, bit for bit,
//! wherever its training runs on the same kind of machine.

/// A symmetric positive definite matrix as the product of a lower triangle with its transpose.
pub(super) struct Cholesky {
    size: usize,
    /// Rows of the lower triangle, each of full length.
    lower: Vec<f64>,
}

impl Cholesky {
    /// Factors a matrix of `size` rows; `None` if it is not positive definite.
    pub(super) fn new(mut matrix: Vec<f64>, size: usize) -> Option<Self> {
        for row in 0..size {
            let (above, rest) = matrix.split_at_mut(row * size);
            let this = &mut rest[..size];
            for column in 0..row {
                let other = &above[column * size..][..=column];
                this[column] =
                    (this[column] - dot(&this[..column], &other[..column])) / other[column];
            }
            let square = this[row] - dot(&this[..row], &this[..row]);
            if square.is_nan() || square <= 0.0 {
                return None;
            }
            this[row] = square.sqrt();
            this[row + 1..].fill(0.0);
        }
        Some(Self { size, lower: matrix })
    }

    /// `x` with `matrix · x = b`, put into the place of `b`.
    pub(super) fn solve(&self, b: &mut [f64]) {
        for row in 0..self.size {
            let lower = &self.lower[row * self.size..][..=row];
            b[row] = (b[row] - dot(&lower[..row], &b[..row])) / lower[row];
        }
        self.solve_transposed(b);
    }

    /// `x` with `lowerᵀ · x = b`, put into the place of `b`.
    pub(super) fn solve_transposed(&self, b: &mut [f64]) {
        for row in (0..self.size).rev() {
            let lower = &self.lower[row * self.size..][..=row];
            b[row] /= lower[row];
            for column in 0..row {
                b[column] -= lower[column] * b[row];
            }
        }
    }
}

/// Sum of products, in eight sums that the processor can keep apart.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a_eights, b_eights) = (a.chunks_exact(8), b.chunks_exact(8));
    let tail: f64 = a_eights.remainder().iter().zip(b_eights.remainder()).map(|(x, y)| x * y).sum();
    for (a, b) in a_eights.zip(b_eights) {
        for ((sum, x), y) in sums.iter_mut().zip(a).zip(b) {
            *sum += x * y;
        }
    }
    sums.iter().sum::<f64>() + tail
}

/// `Σ weight · row · rowᵀ` over rows of `size` numbers.
pub(super) fn weighted_square(rows: &[f64], weights: &[f64], size: usize) -> Vec<f64> {
    let mut square = vec![0.0; size * size];
    for (row, weight) in rows.chunks_exact(size).zip(weights) {
        for (line, x) in square.chunks_exact_mut(size).zip(row) {
            let factor = weight * x;
            for (sum, y) in line.iter_mut().zip(row) {
                *sum += factor * y;
            }
        }
    }
    square
}

/// Turns logits into probabilities; returns the logarithm of the sum of their exponentials.
pub(super) fn softmax(logits: &mut [f64]) -> f64 {
    let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut total = 0.0;
    for logit in logits.iter_mut() {
        *logit = (*logit - most).exp();
        total += *logit;
    }
    for logit in logits.iter_mut() {
        *logit /= total;
    }
    most + total.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_solution_solves() {
        let size = 19;
        let rows: Vec<f64> =
            (0..40 * size).map(|n| ((n * n * 7919 + n * 31) % 101) as f64 / 50.0 - 1.0).collect();
        let mut matrix = weighted_square(&rows, &[0.5; 40], size);
        for n in 0..size {
            matrix[n * size + n] += 0.1;
        }
        let wanted: Vec<f64> = (0..size).map(|n| n as f64 - 7.0).collect();
        let mut b: Vec<f64> = matrix.chunks_exact(size).map(|row| dot(row, &wanted)).collect();
        Cholesky::new(matrix, size).expect("positive definite").solve(&mut b);
        for (found, wanted) in b.iter().zip(&wanted) {
            assert!((found - wanted).abs() < 1e-9, "{found} for {wanted}");
        }
    }

    #[test]
    fn what_is_not_positive_definite_is_refused() {
        assert!(Cholesky::new(vec![1.0, 2.0, 2.0, 1.0], 2).is_none());
    }
}
