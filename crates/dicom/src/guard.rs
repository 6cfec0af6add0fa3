//! Decoders that panic on broken streams.

/// Keeps panics of decoders from being printed; a program may call it once, at its start.
///
/// A broken stream can make a decoder panic. That is caught and becomes
/// [`Error::Undecodable`](crate::Error::Undecodable), but before it is caught the panic hook of
/// the program prints it to standard error: see [`hilum_core::quiet_guarded`], of which this is
/// another name.
pub fn quiet_decoders() {
    hilum_core::quiet_guarded();
}
