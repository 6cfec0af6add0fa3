//! A fence around code that others wrote.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// Whether this thread is inside the fence.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// What `work` returns, or `None` if it panics.
///
/// For libraries that panic on broken data, such as decoders. What `work` leaves half-done must not
/// be used after a panic.
pub fn guarded<R>(work: impl FnOnce() -> R) -> Option<R> {
    let outside = INSIDE.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    INSIDE.set(outside);
    result.ok()
}

/// Keeps panics inside of [`guarded`] from being printed; a program may call it once, at its start.
///
/// Such a panic is caught and becomes an error, but before it is caught the panic hook of the program
/// prints it to standard error. The hook belongs to the program, so no library of ours ever changes
/// it unasked. This function wraps the present hook in one that says nothing of panics inside, and
/// hands on all others. Further calls do nothing.
pub fn quiet_guarded() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let hook = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !INSIDE.get() {
                hook(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_panic_inside_is_caught_and_not_told() {
        static TOLD: AtomicUsize = AtomicUsize::new(0);
        let here = std::thread::current().id();
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if std::thread::current().id() == here {
                TOLD.fetch_add(1, Ordering::SeqCst);
            } else {
                before(panic);
            }
        }));
        quiet_guarded();
        assert_eq!(guarded(|| 7), Some(7));
        let broken: Option<()> = guarded(|| panic!("a broken stream"));
        assert!(broken.is_none());
        assert_eq!(TOLD.load(Ordering::SeqCst), 0);
        // Outside, all is as before.
        assert!(panic::catch_unwind(|| panic!("no stream")).is_err());
        assert_eq!(TOLD.load(Ordering::SeqCst), 1);
    }
}
