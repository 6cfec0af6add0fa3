//! A queue for costs that only grow.

/// Things to do at a cost that is not negative, roughly in rising order: those of one bucket come
/// out in any order, and what goes into the bucket at hand comes out of it.
///
/// A bucket spans a 512th of its cost. A search that may visit a voxel again needs no better.
pub(crate) struct Buckets {
    waiting: Vec<Vec<(f32, u32)>>,
    at_hand: usize,
}

/// Which bucket a cost belongs to: floats that are not negative are ordered as their bits are,
/// and the highest 17 below the sign are the exponent and 9 bits of the fraction.
pub(crate) fn bucket(cost: f32) -> usize {
    (cost.to_bits() >> 14) as usize
}

impl Buckets {
    pub(crate) fn new() -> Self {
        Self { waiting: vec![Vec::new(); bucket(f32::INFINITY) + 1], at_hand: 0 }
    }

    /// Puts something in; its cost is not below that of the bucket at hand.
    pub(crate) fn push(&mut self, cost: f32, item: u32) {
        self.waiting[bucket(cost)].push((cost, item));
    }

    pub(crate) fn pop(&mut self) -> Option<(f32, u32)> {
        loop {
            let entry = self.waiting.get_mut(self.at_hand)?.pop();
            if entry.is_some() {
                return entry;
            }
            self.at_hand += 1;
        }
    }
}
