//! Patches that cover an image.

/// First voxels of the patches along an axis of `voxels`, evenly spread, so that each covers at
/// least `overlap` of the one before it. One patch at 0 where it is as long as the axis or longer.
pub(crate) fn starts(voxels: usize, patch: usize, overlap: f64) -> Vec<usize> {
    let rest = voxels.saturating_sub(patch);
    let stride = (patch as f64 * (1.0 - overlap)).floor().max(1.0);
    let steps = (rest as f64 / stride).ceil() as usize;
    (0..=steps).map(|n| rest * n / steps.max(1)).collect()
}

/// Weight of each voxel of a patch along an axis: a roof, highest in the middle, nowhere 0.
pub(crate) fn roof(patch: usize) -> Vec<f32> {
    let middle = patch.div_ceil(2) as f32;
    (0..patch).map(|n| (n.min(patch - 1 - n) + 1) as f32 / middle).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_cover_every_voxel_and_end_with_the_axis() {
        for voxels in 1..70 {
            for patch in [1, 2, 7, 32] {
                for overlap in [0.0, 0.25, 0.5, 0.9] {
                    let starts = starts(voxels, patch, overlap);
                    assert_eq!(starts[0], 0);
                    let end = starts.last().unwrap() + patch;
                    assert!(end == voxels.max(patch), "{voxels} {patch} {overlap}");
                    for pair in starts.windows(2) {
                        let shared = (pair[0] + patch).saturating_sub(pair[1]) as f64;
                        assert!(shared + 1.0 > overlap * patch as f64, "{starts:?}");
                        assert!(pair[1] <= pair[0] + patch, "a hole after {}", pair[0]);
                    }
                }
            }
        }
    }

    #[test]
    fn a_roof_is_one_in_the_middle() {
        assert_eq!(roof(1), [1.0]);
        assert_eq!(roof(4), [0.5, 1.0, 1.0, 0.5]);
        assert_eq!(roof(5), [1.0 / 3.0, 2.0 / 3.0, 1.0, 2.0 / 3.0, 1.0 / 3.0]);
    }
}
