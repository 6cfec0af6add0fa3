//! Lung without air: told from what it lies against by the rib cage, the other lung and density.

use hilum_core::{Hu, Lung, Mask, Region, Volume};
use hilum_kernel::par;

use crate::coarse::Coarse;
use crate::hull::Hull;

/// Solid lung (consolidation, atelectasis) reads between fluid and enhanced blood on average, in
/// HU. Fluid beside a lung reads 0 to 20 HU, lung without air 30 to 70, with contrast up to 120.
const SOLID: [f32; 2] = [30.0, 130.0];
/// Single blocks of it lie in here. Fat and the edge of aerated lung lie below, bone above.
const BLOCK: [Hu; 2] = [Hu(-20), Hu(180)];
/// Standard deviation in mm of the average that tells solid lung from fluid.
const AVERAGE: f64 = 4.5;
/// Half width in mm of spine and mediastinum, which are solid in health, on the right and, with the aorta,
/// on the left.
const MIDDLE: [f64; 2] = [24.0, 40.0];
/// The aorta keeps the left lung at most so many mm farther from the spine than the right one.
const AORTA: f64 = 22.0;
/// The heart on the left as an ellipse in each slice: centre and radii, to the left of the spine and to
/// the front of the middle of the lungs, in mm.
const HEART: [[f64; 2]; 2] = [[22.0, 35.0], [72.0, 50.0]];
/// Right over left volume of air beyond which the smaller lung is measured against the larger.
const LOPSIDED: [f64; 2] = [0.77, 1.56];
/// What only the rib cage or, for lungs of about the same size, only the other lung's image tells must be
/// thicker than twice this (mm).
const THICK: f64 = 10.0;
/// Width in mm of the range of heights in which the floors of two lungs count as equally far apart.
const LEVEL: f64 = 8.0;
/// The surface of the diaphragm stands at most so many mm higher or lower than the other lung's.
const DOMES: f64 = 35.0;
/// Without another lung nothing below this share of the height of the one there is can be told
/// from the organs of the abdomen.
const UPPER: f64 = 0.45;

/// Where things stand on the coarse grid, and how large the lungs are.
pub(crate) struct Scene<'a> {
    pub(crate) coarse: &'a Coarse,
    /// Lungs with their haze.
    pub(crate) sides: &'a Volume<u8>,
    /// Spine, along `i`.
    pub(crate) middle: f64,
    /// Half-way between front and back of the lungs, along `j`.
    pub(crate) halfway: usize,
    /// Right over left volume.
    pub(crate) ratio: f64,
}

/// Solid tissue in the space of a lung.
///
/// A place belongs to that space if it lies inside of the rib cage and either beyond all air in its
/// direction, or where the other lung's image lies: mirrored in shares of the way to the ribs, and
/// brought to the height at which this lung reaches the diaphragm. What only one of rib cage and
/// image tells must be thick, for muscle at the apices and the domes of the diaphragm are uneven.
pub(crate) fn solid(scene: &Scene) -> Mask {
    let tissue = tissue(&scene.coarse.hu);
    let hull = Hull::of(&scene.coarse.hu, scene.sides, scene.middle);
    let floors = [Lung::Right, Lung::Left].map(|lung| Floor::of(scene.sides, lung));
    let images = [Lung::Right, Lung::Left].map(|lung| Image::of(scene, &hull, &floors, lung));
    let evidence = par::map_voxels(scene.sides.grid(), |voxel| {
        if scene.sides.at(voxel) > 0 || !tissue.at(voxel) || !hull.holds(voxel) {
            return 0;
        }
        let beyond = hull.is_beyond_air(voxel) && scene.is_above_diaphragm(&hull, &floors, voxel);
        let image = &images[usize::from(scene.lung_at(voxel[2]) == Lung::Left)];
        let imaged = image.as_ref().is_some_and(|image| image.shows(scene, &hull, voxel));
        match (beyond, imaged) {
            (true, _) if scene.is_opposite_air(&hull, voxel) => BOTH,
            (true, _) => RIBS,
            (false, true) => IMAGE,
            _ => 0,
        }
    });
    agreed(scene, &tissue, &evidence)
}

