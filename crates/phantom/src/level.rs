//! What the trunk measures at each height.
//!
//! The origin of the model is the carina; x runs left, y back, z up, in mm.

/// Outlines of trunk, rib cage and spine at one height.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Level {
    /// Half the width of the rib cage, inside.
    pub(crate) half_width: f64,
    /// Foremost point of the rib cage, inside.
    pub(crate) front: f64,
    /// Hindmost point of the rib cage, inside, beside the spine.
    pub(crate) back: f64,
    /// Centre of the vertebral body.
    pub(crate) spine: f64,
    /// Half the width of the trunk.
    pub(crate) body_half_width: f64,
    /// Foremost point of the trunk.
    pub(crate) body_front: f64,
    /// Hindmost point of the trunk.
    pub(crate) body_back: f64,
}

impl Level {
    /// The outlines at height `z`.
    pub(crate) fn at(z: f64) -> Self {
        let spine = spine(z);
        let front = interpolate(&FRONT, z);
        Self {
            half_width: interpolate(&HALF_WIDTH, z),
            front,
            back: spine + 41.0,
            spine,
            body_half_width: interpolate(&BODY_HALF_WIDTH, z),
            body_front: front - interpolate(&BREAST, z),
            body_back: spine + 72.0,
        }
    }
}

/// Centre of the vertebral bodies: kyphosis, then the beginning of the lordosis.
pub(crate) fn spine(z: f64) -> f64 {
    let from_apex = z + 60.0;
    let curve = if from_apex > 0.0 { 0.0009 } else { 0.0005 };
    50.0 - curve * from_apex * from_apex
}

const HALF_WIDTH: [(f64, f64); 12] = [
    (-250.0, 126.0),
    (-205.0, 133.0),
    (-160.0, 137.0),
    (-120.0, 137.0),
    (-80.0, 135.0),
    (-40.0, 129.0),
    (0.0, 119.0),
    (30.0, 108.0),
    (55.0, 95.0),
    (75.0, 79.0),
    (95.0, 58.0),
    (130.0, 42.0),
];

const FRONT: [(f64, f64); 12] = [
    (-250.0, -90.0),
    (-205.0, -97.0),
    (-160.0, -99.0),
    (-120.0, -97.0),
    (-80.0, -89.0),
    (-40.0, -77.0),
    (0.0, -62.0),
    (30.0, -49.0),
    (55.0, -35.0),
    (75.0, -20.0),
    (95.0, -8.0),
    (130.0, 0.0),
];

const BODY_HALF_WIDTH: [(f64, f64); 10] = [
    (-250.0, 163.0),
    (-170.0, 169.0),
    (-90.0, 167.0),
    (-20.0, 162.0),
    (25.0, 160.0),
    (60.0, 158.0),
    (85.0, 146.0),
    (105.0, 116.0),
    (125.0, 84.0),
    (160.0, 66.0),
];

/// Thickness of the chest wall in front.
const BREAST: [(f64, f64); 6] =
    [(-250.0, 24.0), (-120.0, 25.0), (-40.0, 29.0), (20.0, 33.0), (70.0, 38.0), (130.0, 50.0)];

/// Cubic interpolation through rising knots, level beyond the ends.
fn interpolate(knots: &[(f64, f64)], z: f64) -> f64 {
    let last = knots.len() - 1;
    let n = knots.partition_point(|knot| knot.0 <= z).clamp(1, last);
    let t = ((z - knots[n - 1].0) / (knots[n].0 - knots[n - 1].0)).clamp(0.0, 1.0);
    let width = knots[n].0 - knots[n - 1].0;
    let slope = |n: usize| {
        let (before, after) = (knots[n.saturating_sub(1)], knots[(n + 1).min(last)]);
        (after.1 - before.1) / (after.0 - before.0) * width
    };
    let (a, b, da, db) = (knots[n - 1].1, knots[n].1, slope(n - 1), slope(n));
    let (t2, t3) = (t * t, t * t * t);
    a * (2.0 * t3 - 3.0 * t2 + 1.0)
        + da * (t3 - 2.0 * t2 + t)
        + b * (3.0 * t2 - 2.0 * t3)
        + db * (t3 - t2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlines_go_through_their_knots() {
        for (z, value) in HALF_WIDTH {
            assert_eq!(interpolate(&HALF_WIDTH, z), value);
        }
        assert_eq!(interpolate(&HALF_WIDTH, -900.0), HALF_WIDTH[0].1);
        assert_eq!(interpolate(&HALF_WIDTH, 900.0), HALF_WIDTH[11].1);
        let between = interpolate(&[(0.0, 1.0), (1.0, 2.0), (2.0, 3.0), (3.0, 4.0)], 1.5);
        assert!((between - 2.5).abs() < 1e-12);
    }
}
