//! Elementary functions from arithmetic alone.
//!
//! `+ - * /` and square roots are the same everywhere; a system's `exp` and `sin` are not.

use std::f64::consts::{FRAC_PI_2, LN_2};

/// e to the power of `x`.
pub(crate) fn exp(x: f64) -> f64 {
    if x < -700.0 {
        return 0.0;
    }
    let halvings = (x.min(700.0) / LN_2).round();
    let rest = x.min(700.0) - halvings * LN_2;
    let series = (1..=14).rev().fold(1.0, |sum, n| 1.0 + rest / f64::from(n) * sum);
    series * f64::from_bits(((halvings as i64 + 1023) as u64) << 52)
}

/// Sine of `x`.
pub(crate) fn sin(x: f64) -> f64 {
    let turns = (x / FRAC_PI_2).round();
    let rest = x - turns * FRAC_PI_2;
    let square = rest * rest;
    let (mut sine, mut cosine) = (1.0, 1.0);
    for n in (1..=9).rev() {
        let even = f64::from(2 * n);
        sine = 1.0 - square / (even * (even + 1.0)) * sine;
        cosine = 1.0 - square / (even * (even - 1.0)) * cosine;
    }
    match (turns as i64).rem_euclid(4) {
        0 => rest * sine,
        1 => cosine,
        2 => -rest * sine,
        _ => -cosine,
    }
}

/// Cosine of `x`.
pub(crate) fn cos(x: f64) -> f64 {
    sin(x + FRAC_PI_2)
}

/// Cube root of a number that is not negative, by Newton's method.
pub(crate) fn cube_root(x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let guess = f64::from_bits(x.to_bits() / 3 + 0x2a9f_7893_782d_a1ce);
    (0..5).fold(guess, |root, _| (2.0 * root + x / (root * root)) / 3.0)
}

/// Normal weights of a Gaussian of `sigma` steps out to four sigmas; their sum is 1. A sigma
/// of 0 gives the single weight 1.
pub(crate) fn taps(sigma: f64) -> Vec<f32> {
    let reach = (4.0 * sigma).ceil() as i64;
    let weight = |n: i64| {
        if sigma > 0.0 { exp(-0.5 * (n as f64 / sigma) * (n as f64 / sigma)) } else { 1.0 }
    };
    let weights: Vec<f64> = (-reach..=reach).map(weight).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| (weight / sum) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_agree_with_the_library() {
        for n in -200..200 {
            let x = f64::from(n) * 0.137;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-13, "exp {x}");
            assert!((sin(x) - x.sin()).abs() < 1e-13, "sin {x}");
            assert!((cos(x) - x.cos()).abs() < 1e-13, "cos {x}");
            assert!((cube_root(x.abs()) - x.abs().cbrt()).abs() < 1e-13 * x.abs().max(1.0), "{x}");
        }
    }
}
