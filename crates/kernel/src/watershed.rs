//! The watershed by flooding.

use hilum_core::{Hu, Mask, Volume};

use crate::par;
use crate::queue::RisingQueue;

/// A number that can be the height of a landscape.
pub trait Height: Copy + Sync {
    /// Bits of [`Height::level`].
    const BITS: u32;

    /// The number as an unsigned one of the same order. What is not a number is above all.
    fn level(self) -> u32;
}

impl Height for u8 {
    const BITS: u32 = 8;

    fn level(self) -> u32 {
        u32::from(self)
    }
}

impl Height for i16 {
    const BITS: u32 = 16;

    fn level(self) -> u32 {
        u32::from(self as u16 ^ 0x8000)
    }
}

impl Height for Hu {
    const BITS: u32 = 16;

    fn level(self) -> u32 {
        self.0.level()
    }
}

impl Height for f32 {
    const BITS: u32 = 32;

    fn level(self) -> u32 {
        // -0 becomes 0, and any NaN the positive one.
        let bits = if self.is_nan() { f32::NAN.to_bits() } else { (self + 0.0).to_bits() };
        if bits >> 31 == 0 { bits | 1 << 31 } else { !bits }
    }
}

/// Floods a landscape from markers: each voxel gets the number of the marker whose water reaches
/// it first.
///
/// Water rises over all markers at once and spreads over faces; it enters a voxel at the voxel's
/// height, or at once where it comes from above[^meyer]. On level ground it advances from
/// all sides at the same pace, and where two waters arrive together, the one that set out first
/// wins; every marker voxel sets out in scan order. There are no dividing lines. Marker 0 is
/// "none". Voxels outside of `within` are walls and keep 0, markers there are dropped; so do
/// voxels that no water reaches.
///
/// Cost: nearly `O(n)` for the `n` voxels flooded, on one thread, with a queue of buckets.
///
/// # Panics
///
/// If the volumes differ in shape, or have 2³² voxels or more.
///
/// [^meyer]: Meyer (1994), Topographic distance and watershed lines. Signal Processing
///     38(1):113-125, doi:10.1016/0165-1684(94)90060-4 (not checked).
pub fn watershed<H: Height>(
    height: &Volume<H>,
    markers: &Volume<u32>,
    within: Option<&Mask>,
) -> Volume<u32> {
    let shape = height.grid().shape();
    assert_eq!(shape, markers.grid().shape(), "heights and markers differ in shape");
    assert!(within.is_none_or(|mask| mask.grid().shape() == shape), "the mask differs in shape");
    assert!(u32::try_from(height.grid().voxel_count()).is_ok(), "a flood needs 32-bit indices");
    let mut labels = match within {
        Some(mask) => par::zip(markers, mask, |marker, inside| if *inside { *marker } else { 0 }),
        None => par::copy(markers),
    };
    let mut states = states(&labels, within);
    flood(height, &mut labels, &mut states);
    labels
}

/// Bits of a voxel's state: which of its six neighbours there are, and whether it is dry.
const DRY: u8 = 1 << 6;

/// States before the flood.
fn states(labels: &Volume<u32>, within: Option<&Mask>) -> Volume<u8> {
    let [slices, rows, columns] = labels.grid().shape();
    let mut states = Volume::filled(labels.grid(), 0);
    par::for_each_slice(&mut states, |k, slice| {
        for (n, state) in slice.iter_mut().enumerate() {
            let (j, i) = (n / columns, n % columns);
            let there = [k > 0, j > 0, i > 0, i + 1 < columns, j + 1 < rows, k + 1 < slices];
            *state = there.iter().rev().fold(0, |bits, there| bits << 1 | u8::from(*there));
            let place = k * rows * columns + n;
            let inside = within.is_none_or(|mask| mask.as_slice()[place]);
            if inside && labels.as_slice()[place] == 0 {
                *state |= DRY;
            }
        }
    });
    states
}

fn flood<H: Height>(height: &Volume<H>, labels: &mut Volume<u32>, states: &mut Volume<u8>) {
    let [_, rows, columns] = height.grid().shape();
    let area = (rows * columns) as isize;
    let steps = [-area, -(columns as isize), -1, 1, columns as isize, area];
    let (height, labels, states) =
        (height.as_slice(), labels.as_mut_slice(), states.as_mut_slice());
    let neighbours = |voxel: usize, state: u8| {
        let there = steps.into_iter().enumerate().filter(move |(n, _)| state >> n & 1 == 1);
        there.map(move |(_, step)| voxel.wrapping_add_signed(step))
    };
    let mut queue = RisingQueue::new(H::BITS, H::BITS.saturating_sub(18));
    for (voxel, label) in labels.iter().enumerate() {
        if *label > 0 && neighbours(voxel, states[voxel]).any(|n| states[n] & DRY != 0) {
            queue.push(height[voxel].level(), voxel as u32);
        }
    }
    while let Some((level, voxel)) = queue.pop() {
        let voxel = voxel as usize;
        for neighbour in neighbours(voxel, states[voxel]) {
            if states[neighbour] & DRY != 0 {
                states[neighbour] ^= DRY;
                labels[neighbour] = labels[voxel];
                queue.push(height[neighbour].level().max(level), neighbour as u32);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Height;

    #[test]
    fn levels_keep_the_order() {
        let floats = [f32::NEG_INFINITY, -2.5, -0.0, 0.0, 1e-30, 7.0, f32::INFINITY, f32::NAN];
        assert!(floats.windows(2).all(|pair| pair[0].level() <= pair[1].level()));
        assert_eq!((-0.0_f32).level(), 0.0_f32.level());
        assert!(1e-30_f32.level() > 0.0_f32.level() && f32::NAN.level() > f32::INFINITY.level());
        assert!((-1_i16).level() < 0_i16.level() && i16::MIN.level() == 0);
    }
}
