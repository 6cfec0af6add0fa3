//! The numerics of hilum: parallel, deterministic, linear in voxels.

pub mod par;
