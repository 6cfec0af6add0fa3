//! Lung without air: told from what it lies against by the rib cage, the other lung and density.

use hilum_core::{Hu, Lung, Mask, Region, Volume};
use hilum_kernel::{Components, Connectivity, par};

use crate::average::average;
use crate::coarse::Coarse;
use crate::floor::Floor;
use crate::hull::Hull;
use crate::image::Image;

/// Solid lung (consolidation, atelectasis) reads between fluid and enhanced blood on average, in
/// HU: fluid beside a lung 0 to 20 HU, lung without air 30 to 70, with contrast up to 120.
const SOLID: [f32; 2] = [25.0, 130.0];
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
pub(crate) const LOPSIDED: [f64; 2] = [0.77, 1.56];
/// What only the rib cage tells, as with disease of both lungs, must somewhere be thicker than twice this (mm): so uneven are muscle and
/// the layer between lungs and ribs.
const LUMP: f64 = 5.0;
/// What only the other lung's image tells, for lungs of about the same size, must be
/// thicker than twice this (mm), and so much of it (a share) must be told by both: the more, the
/// thinner it may be.
const THICK: [[f64; 2]; 2] = [[10.0, 0.25], [6.0, 0.5]];
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
/// image tells must be thick: an image is not exact, and the domes of the diaphragm are uneven. Disease of both lungs is told by
/// the rib cage alone; where it fills a lung between heart or diaphragm and ribs nothing tells it.
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
    let sure = any([false, false, !equal, true]);
    let told = any([false, true, true, true]);
    let [thickest, thick] = THICK.map(|[radius, share]| {
        let thick = hilum_kernel::open(&told, radius);
        if equal { backed(&thick, evidence, share) } else { thick }
    });
    let thick = if equal { par::zip(&thickest, &thick, |a, b| *a || *b) } else { thickest };
    let both = par::zip(&sure, &thick, |sure, thick| *sure || *thick);
    let ribs = lumps(&any([false, true, false, true]));
    let both = par::zip(&both, &ribs, |both, ribs| *both || *ribs);
    let imaged = any([false, false, true, false]);
    let imaged = par::zip(&imaged, &both, |imaged, both| *imaged && *both);
    let beside = scene.beside_spine(tissue, &imaged);
    par::zip(&both, &beside, |both, beside| *both || *beside)
}

/// What a mask has around places in which it is thick.
fn lumps(mask: &Mask) -> Mask {
    let around = hilum_kernel::dilate(&hilum_kernel::open(mask, LUMP), LUMP);
    par::zip(mask, &around, |inside, around| *inside && *around)
}

/// Blocks of solid lung's density whose neighbourhood has it as well; what is aerated or bone near
/// them does not count.
fn tissue(hu: &Volume<Hu>) -> Mask {
    let block = par::map(hu, |hu| (BLOCK[0]..BLOCK[1]).contains(hu));
    let mean = average(hu, &block, AVERAGE);
    par::zip(&block, &mean, |block, mean| *block && (SOLID[0]..SOLID[1]).contains(mean))
}

/// The pieces of which enough (a share) has more evidence than one: the domes of the diaphragm
/// differ, and the liver is as dense as solid lung.
fn backed(thick: &Mask, evidence: &Volume<u8>, share: f64) -> Mask {
    let pieces = Components::new(thick, Connectivity::Faces);
    let mut counts = vec![0_u64; pieces.count() + 1];
    for (label, kind) in pieces.labels().as_slice().iter().zip(evidence.as_slice()) {
        counts[*label as usize] += u64::from(*kind == BOTH);
    }
    pieces.mask(|number| {
        let size = pieces.sizes()[number as usize - 1] as f64;
        counts[number as usize] as f64 >= share * size
    })
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
    pub(crate) fn is_mediastinum(&self, lung: Lung, [j, i]: [usize; 2]) -> bool {
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
        let opposite = hull.opposite(voxel);
        opposite.is_some_and(|place| floors[other].is_below(voxel[0], place))
            || floors[mine].is_below(voxel[0], [voxel[1], voxel[2]])
    }
}