/// Why a voxel was taken for solid lung.
const RIBS: u8 = 1;
/// See [`RIBS`].
const IMAGE: u8 = 2;
/// See [`RIBS`].
const BOTH: u8 = 3;

/// What is thick enough for its evidence.
fn agreed(scene: &Scene, tissue: &Mask, evidence: &Volume<u8>) -> Mask {
    let any = |kinds: [bool; 4]| par::map(evidence, move |kind| kinds[usize::from(*kind)]);
    let equal = (LOPSIDED[0]..=LOPSIDED[1]).contains(&scene.ratio);
    let thick = |mask: Mask| if mask.count() > 0 { hilum_kernel::open(&mask, THICK) } else { mask };
    let sure = any([false, false, !equal, true]);
    let thick = thick(any([false, true, true, true]));
    let both = par::zip(&sure, &thick, |sure, thick| *sure || *thick);
    let imaged = any([false, false, true, false]);
    let imaged = par::zip(&imaged, &both, |imaged, both| *imaged && *both);
    let beside = scene.beside_spine(tissue, &imaged);
    par::zip(&both, &beside, |both, beside| *both || *beside)
}

/// Blocks of solid lung's density whose neighbourhood has it as well; what is aerated or bone near
/// them does not count.
fn tissue(hu: &Volume<Hu>) -> Mask {
    let is_block = |hu: &Hu| (BLOCK[0]..BLOCK[1]).contains(hu);
    let weight = par::map(hu, |hu| if is_block(hu) { 1.0 } else { 0.0 });
    let value = par::map(hu, |hu| if is_block(hu) { f32::from(*hu) } else { 0.0 });
    let sum = hilum_kernel::gaussian(&value, AVERAGE);
    let share = hilum_kernel::gaussian(&weight, AVERAGE);
    let mean = par::zip(&sum, &share, |sum, share| sum / share.max(1e-3));
    par::zip(hu, &mean, |hu, mean| is_block(hu) && (SOLID[0]..SOLID[1]).contains(mean))
}

