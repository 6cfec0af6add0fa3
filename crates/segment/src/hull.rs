//! The rib cage from inside: how far out a lung can reach in each direction.

use std::f64::consts::{PI, TAU};

use hilum_core::{Hu, Volume};
use hilum_kernel::par;

use crate::bridge::{Bridge, straight};
use crate::sides::is_lung;

/// Directions in a slice.
const BINS: usize = 120;
/// Cortex of ribs and breastbone in block means.
const BONE: Hu = Hu(180);
/// A rib lies at most so many mm within, and without, the farthest reach of air in its direction on
/// either side of the chest…
const RIB: [f64; 2] = [12.0, 18.0];
/// …in slices this near (mm)…
const NEARBY: f64 = 4.0;
/// …and so many directions aside; where disease leaves no air on either side, as it reaches above and below.
const ASIDE: usize = 1;
/// In every direction there is a rib at most so many mm above or below.
const BETWEEN: f64 = 15.0;
/// Disease of both lungs that keeps air from the ribs is bridged from air at most so many mm above to air at most so many mm
/// below, and from air so many directions before it to as many behind it…
const SPAN: f64 = 60.0;
/// See [`SPAN`].
const TURN: usize = 10;
/// …unless it does so by less than so many mm.
const DEEP: f64 = 8.0;
/// Foremost and hindmost directions: behind breastbone and beside the spine both lungs keep from the wall.
const MIDLINE: [usize; 2] = [BINS / 4, 3 * BINS / 4];
/// Standard deviations of the average over ribs: mm along the body, directions around it.
const SMOOTH: [f64; 2] = [12.0, 2.5];
/// The same for what lies between lung and ribs.
const WIDELY: [f64; 2] = [24.0, 5.0];
/// Lung and rib lie against each other where they are at most so many mm apart.
const AGAINST: f64 = 10.0;
/// What lies between the two where that cannot be seen, in mm.
const LAYER: f64 = 5.0;

/// Distances in each slice and direction from an axis in the middle of the chest.
pub(crate) struct Hull {
    /// Axis, along `j` and `i`.
    axis: [f64; 2],
    spacing: [f64; 3],
    /// Voxels in a row of the slice.
    columns: usize,
    /// Distance from the axis in mm and direction of each place in a slice.
    polar: Vec<(f64, usize)>,
    /// Outermost air in mm, by slice and direction; 0 where there is none.
    air: Vec<f64>,
    /// Inner surface of the rib cage in mm; 0 where it is unknown.
    wall: Vec<f64>,
}

impl Hull {
    /// The rib cage around lungs whose midplane stands at `middle` along `i`.
    pub(crate) fn of(hu: &Volume<Hu>, sides: &Volume<u8>, middle: f64) -> Self {
        let window = crate::window::bounds(sides, |side| is_lung(*side));
        let halfway = window.map_or(0.0, |window| (window[1].start + window[1].end) as f64 / 2.0);
        let ([slices, rows, columns], spacing) = (hu.grid().shape(), hu.grid().spacing());
        let axis = [halfway, middle];
        let polar =
            (0..rows * columns).map(|n| polar([n / columns, n % columns], axis, spacing)).collect();
        let mut hull = Self { axis, spacing, columns, polar, air: Vec::new(), wall: Vec::new() };
        hull.air = hull.outermost(sides);
        let reach = hull.bridged(&hull.reach(slices), slices);
        let bone = hull.innermost(hu, &reach);
        let gaps: Vec<f64> = bone.iter().zip(&reach).map(|(bone, reach)| bone - reach).collect();
        let gaps = hull.least(&gaps, slices);
        let bone: Vec<f64> = gaps.iter().zip(&reach).map(|(gap, reach)| gap + reach).collect();
        let layers = hull.layers(&bone, slices);
        let gaps = hull.smoothed(&gaps, slices, SMOOTH);
        let wall = |place: usize| match gaps[place] {
            Some(gap) if reach[place] > 0.0 => {
                (reach[place] + gap - layers[place]).max(hull.air[place])
            }
            _ => 0.0,
        };
        hull.wall = (0..gaps.len()).map(wall).collect();
        hull
    }

    /// Distance from the axis in mm and direction of a place in a slice, or of one beside it.
    fn polar(&self, j: usize, i: usize) -> (f64, usize) {
        let known = self.polar.get(j * self.columns + i).filter(|_| i < self.columns);
        known.copied().unwrap_or_else(|| polar([j, i], self.axis, self.spacing))
    }

    /// Says whether a voxel lies beyond all air in its direction, and inside of the rib cage.
    pub(crate) fn is_beyond_air(&self, [k, j, i]: [usize; 3]) -> bool {
        let (distance, bin) = self.polar(j, i);
        let (air, wall) = (self.air[k * BINS + bin], self.wall[k * BINS + bin]);
        air > 0.0 && distance > air && distance < wall
    }

