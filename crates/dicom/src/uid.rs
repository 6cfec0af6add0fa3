//! Identifiers that are the same for the same content, everywhere.

/// A UID that follows from a number, the same everywhere: for what several exports share.
pub fn uid(seed: u64) -> String {
    Digest::new(seed).uid()
}

/// A stream of numbers that depends on everything mixed into it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digest(u64);

impl Digest {
    pub(crate) fn new(seed: u64) -> Self {
        Self(scatter(seed ^ 0x68_69_6c_75_6d))
    }

    /// The digest after one more word.
    #[must_use]
    pub(crate) fn with(self, word: u64) -> Self {
        // Odd multiplier: the golden ratio in 64 bits.
        Self((self.0 ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29))
    }

    /// The digest after all that another one took in.
    #[must_use]
    pub(crate) fn merged(self, other: Self) -> Self {
        self.with(other.0)
    }

    /// A UID under the root for UUIDs (PS3.5 B.2), of the version for own schemes (RFC 9562).
    pub(crate) fn uid(self) -> String {
        let high = u128::from(scatter(self.0));
        let low = u128::from(scatter(self.0 ^ u64::MAX));
        let version = 0x8u128 << 76;
        let variant = 0x2u128 << 62;
        let bits = (high << 64 | low) & !(0xF << 76) & !(0x3 << 62);
        format!("2.25.{}", bits | version | variant)
    }
}

/// The finaliser of SplitMix64: every bit of the input moves half of the output.
fn scatter(word: u64) -> u64 {
    let word = (word ^ word >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ word >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ word >> 31
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn uids_are_valid_and_differ() {
        let uids: BTreeSet<String> = (0..10_000).map(|n| Digest::new(7).with(n).uid()).collect();
        assert_eq!(uids.len(), 10_000);
        assert!(uids.iter().all(|uid| uid.len() <= 64 && !uid.starts_with("2.25.0")));
    }
}
