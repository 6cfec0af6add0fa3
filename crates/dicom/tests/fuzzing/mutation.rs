//! Changes that leave a file enough of a file to be read further: of elements, not of bytes.

use std::ops::Range;

use dicom_dictionary_std::{tags, uids};

use super::chance::Chance;
use super::elements::{Element, elements};
use super::words::{MARKERS, NUMBERS, REPRESENTATIONS, SYNTAXES, TAGS, TEXTS};
use super::{envelope, pack};

/// The input with one to four changes, at most `most` bytes long.
pub(crate) fn mutated(input: &[u8], chance: &mut Chance, most: usize) -> Vec<u8> {
    let mut changed = match envelope::files(input) {
        Some(files) => envelope::sealed(&set(&files, chance)),
        None => file(input, chance),
    };
    changed.truncate(most);
    changed
}

fn set(files: &[&[u8]], chance: &mut Chance) -> Vec<Vec<u8>> {
    let mut files: Vec<Vec<u8>> = files.iter().map(|file| file.to_vec()).collect();
    if files.is_empty() {
        return files;
    }
    let n = chance.below(files.len());
    match chance.below(12) {
        0 => drop(files.remove(n)),
        1 => files.push(files[n].clone()),
        // The same change in every file leaves them one series.
        2 | 3 => {
            let seed = chance.next();
            for bytes in &mut files {
                *bytes = file(bytes, &mut Chance::new(seed));
            }
        }
        _ => files[n] = file(&files[n], chance),
    }
    files
}

/// One file; what is deflated is unpacked for the change three times of four.
fn file(bytes: &[u8], chance: &mut Chance) -> Vec<u8> {
    let plain = (!chance.one_in(4)).then(|| pack::inflated(bytes)).flatten();
    let deflated = plain.is_some();
    let mut bytes = plain.unwrap_or_else(|| bytes.to_vec());
    for _ in 0..=chance.below(4) {
        change(&mut bytes, chance);
    }
    if deflated { pack::deflated(&bytes) } else { bytes }
}

fn change(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let found = elements(bytes);
    let Some(element) = found.get(chance.below(found.len())) else {
        return in_bytes(bytes, 0..bytes.len(), chance);
    };
    match chance.below(16) {
        0..=3 => value(bytes, element, chance),
        4 => length(bytes, element, chance),
        5 => drop(bytes.drain(element.start..element.value.end)),
        6 => repeat(bytes, element, chance),
        7 => representation(bytes, element, chance),
        8 => tag(bytes, element, chance),
        9 | 10 => insert(bytes, element, chance),
        11 => wrap(bytes, element, chance),
        12 => syntax(bytes, &found, chance),
        13 if chance.one_in(3) => bytes.truncate(chance.below(bytes.len() + 1)),
        _ => {
            // The last element, the pixels, takes most.
            let last = &found[found.len() - 1 - chance.below(2).min(found.len() - 1)];
            in_bytes(bytes, last.value.clone(), chance);
        }
    }
}

/// Puts other bytes into a range, and keeps a length of two or four bytes true.
fn put(bytes: &mut Vec<u8>, element: &Element, new: &[u8]) {
    bytes.splice(element.value.clone(), new.iter().copied());
    write_length(bytes, &element.length, new.len() as u32);
}

fn write_length(bytes: &mut [u8], length: &Range<usize>, count: u32) {
    let count = count.to_le_bytes();
    if let Some(written) = bytes.get_mut(length.clone()) {
        let width = written.len();
        written.copy_from_slice(&count[..width]);
    }
}

fn value(bytes: &mut Vec<u8>, element: &Element, chance: &mut Chance) {
    let new = if chance.one_in(2) { text(chance) } else { numbers(element.value.len(), chance) };
    put(bytes, element, &new);
}

fn text(chance: &mut Chance) -> Vec<u8> {
    let mut text = chance.pick(&TEXTS).to_owned();
    if chance.one_in(8) {
        text = [&text[..]].repeat(1 + chance.below(64)).join("\\");
    }
    pack::even(text.into_bytes(), b' ')
}

/// Binary numbers, as many bytes as before.
fn numbers(length: usize, chance: &mut Chance) -> Vec<u8> {
    let number = NUMBERS[chance.below(NUMBERS.len())].to_le_bytes();
    let width = if chance.one_in(2) { 2 } else { 4 };
    number[..width].iter().copied().cycle().take(length.min(256)).collect()
}

fn length(bytes: &mut [u8], element: &Element, chance: &mut Chance) {
    let now = element.value.len() as u32;
    let new = [0, 1, now.wrapping_sub(1), now + 1, now * 2, now + 8, u32::MAX, 1 << 24, 1 << 31];
    write_length(bytes, &element.length, new[chance.below(new.len())]);
}

