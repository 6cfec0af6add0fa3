//! How much each place of a slab looks like part of a fissure.

use hilum_core::{Grid, Mask, Volume};
use hilum_kernel::par;

use crate::fissures::slab::{RISE, Slab};

/// Heights above and below a place, in levels, whose mean it must exceed.
const BESIDE: [usize; 3] = [3, 4, 5];
/// Half the length of a plate in mm.
const REACH: f64 = 7.0;
/// Slopes of plates against the sheet, along rows and along columns.
const SLOPES: [f64; 5] = [-0.6, -0.3, 0.0, 0.3, 0.6];
/// Share of a plate that must lie in the lung.
const LEAST: f32 = 0.4;
/// Robust deviations of ridges that count whole.
const HOLD: f32 = 2.5;
/// Mean over a plate, as a share of what counts whole, at which its strength is 0 and 1.
const EVEN: [f32; 2] = [0.05, 0.3];
/// Mean over a plate, in robust deviations over the median of all, at which its strength is 0 and 1.
const RARE: [f32; 2] = [1.5, 4.0];
/// Distance in mm to a vessel up to which a ridge may be its edge.
const WALL: f32 = 1.5;
/// Excess in HU that counts whole, at least, however quiet the image.
const WHOLE: f32 = 30.0;

/// What the edge of airless lung counts, as a share of a whole ridge.
const BORDER: f32 = 0.5;

/// Plates on the grid of a slab.
pub(crate) struct Plates {
    /// How sure there is one, 0 to 1; NaN where nothing can be told.
    pub(crate) strength: Volume<f32>,
    /// Mean excess over what is on both sides in HU: it has a top where the strength is level.
    pub(crate) excess: Volume<f32>,
}

/// Plates of a slab. `clearance` is the distance to vessels in mm. Where airless lung ends along the
/// normal the border of a lobe shows as an edge and not as a ridge: it counts as a faint one.
pub(crate) fn plates(slab: &Slab, clearance: &Volume<f32>, airless: &Mask) -> Plates {
    let airless = (airless.count() > 0).then_some(airless);
    let mut ridges = ridges(slab, clearance);
    let (_, quiet) = spread(finite(&ridges));
    let whole = (HOLD * quiet).max(WHOLE);
    if let Some(airless) = airless {
        ridges = edged(&ridges, airless, BORDER * whole);
    }
    let held = |ridge: &f32| if ridge.is_finite() { ridge.clamp(-whole, whole) } else { 0.0 };
    let means = steepest(
        &par::map(&ridges, held),
        &par::map(&ridges, |ridge| f32::from(u8::from(ridge.is_finite()))),
    );
    let (middle, deviation) = spread(finite(&means));
    let strength = par::map(&means, |mean| {
        let even = ((mean / whole - EVEN[0]) / (EVEN[1] - EVEN[0])).clamp(0.0, 1.0);
        let excess = (mean - middle) / deviation.max(f32::MIN_POSITIVE);
        even * ((excess - RARE[0]) / (RARE[1] - RARE[0])).clamp(0.0, 1.0)
    });
    Plates { strength, excess: means }
}

/// Ridges with the edges of airless lung in their place: nothing is compared across an edge, for one
/// side of it is darker by hundreds of HU.
fn edged(ridges: &Volume<f32>, airless: &Mask, border: f32) -> Volume<f32> {
    let [levels, rows, columns] = ridges.grid().shape();
    let (area, solid) = (rows * columns, airless.as_slice());
    par::map_voxels(ridges.grid(), |[level, row, column]| {
        let at = (level * rows + row) * columns + column;
        let (first, last) = (level.saturating_sub(BESIDE[2]), (level + BESIDE[2]).min(levels - 1));
        let is_solid = |level: usize| solid[at % area + level * area];
        let ends = |other: usize| is_solid(level) != is_solid(other);
        if ends(level.saturating_sub(1)) || ends((level + 1).min(levels - 1)) {
            border
        } else if (first..=last).any(is_solid) {
            0.0
        } else {
            ridges.at([level, row, column])
        }
    })
}

fn finite(volume: &Volume<f32>) -> impl Iterator<Item = f32> {
    volume.as_slice().iter().copied().filter(|value| value.is_finite())
}

