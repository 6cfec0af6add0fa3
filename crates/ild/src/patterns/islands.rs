//! Islands that are too small to be what they seem.

use hilum_core::{Mask, Pattern, Region, Volume};
use hilum_kernel::{Components, Connectivity, par};

use crate::patterns::costal::Costal;

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
pub(crate) fn drown_islands(
    patterns: &mut Volume<u8>,
    confidence: &mut Volume<u8>,
    costal: &Costal,
) {
    let millilitres = patterns.grid().voxel_volume() / 1000.0;
    for (pattern, least) in LEAST {
        let mask = par::map(patterns, |label| *label == pattern.label());
        let islands = Components::new(&mask, Connectivity::Edges);
        let sizes = islands.sizes();
        let beneath = (pattern == Pattern::Honeycombing).then(|| reached(&islands, &mask, costal));
        let is_small = |n: u32| {
            let n = n as usize - 1;
            let is_deep = beneath.as_ref().is_some_and(|beneath| !beneath[n]);
            is_deep || (sizes[n] as f64) * millilitres < least
        };
        islands.fill(patterns, is_small, Pattern::Normal.label());
        islands.fill(confidence, is_small, 50);
    }
}

/// Says of each island of a mask whether at least a twentieth of it is costal.
fn reached(islands: &Components, mask: &Mask, costal: &Costal) -> Vec<bool> {
    let [_, rows, columns] = mask.grid().shape();
    let mut inside = vec![0_u64; islands.count()];
    for (n, _) in mask.as_slice().iter().enumerate().filter(|(_, inside)| **inside) {
        let voxel = [n / columns / rows, n / columns % rows, n % columns];
        inside[islands.at(voxel) as usize - 1] += u64::from(costal.holds(voxel));
    }
    inside.iter().zip(islands.sizes()).map(|(inside, size)| 20 * inside >= *size).collect()
}
