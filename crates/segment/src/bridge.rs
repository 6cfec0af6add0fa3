//! How far air would reach where disease of both lungs keeps it from the ribs.

use hilum_kernel::par;

/// Disease is bridged from air at most so many mm above to air at most so many mm below.
const SPAN: f64 = 60.0;
/// Shallower dips (mm) are the chest's own shape.
const DEEP: f64 = 8.0;

/// Distances by slice and direction, of which there are `bins` in each slice `step` mm high, with
/// deep dips along the body bridged by straight lines. A chest bulges, so that the lines lie inside
/// of it. Where nothing is known (0) nothing is made up.
///
/// Cost: `O(n m²)` for `n` distances and `m` slices in a span.
pub(crate) fn bridged(distances: &[f64], bins: usize, step: f64) -> Vec<f64> {
    let slices = distances.len() / bins;
    let span = (SPAN / step).floor() as usize;
    let rows = par::collect(slices, |k| {
        let bridge = |bin: usize| {
            let own = distances[k * bins + bin];
            let known = |other: usize| (other, distances[other * bins + bin]);
            let is_farther = |other: &(usize, f64)| other.1 > own;
            let below = (k.saturating_sub(span)..k).map(known).filter(is_farther);
            let above = || (k + 1..(k + span + 1).min(slices)).map(known).filter(is_farther);
            let lines = below.flat_map(|low| above().map(move |high| between(k, low, high)));
            let highest = lines.fold(own, f64::max);
            if own > 0.0 && highest > own + DEEP { highest } else { own }
        };
        (0..bins).map(bridge).collect::<Vec<f64>>()
    });
    rows.concat()
}

/// Height at `k` of the line through two points.
fn between(k: usize, low: (usize, f64), high: (usize, f64)) -> f64 {
    let share = (k - low.0) as f64 / (high.0 - low.0) as f64;
    low.1 + (high.1 - low.1) * share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_dips_are_bridged_and_shallow_ones_kept() {
        let (deep, shallow) = ([90.0, 40.0, 50.0, 0.0, 96.0], [90.0, 86.0, 88.0, 0.0, 92.0]);
        let both: Vec<f64> = deep.iter().zip(shallow).flat_map(|(a, b)| [*a, b]).collect();
        let found = bridged(&both, 2, 3.0);
        let column = |bin: usize| found.iter().skip(bin).step_by(2).copied().collect::<Vec<_>>();
        assert_eq!(column(0), [90.0, 91.5, 93.0, 0.0, 96.0]);
        assert_eq!(column(1), shallow);
    }

    #[test]
    fn nothing_is_bridged_from_too_far() {
        let far = [90.0, 40.0, 90.0];
        assert_eq!(bridged(&far, 1, 61.0), far);
    }
}
