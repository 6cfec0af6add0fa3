//! The patient: every shape, tube and lesion, ready to be imaged on any grid.

use hilum_core::{Lobe, Region};
use hilum_kernel::par;
use nalgebra::Point3;

use crate::body;
use crate::central;
use crate::chest::Chest;
use crate::fissure::{self, rank};
use crate::lattice::{Extent, Field, STEP};
use crate::lesion::{self, Lesions, Room};
use crate::level::Level;
use crate::organs;
use crate::random::Stream;
use crate::shape::{intersect, unite};
use crate::skeleton;
use crate::thorax;
use crate::tile::Tile;
use crate::tree::{bundle, grow, veins};
use crate::tube::{Kind, Tube, course};

/// The painted shapes, in the order in which they are laid over each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Body,
    Muscle,
    Cavity,
    Below,
    Liver,
    Spleen,
    Stomach,
    StomachGas,
    Colon,
    ColonGas,
    Heart,
    Chambers,
    Discs,
    Bone,
    Canal,
    Lungs,
}

/// Number of parts.
pub(crate) const PARTS: usize = Part::Lungs as usize + 1;

/// All that the patient consists of.
pub(crate) struct Model {
    pub(crate) parts: Vec<Field>,
    pub(crate) oblique: Field,
    pub(crate) horizontal: Field,
    pub(crate) tubes: Vec<Tube>,
    pub(crate) lesions: Lesions,
    pub(crate) tile: Tile,
    /// Volumes of the lobes in mm³.
    pub(crate) lobes: [f64; 5],
    /// Below this [`fissure::presence`] the right oblique, right horizontal and left oblique
    /// fissure are absent.
    pub(crate) absent: [f64; 3],
}

/// Streams of random numbers.
const TEXTURE: u64 = 10;
const SEEDS: u64 = 11;
const TREES: u64 = 12;
const LESIONS: u64 = 13;

impl Model {
    /// Builds the patient. The cost does not depend on any image grid.
    pub(crate) fn new(chest: &Chest) -> Self {
        let tile = Tile::new(Stream::new(chest.seed, TEXTURE));
        let great = central::tubes();
        let parts = parts(&tile, &great);
        let around = Extent::new([-150.0, -120.0, -230.0], [150.0, 110.0, 100.0]);
        let oblique = Field::sample(around, |p, _| fissure::oblique(p));
        let horizontal = Field::sample(around, |p, _| fissure::horizontal(p));
        let mut model = Self {
            parts,
            oblique,
            horizontal,
            tubes: great,
            lesions: Lesions { all: Vec::new(), volume: 0.0 },
            tile,
            lobes: [0.0; 5],
            absent: [0.0; 3],
        };
        model.lobes = model.lobe_volumes();
        model.absent = model.fissure_limits(chest.fissures);
        model.tubes.extend(ribs());
        model.tubes.extend(model.trees(chest.seed));
        model.lesions = model.emphysema(chest);
        model
    }

    /// A painted shape.
    pub(crate) fn part(&self, part: Part) -> &Field {
        &self.parts[part as usize]
    }

    /// The lobe of a place in the lungs.
    pub(crate) fn lobe(&self, p: Point3<f64>) -> Lobe {
        fissure::lobe(right(p), self.oblique.at(p), self.horizontal.at(p))
    }

    /// Signed distance to the surface of the lobe around a place: pleura or fissure.
    fn depth_in(&self, p: Point3<f64>) -> f64 {
        let oblique = self.oblique.at(p);
        let mut depth = self.part(Part::Lungs).at(p).max(-oblique.abs());
        if right(p) && oblique > 0.0 {
            depth = depth.max(-self.horizontal.at(p).abs());
        }
        f64::from(depth)
    }

    /// Volumes of the lobes, from points on a fine lattice where surfaces pass.
    fn lobe_volumes(&self) -> [f64; 5] {
        const FINE: usize = 6;
        let lungs = self.part(Part::Lungs);
        let [columns, rows, slices] = lungs.extent.shape;
        let of_slice = |z: usize| {
            let mut counts = [0u64; 5];
            for n in 0..(columns - 1) * (rows - 1) {
                let corner = [n % (columns - 1), n / (columns - 1), z];
                let cell = [0, 1, 2].map(|axis| corner[axis] + lungs.extent.first[axis]);
                let [low, _] = lungs.range(cell);
                if low >= 0.0 {
                    continue;
                }
                let corner = lungs.extent.place(corner);
                for m in 0..FINE * FINE * FINE {
                    let t = [m % FINE, m / FINE % FINE, m / FINE / FINE];
                    let t = t.map(|t| (t as f64 + 0.5) / FINE as f64);
                    if lungs.within(cell, t.map(|t| t as f32)) < 0.0 {
                        let p = corner + nalgebra::Vector3::from(t) * STEP;
                        counts[rank(self.lobe(p))] += 1;
                    }
                }
            }
            counts
        };
        let mut total = [0u64; 5];
        for counts in par::collect(slices - 1, of_slice) {
            for (total, count) in total.iter_mut().zip(counts) {
                *total += count;
            }
        }
        let point = (STEP / FINE as f64) * (STEP / FINE as f64) * (STEP / FINE as f64);
        total.map(|count| count as f64 * point)
    }

