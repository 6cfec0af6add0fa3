//! Gaps between vessels: where lobes meet, few vessels come near, whether the fissure is seen or not.

use hilum_core::Volume;
use ndarray::Array2;

use crate::fissures::slab::{LEVELS, RISE, Slab};

/// Heights in mm at which there should be more vessels than on the surface.
const BESIDE: [f64; 2] = [7.0, 10.0];
/// Nodes on each side over which distances are averaged.
const AROUND: usize = 3;
/// Distance in mm beyond which a vessel is as good as none.
const FAR: f32 = 8.0;
/// Mean gain of distance in mm that counts whole.
const WHOLE: f64 = 2.5;

/// How much farther vessels are from a surface than from places above and below, 0 to 1 at each node.
pub(crate) fn gap(slab: &Slab, clearance: &Volume<f32>, heights: &Array2<f64>) -> Array2<f32> {
    let gains = Array2::from_shape_fn(heights.dim(), |(a, b)| {
        let at = |height: f64| {
            let level = (height / RISE + LEVELS as f64).round();
            let inside = (0.0..=2.0 * LEVELS as f64).contains(&level);
            let place = [level.max(0.0) as usize, a * slab.fine, b * slab.fine];
            (inside && slab.inside.at(place)).then(|| f64::from(clearance.at(place).min(FAR)))
        };
        let here = at(heights[[a, b]])?;
        let side = |sign: f64| {
            let beside = BESIDE.map(|away| at(heights[[a, b]] + sign * away));
            let [Some(near), Some(far)] = beside else { return None };
            Some(near.min(far))
        };
        Some(here - side(1.0)?.max(side(-1.0)?))
    });
    Array2::from_shape_fn(heights.dim(), |(a, b)| {
        let rows = a.saturating_sub(AROUND)..(a + AROUND + 1).min(gains.nrows());
        let columns = b.saturating_sub(AROUND)..(b + AROUND + 1).min(gains.ncols());
        let near = rows.flat_map(|a| columns.clone().map(move |b| (a, b)));
        let known: Vec<f64> = near.filter_map(|node| gains[node]).collect();
        let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
        let told = gains[[a, b]].is_some();
        if told { (mean / WHOLE).clamp(0.0, 1.0) as f32 } else { 0.0 }
    })
}
