//! A fissure where it is seen, its expectation where it is not, and a smooth passage.

use ndarray::Array2;

use crate::lobes::sheet::Sheet;

/// Length in mm over which what was seen fades into what is expected.
const REACH: f64 = 20.0;
/// Length in mm over which what was seen is smoothed.
const SMOOTH: f64 = 2.5;
/// Standard deviation in mm of a place that was seen.
pub(crate) const SEEN: f64 = 1.0;
/// What is less sure than this errs no more than it.
const FAINTEST: f32 = 0.05;
/// Sweeps over the nodes; passages are some ten nodes long.
const SWEEPS: usize = 150;
/// Over-relaxation.
const HASTE: f64 = 1.6;

/// Joins what was found to what is expected. Both sheets stand over the same nodes; `seen` says how
/// sure the first is, 0 to 1.
///
/// The difference `r` of the result to the expectation minimises `Σ seen² (r - d)² / SMOOTH² + |∇r|² +
/// (1 - seen) (r / REACH)²`, with `d` the difference where it was seen.
pub(crate) fn complete(found: &Sheet, seen: &Array2<f32>, expected: &Sheet) -> Sheet {
    let difference = &found.height() - &expected.height();
    let nodes = expected.step() * expected.step();
    let pull = seen.mapv(|seen| f64::from(seen * seen) * nodes / (SMOOTH * SMOOTH));
    let fade = seen.mapv(|seen| f64::from(1.0 - seen) * nodes / (REACH * REACH));
    let mut rest = Array2::zeros(difference.dim());
    let mut near = Array2::zeros(difference.dim());
    let mut spread = Array2::zeros(difference.dim());
    let ones = Array2::ones(difference.dim());
    let own = deviations_seen(seen, expected);
    for _ in 0..SWEEPS {
        sweep(&mut rest, &difference, &pull, &fade);
        sweep(&mut near, &ones, &pull, &fade);
        sweep(&mut spread, &own, &pull, &fade);
    }
    let heights = &expected.height() + &rest;
    expected.with_heights(heights, deviations(&near, &spread, expected))
}

/// One round of successive over-relaxation.
fn sweep(rest: &mut Array2<f64>, difference: &Array2<f64>, pull: &Array2<f64>, fade: &Array2<f64>) {
    let (rows, columns) = rest.dim();
    for a in 0..rows {
        for b in 0..columns {
            let (mut sum, mut count) = (0.0, 0.0);
            let mut meet = |value: f64| {
                sum += value;
                count += 1.0;
            };
            if a > 0 {
                meet(rest[[a - 1, b]]);
            }
            if a + 1 < rows {
                meet(rest[[a + 1, b]]);
            }
            if b > 0 {
                meet(rest[[a, b - 1]]);
            }
            if b + 1 < columns {
                meet(rest[[a, b + 1]]);
            }
            let pull = pull[[a, b]];
            let best = (sum + pull * difference[[a, b]]) / (count + pull + fade[[a, b]]);
            rest[[a, b]] += HASTE * (best - rest[[a, b]]);
        }
    }
}

/// Standard deviations of what was seen: [`SEEN`] where that is sure, more where it is faint, but no
/// more than was expected.
fn deviations_seen(seen: &Array2<f32>, expected: &Sheet) -> Array2<f64> {
    ndarray::Zip::from(seen)
        .and(&expected.deviation())
        .map_collect(|seen, most| (SEEN / f64::from(seen.max(FAINTEST))).min(most.max(SEEN)))
}

/// Standard deviations: that of seen places near them (`near` is 1), that of the expectation far from
/// all of them (0). In between `near` is the correlation with what was seen, of which `1 - near²` of the variance is
/// left. `spread` is what of the deviation of seen places comes along.
fn deviations(near: &Array2<f64>, spread: &Array2<f64>, expected: &Sheet) -> Array2<f64> {
    ndarray::Zip::from(near).and(spread).and(&expected.deviation()).map_collect(
        |near, seen, expected| {
            let near = near.clamp(0.0, 1.0);
            let alone = (1.0 - near * near) * expected.max(SEEN).powi(2);
            (alone + seen * seen).sqrt().max(if near > 0.0 { SEEN } else { 0.0 })
        },
    )
}

#[cfg(test)]
mod tests {
    use nalgebra::{Point3, Vector3};

    use super::*;
    use crate::lobes::{Fissure, Plane};

    fn flat(height: f64, deviation: f64) -> Sheet {
        let plane =
            Plane { origin: Point3::origin(), u: Vector3::x(), v: Vector3::y(), n: Vector3::z() };
        let nodes = (41, 23);
        let [height, deviation] = [height, deviation].map(|x| Array2::from_elem(nodes, x));
        Sheet::new(Fissure::LeftOblique, plane, 3.0, height, deviation)
    }

    #[test]
    fn nothing_seen_is_what_was_expected() {
        let expected = flat(1.0, 7.0);
        let none = Array2::zeros((41, 23));
        assert_eq!(complete(&flat(9.0, 1.0), &none, &expected), expected);
    }

    #[test]
    fn what_was_seen_fades_over_the_reach() {
        let mut seen = Array2::zeros((41, 23));
        seen.slice_mut(ndarray::s![..10, ..]).fill(1.0);
        let whole = complete(&flat(9.0, 1.0), &seen, &flat(1.0, 7.0));
        let at = |a: usize| whole.height()[[a, 11]] - 1.0;
        assert!((at(2) - 8.0).abs() < 0.1, "{}", at(2));
        // In one dimension the fading is exponential.
        let share = at(20) / at(15);
        assert!((share - (-15.0_f64 / 20.0).exp()).abs() < 0.03, "{share}");
        let deviation = whole.deviation();
        assert!(deviation[[2, 11]] < 1.1 && deviation[[40, 11]] > 5.5);
    }
}
