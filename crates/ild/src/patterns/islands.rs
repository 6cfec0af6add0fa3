//! Islands that are too small to be what they seem.

use hilum_core::{Pattern, Region, Volume};
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
pub(crate) fn drown_islands(patterns: &mut Volume<u8>, confidence: &mut Volume<u8>) {
    let millilitres = patterns.grid().voxel_volume() / 1000.0;
    let area = patterns.grid().shape()[1] * patterns.grid().shape()[2];
    for (pattern, least) in LEAST {
        let mask = par::map(patterns, |label| *label == pattern.label());
        let islands = Components::new(&mask, Connectivity::Edges);
        let sizes = islands.sizes();
        let small = islands.mask(|n| (sizes[n as usize - 1] as f64) * millilitres < least);
        for (volume, value) in [(&mut *patterns, Pattern::Normal.label()), (&mut *confidence, 50)] {
            par::for_each_slice(volume, |k, slice| {
                for (voxel, small) in slice.iter_mut().zip(&small.as_slice()[k * area..]) {
                    *voxel = if *small { value } else { *voxel };
                }
            });
        }
    }
}
