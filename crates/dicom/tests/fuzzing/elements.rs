//! Where the elements of a file are, as far as it can be told: damaged files have some too.

use std::ops::Range;

/// An element, or the head of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) start: usize,
    /// Where its value representation stands, if it has one.
    pub(crate) vr: Option<usize>,
    /// Where its length stands, in two bytes or in four.
    pub(crate) length: Range<usize>,
    /// Its value, as far as the file has it; empty where elements follow inside.
    pub(crate) value: Range<usize>,
}

/// No file that is small has more.
const MOST: usize = 4096;

/// Elements in the order of the file, those inside of items after their items.
pub(crate) fn elements(bytes: &[u8]) -> Vec<Element> {
    let mut at = if bytes.get(128..132) == Some(b"DICM") { 132 } else { 0 };
    let mut found = Vec::new();
    while let Some(element) = element(bytes, at) {
        at = element.value.end;
        found.push(element);
        if found.len() == MOST {
            break;
        }
    }
    found
}

fn element(bytes: &[u8], at: usize) -> Option<Element> {
    let head = bytes.get(at..at + 8)?;
    let is_item = head[..2] == [0xFE, 0xFF];
    let explicit = !is_item && head[4].is_ascii_uppercase() && head[5].is_ascii_uppercase();
    let big = explicit && head[0] == 0 && head[1] != 0;
    let vr = explicit.then_some(at + 4);
    let long = [b"OB", b"OW", b"OF", b"OD", b"OL", b"SQ", b"UN", b"UT", b"UC", b"UR"];
    let length = match explicit {
        true if long.iter().any(|vr| head[4..6] == vr[..]) => at + 8..at + 12,
        true => at + 6..at + 8,
        false => at + 4..at + 8,
    };
    let written = bytes.get(length.clone())?;
    let digit = |sum: usize, byte: &u8| (sum << 8) | usize::from(*byte);
    let count =
        if big { written.iter().fold(0, digit) } else { written.iter().rev().fold(0, digit) };
    let holds_more =
        explicit && head[4..6] == *b"SQ" || is_item && !is_fragment(bytes, &length, count);
    let inside = if holds_more || count == u32::MAX as usize { 0 } else { count };
    let end = length.end.saturating_add(inside).min(bytes.len());
    Some(Element { start: at, vr, value: length.end..end, length })
}

/// An item whose bytes do not begin like an element is a fragment of pixels.
fn is_fragment(bytes: &[u8], length: &Range<usize>, count: usize) -> bool {
    let group = bytes.get(length.end..length.end + 2).map(|g| u16::from_le_bytes([g[0], g[1]]));
    let known = [0x0008, 0x0018, 0x0020, 0x0028, 0x0040, 0x0050, 0x5200, 0xFFFE];
    count > 0 && !group.is_some_and(|group| known.contains(&group))
}
