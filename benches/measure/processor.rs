//! What this process has had of the processors, as Linux counts it; `None` elsewhere.

use std::fs;

/// Seconds that all threads together have had of the processors, by the hundredth.
pub(crate) fn processor() -> Option<f64> {
    let line = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program may hold spaces; the fields after it do not.
    let fields: Vec<&str> = line.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |n: usize| fields.get(n)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}
