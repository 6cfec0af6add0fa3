//! The usual time of some work.

use std::hint::black_box;
use std::time::Instant;

/// Median of the seconds that `runs` runs take.
pub(crate) fn median<R>(runs: usize, mut work: impl FnMut() -> R) -> f64 {
    let mut seconds: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[runs / 2]
}
