//! News of a run that takes a while.

/// Hears how far a run has come. A closure `Fn(&str, usize, usize)` is one.
pub trait Progress: Sync {
    /// `done` of `of` pieces of `step` are behind us.
    fn show(&self, step: &str, done: usize, of: usize);
}

impl<F: Fn(&str, usize, usize) + Sync> Progress for F {
    fn show(&self, step: &str, done: usize, of: usize) {
        self(step, done, of);
    }
}