impl Scene<'_> {
    /// Distance in mm to the left of the spine.
    fn leftward(&self, i: usize) -> f64 {
        (i as f64 - self.middle) * self.coarse.grid().spacing()[2]
    }

    /// Says whether the other lung lies where a voxel has its mirror image.
    fn is_opposite_air(&self, hull: &Hull, [k, j, i]: [usize; 3]) -> bool {
        let [_, rows, columns] = self.sides.grid().shape();
        let own = self.lung_at(i).label();
        hull.opposite([k, j, i]).is_some_and(|[j, i]| {
            let side = if j < rows && i < columns { self.sides.at([k, j, i]) } else { 0 };
            side > 0 && side != own
        })
    }

    /// Tissue between solid lung that the left lung's image shows and the spine: the left lung keeps
    /// farther from it, because of the aorta.
    fn beside_spine(&self, tissue: &Mask, imaged: &Mask) -> Mask {
        let columns = self.sides.grid().shape()[2];
        let reach = (AORTA / self.coarse.grid().spacing()[2]).round() as usize;
        let last = (self.middle - MIDDLE[0] / self.coarse.grid().spacing()[2]).max(0.0) as usize;
        let mut beside = Mask::filled(self.sides.grid(), false);
        par::for_each_slice(&mut beside, |k, slice| {
            for (j, row) in slice.chunks_exact_mut(columns).enumerate().skip(self.halfway) {
                let is_solid = |i: &usize| imaged.at([k, j, *i]);
                let Some(innermost) = (0..last).rev().find(is_solid) else { continue };
                let inwards = innermost + 1..(innermost + reach).min(last);
                for i in inwards.take_while(|i| tissue.at([k, j, *i])) {
                    row[i] = self.sides.at([k, j, i]) == 0;
                }
            }
        });
        beside
    }

    /// Says whether a column belongs to mediastinum or heart on the side of a lung. In front the
    /// larger lung must tell for a left one that is not much smaller.
    fn is_mediastinum(&self, lung: Lung, [j, i]: [usize; 2]) -> bool {
        let leftward = self.leftward(i);
        if lung == Lung::Right {
            return leftward > -MIDDLE[0];
        }
        let forward = (self.halfway as f64 - j as f64) * self.coarse.grid().spacing()[1];
        let [centre, radii] = HEART;
        let heart = ((leftward - centre[0]) / radii[0]).hypot((forward - centre[1]) / radii[1]);
        let equal = (LOPSIDED[0]..=LOPSIDED[1]).contains(&self.ratio);
        leftward < MIDDLE[1] || heart < 1.0 || (equal && forward > 0.0)
    }

    fn lung_at(&self, i: usize) -> Lung {
        if self.leftward(i) < 0.0 { Lung::Right } else { Lung::Left }
    }

    /// Says whether a voxel lies above the diaphragm as the other lung has it, or, without another
    /// one, in the upper part of the chest.
    fn is_above_diaphragm(&self, hull: &Hull, floors: &[Floor; 2], voxel: [usize; 3]) -> bool {
        let own = self.lung_at(voxel[2]);
        let [mine, other] = if own == Lung::Right { [0, 1] } else { [1, 0] };
        if floors[other].is_empty() {
            return voxel[0] as f64 > floors[mine].height(UPPER);
        }
        let under = hull.opposite(voxel).and_then(|place| floors[other].at(place));
        under.is_some_and(|floor| floor <= voxel[0])
            || floors[mine].at([voxel[1], voxel[2]]).is_some_and(|floor| floor <= voxel[0])
    }
}

/// The lowest voxels of a lung, column by column.
struct Floor {
    lowest: Vec<usize>,
    columns: usize,
    /// First slice of the lung, and the one above its last.
    extent: [usize; 2],
}

impl Floor {
    fn of(sides: &Volume<u8>, lung: Lung) -> Self {
        let [slices, rows, columns] = sides.grid().shape();
        let mut floor =
            Self { lowest: vec![usize::MAX; rows * columns], columns, extent: [slices, 0] };
        for (n, _) in sides.as_slice().iter().enumerate().filter(|(_, s)| **s == lung.label()) {
            let (k, place) = (n / (rows * columns), n % (rows * columns));
            floor.lowest[place] = floor.lowest[place].min(k);
            floor.extent = [floor.extent[0].min(k), floor.extent[1].max(k + 1)];
        }
        floor
    }

    fn is_empty(&self) -> bool {
        self.extent[0] >= self.extent[1]
    }

    /// Lowest slice of the lung at `[j, i]`.
    fn at(&self, [j, i]: [usize; 2]) -> Option<usize> {
        let inside = i < self.columns;
        let lowest = self.lowest.get(j * self.columns + i).copied().filter(|_| inside);
        lowest.filter(|k| *k != usize::MAX)
    }

    /// The slice at a share of the height of the lung.
    fn height(&self, share: f64) -> f64 {
        self.extent[0] as f64 + share * (self.extent[1] - self.extent[0]) as f64
    }
}

/// One lung's image on the side of the other.
struct Image {
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
    fn of(scene: &Scene, hull: &Hull, floors: &[Floor; 2], lung: Lung) -> Option<Self> {
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
        Some(Self { lung, other, lift, extent: from.extent })
    }

    /// Says whether the image lies at a voxel, where neither mediastinum nor heart is.
    fn shows(&self, scene: &Scene, hull: &Hull, [k, j, i]: [usize; 3]) -> bool {
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
        let Some(floor) = own.at(place) else { continue };
        if scene.is_mediastinum(lung, place) {
            continue;
        }
        let opposite = hull.opposite([floor, place[0], place[1]]).and_then(|place| other.at(place));
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
