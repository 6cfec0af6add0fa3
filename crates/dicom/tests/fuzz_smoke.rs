//! A short run of the fuzz targets, the same every time: what was found before, and new changes
//! of the files from which fuzzing starts.

mod common;
mod fuzzing;

use std::alloc::System;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cap::Cap;
use common::clock::Clock;
use fuzzing::chance::Chance;
use fuzzing::mutation::mutated;
use fuzzing::seeds::{self, Seed};
use fuzzing::target::{self, Reach};

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// The last panic, whoever caught it.
static LAST: Mutex<String> = Mutex::new(String::new());

/// What one input may make us hold, in bytes.
const MOST_MEMORY: usize = 200 << 20;

/// What one input may take.
const MOST_TIME: Duration = Duration::from_secs(1);

/// No input is longer, here and in fuzzing.
const LONGEST: usize = 1 << 14;

type Target = fn(&[u8]) -> Reach;

type Seeds = fn() -> Vec<Seed>;

const TARGETS: [(&str, Target, Seeds); 2] =
    [("series", target::series, seeds::series), ("cine", target::cine, seeds::cine)];

/// Runs an input that may be anything. One that is not taken well is left in a file.
fn run(name: &str, target: Target, input: &[u8]) -> Reach {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz_smoke_{name}"));
    let fail = |what: &str| -> ! {
        fs::write(&file, input).expect("the input can be kept");
        end(&format!("{what}; the input is {}", file.display()))
    };
    let before = MEMORY.allocated();
    let clock = Clock::start();
    let reach = catch_unwind(AssertUnwindSafe(|| target(input)));
    let time = clock.time();
    let Ok(reach) = reach else { fail(&LAST.lock().unwrap_or_else(PoisonError::into_inner)) };
    if time > MOST_TIME {
        fail(&format!("{time:?}"));
    }
    let memory = MEMORY.max_allocated().saturating_sub(before);
    if memory > MOST_MEMORY {
        fail(&format!("{} MiB", memory >> 20));
    }
    reach
}

/// Panics so that it is told.
fn end(what: &str) -> ! {
    let _ = std::panic::take_hook();
    panic!("{what}");
}

fn found_before() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/fuzz");
    let mut files: Vec<PathBuf> = TARGETS
        .iter()
        .flat_map(|(name, ..)| fs::read_dir(folder.join(name)).into_iter().flatten())
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}

/// All in one test: the memory that is measured belongs to the process.
#[test]
fn no_input_makes_a_panic_or_takes_too_much() {
    // Panics that are caught are no news.
    std::panic::set_hook(Box::new(|panic| {
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = panic.to_string();
    }));
    seeds_are_read_to_the_end();
    what_was_found_before_is_taken_well();
    changes_are_taken_well();
}

fn seeds_are_read_to_the_end() {
    for (name, target, seeds) in TARGETS {
        for (seed, input) in seeds() {
            assert!(input.len() <= LONGEST, "{seed}: {} bytes", input.len());
            let reach = run(name, target, &input);
            if reach.images == 0 && seed != "directory" {
                end(&format!("{name} {seed}: {reach:?}"));
            }
        }
    }
}

/// Every input through both targets: they share most of what they run.
fn what_was_found_before_is_taken_well() {
    for path in found_before() {
        let input = fs::read(&path).expect("test data can be read");
        for (name, target, _) in TARGETS {
            run(name, target, &input);
        }
    }
}

/// Changes for each target.
const CHANGES: usize = 10_000;

fn changes_are_taken_well() {
    let count = std::env::var("FUZZ_SMOKE").ok().and_then(|n| n.parse().ok()).unwrap_or(CHANGES);
    for (name, target, seeds) in TARGETS {
        let seeds = seeds();
        let mut chance = Chance::new(count as u64);
        let (mut images, mut loaded) = (0, 0);
        let begin = std::time::Instant::now();
        for n in 0..count {
            let (_, seed) = &seeds[n % seeds.len()];
            let input = mutated(seed, &mut chance, LONGEST);
            let reach = run(name, target, &input);
            images += usize::from(reach.images > 0);
            loaded += usize::from(reach.loaded > 0);
        }
        println!("{name}: {count} in {:?}, {images} decoded, {loaded} loaded", begin.elapsed());
    }
}
