//! Slices between slices.

use hilum_core::{Ct, Grid, Hu, Volume};
use hilum_kernel::par;

use crate::spacing::Source;

/// The planes of a grid, each a measured slice or made of two of them, voxel by voxel.
///
/// Whole CT numbers stay whole: what lies between is rounded, halves to the even number, so that
/// rounding neither raises nor lowers a mean. A voxel that was not measured in one of two slices
/// was not measured between them either. Measured slices keep their bits.
///
/// Cost: `O(voxels)`; both images are held at once.
pub(crate) fn between(measured: &Ct, grid: &Grid, sources: &[Source]) -> Ct {
    let made = if let Some(exact) = measured.exact() {
        let mut volume = Volume::filled(grid, 0.0);
        let outside = |value: f32| !measured.is_measured(Hu::nearest(value));
        fill(&mut volume, exact, sources, outside, mixed);
        Ct::from_exact(volume)
    } else {
        let mut volume = Volume::filled(grid, Hu(0));
        let outside = |hu: Hu| !measured.is_measured(hu);
        fill(&mut volume, measured.hu(), sources, outside, nearest_even);
        Ct::new(volume)
    };
    made.with_padding(measured.padding().cloned())
}

fn mixed(a: f32, b: f32, share: f64) -> f32 {
    let [a, b] = [a, b].map(f64::from);
    (a + share * (b - a)) as f32
}

fn nearest_even(a: Hu, b: Hu, share: f64) -> Hu {
    let [a, b] = [a, b].map(f64::from);
    Hu((a + share * (b - a)).round_ties_even() as i16)
}

fn fill<T: Copy + Send + Sync>(
    volume: &mut Volume<T>,
    measured: &Volume<T>,
    sources: &[Source],
    outside: impl Fn(T) -> bool + Sync + Send,
    mix: impl Fn(T, T, f64) -> T + Sync + Send,
) {
    let [_, rows, columns] = measured.grid().shape();
    let area = rows * columns;
    let slice = |place: usize| &measured.as_slice()[place * area..(place + 1) * area];
    par::for_each_slice(volume, |k, out| {
        let Source { place, share } = sources[k];
        if share == 0.0 {
            out.copy_from_slice(slice(place));
            return;
        }
        let pairs = slice(place).iter().zip(slice(place + 1));
        for (voxel, (a, b)) in out.iter_mut().zip(pairs) {
            *voxel = match (outside(*a), outside(*b)) {
                (true, _) => *a,
                (_, true) => *b,
                _ => mix(*a, *b, share),
            };
        }
    });
}
