//! The ways from a voxel to its neighbours.

/// Half of the neighbours in the plane of a slice, `[k, j, i]`: each stands for itself and its
/// opposite.
pub(crate) const IN_PLANE: [[isize; 3]; 4] = [[0, 0, 1], [0, 1, -1], [0, 1, 0], [0, 1, 1]];

/// Half of the neighbours in space.
pub(crate) const IN_SPACE: [[isize; 3]; 13] = [
    [0, 0, 1],
    [0, 1, -1],
    [0, 1, 0],
    [0, 1, 1],
    [1, -1, -1],
    [1, -1, 0],
    [1, -1, 1],
    [1, 0, -1],
    [1, 0, 0],
    [1, 0, 1],
    [1, 1, -1],
    [1, 1, 0],
    [1, 1, 1],
];
