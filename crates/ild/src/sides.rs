//! The smallest box around some voxels, and rows without any.

use std::ops::Range;

use hilum_kernel::par;

/// The smallest box around the voxels, counted in memory, that are `wanted`; `None` if none is. Rows that begin at a voxel
/// of which `may_hold` says no are not looked at.
pub(crate) fn sides(
    [slices, rows, columns]: [usize; 3],
    may_hold: impl Fn(usize) -> bool + Send + Sync,
    wanted: impl Fn(usize) -> bool + Send + Sync,
) -> Option<[Range<usize>; 3]> {
    let of_slices = par::collect(slices, |k| {
        let mut sides: Option<[Range<usize>; 2]> = None;
        for j in 0..rows {
            let row = (k * rows + j) * columns;
            if !may_hold(row) {
                continue;
            }
            let Some(start) = (0..columns).find(|i| wanted(row + i)) else { continue };
            let end = (start..columns).rfind(|i| wanted(row + i)).unwrap_or(start) + 1;
            let [js, is] = sides.unwrap_or([j..j, start..end]);
            sides = Some([js.start..j + 1, is.start.min(start)..is.end.max(end)]);
        }
        sides
    });
    let mut all: Option<[Range<usize>; 3]> = None;
    for (k, sides) in of_slices.into_iter().enumerate() {
        let Some([j, i]) = sides else { continue };
        let [ks, js, is] = all.unwrap_or([k..k, j.clone(), i.clone()]);
        let wider = |a: Range<usize>, b: Range<usize>| a.start.min(b.start)..a.end.max(b.end);
        all = Some([ks.start..k + 1, wider(js, j), wider(is, i)]);
    }
    all
}

/// Says whether all labels of a row are 0: many at a time, as most rows of a CT are.
pub(crate) fn is_empty(row: &[u8]) -> bool {
    row.iter().fold(0, |all, label| all | label) == 0
}
