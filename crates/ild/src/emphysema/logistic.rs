//! Multinomial logistic regression with a ridge.

use super::algebra::{Cholesky, dot, softmax, weighted_square};

/// Weights of each class, the intercept last: `classes` rows of as many numbers as a sample.
///
/// Minimises `Σ weight · -ln p(label) + ridge/2 · |weights|²`; the last number of each sample is 1,
/// and its weight carries no ridge. Each step solves with one fixed matrix that bounds the
/// curvature from above[^bohning], with the momentum of Nesterov, which starts anew whenever it leads uphill.
///
/// [^bohning]: Böhning (1992), Multinomial logistic regression algorithm. Ann Inst Stat Math
///     44(1):197-200, doi:10.1007/BF00048682 (not checked).
pub(super) fn fit(
    samples: &[f64],
    labels: &[u8],
    weights: &[f64],
    classes: usize,
    ridge: f64,
) -> Vec<f64> {
    let size = samples.len() / labels.len();
    let halved: Vec<f64> = weights.iter().map(|weight| weight / 2.0).collect();
    let mut bound = weighted_square(samples, &halved, size);
    for n in 0..size {
        // Nearly nothing on the intercept: a rounding error must not make the matrix singular.
        bound[n * size + n] += if n + 1 < size { ridge } else { 1e-6 };
    }
    let bound = Cholesky::new(bound, size).expect("a ridge makes it positive definite");

    let mut here = vec![0.0; classes * size];
    let mut ahead = here.clone();
    let mut momentum: f64 = 1.0;
    for _ in 0..MOST_STEPS {
        let mut step = gradient(samples, labels, weights, &ahead, ridge);
        let slope = step.clone();
        step.chunks_exact_mut(size).for_each(|row| bound.solve(row));
        let next: Vec<f64> = ahead.iter().zip(&step).map(|(a, s)| a - s).collect();
        let moved: Vec<f64> = next.iter().zip(&here).map(|(n, h)| n - h).collect();
        let next_momentum = if dot(&slope, &moved) > 0.0 {
            1.0
        } else {
            f64::midpoint(1.0, (1.0 + 4.0 * momentum * momentum).sqrt())
        };
        let carry = if next_momentum > 1.0 { (momentum - 1.0) / next_momentum } else { 0.0 };
        ahead = next.iter().zip(&moved).map(|(n, m)| n + carry * m).collect();
        (here, momentum) = (next, next_momentum);
        // Momentum may turn and stand still for a moment far from the minimum: the step tells.
        if step.iter().all(|s| s.abs() < CLOSE) {
            break;
        }
    }
    here
}

const MOST_STEPS: usize = 1000;
const CLOSE: f64 = 1e-7;

fn gradient(samples: &[f64], labels: &[u8], weights: &[f64], here: &[f64], ridge: f64) -> Vec<f64> {
    let size = samples.len() / labels.len();
    let mut gradient: Vec<f64> = here.iter().map(|w| ridge * w).collect();
    for row in gradient.chunks_exact_mut(size) {
        row[size - 1] = 0.0;
    }
    for ((sample, label), weight) in samples.chunks_exact(size).zip(labels).zip(weights) {
        let mut shares: Vec<f64> = here.chunks_exact(size).map(|row| dot(row, sample)).collect();
        softmax(&mut shares);
        shares[usize::from(*label)] -= 1.0;
        for (row, share) in gradient.chunks_exact_mut(size).zip(&shares) {
            let factor = weight * share;
            for (sum, x) in row.iter_mut().zip(sample) {
                *sum += factor * x;
            }
        }
    }
    gradient
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_pulls_at_the_minimum() {
        let samples: Vec<f64> = (0..60)
            .flat_map(|n| {
                [((n * 37) % 23) as f64 / 11.0 - 1.0, ((n * 53) % 17) as f64 / 8.0 - 1.0, 1.0]
            })
            .collect();
        // Every class must occur: the intercept of one that does not has no minimum.
        let labels: Vec<u8> = (0..60).map(|n| ((n * n + n / 7) % 3) as u8).collect();
        let weights: Vec<f64> = (0..60).map(|n| 0.5 + f64::from(n % 4)).collect();
        let found = fit(&samples, &labels, &weights, 3, 0.7);
        let pull = gradient(&samples, &labels, &weights, &found, 0.7);
        assert!(pull.iter().all(|g| g.abs() < 1e-4), "{pull:?}");
        assert!(found.iter().any(|w| w.abs() > 0.01), "{found:?}");
    }

    #[test]
    fn without_features_the_shares_of_classes_come_out() {
        let labels = [0, 0, 0, 1];
        let found = fit(&[1.0; 4], &labels, &[1.0; 4], 2, 5.0);
        assert!((found[0] - found[1] - 3f64.ln()).abs() < 1e-4, "{found:?}");
    }
}
