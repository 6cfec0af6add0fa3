//! Progress on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::args::Global;

/// One bar on standard error. Hidden with `-q`, with `--json` and where standard error is not a
/// terminal.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar that names the step at hand.
    pub fn new(global: &Global) -> Self {
        let bar = ProgressBar::new(0);
        if global.quiet || global.json {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let style = ProgressStyle::with_template("{spinner} {msg:28} {wide_bar} {pos}/{len}")
            .expect("the template is sound");
        bar.set_style(style);
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar }
    }

    /// Prints in peace: the bar steps aside meanwhile.
    pub fn suspend(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    /// Shows that `done` of `of` pieces of `step` are behind us.
    pub fn show(&self, step: &str, done: usize, of: usize) {
        if self.bar.message() != step {
            self.bar.set_message(step.to_owned());
        }
        self.bar.set_length(of as u64);
        self.bar.set_position(done as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