    /// Where incomplete fissures end, so that the wanted share of their area is there.
    fn fissure_limits(&self, shares: [f64; 3]) -> [f64; 3] {
        let mut presence = [const { Vec::new() }; 3];
        let extent = self.oblique.extent;
        for z in 0..extent.shape[2] {
            for y in 0..extent.shape[1] {
                for x in 0..extent.shape[0] {
                    let p = extent.place([x, y, z]);
                    if self.part(Part::Lungs).at(p) < 0.0 {
                        let here = self.presence(p);
                        let (oblique, horizontal) = (self.oblique.at(p), self.horizontal.at(p));
                        if oblique.abs() < 1.5 {
                            presence[if right(p) { 0 } else { 2 }].push(here);
                        }
                        if right(p) && oblique > 0.0 && horizontal.abs() < 1.5 {
                            presence[1].push(here);
                        }
                    }
                }
            }
        }
        [0, 1, 2].map(|n| {
            presence[n].sort_by(f64::total_cmp);
            let absent = (presence[n].len() as f64 * (1.0 - shares[n])).round() as usize;
            match presence[n].get(absent) {
                _ if absent == 0 => 0.0,
                Some(limit) => *limit,
                None => f64::INFINITY,
            }
        })
    }

    /// See [`fissure::presence`].
    pub(crate) fn presence(&self, p: Point3<f64>) -> f64 {
        fissure::presence(p, self.tile.around(p, 9.0))
    }

    /// Bronchi, arteries and veins of the lobes.
    fn trees(&self, seed: u64) -> Vec<Tube> {
        let bronchial = self.seeds(Stream::new(seed, SEEDS).within(0), 5.0);
        let venous = self.seeds(Stream::new(seed, SEEDS).within(1), 4.0);
        let trees = par::collect(10, |n| {
            let (lobe, vein) = (n / 2, n % 2 == 1);
            let stream = Stream::new(seed, TREES).within(n as u64);
            let depth = |p: Point3<f64>| self.depth_in(p);
            if vein {
                let start = Point3::from(central::VEINS[lobe]);
                veins(&grow(start, venous[lobe].clone(), depth, stream))
            } else {
                let start = Point3::from(central::BRONCHI[lobe]);
                let branches = grow(start, bronchial[lobe].clone(), depth, stream);
                bundle(&branches, Point3::from(central::ARTERIES[lobe]))
            }
        });
        trees.concat()
    }

    /// Evenly scattered points in each lobe, more than `margin` mm below its surface.
    fn seeds(&self, stream: Stream, margin: f64) -> [Vec<Point3<f64>>; 5] {
        const PITCH: f64 = 8.0;
        let mut seeds = [const { Vec::new() }; 5];
        for n in 0..36 * 30 * 36 {
            let jitter = |axis: u64| stream.within(n).uniform(axis);
            let cell = [n % 36, n / 36 % 30, n / 1080].map(|c| c as f64);
            let p = Point3::new(
                -144.0 + PITCH * (cell[0] + jitter(0)),
                -120.0 + PITCH * (cell[1] + jitter(1)),
                -195.0 + PITCH * (cell[2] + jitter(2)),
            );
            if self.depth_in(p) < -margin {
                seeds[rank(self.lobe(p))].push(p);
            }
        }
        seeds
    }

    fn emphysema(&self, chest: &Chest) -> Lesions {
        let wanted = chest.emphysema * self.lobes.iter().sum::<f64>();
        let stream = Stream::new(chest.seed, LESIONS);
        lesion::scatter(wanted, self, &self.tubes, &self.tile, stream)
    }
}

impl Room for Model {
    fn depth(&self, p: Point3<f64>) -> f64 {
        self.depth_in(p)
    }
}

/// Says whether a place in the lungs is in the right one.
pub(crate) fn right(p: Point3<f64>) -> bool {
    p.x < 1.0
}

