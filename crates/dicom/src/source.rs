//! Bytes of a file as they pass.

use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

/// Bytes that two decoders take turns to read.
#[derive(Clone)]
pub(crate) struct Source(Rc<RefCell<Counted>>);

impl Source {
    pub(crate) fn new(source: Box<dyn Read>) -> Self {
        Self(Rc::new(RefCell::new(Counted { source, count: 0, ended: false })))
    }

    /// Bytes that were read.
    pub(crate) fn position(&self) -> u64 {
        self.0.borrow().count
    }

    /// Whether there was nothing more to read behind the byte `at`.
    pub(crate) fn is_over_at(&self, at: u64) -> bool {
        let counted = self.0.borrow();
        counted.ended && counted.count == at
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.borrow_mut().read(buffer)
    }
}

/// Counts the bytes that pass.
struct Counted {
    source: Box<dyn Read>,
    count: u64,
    /// Whether the end was seen.
    ended: bool,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.count += read as u64;
        self.ended |= read == 0 && !buffer.is_empty();
        Ok(read)
    }
}
