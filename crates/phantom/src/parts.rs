//! The painted shapes, put together from trunk, bones and organs, and sampled.

use nalgebra::Point3;

use crate::body;
use crate::lattice::{Extent, Field};
use crate::level::Level;
use crate::organs;
use crate::shape::{ellipse, intersect, unite};
use crate::skeleton;
use crate::thorax;
use crate::tile::Tile;
use crate::tube::Tube;

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
    Lungs,
}

/// Vessels and bronchi thicker than this radius in mm are mediastinum, thinner ones lung: so
/// the lung ends where a closing with a ball of 6 to 8 mm would end it.
const HILUM: f64 = 6.2;

/// What the shapes share.
struct Shapes<'a> {
    tile: &'a Tile,
    diaphragm: Field,
    /// Distance to the great tubes and the heads of the ribs.
    sheath: Field,
}

/// Samples all painted shapes, in the order of [`Part`].
pub(crate) fn sample(tile: &Tile, great: &[Tube], ribs: &[Tube]) -> Vec<Field> {
    let trunk = Extent::new([-150.0, -125.0, -249.0], [150.0, 115.0, 147.0]);
    let low = Extent::new([-219.0, -135.0, -249.0], [219.0, 120.0, -60.0]);
    let at_spine = |tube: &&Tube| tube.b.x.abs() < 46.0 && tube.b.y > 20.0;
    let large = |tube: &&Tube| tube.radii[1] > HILUM;
    let heads = ribs.iter().filter(at_spine);
    let clear: Vec<Tube> = great.iter().filter(large).chain(heads).copied().collect();
    let shapes = Shapes {
        tile,
        diaphragm: Field::sample(low, |p, _| thorax::diaphragm(p)),
        sheath: Field::around_tubes(trunk, &clear, 16.0),
    };
    shapes.sample(trunk)
}

impl Shapes<'_> {
    fn sample(&self, trunk: Extent) -> Vec<Field> {
        let all = Extent::ALL;
        let thorax = Extent::new([-150.0, -120.0, -230.0], [150.0, 110.0, 100.0]);
        let abdomen = Extent::new([-150.0, -120.0, -249.0], [150.0, 110.0, -80.0]);
        let middle = Extent::new([-75.0, -110.0, -150.0], [110.0, 50.0, -15.0]);
        let back = Extent::new([-60.0, -20.0, -249.0], [60.0, 117.0, 147.0]);
        let stomach = |p, level: &Level| organs::stomach(p, self.depth(p, level));
        let colon = |p, level: &Level| organs::colon(p, self.depth(p, level));
        vec![
            Field::sample(all, body::body),
            Field::sample(all, |p, level| self.muscle(p, level)),
            Field::sample(trunk, cavity),
            Field::sample(abdomen, |p, level| -self.depth(p, level)),
            Field::sample(abdomen, |p, level| organs::liver(p, self.depth(p, level))),
            Field::sample(abdomen, |p, level| organs::spleen(p, self.depth(p, level))),
            Field::sample(abdomen, stomach),
            Field::sample(abdomen, |p, level| organs::gas(p, stomach(p, level), 4.0, -22.0)),
            Field::sample(abdomen, colon),
            Field::sample(abdomen, |p, level| organs::gas(p, colon(p, level), 2.5, -6.0)),
            Field::sample(middle, |p, _| organs::heart(p)),
            Field::sample(middle, |p, _| organs::chambers(p)),
            Field::sample(back, skeleton::discs),
            Field::sample(all, bone),
            Field::sample(back, skeleton::canal),
            Field::sample(thorax, |p, level| self.lungs(p, level)),
        ]
    }

    /// Unevenness of surfaces, about 1 mm.
    fn roughness(&self, p: Point3<f64>) -> f64 {
        0.8 * self.tile.around(p, 11.0)
    }

    /// Depth below the surface of the diaphragm, within the rib cage.
    fn depth(&self, p: Point3<f64>, level: &Level) -> f64 {
        -intersect(f64::from(self.diaphragm.at(p)), thorax::cavity(p, level) + 3.0, 2.0)
    }

    fn muscle(&self, p: Point3<f64>, level: &Level) -> f64 {
        body::muscle(p, level, body::body(p, level), self.roughness(p))
    }

    /// The lungs: the rib cage less diaphragm and mediastinum. Great vessels and bronchi are
    /// mediastinum with a sheath around them, which is what makes the hilum.
    fn lungs(&self, p: Point3<f64>, level: &Level) -> f64 {
        let diaphragm = f64::from(self.diaphragm.at(p));
        let heart = unite(organs::pericardium(p), diaphragm, 24.0);
        let middle = thorax::septum(p, level).min(heart);
        let column = thorax::column(p, level).min(spine(p, level) - 1.0);
        let tubes = f64::from(self.sheath.at(p)) - 1.5;
        let mediastinum = unite(unite(middle, column, 10.0), tubes, 9.0);
        thorax::lungs(p, level, [mediastinum, diaphragm], self.roughness(p))
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
