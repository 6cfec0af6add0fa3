//! What both targets need of libFuzzer: a bound for memory, panics that may be caught, and our
//! own changes beside its.

use std::alloc::System;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use cap::Cap;
use libfuzzer_sys::fuzzer_mutate;

use crate::fuzzing::chance::Chance;
use crate::fuzzing::mutation::mutated;
use crate::fuzzing::target::Reach;

/// What one input may make us hold, in bytes.
const BOUND: usize = 200 << 20;

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// The last panic, whoever caught it.
static PANIC: Mutex<String> = Mutex::new(String::new());

/// libFuzzer would take a panic of a decoder for an end, though it is caught where it should be.
pub(crate) fn begin() {
    std::panic::set_hook(Box::new(|panic| {
        *PANIC.lock().unwrap_or_else(PoisonError::into_inner) = panic.to_string();
    }));
}

/// Runs an input; ends the process if it panics, or holds more than it may.
pub(crate) fn run(target: fn(&[u8]) -> Reach, input: &[u8]) {
    let limit = MEMORY.allocated().saturating_add(BOUND);
    MEMORY.set_limit(limit).expect("the bound is above what is held");
    if catch_unwind(AssertUnwindSafe(|| target(input))).is_err() {
        eprintln!("{}", PANIC.lock().unwrap_or_else(PoisonError::into_inner));
        std::process::abort();
    }
    MEMORY.set_limit(usize::MAX).expect("the bound is lifted");
}

/// Half of the changes are ours, half are libFuzzer's with the words of the dictionary.
pub(crate) fn change(data: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    let mut chance = Chance::new(u64::from(seed));
    if chance.one_in(2) {
        return fuzzer_mutate(data, size, most);
    }
    let changed = mutated(&data[..size], &mut chance, most);
    data[..changed.len()].copy_from_slice(&changed);
    changed.len()
}
