//! Time that other programs on the machine do not lengthen.

use std::fs;
use std::time::{Duration, Instant};

/// Measures what this process takes.
pub(crate) struct Clock {
    start: Instant,
    busy: Option<Duration>,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { start: Instant::now(), busy: processor_time() }
    }

    /// The time that has passed, or the processor time of this process if that is less: a machine that is
    /// busy with other things says nothing of this one.
    pub(crate) fn time(&self) -> Duration {
        let busy = processor_time().zip(self.busy).map(|(now, then)| now.saturating_sub(then));
        self.start.elapsed().min(busy.unwrap_or(Duration::MAX))
    }
}

/// What this process has computed so far, in hundredths of a second, where the system tells.
fn processor_time() -> Option<Duration> {
    let told = fs::read_to_string("/proc/self/stat").ok()?;
    let mut ticks = told.rsplit(')').next()?.split_whitespace().skip(11);
    let mut next = || ticks.next()?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (next()? + next()?)))
}
