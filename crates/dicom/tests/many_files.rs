//! A folder of 100,000 files: time and memory of a search. Run by hand, for it writes 300 MB:
//! `cargo test --release -p hilum-dicom --test many_files -- --ignored --nocapture`.

mod common;

use std::alloc::System;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use cap::Cap;
use common::{axial, exported, file, look, rough};
use tempfile::TempDir;

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

const COUNT: usize = 100_000;

/// A slice with another end of its series UID and another height, both as long as before.
fn slice(bytes: &[u8], series: usize, height: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    put_end(&mut bytes, *b"\x20\x00\x0E\x00UI", &format!("{series:05}"));
    put_end(&mut bytes, *b"\x20\x00\x32\x00DS", &format!("{height:05}"));
    bytes
}

/// Writes over the last digits of a value.
fn put_end(bytes: &mut [u8], head: [u8; 6], digits: &str) {
    let at = bytes.windows(6).position(|part| part == head).unwrap();
    let length = usize::from(u16::from_le_bytes([bytes[at + 6], bytes[at + 7]]));
    let value = &mut bytes[at + 8..at + 8 + length];
    let end = value.iter().rposition(u8::is_ascii_digit).unwrap() + 1;
    value[end - digits.len()..end].copy_from_slice(digits.as_bytes());
}

/// A folder with a hundred folders, each file made by its number.
fn folder(bytes: impl Fn(usize) -> Vec<u8>) -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.unwrap();
    for n in 0..COUNT {
        let inner = folder.path().join(format!("{:02}", n / 1000));
        if n % 1000 == 0 {
            fs::create_dir(&inner).unwrap();
        }
        fs::write(inner.join(format!("{n}.dcm")), bytes(n)).unwrap();
    }
    folder
}

/// Makes a file by its number.
type Make<'a> = Box<dyn Fn(usize) -> Vec<u8> + 'a>;

#[test]
#[ignore = "writes 300 MB"]
fn a_hundred_thousand_files_are_searched_in_good_time() {
    // Wide heights, so that five digits fit.
    let grid = axial();
    let origin = nalgebra::Point3::new(0.0, 0.0, 100_000.25);
    let grid = hilum_core::Grid::new(grid.shape(), origin, *grid.axes()).unwrap();
    let source = exported(&rough(&grid));
    let bytes = fs::read(file(&source, 0)).unwrap();
    let kinds: [(&str, Make<'_>); 5] = [
        ("one series", Box::new(|n| slice(&bytes, 0, n))),
        ("series of 200", Box::new(|n| slice(&bytes, n / 200, n % 200))),
        ("all their own series", Box::new(|n| slice(&bytes, n, 0))),
        (
            "every other one cut",
            Box::new(|n| {
                let mut bytes = slice(&bytes, n / 200, n % 200);
                if n % 2 == 1 {
                    bytes.truncate(bytes.len() - 400);
                }
                bytes
            }),
        ),
        ("no DICOM", Box::new(|n| vec![n as u8; 200])),
    ];
    for (name, make) in kinds {
        let folder = folder(make);
        let before = MEMORY.allocated();
        let start = Instant::now();
        let found = look(&folder).map(|scan| (scan.series().len(), scan.unread().len()));
        let time = start.elapsed();
        let memory = (MEMORY.max_allocated() - before) >> 20;
        let found = found.map_err(|error| error.to_string());
        println!("{name}: {time:?}, {memory} MiB at most so far, {found:?}");
        assert!(found.err().is_none_or(|said| said.len() < 1000));
        assert!(time < Duration::from_mins(1) && memory < 1024);
    }
}