/// How much the density exceeds that above and below; NaN where one of them is not lung.
fn ridges(slab: &Slab, clearance: &Volume<f32>) -> Volume<f32> {
    let grid = slab.hu.grid();
    let [levels, rows, columns] = grid.shape();
    let area = rows * columns;
    let (hu, inside) = (slab.hu.as_slice(), slab.inside.as_slice());
    let beside = clearance.as_slice();
    let far = BESIDE[2];
    par::map_voxels(grid, |[level, row, column]| {
        let at = (level * rows + row) * columns + column;
        if level < far
            || level + far >= levels
            || !inside[at]
            || beside[at] < WALL
            || !inside[at - far * area]
            || !inside[at + far * area]
        {
            return f32::NAN;
        }
        let [mut below, mut above] = [0.0; 2];
        for beside in BESIDE {
            below += hu[at - beside * area];
            above += hu[at + beside * area];
        }
        hu[at] - below.max(above) / BESIDE.len() as f32
    })
}

/// Median and robust standard deviation of numbers.
pub(crate) fn spread(numbers: impl Iterator<Item = f32>) -> (f32, f32) {
    let mut numbers: Vec<f32> = numbers.step_by(5).collect();
    if numbers.is_empty() {
        return (0.0, 0.0);
    }
    let half = numbers.len() / 2;
    let middle = *numbers.select_nth_unstable_by(half, f32::total_cmp).1;
    for number in &mut numbers {
        *number = (*number - middle).abs();
    }
    (middle, 1.4826 * *numbers.select_nth_unstable_by(half, f32::total_cmp).1)
}

/// The greatest mean over a plate at each place, of plates of all slopes; NaN where too little of
/// them is lung.
fn steepest(weighted: &Volume<f32>, weight: &Volume<f32>) -> Volume<f32> {
    let grid = weighted.grid();
    let flat = [1, 2].map(|axis| Taps::new(grid, axis, 0.0));
    let shares = flat[1].sum(&flat[0].sum(weight));
    let full = LEAST * flat[0].total * flat[1].total;
    let mut best = Volume::filled(grid, f32::NEG_INFINITY);
    for slope in SLOPES {
        let sums = Taps::new(grid, 1, slope).sum(weighted);
        let across = SLOPES.map(|slope| Taps::new(grid, 2, slope));
        par::for_each_slice_with(&mut best, Vec::new, |sum, level, slice| {
            for taps in &across {
                taps.sum_level(&sums, level, sum);
                for (best, sum) in slice.iter_mut().zip(&*sum) {
                    *best = if *best > *sum { *best } else { *sum };
                }
            }
        });
    }
    par::zip(&best, &shares, |sum, share| if *share >= full { sum / share } else { f32::NAN })
}

/// A stick along rows or columns that rises with a slope: shifts in levels and places, and weights.
struct Taps {
    shifts: Vec<(isize, isize, f32)>,
    axis: usize,
    total: f32,
}

impl Taps {
    fn new(grid: &Grid, axis: usize, slope: f64) -> Self {
        let pitch = grid.spacing()[axis];
        let count = (REACH / pitch).round() as isize;
        let shifts: Vec<_> = (-count..=count)
            .map(|n| {
                let along = n as f64 * pitch;
                let weight = (-0.5 * (along / (0.6 * REACH)).powi(2)).exp() as f32;
                ((slope * along / RISE).round() as isize, n, weight)
            })
            .collect();
        let total = shifts.iter().map(|(_, _, weight)| weight).sum();
        Self { shifts, axis, total }
    }

    fn sum(&self, source: &Volume<f32>) -> Volume<f32> {
        let mut sums = Volume::filled(source.grid(), 0.0);
        let room = Vec::new;
        par::for_each_slice_with(&mut sums, room, |sum, level, slice| {
            self.sum_level(source, level, sum);
            slice.copy_from_slice(sum);
        });
        sums
    }

    /// The sums of one level.
    fn sum_level(&self, source: &Volume<f32>, level: usize, sum: &mut Vec<f32>) {
        let [levels, rows, columns] = source.grid().shape();
        let area = rows * columns;
        sum.clear();
        sum.resize(area, 0.0);
        for (rise, shift, weight) in &self.shifts {
            let from = level as isize + rise;
            if from < 0 || from >= levels as isize {
                continue;
            }
            let source = &source.as_slice()[from as usize * area..][..area];
            if self.axis == 1 {
                let (to, from) = overlap(area, shift * columns as isize);
                add(&mut sum[to], &source[from], *weight);
            } else {
                for (sum, source) in sum.chunks_mut(columns).zip(source.chunks(columns)) {
                    let (to, from) = overlap(columns, *shift);
                    add(&mut sum[to], &source[from], *weight);
                }
            }
        }
    }
}

/// Places of a list that have a partner so much farther on, and these partners.
fn overlap(length: usize, shift: isize) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
    let size = shift.unsigned_abs().min(length);
    if shift >= 0 { (0..length - size, size..length) } else { (size..length, 0..length - size) }
}

fn add(sum: &mut [f32], values: &[f32], weight: f32) {
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum += weight * value;
    }
}