    /// Says whether a voxel lies inside of the rib cage.
    pub(crate) fn holds(&self, [k, j, i]: [usize; 3]) -> bool {
        let (distance, bin) = self.polar(j, i);
        distance < self.wall[k * BINS + bin]
    }

    /// The place on the other side of the chest that corresponds to a place on this one: as
    /// far from the axis as a share of the way to the rib cage.
    pub(crate) fn opposite(&self, [k, j, i]: [usize; 3]) -> Option<[usize; 2]> {
        let (_, bin) = self.polar(j, i);
        let (own, other) = (self.wall[k * BINS + bin], self.wall[k * BINS + mirrored(bin)]);
        let stretch = if own > 0.0 && other > 0.0 { (other / own).clamp(0.8, 1.25) } else { 1.0 };
        let back = self.axis[0] + (j as f64 - self.axis[0]) * stretch;
        let left = self.axis[1] - (i as f64 - self.axis[1]) * stretch;
        (back >= 0.0 && left >= 0.0).then(|| [back.round() as usize, left.round() as usize])
    }

    /// Outermost air by slice and direction.
    fn outermost(&self, sides: &Volume<u8>) -> Vec<f64> {
        self.by_slice(
            sides,
            0.0,
            |side, distance, _, farthest| {
                if is_lung(*side) { distance.max(farthest) } else { farthest }
            },
        )
    }

    /// Innermost bone about as far out as air reaches nearby; infinite where there is none.
    fn innermost(&self, hu: &Volume<Hu>, reach: &[f64]) -> Vec<f64> {
        self.by_slice(hu, f64::INFINITY, |hu, distance, place, nearest| {
            let beyond = distance - reach[place];
            let rib = *hu >= BONE && beyond > -RIB[0] && beyond < RIB[1] && reach[place] > 0.0;
            if rib { distance.min(nearest) } else { nearest }
        })
    }

    /// Goes through each slice and keeps for each direction what `choose` makes of value,
    /// distance, place in the list and what was kept before.
    fn by_slice<T: Sync>(
        &self,
        volume: &Volume<T>,
        start: f64,
        choose: impl Fn(&T, f64, usize, f64) -> f64 + Sync + Send,
    ) -> Vec<f64> {
        let [slices, rows, columns] = volume.grid().shape();
        let kept = par::collect(slices, |k| {
            let mut kept = vec![start; BINS];
            let slice = &volume.as_slice()[k * rows * columns..][..rows * columns];
            for (value, (distance, bin)) in slice.iter().zip(self.polar.iter().copied()) {
                kept[bin] = choose(value, distance, k * BINS + bin, kept[bin]);
            }
            kept
        });
        kept.concat()
    }

    /// How far air reaches nearby, on this side or the other.
    fn reach(&self, slices: usize) -> Vec<f64> {
        let span = (NEARBY / self.spacing[0]).ceil() as usize;
        let rows = par::collect(slices, |k| {
            let near = k.saturating_sub(span)..(k + span + 1).min(slices);
            let column =
                |bin: usize| near.clone().map(|k| self.air[k * BINS + bin]).fold(0.0, f64::max);
            let own: Vec<f64> = (0..BINS).map(column).collect();
            (0..BINS)
                .map(|bin| {
                    let around = BINS - ASIDE..=BINS + ASIDE;
                    let both = around.flat_map(|turn| {
                        let bin = (bin + turn) % BINS;
                        [own[bin], own[mirrored(bin)]]
                    });
                    both.fold(0.0, f64::max)
                })
                .collect::<Vec<f64>>()
        });
        rows.concat()
    }

    /// Distances with deep dents bridged, along the body and then around each side of it; 0 stays where nothing is known.
    fn bridged(&self, distances: &[f64], slices: usize) -> Vec<f64> {
        let known = |mm: &f64| Some(*mm).filter(|mm| *mm > 0.0);
        let span = (SPAN / self.spacing[0]).floor() as usize;
        let along = Bridge { line: straight, span, deep: DEEP };
        let columns = par::collect(BINS, |bin| {
            let column = distances.iter().skip(bin).step_by(BINS).map(known);
            along.over(&column.collect::<Vec<_>>())
        });
        let around = Bridge { line: chord, span: TURN, deep: DEEP };
        let rows = par::collect(slices, |k| {
            let mut row = vec![0.0; BINS];
            for first in MIDLINE {
                let bins = (first..first + BINS / 2).map(|bin| bin % BINS);
                let side: Vec<_> = bins.clone().map(|bin| columns[bin][k]).collect();
                bins.zip(around.over(&side)).for_each(|(bin, mm)| row[bin] = mm.unwrap_or(0.0));
            }
            row
        });
        rows.concat()
    }

