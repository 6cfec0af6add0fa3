//! Power laws of cluster sizes.

/// A power law fitted to sizes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PowerLaw {
    /// `D` of `N(>= s) ~ s^-D`.
    pub exponent: f64,
    /// Standard error of `D`, if the sizes are independent.
    pub standard_error: f64,
    /// Sizes that took part.
    pub count: u64,
}

/// Step of the second difference that gives the standard error.
const STEP: f64 = 1e-3;

/// Range in which the exponent is looked for.
const EXPONENTS: [f64; 2] = [0.01, 20.0];

/// Fits `N(>= s) ~ s^-D` to whole sizes of at least `smallest` by maximum likelihood[^clauset].
///
/// The law is the discrete one: a size `s` has probability `s^-(D+1) / ζ(D+1, smallest)`, whose tail
/// falls as `s^-D`. `None` for fewer than two sizes, or where all are `smallest`: no
/// exponent is likeliest then. Cost: `O(n)` for `n` sizes.
///
/// [^clauset]: Clauset A, Shalizi CR, Newman MEJ (2009), Power-law distributions in empirical data.
///     SIAM Review 51(4):661-703. doi:10.1137/070710111 (not checked).
///
/// # Panics
///
/// If `smallest` is 0.
pub fn power_law(sizes: &[u64], smallest: u64) -> Option<PowerLaw> {
    assert!(smallest > 0, "the smallest size must be positive");
    let large = || sizes.iter().filter(|size| **size >= smallest);
    let count = large().count() as u64;
    let logarithms: f64 = large().map(|size| (*size as f64).ln()).sum();
    let mean = logarithms / count as f64;
    if count < 2 || mean - (smallest as f64).ln() < 1e-9 {
        return None;
    }
    let likelihood = |d: f64| -zeta(d + 1.0, smallest as f64).ln() - (d + 1.0) * mean;
    let exponent = greatest(likelihood, EXPONENTS);
    let bend =
        likelihood(exponent - STEP) - 2.0 * likelihood(exponent) + likelihood(exponent + STEP);
    let standard_error = (-bend / (STEP * STEP) * count as f64).sqrt().recip();
    Some(PowerLaw { exponent, standard_error, count })
}

/// The slope of `ln N(>= s)` over `ln s`, turned positive, by least squares over the distinct sizes of
/// at least `smallest`, as in the work that brought the exponent to the lung. Large sizes, of which there are few, weigh as
/// much as small ones, so that it scatters more than [`power_law`]. `None` for fewer than three
/// distinct sizes. Cost: `O(n log n)`.
pub fn regression_exponent(sizes: &[u64], smallest: u64) -> Option<f64> {
    let points: Vec<(f64, f64)> = cumulative(sizes, smallest)
        .into_iter()
        .map(|(size, at_least)| ((size as f64).ln(), (at_least as f64).ln()))
        .collect();
    if points.len() < 3 {
        return None;
    }
    let n = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let covariance: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    let variance: f64 = points.iter().map(|p| (p.0 - x) * (p.0 - x)).sum();
    Some(-covariance / variance)
}

/// Distinct sizes of at least `smallest` in rising order, with the number of sizes at least as large.
pub(crate) fn cumulative(sizes: &[u64], smallest: u64) -> Vec<(u64, u64)> {
    let mut sizes: Vec<u64> = sizes.iter().copied().filter(|size| *size >= smallest).collect();
    sizes.sort_unstable();
    let mut points: Vec<(u64, u64)> = Vec::new();
    for (n, size) in sizes.iter().enumerate() {
        if points.last().is_none_or(|(last, _)| last != size) {
            points.push((*size, (sizes.len() - n) as u64));
        }
    }
    points
}

/// Hurwitz' zeta function, the sum of `(q + n)^-s` over `n = 0, 1, …`, for `s > 1`: a few terms, the
/// rest by Euler and Maclaurin.
fn zeta(s: f64, q: f64) -> f64 {
    const TERMS: u32 = 20;
    let head: f64 = (0..TERMS).map(|n| (q + f64::from(n)).powf(-s)).sum();
    let a = q + f64::from(TERMS);
    let tail = a.powf(1.0 - s) / (s - 1.0) + 0.5 * a.powf(-s);
    let first = s * a.powf(-s - 1.0) / 12.0;
    let second = s * (s + 1.0) * (s + 2.0) * a.powf(-s - 3.0) / 720.0;
    let third = s * (s + 1.0) * (s + 2.0) * (s + 3.0) * (s + 4.0) * a.powf(-s - 5.0) / 30240.0;
    head + tail + first - second + third
}

/// Where a function with a single hill is greatest, by golden section.
fn greatest(function: impl Fn(f64) -> f64, [mut low, mut high]: [f64; 2]) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_895;
    let inside = |low: f64, high: f64| [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    for _ in 0..80 {
        let [left, right] = inside(low, high);
        if function(left) < function(right) {
            low = left;
        } else {
            high = right;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeta_is_that_of_riemann_and_hurwitz() {
        let pi = std::f64::consts::PI;
        assert!((zeta(2.0, 1.0) - pi * pi / 6.0).abs() < 1e-12);
        assert!((zeta(4.0, 1.0) - pi.powi(4) / 90.0).abs() < 1e-12);
        assert!((zeta(2.0, 5.0) - (pi * pi / 6.0 - 1.0 - 0.25 - 1.0 / 9.0 - 0.0625)).abs() < 1e-12);
    }

    #[test]
    fn sizes_are_counted_from_above() {
        assert_eq!(cumulative(&[7, 2, 9, 7, 3], 3), [(3, 4), (7, 3), (9, 1)]);
    }
}