fn repeat(bytes: &mut Vec<u8>, element: &Element, chance: &mut Chance) {
    let end = element.value.end;
    let times = if chance.one_in(8) { 64 } else { 1 + chance.below(3) };
    let copies = bytes[element.start..end].repeat(times);
    if copies.len() < 1 << 13 {
        bytes.splice(end..end, copies);
    }
}

fn representation(bytes: &mut [u8], element: &Element, chance: &mut Chance) {
    if let Some(at) = element.vr {
        bytes[at..at + 2].copy_from_slice(chance.pick(&REPRESENTATIONS).as_bytes());
    }
}

fn tag(bytes: &mut [u8], element: &Element, chance: &mut Chance) {
    let (tag, _) = TAGS[chance.below(TAGS.len())];
    let at = element.start;
    bytes[at..at + 2].copy_from_slice(&tag.0.to_le_bytes());
    bytes[at + 2..at + 4].copy_from_slice(&tag.1.to_le_bytes());
}

/// A new element, mostly where its tag belongs.
fn insert(bytes: &mut Vec<u8>, at: &Element, chance: &mut Chance) {
    let (tag, vr) = TAGS[chance.below(TAGS.len())];
    let value =
        if chance.one_in(2) { text(chance) } else { numbers(2 + 2 * chance.below(4), chance) };
    let value = if vr == "SQ" { pack::item(&value) } else { value };
    let new = match at.vr {
        Some(_) => pack::explicit(tag, vr, &value),
        None => pack::implicit(tag, &value),
    };
    let own = (tag.0, tag.1);
    let behind = |element: &Element| {
        let head = &bytes[element.start..element.start + 4];
        (u16::from_le_bytes([head[0], head[1]]), u16::from_le_bytes([head[2], head[3]])) > own
    };
    let sorted = elements(bytes).iter().find(|element| behind(element)).map(|found| found.start);
    let place = sorted.filter(|_| !chance.one_in(4)).unwrap_or(at.start);
    bytes.splice(place..place, new);
}

/// Puts an element inside of a sequence, or of many.
fn wrap(bytes: &mut Vec<u8>, element: &Element, chance: &mut Chance) {
    let range = element.start..element.value.end;
    let mut inner = bytes[range.clone()].to_vec();
    let deep = if chance.one_in(8) { 40 } else { 1 };
    let known = chance.one_in(2);
    for _ in 0..deep {
        let (tag, _) = TAGS[chance.below(TAGS.len())];
        let vr = if chance.one_in(4) { "UN" } else { "SQ" };
        let item = if known { pack::item(&inner) } else { pack::open_item(&inner) };
        inner = match (element.vr, known) {
            (Some(_), true) => pack::explicit(tag, vr, &item),
            (Some(_), false) => pack::open_sequence(tag, vr, &item),
            (None, _) => pack::implicit(tag, &item),
        };
    }
    bytes.splice(range, inner);
}

fn syntax(bytes: &mut Vec<u8>, found: &[Element], chance: &mut Chance) {
    let own =
        [tags::TRANSFER_SYNTAX_UID.0.to_le_bytes(), tags::TRANSFER_SYNTAX_UID.1.to_le_bytes()];
    let is_syntax = |element: &&Element| bytes[element.start..element.start + 4] == own.concat();
    if let Some(element) = found.iter().find(is_syntax) {
        let uid = match chance.below(4) {
            0 => uids::JPEG2000,
            _ => chance.pick(&SYNTAXES),
        };
        put(bytes, element, &pack::even(uid.as_bytes().to_vec(), 0));
    }
}

/// One change of bytes inside of a range, markers and numbers among them.
fn in_bytes(bytes: &mut Vec<u8>, range: Range<usize>, chance: &mut Chance) {
    if range.is_empty() {
        return;
    }
    let at = range.start + chance.below(range.len());
    match chance.below(8) {
        0 => bytes[at] = 0,
        1 => bytes[at] = 0xFF,
        2 => bytes[at] ^= 1 << chance.below(8),
        3 => bytes[at] = chance.next() as u8,
        4 => overwrite(bytes, at, chance.pick(&MARKERS)),
        5 => drop(bytes.splice(at..at, chance.pick(&MARKERS).iter().copied())),
        6 => drop(bytes.drain(at..range.end.min(at + 1 + chance.below(16)))),
        _ => {
            let number = NUMBERS[chance.below(NUMBERS.len())];
            let width = 1 << chance.below(3);
            overwrite(bytes, at, &number.to_be_bytes()[4 - width..]);
        }
    }
}

fn overwrite(bytes: &mut [u8], at: usize, new: &[u8]) {
    let end = bytes.len().min(at + new.len());
    bytes[at..end].copy_from_slice(&new[..end - at]);
}
