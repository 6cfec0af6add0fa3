//! A priority queue for levels that never fall.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Things to do at a level. Levels come out in rising order, things of one level in the order
/// in which they were put in; nothing may be put in below the level that came out last.
///
/// Buckets of neighbouring levels wait unordered; only the bucket at hand is ordered. Where a
/// bucket has one level, that is no work at all.
pub(crate) struct RisingQueue {
    /// A level `n` waits in bucket `n >> shift`.
    shift: u32,
    waiting: Vec<Vec<Entry>>,
    /// Which bucket is at hand.
    bucket: usize,
    /// The bucket at hand as it was when its turn came, last first.
    ordered: Vec<Entry>,
    /// What came into the bucket at hand since then, above the current level.
    late: BinaryHeap<Reverse<Entry>>,
    /// What came in at the current level itself.
    level: VecDeque<u32>,
    current: u32,
    entries: u64,
}

/// Ordered by level, then by time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    level: u32,
    item: u32,
    time: u64,
}

impl RisingQueue {
    /// An empty queue for levels of at most `bits` bits, `1 << shift` of them in a bucket.
    pub(crate) fn new(bits: u32, shift: u32) -> Self {
        Self {
            shift,
            waiting: vec![Vec::new(); 1 << (bits - shift)],
            bucket: 0,
            ordered: Vec::new(),
            late: BinaryHeap::new(),
            level: VecDeque::new(),
            current: 0,
            entries: 0,
        }
    }

    pub(crate) fn push(&mut self, level: u32, item: u32) {
        let entry = Entry { level, item, time: self.entries };
        self.entries += 1;
        let bucket = (level >> self.shift) as usize;
        if bucket > self.bucket {
            self.waiting[bucket].push(entry);
        } else if level > self.current {
            self.late.push(Reverse(entry));
        } else {
            self.level.push_back(item);
        }
    }

    /// The next thing to do, with its level.
    pub(crate) fn pop(&mut self) -> Option<(u32, u32)> {
        loop {
            let next = self.next_entry();
            // What was put in at the current level while it was at hand came after the rest.
            if next.is_none_or(|next| next.level > self.current)
                && let Some(item) = self.level.pop_front()
            {
                return Some((self.current, item));
            }
            if let Some(next) = next {
                if self.ordered.last() == Some(&next) {
                    self.ordered.pop();
                } else {
                    self.late.pop();
                }
                self.current = next.level;
                return Some((next.level, next.item));
            }
            self.open_next_bucket()?;
        }
    }

    /// First of the bucket at hand.
    fn next_entry(&self) -> Option<Entry> {
        let (ordered, late) = (self.ordered.last(), self.late.peek().map(|Reverse(entry)| entry));
        match (ordered, late) {
            (Some(a), Some(b)) => Some(*a.min(b)),
            (a, b) => a.or(b).copied(),
        }
    }

    fn open_next_bucket(&mut self) -> Option<()> {
        let ahead = self.waiting[self.bucket + 1..].iter().position(|b| !b.is_empty())?;
        self.bucket += 1 + ahead;
        self.ordered = std::mem::take(&mut self.waiting[self.bucket]);
        if self.shift > 0 {
            self.ordered.sort_unstable();
        }
        self.ordered.reverse();
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::RisingQueue;

    #[test]
    fn levels_rise_and_each_is_first_in_first_out() {
        for shift in [0, 3] {
            let mut queue = RisingQueue::new(8, shift);
            for (item, level) in [9, 0, 3, 9, 3, 200].into_iter().enumerate() {
                queue.push(level, item as u32);
            }
            let mut order = Vec::new();
            while let Some((level, item)) = queue.pop() {
                order.push((level, item));
                if item == 2 {
                    // At the level at hand, above it in the same bucket, and in a later one.
                    for (level, item) in [(3, 10), (4, 11), (9, 12), (3, 13)] {
                        queue.push(level, item);
                    }
                }
            }
            let expected = [
                (0, 1),
                (3, 2),
                (3, 4),
                (3, 10),
                (3, 13),
                (4, 11),
                (9, 0),
                (9, 3),
                (9, 12),
                (200, 5),
            ];
            assert_eq!(order, expected, "shift {shift}");
        }
    }
}
