//! The parallel verbs. Everything parallel in hilum goes through these.
//!
//! # Determinism
//!
//! Each function gives the same bits on any number of threads, because
//!
//! 1. an output is written by one closure, from inputs that nobody writes
//!    (gather, never scatter), and
//! 2. a sum is cut along `k` into slices, whatever the number of threads: each
//!    slice is summed in order, then the slices are summed in order.

use hilum_core::{Grid, Volume};
use rayon::prelude::*;

use crate::places::Places;

/// Runs `work` with at most `threads` threads at its disposal; 0 means one for each core.
///
/// # Panics
///
/// If the system gives no threads at all.
pub fn on_threads<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("the system can start a thread")
        .install(work)
}

/// Number of threads that the verbs here would use now.
pub fn threads() -> usize {
    rayon::current_num_threads()
}

/// Two pieces of work at the same time.
pub fn join<A: Send, B: Send>(
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    rayon::join(a, b)
}

/// `value(0), value(1), … value(count - 1)`, in this order whoever computes them.
pub fn collect<R: Send>(count: usize, value: impl Fn(usize) -> R + Sync + Send) -> Vec<R> {
    (0..count).into_par_iter().map(value).collect()
}

/// Like [`collect`], for values that may not be had. Every value is asked for.
///
/// # Errors
///
/// The error with the lowest index.
pub fn try_collect<R: Send, E: Send>(
    count: usize,
    value: impl Fn(usize) -> Result<R, E> + Sync + Send,
) -> Result<Vec<R>, E> {
    let results: Vec<Result<R, E>> = (0..count).into_par_iter().map(value).collect();
    results.into_iter().collect()
}

/// A volume whose voxels are computed one by one from their place `[k, j, i]`.
pub fn map_voxels<T: Send>(
    grid: &Grid,
    value: impl Fn([usize; 3]) -> T + Sync + Send,
) -> Volume<T> {
    let least = grid.shape()[2].max(1);
    let voxels = Places::of(grid).with_min_len(least).map(value).collect();
    Volume::from_vec(grid.clone(), voxels).expect("one value per voxel")
}

/// A volume whose voxels are computed one by one from those of another.
pub fn map<T: Sync, U: Send>(
    volume: &Volume<T>,
    value: impl Fn(&T) -> U + Sync + Send,
) -> Volume<U> {
    let voxels = volume.as_slice().par_iter().with_min_len(GRAIN).map(value).collect();
    Volume::from_vec(volume.grid().clone(), voxels).expect("one value per voxel")
}

/// A copy, made by all threads: the first touch of fresh memory costs more than the copying.
pub fn copy<T: Copy + Send + Sync>(volume: &Volume<T>) -> Volume<T> {
    map(volume, |voxel| *voxel)
}

/// A volume whose voxels are computed one by one from those of two others on the same grid.
///
/// # Panics
///
/// If the two differ in shape.
pub fn zip<A: Sync, B: Sync, U: Send>(
    a: &Volume<A>,
    b: &Volume<B>,
    value: impl Fn(&A, &B) -> U + Sync + Send,
) -> Volume<U> {
    assert_eq!(a.grid().shape(), b.grid().shape(), "volumes to be zipped differ in shape");
    let pairs = a.as_slice().par_iter().with_min_len(GRAIN).zip(b.as_slice());
    let voxels = pairs.map(|(a, b)| value(a, b)).collect();
    Volume::from_vec(a.grid().clone(), voxels).expect("one value per voxel")
}

/// Hands each slice `k` of a volume, rows in order, to a closure that may change it.
pub fn for_each_slice<T: Send>(
    volume: &mut Volume<T>,
    change: impl Fn(usize, &mut [T]) + Sync + Send,
) {
    let [_, rows, columns] = volume.grid().shape();
    let area = (rows * columns).max(1);
    volume.as_mut_slice().par_chunks_mut(area).enumerate().for_each(|(k, slice)| change(k, slice));
}

/// Like [`for_each_slice`], for changes that may not succeed. Every slice is visited.
///
/// # Errors
///
/// The error of the lowest slice.
pub fn try_for_each_slice<T: Send, E: Send>(
    volume: &mut Volume<T>,
    change: impl Fn(usize, &mut [T]) -> Result<(), E> + Sync + Send,
) -> Result<(), E> {
    let [_, rows, columns] = volume.grid().shape();
    let slices = volume.as_mut_slice().par_chunks_mut((rows * columns).max(1));
    let results: Vec<Result<(), E>> =
        slices.enumerate().map(|(k, slice)| change(k, slice)).collect();
    results.into_iter().collect()
}

/// Like [`for_each_slice`], with room to work in that is made by `room` now and then and passed on
/// from slice to slice.
pub fn for_each_slice_with<T: Send, R>(
    volume: &mut Volume<T>,
    room: impl Fn() -> R + Sync + Send,
    change: impl Fn(&mut R, usize, &mut [T]) + Sync + Send,
) {
    let [_, rows, columns] = volume.grid().shape();
    let area = (rows * columns).max(1);
    let slices = volume.as_mut_slice().par_chunks_mut(area).enumerate();
    slices.for_each_init(room, |room, (k, slice)| change(room, k, slice));
}

/// Hands parts of results, such as slices of several volumes at once, to a closure that may change
/// them, with room to work in as in [`for_each_slice_with`].
pub fn for_each_part<P: Send, R>(
    parts: Vec<P>,
    room: impl Fn() -> R + Sync + Send,
    change: impl Fn(&mut R, usize, P) + Sync + Send,
) {
    let parts = parts.into_par_iter().enumerate();
    parts.for_each_init(room, |room, (n, part)| change(room, n, part));
}

/// Sums `term` over all voxels, in `f64`.
pub fn sum_slices<T: Sync>(volume: &Volume<T>, term: impl Fn(&T) -> f64 + Sync + Send) -> f64 {
    let [_, rows, columns] = volume.grid().shape();
    let slices: Vec<f64> = volume
        .as_slice()
        .par_chunks((rows * columns).max(1))
        .map(|slice| slice.iter().map(&term).sum())
        .collect();
    slices.iter().sum()
}

/// Elements that are worth a task of their own.
const GRAIN: usize = 1 << 14;
