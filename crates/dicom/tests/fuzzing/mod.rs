//! What the fuzz targets, the generator of their seeds and the smoke test share.

#![allow(dead_code, reason = "each of them uses its part")]

pub(crate) mod chance;
pub(crate) mod elements;
pub(crate) mod envelope;
pub(crate) mod mutation;
pub(crate) mod objects;
pub(crate) mod pack;
pub(crate) mod seeds;
pub(crate) mod target;
pub(crate) mod words;
