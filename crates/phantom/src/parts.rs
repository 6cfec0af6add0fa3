//! The painted shapes, put together from trunk, bones and organs, and sampled.

use hilum_core::Lung;
use nalgebra::Point3;

use crate::body;
use crate::chest::Chest;
use crate::lattice::{Extent, Field};
use crate::lesion::{Disease, Lesion};
use crate::level::Level;
use crate::model::is_right;
use crate::organs;
use crate::shape::{ellipse, intersect, unite};
use crate::skeleton;
use crate::thorax;
use crate::tile::Tile;
use crate::tube::Tube;
use crate::warp::Warp;

/// The painted shapes, in the order in which they are laid over each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Everything beneath the skin, with it.
    Body,
    /// Everything beneath the fat of the skin.
    Muscle,
    /// The inside of the rib cage and the middle of the neck.
    Cavity,
    /// What is below the upper surface of the diaphragm.
    Below,
    Liver,
    Spleen,
    Stomach,
    StomachGas,
    Colon,
    ColonGas,
    Heart,
    /// Blood in the heart.
    Chambers,
    Discs,
    /// Bones but the ribs and collar bones.
    Bone,
    /// The spinal canal.
    Canal,
    /// Fluid beside a lung, and air.
    Effusion,
    Pneumothorax,
    Lungs,
}

/// Vessels and bronchi thicker than this radius in mm are mediastinum, thinner ones lung: so
/// the lung ends where a closing with a ball of 6 to 8 mm would end it.
const HILUM: f64 = 6.2;

/// What the shapes share.
struct Shapes<'a> {
    chest: &'a Chest,
    tile: &'a Tile,
    warp: &'a Warp,
    diaphragm: Field,
    /// Distance to the great tubes and the heads of the ribs.
    sheath: Field,
}

/// Samples all painted shapes, in the order of [`Part`].
pub(crate) fn sample(
    chest: &Chest,
    tile: &Tile,
    warp: &Warp,
    [great, ribs]: [&[Tube]; 2],
) -> Vec<Field> {
    let trunk = Extent::new([-150.0, -125.0, -249.0], [150.0, 115.0, 147.0]);
    let top = if warp.is_identity() { -60.0 } else { 20.0 };
    let low = Extent::new([-219.0, -135.0, -249.0], [219.0, 120.0, top]);
    let at_spine = |tube: &&Tube| tube.b.x.abs() < 46.0 && tube.b.y > 20.0;
    let large = |tube: &&Tube| tube.radii[1] > HILUM;
    let heads = ribs.iter().filter(at_spine);
    let clear: Vec<Tube> = great.iter().filter(large).chain(heads).copied().collect();
    let shapes = Shapes {
        chest,
        tile,
        warp,
        diaphragm: Field::sample(low, |p, _| thorax::diaphragm(warp.inner(p))),
        sheath: Field::around_tubes(trunk, &clear, 16.0),
    };
    shapes.sample(trunk)
}

