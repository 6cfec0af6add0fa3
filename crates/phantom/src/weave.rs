//! Lesions whose tissue has a form with parameters: nets, layers of cysts, holes in lobules.

use hilum_core::Lung;
use nalgebra::{Point3, Vector3};

use crate::foam::{Bubble, Foam, sheet};
use crate::form::Form;
use crate::hole::edge_texture;
use crate::lesion::Lesion;
use crate::model::{Model, is_right};
use crate::paint::Palette;
use crate::parts::Part;
use crate::random::Stream;
use crate::shape::unite;

/// Streams of random numbers.
const LOBULES: u64 = 16;
const NETS: u64 = 17;
const LAYERS: u64 = 18;
const GROUPS: u64 = 19;

/// Size of groups of cysts in mm.
const GROUP: f64 = 32.0;

/// Size of the secondary lobules in mm.
const LOBULE: f64 = 14.0;

/// What a lesion makes of a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patch {
    /// How much of the place it takes, 0 to 1.
    pub(crate) share: f64,
    /// CT number in the midst of it.
    pub(crate) hu: f64,
    /// Says whether it destroyed the lung here: emphysema.
    pub(crate) hole: bool,
}

impl Patch {
    fn new(share: f64, hu: f64) -> Self {
        Self { share, hu, hole: false }
    }
}

impl Model {
    /// Depth beneath the pleura in mm.
    pub(crate) fn depth(&self, p: Point3<f64>) -> f64 {
        -f64::from(self.part(Part::Lungs).at(p))
    }

    /// Says whether a lesion can lie at a place: in its lung and lobe.
    pub(crate) fn is_home(&self, lesion: &Lesion, p: Point3<f64>) -> bool {
        let side = if is_right(self.inner(p)) { Lung::Right } else { Lung::Left };
        side == lesion.lung && lesion.lobe.is_none_or(|lobe| lobe == self.lobe(p))
    }

    /// The lobule around a place.
    fn lobule(&self, p: Point3<f64>) -> Bubble {
        Foam { pitch: LOBULE, stream: self.stream(LOBULES) }.at(p)
    }

    /// Says whether a lesion takes the lobule around a place, whose sides are a little wavy.
    pub(crate) fn is_taken_lobule(&self, lesion: &Lesion, p: Point3<f64>, share: f64) -> bool {
        let lobule = self.lobule(p + self.warp(p, 3.0, 1.6));
        let inside = lesion.scaled(self.inner(lobule.middle)) < 1.0;
        inside && lobule.own.uniform(10) < share
    }

    /// A displacement of about `far` mm along each axis that changes over some `scale` mm.
    fn warp(&self, p: Point3<f64>, scale: f64, far: f64) -> Vector3<f64> {
        let along = |off: f64| {
            let q = p + Vector3::new(off, 0.7 * off, -off) * scale;
            far * self.tile.around(q, scale).clamp(-2.0, 2.0)
        };
        Vector3::new(along(0.0), along(17.0), along(37.0))
    }

    /// Says whether cysts of a lesion lie around a place: all over, or in groups.
    fn is_grouped(&self, lesion: &Lesion, p: Point3<f64>) -> bool {
        let group = || Foam { pitch: GROUP, stream: self.stream(GROUPS) }.at(p);
        lesion.lobules.is_none_or(|share| group().own.uniform(0) < share)
    }

    /// The cyst around a place and the distance from the middle of its wall; `None` where no cyst lies.
    fn cyst(
        &self,
        lesion: &Lesion,
        p: Point3<f64>,
        [cell, layers]: [f64; 2],
    ) -> Option<(Bubble, f64)> {
        let depth = self.depth(p);
        if !(-1.0..=layers * cell * 1.3).contains(&depth) {
            return None;
        }
        let wave = self.tile.around(p, 2.0 * cell).clamp(-1.5, 1.5);
        let wavy = depth.max(0.0) * (1.0 + 0.15 * wave);
        let layer = (wavy / cell).floor();
        if layer >= layers {
            return None;
        }
        let from_middle = wavy - (layer + 0.5) * cell;
        let outwards = self.outwards(p);
        let stream = self.stream(LAYERS).within(layer as u64);
        let foam = Foam { pitch: 1.1 * cell, stream };
        let bubble = foam.along(p + outwards * from_middle, outwards);
        let middle = bubble.middle;
        let taken = lesion.scaled(self.inner(middle)) < 1.0 && self.is_grouped(lesion, middle);
        let ceiling = 0.5 * cell - from_middle.abs();
        let wall = unite(bubble.face, ceiling, 0.15 * cell);
        taken.then_some((bubble, wall))
    }

