//! The smallest box around some voxels.

use std::ops::Range;

use hilum_kernel::par;

/// The smallest box around the voxels, counted in memory, that are `wanted`; `None` if none is.
pub(crate) fn sides(
    [slices, rows, columns]: [usize; 3],
    wanted: impl Fn(usize) -> bool + Send + Sync,
) -> Option<[Range<usize>; 3]> {
    let of_slices = par::collect(slices, |k| {
        let mut sides: Option<[Range<usize>; 2]> = None;
        for j in 0..rows {
            let row = (k * rows + j) * columns;
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
