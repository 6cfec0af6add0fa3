//! Islands that are too small to be what they seem.

use hilum_core::{Mask, Pattern, Region, Volume};
use hilum_kernel::{Components, Connectivity, par};

/// Least volume in mL of an island of each pattern: below, chance clusters of vessels look the same. A
/// hole of emphysema must be larger than noise (chosen on phantoms).
const LEAST: [(Pattern, f64); 5] = [
    (Pattern::GroundGlass, 0.5),
    (Pattern::Reticular, 2.0),
    (Pattern::Honeycombing, 1.0),
    (Pattern::Consolidation, 0.5),
    (Pattern::Emphysema, 0.008),
];

/// Makes small islands normal lung again. How probable that is, nobody can tell: they keep half.
///
/// So do islands of cysts that do not reach the `costal` lung: bronchi and vessels near the hila seen end on.
pub(crate) fn drown_islands(patterns: &mut Volume<u8>, confidence: &mut Volume<u8>, costal: &Mask) {
    let millilitres = patterns.grid().voxel_volume() / 1000.0;
    let area = patterns.grid().shape()[1] * patterns.grid().shape()[2];
    for (pattern, least) in LEAST {
        let mask = par::map(patterns, |label| *label == pattern.label());
        let islands = Components::new(&mask, Connectivity::Edges);
        let sizes = islands.sizes();
        let beneath = (pattern == Pattern::Honeycombing).then(|| reached(&islands, costal));
        let small = islands.mask(|n| {
            let n = n as usize - 1;
            let is_deep = beneath.as_ref().is_some_and(|beneath| !beneath[n]);
            is_deep || (sizes[n] as f64) * millilitres < least
        });
        for (volume, value) in [(&mut *patterns, Pattern::Normal.label()), (&mut *confidence, 50)] {
            par::for_each_slice(volume, |k, slice| {
                for (voxel, small) in slice.iter_mut().zip(&small.as_slice()[k * area..]) {
                    *voxel = if *small { value } else { *voxel };
                }
            });
        }
    }
}

/// Says of each island whether at least a twentieth of it lies in a mask.
fn reached(islands: &Components, mask: &Mask) -> Vec<bool> {
    let mut inside = vec![0_u64; islands.count()];
    for (label, within) in islands.labels().as_slice().iter().zip(mask.as_slice()) {
        if *label > 0 && *within {
            inside[*label as usize - 1] += 1;
        }
    }
    inside.iter().zip(islands.sizes()).map(|(inside, size)| 20 * inside >= *size).collect()
}