fn ribs() -> Vec<Tube> {
    let mut tubes = Vec::new();
    for n in 1..=12 {
        for side in [-1.0, 1.0] {
            let (points, bone) = skeleton::rib(n, side);
            for at in 1..points.len() {
                let (a, b) = (points[at - 1], points[at]);
                let outwards = nalgebra::Vector3::new(a.x, a.y - 5.0, 0.0);
                let flat = outwards.try_normalize(1e-9).unwrap_or_else(nalgebra::Vector3::x);
                let kind = if at < bone { Kind::Bone } else { Kind::Cartilage };
                let wall = if at < bone { [1.1; 2] } else { [6.0; 2] };
                tubes.push(Tube { kind, a, b, radii: [6.2; 2], wall, flat });
            }
        }
    }
    for side in [-1.0, 1.0] {
        let clavicle = [
            ([side * 22.0, -48.0, 46.0], 8.0),
            ([side * 60.0, -56.0, 62.0], 6.0),
            ([side * 100.0, -22.0, 84.0], 5.5),
            ([side * 134.0, 26.0, 100.0], 6.5),
        ];
        let smooth = course(&clavicle, 8);
        for pair in smooth.windows(2) {
            let radii = [pair[0].1, pair[1].1];
            let flat = nalgebra::Vector3::zeros();
            tubes.push(Tube {
                kind: Kind::Bone,
                a: pair[0].0,
                b: pair[1].0,
                radii,
                wall: [1.6; 2],
                flat,
            });
        }
    }
    tubes
}

/// Samples all painted shapes.
fn parts(tile: &Tile, great: &[Tube]) -> Vec<Field> {
    let rough = |p: Point3<f64>| 0.8 * tile.around(p, 11.0);
    let chest = Extent::new([-150.0, -125.0, -249.0], [150.0, 115.0, 147.0]);
    let thorax = Extent::new([-150.0, -120.0, -230.0], [150.0, 110.0, 100.0]);
    let abdomen = Extent::new([-150.0, -120.0, -249.0], [150.0, 110.0, -80.0]);
    let middle = Extent::new([-75.0, -110.0, -150.0], [110.0, 50.0, -15.0]);
    let back = Extent::new([-60.0, -20.0, -249.0], [60.0, 117.0, 147.0]);
    let sheath = Field::around_tubes(chest, great, 16.0);
    let below = |p: Point3<f64>, level: &Level| {
        intersect(thorax::diaphragm(p), thorax::cavity(p, level) + 3.0, 2.0)
    };
    let stomach = |p: Point3<f64>| organs::stomach(p, -thorax::diaphragm(p));
    let colon = |p: Point3<f64>| organs::colon(p, -thorax::diaphragm(p));
    let lungs = |p: Point3<f64>, level: &Level| {
        let solid = thorax::septum(p, level).min(organs::pericardium(p));
        let solid = unite(solid, thorax::column(p, level), 10.0);
        let mediastinum = unite(solid, f64::from(sheath.at(p)) - 1.5, 9.0);
        thorax::lungs(p, level, mediastinum, rough(p))
    };
    let trunk = |p: Point3<f64>, level: &Level| {
        let outline = body::body(p, level);
        body::muscle(p, level, outline, rough(p))
    };
    let fat = |p: Point3<f64>, level: &Level| {
        intersect(thorax::cavity(p, level) + 2.5, thorax::apex(p) - 12.0, 6.0)
    };
    let bone = |p: Point3<f64>, level: &Level| {
        let spine = if p.x.abs() < 50.0 { skeleton::vertebrae(p, level) } else { 40.0 };
        spine.min(skeleton::sternum(p, level)).min(skeleton::shoulders(p, level))
    };
    vec![
        Field::sample(Extent::ALL, body::body),
        Field::sample(Extent::ALL, trunk),
        Field::sample(chest, fat),
        Field::sample(abdomen, below),
        Field::sample(abdomen, |p, _| organs::liver(p, -thorax::diaphragm(p))),
        Field::sample(abdomen, |p, _| organs::spleen(p, -thorax::diaphragm(p))),
        Field::sample(abdomen, |p, _| stomach(p)),
        Field::sample(abdomen, |p, _| organs::gas(p, stomach(p), 4.0, -22.0)),
        Field::sample(abdomen, |p, _| colon(p)),
        Field::sample(abdomen, |p, _| organs::gas(p, colon(p), 2.5, -6.0)),
        Field::sample(middle, |p, _| organs::heart(p)),
        Field::sample(middle, |p, _| organs::chambers(p)),
        Field::sample(back, skeleton::discs),
        Field::sample(Extent::ALL, bone),
        Field::sample(back, skeleton::canal),
        Field::sample(thorax, lungs),
    ]
}

/// Number of lobes, as a check that lists of five fit.
const _: () = assert!(Lobe::ALL.len() == 5);
