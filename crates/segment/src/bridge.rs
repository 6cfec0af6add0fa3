//! Straight lines over the dents that disease makes in the outline of aerated lung.

/// Height at a place of the line through two others.
pub(crate) type Line = fn(usize, (usize, f64), (usize, f64)) -> f64;

/// How far a line goes, and which dents it goes over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bridge {
    /// What is straight.
    pub(crate) line: Line,
    /// Most steps from a place to either end of a line over it.
    pub(crate) span: usize,
    /// Dents less deep are the chest's own shape.
    pub(crate) deep: f64,
}

impl Bridge {
    /// Distances along a row of places, with deep dents bridged by the farthest of all lines that go over them from place to place.
    /// A chest bulges, so that the lines lie inside of it. Where nothing is known (`None`) nothing is made up.
    ///
    /// Cost: `O(n m²)` for `n` places and a span of `m`.
    pub(crate) fn over(self, row: &[Option<f64>]) -> Vec<Option<f64>> {
        let bridge = |(n, own): (usize, &Option<f64>)| {
            let own = (*own)?;
            self.farthest(row, n, own).filter(|farthest| *farthest > own + self.deep).or(Some(own))
        };
        row.iter().enumerate().map(bridge).collect()
    }

    /// The same, and where nothing is known as far as lines go over it.
    pub(crate) fn across(self, row: &[Option<f64>]) -> Vec<Option<f64>> {
        let known = self.over(row).into_iter().enumerate();
        known.map(|(n, own)| own.or_else(|| self.farthest(row, n, f64::NEG_INFINITY))).collect()
    }

    /// The farthest of the lines over place `n` between places farther than `least`.
    fn farthest(self, row: &[Option<f64>], n: usize, least: f64) -> Option<f64> {
        let known = |other: usize| Some((other, row[other].filter(|value| *value > least)?));
        let before = (n.saturating_sub(self.span)..n).filter_map(known);
        let after = || (n + 1..(n + self.span + 1).min(row.len())).filter_map(known);
        let lines = before.flat_map(|low| after().map(move |high| (self.line)(n, low, high)));
        lines.reduce(f64::max)
    }
}

/// Among places side by side.
pub(crate) fn straight(n: usize, low: (usize, f64), high: (usize, f64)) -> f64 {
    let share = (n - low.0) as f64 / (high.0 - low.0) as f64;
    low.1 + (high.1 - low.1) * share
}

#[cfg(test)]
mod tests {
    use super::*;

    const BRIDGE: Bridge = Bridge { line: straight, span: 20, deep: 8.0 };

    #[test]
    fn deep_dents_are_bridged_and_shallow_ones_kept() {
        let deep = [90.0, 40.0, 50.0, 95.0].map(Some);
        assert_eq!(
            BRIDGE.over(&deep),
            [90.0, 91.66666666666667, 93.33333333333333, 95.0].map(Some)
        );
        let shallow = [90.0, 86.0, 88.0, 92.0].map(Some);
        assert_eq!(BRIDGE.over(&shallow), shallow);
    }

    #[test]
    fn what_is_not_known_is_bridged_only_when_asked_for() {
        let row = [None, Some(90.0), Some(40.0), None, Some(96.0), None];
        assert_eq!(BRIDGE.over(&row), [None, Some(90.0), Some(92.0), None, Some(96.0), None]);
        assert_eq!(
            BRIDGE.across(&row),
            [None, Some(90.0), Some(92.0), Some(94.0), Some(96.0), None]
        );
    }

    #[test]
    fn nothing_is_bridged_from_too_far() {
        let far = [90.0, 40.0, 40.0, 90.0].map(Some);
        assert_eq!(Bridge { span: 1, ..BRIDGE }.over(&far), far);
    }
}
