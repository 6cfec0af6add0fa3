//! How an image goes on beyond its ends.

/// What stands beyond the last voxel of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Boundary {
    /// 0: `0 0 0 | a b c | 0 0 0`.
    Zero,
    /// The last voxel again: `a a a | a b c | c c c`.
    Nearest,
    /// The line from its other end: `a b c | a b c | a b c`.
    Periodic,
    /// The line backwards, its last voxel twice: `c b a | a b c | c b a`.
    #[default]
    Mirror,
}

impl Boundary {
    /// The voxel that stands at a place of a line of `length` voxels; `None` for 0.
    pub fn place(self, place: isize, length: usize) -> Option<usize> {
        let count = length as isize;
        match self {
            _ if (0..count).contains(&place) => Some(place as usize),
            Self::Zero => None,
            Self::Nearest => Some(place.clamp(0, count - 1) as usize),
            Self::Periodic => Some(place.rem_euclid(count) as usize),
            Self::Mirror => {
                let place = place.rem_euclid(2 * count);
                Some(place.min(2 * count - 1 - place) as usize)
            }
        }
    }
}
