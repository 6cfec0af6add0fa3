//! The steps of a study, announced and timed.

use std::time::Instant;

use hilum_report::Timing;

use crate::Progress;

/// Announces each step and keeps its time.
pub(crate) struct Steps<'a> {
    progress: &'a dyn Progress,
    count: usize,
    timing: Vec<Timing>,
}

impl<'a> Steps<'a> {
    /// A study of `count` steps.
    pub(crate) fn new(count: usize, progress: &'a dyn Progress) -> Self {
        Self { progress, count, timing: Vec::new() }
    }

    /// Does the next step.
    pub(crate) fn step<R>(&mut self, name: &str, work: impl FnOnce() -> R) -> R {
        self.progress.show(name, self.timing.len(), self.count);
        let start = Instant::now();
        let result = work();
        self.timing.push(Timing::new(name, start.elapsed().as_secs_f64()));
        self.progress.show(name, self.timing.len(), self.count);
        result
    }

    /// How long each step took.
    pub(crate) fn into_timing(self) -> Vec<Timing> {
        self.timing
    }
}
