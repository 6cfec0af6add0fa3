//! The Gaussian as a sum of damped oscillations.

use nalgebra::Complex;

/// `sum of exp(-d t) (a cos w t + b sin w t)` for `t >= 0`, as rows `[d, w, a, b]`.
///
/// Found by `testdata/oracles/recursive_gaussian.py`: least maximal error under the
/// constraint that the integrals which fix constants, slopes and parabolas are exact and that
/// the sum has no kink or step at 0 that the kernel does not have.
pub(crate) struct Damped([[f64; 4]; 3]);

const GAUSSIAN: Damped = Damped([
    [2.2080605748, 0.506170852005, 3.37928063727, 7.4719501639],
    [2.15328130727, 1.56583391966, -2.54404069367, -0.788395191431],
    [2.04931048456, 2.79660582863, 0.164762987615, -0.0809251885786],
]);

const FIRST_DERIVATIVE: Damped = Damped([
    [1.96924769583, 0.538080449892, -2.4788031028, -10.3002145148],
    [1.95028556847, 1.64648624119, 2.82273842797, 2.89590463355],
    [1.89394821004, 2.89207345705, -0.343935325119, -0.0878341889468],
]);

const SECOND_DERIVATIVE: Damped = Damped([
    [1.76967100596, 0.544687760859, 0.045631196569, 12.3529137942],
    [1.75412037632, 1.66437928502, -1.56073666603, -6.11372848081],
    [1.7015938837, 2.92257828841, 0.515173171348, 0.570294326988],
]);

impl Damped {
    /// The Gaussian of sigma 1 and height 1, or its derivative of order 1 or 2.
    ///
    /// # Panics
    ///
    /// If the order is above 2.
    pub(crate) fn gaussian(order: u8) -> Self {
        match order {
            0 => GAUSSIAN,
            1 => FIRST_DERIVATIVE,
            2 => SECOND_DERIVATIVE,
            _ => panic!("derivatives go up to order 2, asked for {order}"),
        }
    }

    /// Each oscillation at whole steps of `1 / sigma`: pole and gain of `re(gain * pole^n)`.
    pub(crate) fn sampled(&self, sigma: f64) -> [(Complex<f64>, Complex<f64>); 3] {
        self.0.map(|[damping, frequency, cosine, sine]| {
            let pole = Complex::from_polar((-damping / sigma).exp(), frequency / sigma);
            (pole, Complex::new(cosine, -sine))
        })
    }

    /// The sums over `n >= 1` of the samples, of `n` times them and of `n²` times them.
    pub(crate) fn moments(&self, sigma: f64) -> [f64; 3] {
        let mut sums = [0.0; 3];
        for (pole, gain) in self.sampled(sigma) {
            let rest = Complex::from(1.0) - pole;
            let geometric =
                [pole / rest, pole / (rest * rest), pole * (pole + 1.0) / (rest * rest * rest)];
            for (sum, term) in sums.iter_mut().zip(geometric) {
                *sum += (gain * term).re;
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sums_miss_the_kernels_by_no_more_than_is_said() {
        let kernel = |order: u8, t: f64| {
            let gaussian = (-t * t / 2.0).exp();
            [1.0, -t, t * t - 1.0][order as usize] * gaussian
        };
        for (order, peak, allowed) in [(0, 1.0, 3e-6), (1, (-0.5_f64).exp(), 2e-5), (2, 1.0, 7e-5)]
        {
            let waves = Damped::gaussian(order).sampled(100.0);
            for n in 0..1200 {
                let sum: f64 = waves.iter().map(|(pole, gain)| (gain * pole.powi(n)).re).sum();
                let error = (sum - kernel(order, f64::from(n) / 100.0)).abs();
                assert!(error < allowed * peak, "order {order}, {n}: {error}");
            }
        }
    }

    #[test]
    fn moments_are_the_sums_of_the_samples() {
        for order in 0..3 {
            for sigma in [0.4, 1.7, 12.0] {
                let fit = Damped::gaussian(order);
                let mut sums = [0.0; 3];
                for n in 1..600 {
                    let samples = fit.sampled(sigma).map(|(pole, gain)| (gain * pole.powi(n)).re);
                    let sample: f64 = samples.iter().sum();
                    for (power, sum) in sums.iter_mut().enumerate() {
                        *sum += sample * f64::from(n).powi(power as i32);
                    }
                }
                for (found, expected) in fit.moments(sigma).into_iter().zip(sums) {
                    assert!((found - expected).abs() < 1e-9 * (1.0 + expected.abs()));
                }
            }
        }
    }
}
