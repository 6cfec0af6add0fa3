#![no_main]

#[path = "../../tests/fuzzing/mod.rs"]
mod fuzzing;
mod fuzzer;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(init: fuzzer::begin(), |input: &[u8]| {
    fuzzer::run(fuzzing::target::cine, input);
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    fuzzer::change(data, size, max_size, seed)
});
