//! Features of the co-occurrence matrix about every voxel.

use std::ops::RangeInclusive;

use hilum_core::{Mask, Volume};
use hilum_kernel::par;

use crate::cooccurrence::{MOST_LEVELS, TOO_MANY};
use crate::levels::Levels;
use crate::steps::IN_SPACE;
use crate::window::{Differences, Matrix, Moments, Pairs};
use crate::{CooccurrenceFeature, Error, Processing, Roi};

/// A feature about every voxel of a region.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// The feature; 0 where it is not [`Map::defined`].
    pub values: Volume<f32>,
    /// Voxels of the region whose surroundings have the feature.
    pub defined: Mask,
}

/// A feature of the co-occurrence matrix in a cube about every voxel of a region.
///
/// The cube has `2 radius + 1` voxels along each side; of it, voxels of the region count. The feature
/// is averaged over those of the 13 directions in space that have it. Grey levels are those of the
/// whole region, by [`Processing::levels`] and [`Processing::range`]; the region is taken as it is,
/// neither resampled nor re-segmented.
///
/// The matrix of a direction moves along a row: a plane of pairs comes, another goes. All that the
/// features are made of is counted, so that nothing drifts: a map holds what the same code finds in
/// each cube by itself. Cost: `O(radius^2)` for each voxel of the box around the region, and as many
/// steps as there are grey levels to read the feature.
///
/// # Errors
///
/// [`Error::Setting`] for a radius of 0 or beyond 31, or for intensities that do not become at most
/// 2048 grey levels.
pub fn cooccurrence_map(
    roi: &Roi,
    processing: &Processing,
    radius: usize,
    feature: CooccurrenceFeature,
) -> Result<Map, Error> {
    processing.check()?;
    if !(1..=31).contains(&radius) {
        return Err(Error::setting(format!("a radius of {radius} voxels"), "1 to 31"));
    }
    let grid = roi.image().grid();
    let mut values = Volume::filled(grid, (0.0_f32, false));
    if roi.intensity().as_slice().contains(&true) {
        let levels = Levels::of(roi, processing.levels, processing.range)
            .and_then(|levels| if levels.count > MOST_LEVELS { Err(TOO_MANY) } else { Ok(levels) })
            .map_err(|reason| Error::setting(reason.to_owned(), "other bins"))?;
        let count = levels.count;
        let pairs = (2 * radius + 1).pow(3);
        if feature.is_of_moments() {
            fill(&mut values, &levels, radius, feature, Moments::default);
        } else if feature.is_of_differences() {
            fill(&mut values, &levels, radius, feature, || Differences::new(count));
        } else {
            fill(&mut values, &levels, radius, feature, || Matrix::new(count, pairs));
        }
    }
    let defined = par::map(&values, |(_, defined)| *defined);
    Ok(Map { values: par::map(&values, |(value, _)| *value), defined })
}

fn fill<P: Pairs>(
    values: &mut Volume<(f32, bool)>,
    levels: &Levels,
    radius: usize,
    feature: CooccurrenceFeature,
    room: impl Fn() -> P + Sync + Send,
) {
    let [_, _, columns] = values.grid().shape();
    let [first_k, first_j, first_i] = levels.first;
    par::for_each_slice_with(values, room, |pairs, k, slice| {
        if k < first_k || k + 2 >= first_k + levels.shape[0] {
            return;
        }
        for j in 1..levels.shape[1] - 1 {
            let sums = row(levels, [k - first_k + 1, j], radius, feature, pairs);
            let start = (j + first_j - 1) * columns + first_i;
            for (value, (sum, count)) in slice[start..].iter_mut().zip(sums) {
                if count > 0 {
                    *value = ((sum / f64::from(count)) as f32, true);
                }
            }
        }
    });
}

/// Sums of a feature over directions, and how many directions have it, along a row of the box.
fn row(
    levels: &Levels,
    [k, j]: [usize; 2],
    radius: usize,
    feature: CooccurrenceFeature,
    pairs: &mut impl Pairs,
) -> Vec<(f64, u32)> {
    let width = levels.shape[2] - 2;
    let mut sums = vec![(0.0, 0); width];
    let start = (k * levels.shape[1] + j) * levels.shape[2];
    let inside = &levels.values[start..][..levels.shape[2]];
    let (Some(low), Some(high)) =
        (inside.iter().position(|l| *l > 0), inside.iter().rposition(|l| *l > 0))
    else {
        return sums;
    };
    for step in IN_SPACE {
        let plane = Plane::of(levels, [k, j], radius, step);
        pairs.clear();
        let start = low.saturating_sub(radius).max(1);
        // Columns of the rim and beyond hold no pair, and what lies before the first window is in none.
        for column in start..=(high + radius) {
            if column <= width && column >= start + plane.reach {
                plane.pairs(levels, column, |one, other| pairs.add(one, other));
            }
            let Some(centre) = column.checked_sub(radius).filter(|c| (low..=high).contains(c))
            else {
                continue;
            };
            if inside[centre] > 0
                && let Ok(value) = pairs.value(feature)
            {
                sums[centre - 1].0 += value;
                sums[centre - 1].1 += 1;
            }
            // The first plane of this window is not in the next one, nor are its pairs.
            if let Some(last) = centre.checked_sub(radius).filter(|last| *last > 0) {
                plane.pairs(levels, last + plane.reach, |one, other| pairs.remove(one, other));
            }
        }
    }
    sums
}

/// The pairs a step apart whose farther voxel lies in a given column, within a window about a row.
struct Plane {
    /// Rows of the voxel that lies nearer to the start, as places of their first column.
    rows: Vec<usize>,
    /// From its place to that of its partner.
    offset: isize,
    /// Columns between the two.
    reach: usize,
}

impl Plane {
    fn of(levels: &Levels, [k, j]: [usize; 2], radius: usize, step: [isize; 3]) -> Self {
        // The opposite way leads from the partner, and is the same pair.
        let [dk, dj, di] = if step[2] < 0 { step.map(|n| -n) } else { step };
        let [slices, rows, columns] = levels.shape;
        let window = |at: usize, length: usize, step: isize| -> RangeInclusive<usize> {
            let low = at.saturating_sub(radius).max(1);
            let high = (at + radius).min(length - 2);
            // Both voxels of a pair must be in the window.
            low + usize::from(step < 0)..=high - usize::from(step > 0)
        };
        let places = window(k, slices, dk)
            .flat_map(|k| window(j, rows, dj).map(move |j| (k * rows + j) * columns));
        Self { rows: places.collect(), offset: levels.offset([dk, dj, di]), reach: di as usize }
    }

    fn pairs(&self, levels: &Levels, column: usize, mut visit: impl FnMut(u16, u16)) {
        for row in &self.rows {
            let place = row + column - self.reach;
            let one = levels.values[place];
            let other = levels.values[place.wrapping_add_signed(self.offset)];
            if one > 0 && other > 0 {
                visit(one, other);
            }
        }
    }
}