    /// The least value at most [`BETWEEN`] mm above or below: between ribs, what is seen is the shoulder blade.
    fn least(&self, values: &[f64], slices: usize) -> Vec<f64> {
        let span = (BETWEEN / self.spacing[0]).round() as usize;
        let row = |k: usize| {
            let near = k.saturating_sub(span)..(k + span + 1).min(slices);
            let least = move |bin: usize| {
                near.clone().map(|k| values[k * BINS + bin]).fold(f64::INFINITY, f64::min)
            };
            (0..BINS).map(least).collect::<Vec<f64>>()
        };
        par::collect(slices, row).concat()
    }

    /// What lies between lung and rib: as much as nearby, where the two lie against each other, else as everywhere.
    fn layers(&self, bone: &[f64], slices: usize) -> Vec<f64> {
        let gap = |(bone, air): (&f64, &f64)| {
            let gap = bone - air;
            if *air > 0.0 && (0.0..AGAINST).contains(&gap) { gap } else { f64::INFINITY }
        };
        let gaps: Vec<f64> = bone.iter().zip(&self.air).map(gap).collect();
        let usual = median(&gaps).unwrap_or(LAYER);
        let near = self.smoothed(&gaps, slices, WIDELY);
        near.into_iter().map(|layer| layer.unwrap_or(usual)).collect()
    }

    /// Average of what is known nearby, in a window of mm along the body and directions around it.
    fn smoothed(&self, values: &[f64], slices: usize, window: [f64; 2]) -> Vec<Option<f64>> {
        let weights = |sigma: f64| -> Vec<f64> {
            let reach = (3.0 * sigma).ceil() as i32;
            (-reach..=reach).map(|n| (-0.5 * (f64::from(n) / sigma).powi(2)).exp()).collect()
        };
        let (up, around) = (weights(window[0] / self.spacing[0]), weights(window[1]));
        let known = |place: usize| values[place].is_finite();
        let [half_up, half_around] = [&up, &around].map(|weights| weights.len() / 2);
        let rows = par::collect(slices, |k| {
            let mut sums = vec![(0.0, 0.0); BINS];
            for (n, weight) in up.iter().enumerate() {
                let Some(near) = (k + n).checked_sub(half_up).filter(|k| *k < slices) else {
                    continue;
                };
                for (bin, sum) in sums.iter_mut().enumerate() {
                    let place = near * BINS + bin;
                    if known(place) {
                        *sum = (sum.0 + weight * values[place], sum.1 + weight);
                    }
                }
            }
            let average = |bin: usize| {
                let near = around.iter().enumerate().map(|(n, weight)| {
                    let (sum, count) = sums[(bin + n + BINS - half_around) % BINS];
                    (weight * sum, weight * count)
                });
                let (sum, count) = near.fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
                (count > 0.05).then(|| sum / count)
            };
            (0..BINS).map(average).collect::<Vec<Option<f64>>>()
        });
        rows.concat()
    }
}

/// Distance from an axis in mm and direction of a place in a slice.
fn polar([j, i]: [usize; 2], axis: [f64; 2], spacing: [f64; 3]) -> (f64, usize) {
    let back = (j as f64 - axis[0]) * spacing[1];
    let left = (i as f64 - axis[1]) * spacing[2];
    let turn = (back.atan2(left) + PI) / TAU;
    (back.hypot(left), ((turn * BINS as f64) as usize).min(BINS - 1))
}

/// Distance from the axis, in one direction, of the straight line between points in two others.
fn chord(bin: usize, before: (usize, f64), behind: (usize, f64)) -> f64 {
    let sine = |from: usize, to: usize| (TAU * (to - from) as f64 / BINS as f64).sin();
    let (near, far) = (before.1 * sine(before.0, bin), behind.1 * sine(bin, behind.0));
    before.1 * behind.1 * sine(before.0, behind.0) / (near + far)
}

/// The direction on the other side of the midplane.
fn mirrored(bin: usize) -> usize {
    (BINS + BINS / 2 - 1 - bin) % BINS
}

/// Middle value of those that are known.
fn median(values: &[f64]) -> Option<f64> {
    let mut known: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    let middle = known.len() / 2;
    (!known.is_empty()).then(|| *known.select_nth_unstable_by(middle, f64::total_cmp).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_are_straight() {
        // A flat wall 80 mm away stands at 80 mm over the cosine of the direction.
        let wall = |bin: usize| 80.0 / (TAU * (bin as f64 - 30.0) / BINS as f64).cos();
        for bin in [26, 30, 35] {
            let found = chord(bin, (22, wall(22)), (38, wall(38)));
            assert!((found - wall(bin)).abs() < 1e-9, "{found} in direction {bin}");
        }
    }
}
