//! Which voxels count as neighbours.

/// Which of the 26 voxels around a voxel count as its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Connectivity {
    /// Those that share a face: 6 in space, 4 in a slice.
    Faces,
    /// Those that share at least an edge: 18 in space, 8 in a slice.
    Edges,
    /// Those that share at least a corner: 26 in space, 8 in a slice.
    Corners,
}

/// A row of voxels next to another, and how far beyond its ends runs still touch.
#[derive(Clone, Copy)]
pub(crate) struct NeighbourRow {
    /// Whether the row lies in the slice before, not in the same one.
    pub(crate) before: bool,
    /// Step along `j`.
    pub(crate) step: isize,
    /// 0 where runs have to overlap, 1 where they may meet at a corner.
    pub(crate) reach: u32,
}

impl Connectivity {
    /// The neighbouring rows that come earlier in scan order.
    pub(crate) fn earlier_rows(self) -> &'static [NeighbourRow] {
        const fn row(before: bool, step: isize, reach: u32) -> NeighbourRow {
            NeighbourRow { before, step, reach }
        }
        const FACES: [NeighbourRow; 2] = [row(false, -1, 0), row(true, 0, 0)];
        const EDGES: [NeighbourRow; 4] =
            [row(false, -1, 1), row(true, -1, 0), row(true, 0, 1), row(true, 1, 0)];
        const CORNERS: [NeighbourRow; 4] =
            [row(false, -1, 1), row(true, -1, 1), row(true, 0, 1), row(true, 1, 1)];
        match self {
            Self::Faces => &FACES,
            Self::Edges => &EDGES,
            Self::Corners => &CORNERS,
        }
    }
}