    /// Direction to the nearest pleura.
    fn outwards(&self, p: Point3<f64>) -> Vector3<f64> {
        let slope = |axis: Vector3<f64>| self.depth(p - axis) - self.depth(p + axis);
        let [x, y, z] = [Vector3::x(), Vector3::y(), Vector3::z()].map(|axis| slope(axis * 1.5));
        Vector3::new(x, y, z).try_normalize(1e-6).unwrap_or_else(Vector3::zeros)
    }
}

impl Palette<'_> {
    /// What a lesion of a given form makes of a place whose healthy tissue has a CT number; `None` for the
    /// disease's own form.
    pub(crate) fn woven(&self, lesion: &Lesion, p: Point3<f64>, healthy: f32) -> Option<Patch> {
        let nothing = Some(Patch::new(0.0, 0.0));
        match lesion.form {
            Form::Plain => None,
            Form::Cysts { cell, wall, layers } => {
                if !self.model.is_home(lesion, p) {
                    return nothing;
                }
                let cyst = self.model.cyst(lesion, p, [cell, layers as f64]);
                let paint = |(bubble, distance): (Bubble, f64)| {
                    let air = bubble.own.between(11, -995.0, -955.0);
                    let wall = sheet(distance, 0.5 * wall, self.width);
                    let hu = air + (lesion.hu - air) * wall;
                    let hole = lesion.disease.subtype().is_some();
                    Patch { share: 1.0, hu, hole }
                };
                cyst.map(paint).or(nothing)
            }
            Form::Net { cell, wall, ground } => {
                let share = self.model.share(lesion, p);
                if share <= 0.0 {
                    return nothing;
                }
                let cloud = 30.0 * self.texture(p, 0.5) + 20.0 * self.texture(p, 0.2);
                let ground = ground + f64::from(healthy) - self.chest.parenchyma + f64::from(cloud);
                let line = self.line(p, cell, wall);
                Some(Patch::new(share, ground + (lesion.hu - ground) * line))
            }
            Form::Holes { radii } => {
                let share = self.model.share(lesion, p);
                if share <= 0.0 {
                    return nothing;
                }
                let (distance, air) = self.hole(p, radii);
                let open = (0.5 - distance / self.width).clamp(0.0, 1.0);
                let hu = f64::from(healthy) + (air - f64::from(healthy)) * open;
                Some(Patch { share, hu, hole: distance < 0.0 })
            }
        }
    }

    /// Share of the lines of a net: faces of foam, bent; a fifth of them are not there, the others each have
    /// a thickness of their own.
    fn line(&self, p: Point3<f64>, cell: f64, wall: f64) -> f64 {
        let bent = p + self.model.warp(p, 0.45 * cell, 0.14 * cell);
        let bubble = Foam { pitch: cell, stream: self.model.stream(NETS) }.at(bent);
        let chance = Stream::new(bubble.between, NETS).uniform(0);
        if chance < 0.2 {
            return 0.0;
        }
        sheet(bubble.face, 0.5 * wall * (0.65 + 1.5 * (chance - 0.2)), self.width)
    }

    /// Signed distance to the holes of a lobule, and their CT number.
    fn hole(&self, p: Point3<f64>, [smallest, largest]: [f64; 2]) -> (f64, f64) {
        let lobule = self.model.lobule(p);
        let uneven = 0.2 * edge_texture(&self.model.tile, p).clamp(-2.0, 2.0);
        let count = 1 + lobule.own.bits(12) % 4;
        let distances = (0..count).map(|n| {
            let own = lobule.own.within(20 + n);
            let off = if n == 0 { 0.0 } else { 0.3 * LOBULE };
            let at = [0, 1, 2].map(|axis| own.between(axis, -off, off));
            let radius = own.between(3, smallest, largest) * (1.0 + uneven);
            (p - lobule.middle - Vector3::from(at)).norm() - radius
        });
        (distances.fold(f64::INFINITY, f64::min), lobule.own.between(13, -990.0, -950.0))
    }
}
