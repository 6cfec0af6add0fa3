//! Rotations by quarter turns.

/// A rotation of the lattice onto itself: which axis comes in the place of each, and which are
/// turned round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) order: [usize; 3],
    pub(super) reversed: [bool; 3],
}

/// Orders of three axes; the first half keep the handedness.
const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1], [2, 1, 0], [1, 0, 2]];

/// The 24 rotations of a cube, or the 4 that keep slices where they are; the first does nothing.
pub(super) fn turns(by_slice: bool) -> Vec<Turn> {
    let mut found = Vec::new();
    for (n, order) in ORDERS.into_iter().enumerate() {
        for signs in 0..8_u8 {
            let reversed = [signs & 4 > 0, signs & 2 > 0, signs & 1 > 0];
            // A mirror image is no rotation.
            let proper = (signs.count_ones() % 2 == 1) == (n >= 3);
            let keeps_slices = order[0] == 0 && !reversed[0];
            if proper && (keeps_slices || !by_slice) {
                found.push(Turn { order, reversed });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::turns;

    #[test]
    fn a_cube_has_24_rotations_and_a_square_4() {
        assert_eq!(turns(false).len(), 24);
        assert_eq!(turns(true).len(), 4);
        let first = turns(false)[0];
        assert_eq!((first.order, first.reversed), ([0, 1, 2], [false; 3]));
    }
}
