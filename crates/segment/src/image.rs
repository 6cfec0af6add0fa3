//! One lung as a measure of the other: its mirror image, brought to the other's diaphragm.

use hilum_core::{Lung, Region};

use crate::floor::Floor;
use crate::hull::Hull;
use crate::solid::{LOPSIDED, Scene};

/// Width in mm of the range of heights in which the floors of two lungs count as equally far apart.
const LEVEL: f64 = 8.0;
/// The surface of the diaphragm stands at most so many mm higher or lower than the other lung's.
const DOMES: f64 = 35.0;

/// One lung's image on the side of the other.
pub(crate) struct Image {
    /// The lung on whose side the image lies.
    lung: Lung,
    other: Lung,
    /// Slices by which the base of `lung` is higher.
    lift: f64,
    /// Slices in which the other lung begins and ends.
    extent: [usize; 2],
}

impl Image {
    /// The image on the side of `lung`: of a lung that is not much smaller, as far as there are two.
    pub(crate) fn of(scene: &Scene, hull: &Hull, floors: &[Floor; 2], lung: Lung) -> Option<Self> {
        let [right, left] = floors;
        let (own, from, other) = match lung {
            Lung::Right => (right, left, Lung::Left),
            _ => (left, right, Lung::Right),
        };
        let smaller = match lung {
            Lung::Right => scene.ratio > LOPSIDED[1],
            _ => scene.ratio < LOPSIDED[0],
        };
        if own.is_empty() || from.is_empty() || smaller {
            return None;
        }
        let lift = lift(scene, hull, [own, from], lung);
        Some(Self { lung, other, lift, extent: from.extent() })
    }

    /// Says whether the image lies at a voxel, where neither mediastinum nor heart is.
    pub(crate) fn shows(&self, scene: &Scene, hull: &Hull, [k, j, i]: [usize; 3]) -> bool {
        let [slices, rows, columns] = scene.sides.grid().shape();
        let there = self.height(k);
        let inside = there >= 0.0 && there < slices as f64;
        if !inside || scene.is_mediastinum(self.lung, [j, i]) {
            return false;
        }
        hull.opposite([k, j, i]).is_some_and(|[j, i]| {
            j < rows && i < columns && scene.sides.at([there as usize, j, i]) == self.other.label()
        })
    }

    /// Slice of the other lung that corresponds to slice `k`: the tops are level, the bases apart.
    fn height(&self, k: usize) -> f64 {
        let [first, end] = self.extent.map(|k| k as f64);
        let base = ((end - k as f64) / (end - first).max(1.0)).clamp(0.0, 1.0);
        (k as f64 - self.lift * base).round()
    }
}

/// Slices by which the base of a lung stands higher than the other's: what most columns agree on. Those that
/// end above disease agree on nothing.
fn lift(scene: &Scene, hull: &Hull, [own, other]: [&Floor; 2], lung: Lung) -> f64 {
    let [_, rows, columns] = scene.sides.grid().shape();
    let step = scene.coarse.grid().spacing()[0];
    let most = (DOMES / step).round() as i64;
    let mut counts = vec![0_u32; 2 * most as usize + 1];
    for n in 0..rows * columns {
        let place = [n / columns, n % columns];
        let Some(floor) = own.lowest(place) else { continue };
        if scene.is_mediastinum(lung, place) {
            continue;
        }
        let opposite =
            hull.opposite([floor, place[0], place[1]]).and_then(|place| other.lowest(place));
        let apart = opposite.map(|other| floor as i64 - other as i64 + most);
        let count = apart.and_then(|apart| counts.get_mut(usize::try_from(apart).ok()?));
        *count.unwrap_or(&mut 0) += 1;
    }
    let width = ((LEVEL / step).round() as usize).max(1);
    let sums = counts.windows(width).map(|some| some.iter().sum::<u32>());
    let best =
        sums.enumerate().fold((0, 0), |best, (n, sum)| if sum > best.1 { (n, sum) } else { best });
    best.0 as f64 + (width as f64 - 1.0) / 2.0 - most as f64
}