impl Shapes<'_> {
    fn sample(&self, trunk: Extent) -> Vec<Field> {
        let all = Extent::ALL;
        let bent = !self.warp.is_identity() || self.chest.build.heart > 1.0;
        let thorax = Extent::new([-150.0, -120.0, -230.0], [150.0, 110.0, 100.0]);
        let top = if bent { 20.0 } else { -80.0 };
        let abdomen = Extent::new([-150.0, -120.0, -249.0], [150.0, 110.0, top]);
        let middle = Extent::new([-75.0, -110.0, -150.0], [110.0, 50.0, -15.0]);
        let middle = if bent { thorax } else { middle };
        let back = Extent::new([-60.0, -20.0, -249.0], [60.0, 117.0, 147.0]);
        let inside = |p| self.warp.inner(p);
        let wall = |p| self.warp.wall(p);
        let liver = |p, level: &Level| organs::liver(inside(p), self.depth(p, level));
        let spleen = |p, level: &Level| organs::spleen(inside(p), self.depth(p, level));
        let stomach = |p, level: &Level| organs::stomach(inside(p), self.depth(p, level));
        let colon = |p, level: &Level| organs::colon(inside(p), self.depth(p, level));
        let gas = |p, organ, wall, fluid| organs::gas(inside(p), organ, wall, fluid);
        vec![
            Field::sample(all, |p, level| body::body(wall(p), level)),
            Field::sample(all, |p, level| self.muscle(p, level)),
            Field::sample(trunk, |p, level| cavity(wall(p), level)),
            Field::sample(abdomen, |p, level| -self.depth(p, level)),
            Field::sample(abdomen, liver),
            Field::sample(abdomen, spleen),
            Field::sample(abdomen, stomach),
            Field::sample(abdomen, |p, level| gas(p, stomach(p, level), 4.0, -22.0)),
            Field::sample(abdomen, colon),
            Field::sample(abdomen, |p, level| gas(p, colon(p, level), 2.5, -6.0)),
            Field::sample(middle, |p, _| self.sized(p, organs::heart)),
            Field::sample(middle, |p, _| self.sized(p, organs::chambers)),
            Field::sample(back, |p, level| skeleton::discs(wall(p), level)),
            Field::sample(all, |p, level| bone(wall(p), level)),
            Field::sample(back, |p, level| skeleton::canal(wall(p), level)),
            self.beside_lung(Disease::Effusion, thorax),
            self.beside_lung(Disease::Pneumothorax, thorax),
            Field::sample(thorax, |p, level| self.lungs(p, level)),
        ]
    }

    /// Unevenness of surfaces, about 1 mm.
    fn roughness(&self, p: Point3<f64>) -> f64 {
        0.8 * self.tile.around(p, 11.0)
    }

    /// Depth below the surface of the diaphragm, within the rib cage.
    fn depth(&self, p: Point3<f64>, level: &Level) -> f64 {
        let wall = thorax::cavity(self.warp.wall(p), level);
        -intersect(f64::from(self.diaphragm.at(p)), wall + 3.0, 2.0)
    }

    fn muscle(&self, p: Point3<f64>, level: &Level) -> f64 {
        let straight = self.warp.wall(p);
        body::muscle(straight, level, body::body(straight, level), self.roughness(p))
    }

    /// A shape of the heart in this patient's size.
    fn sized(&self, p: Point3<f64>, shape: impl Fn(Point3<f64>) -> f64) -> f64 {
        let (q, size) = (self.warp.inner(p), self.chest.build.heart);
        if size == 1.0 {
            return shape(q);
        }
        let base = Point3::new(4.0, -20.0, -72.0);
        size * shape(base + (q - base) / size)
    }

    /// The space for the lungs: the rib cage less diaphragm and mediastinum. Great vessels and bronchi are
    /// mediastinum with a sheath around them, which is what makes the hilum.
    fn pleural_space(&self, p: Point3<f64>, level: &Level) -> f64 {
        let diaphragm = f64::from(self.diaphragm.at(p));
        let heart = unite(self.sized(p, organs::pericardium), diaphragm, 24.0);
        let middle = thorax::septum(self.warp.inner(p), level).min(heart);
        let straight = self.warp.wall(p);
        let column = thorax::column(straight, level).min(spine(straight, level) - 1.0);
        let tubes = f64::from(self.sheath.at(p)) - 1.5;
        let mediastinum = unite(unite(middle, column, 10.0), tubes, 9.0);
        thorax::lungs(straight, level, [mediastinum, diaphragm], self.roughness(p))
    }

    /// The lungs: the space for them, less what fluid and air push them away.
    fn lungs(&self, p: Point3<f64>, level: &Level) -> f64 {
        let beside = [Disease::Effusion, Disease::Pneumothorax];
        let pushed = beside.map(|disease| self.pushed(p, disease));
        if pushed.contains(&f64::INFINITY) {
            return 40.0;
        }
        self.pleural_space(p, level) + pushed[0].max(pushed[1])
    }

    /// How far a disease pushes the lung off the wall here; infinitely where a lung was taken out
    /// and left fluid behind.
    fn pushed(&self, p: Point3<f64>, disease: Disease) -> f64 {
        let mine = |lesion: &&Lesion| lesion.disease == disease;
        let mut lesions = self.chest.lesions.iter().filter(mine).peekable();
        let absent = self.chest.build.absent.filter(|_| disease == Disease::Effusion);
        if lesions.peek().is_none() && absent.is_none() {
            return 0.0;
        }
        let q = self.warp.inner(p);
        let here = if is_right(q) { Lung::Right } else { Lung::Left };
        if absent == Some(here) {
            return f64::INFINITY;
        }
        let mine = lesions.filter(|lesion| lesion.lung == here);
        mine.map(|lesion| lesion.thickness(q)).fold(0.0, f64::max)
    }

    /// The space for a lung where fluid or air pushes the lung away; the lung is drawn over it.
    fn beside_lung(&self, disease: Disease, thorax: Extent) -> Field {
        let lesions = &self.chest.lesions;
        let absent = disease == Disease::Effusion && self.chest.build.absent.is_some();
        if !absent && lesions.iter().all(|lesion| lesion.disease != disease) {
            return Field::nothing();
        }
        let thin = |p, level: &Level| {
            let pushed = self.pushed(p, disease);
            if pushed > 0.0 { self.pleural_space(p, level).max(1.0 - pushed) } else { 40.0 }
        };
        Field::sample(thorax, thin)
    }
}

/// Inside of the rib cage up to the apices of the lungs, and the middle of the neck.
fn cavity(p: Point3<f64>, level: &Level) -> f64 {
    let top = thorax::apex(Point3::new(p.x.abs().max(45.0), p.y, p.z)) - 1.0;
    let chest = intersect(thorax::cavity(p, level) + 2.5, top, 10.0);
    unite(chest, ellipse(p.x, p.y + 9.0, 40.0, 17.0).max(40.0 - p.z), 14.0)
}

fn bone(p: Point3<f64>, level: &Level) -> f64 {
    spine(p, level).min(skeleton::sternum(p, level)).min(skeleton::shoulders(p, level))
}

fn spine(p: Point3<f64>, level: &Level) -> f64 {
    if p.x.abs() < 50.0 { skeleton::vertebrae(p, level) } else { 40.0 }
}
