//! Runs of equal voxels in a row, found 64 voxels at a time.

/// Voxels `start..end` of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// Calls `emit` for each longest run of `value` in a row, in order.
pub(crate) fn for_each_run(row: &[bool], value: bool, mut emit: impl FnMut(Run)) {
    let flip = if value { 0 } else { u64::MAX };
    let (mut start, mut inside, mut carry) = (0, false, 0);
    for (n, voxels) in row.chunks(64).enumerate() {
        let bits = (bits(voxels) ^ flip) & (u64::MAX >> (64 - voxels.len()));
        let mut edges = bits ^ (bits << 1 | carry);
        carry = bits >> 63;
        while edges != 0 {
            let here = n as u32 * 64 + edges.trailing_zeros();
            edges &= edges - 1;
            if inside {
                emit(Run { start, end: here });
            }
            start = here;
            inside = !inside;
        }
    }
    if inside {
        emit(Run { start, end: row.len() as u32 });
    }
}

/// Up to 64 voxels as bits, the first one lowest.
pub(crate) fn bits(voxels: &[bool]) -> u64 {
    let (eights, rest) = voxels.as_chunks::<8>();
    let mut bits = 0;
    for (n, eight) in eights.iter().enumerate() {
        bits |= byte(*eight) << (8 * n);
    }
    for (n, voxel) in rest.iter().enumerate() {
        bits |= u64::from(*voxel) << (8 * eights.len() + n);
    }
    bits
}

/// Eight voxels as bits: the product moves bit `8 n` of the word to bit `56 + n`.
fn byte(voxels: [bool; 8]) -> u64 {
    u64::from_le_bytes(voxels.map(u8::from)).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(row: &[bool], value: bool) -> Vec<(u32, u32)> {
        let mut runs = Vec::new();
        for_each_run(row, value, |run| runs.push((run.start, run.end)));
        runs
    }

    #[test]
    fn runs_cross_the_borders_of_words() {
        for length in [0, 1, 7, 8, 63, 64, 65, 127, 128, 129, 200] {
            for (start, end) in [(0, length), (length / 3, length / 2), (length / 2, length)] {
                let row: Vec<bool> = (0..length).map(|n| (start..end).contains(&n)).collect();
                let expected: Vec<_> =
                    (start < end).then_some((start as u32, end as u32)).into_iter().collect();
                assert_eq!(runs(&row, true), expected, "{length} {start} {end}");
                let inverted: Vec<bool> = row.iter().map(|inside| !inside).collect();
                assert_eq!(runs(&inverted, false), expected, "{length} {start} {end}");
            }
        }
    }

    #[test]
    fn alternating_voxels_are_runs_of_one() {
        let row: Vec<bool> = (0..131).map(|n| n % 2 == 0).collect();
        assert_eq!(runs(&row, true).len(), 66);
        assert_eq!(runs(&row, false).len(), 65);
        assert!(runs(&row, true).iter().all(|(start, end)| end - start == 1 && start % 2 == 0));
    }
}
