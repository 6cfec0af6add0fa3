//! The patient: every shape, tube and lesion, ready to be imaged on any grid.

use hilum_core::Lobe;
use hilum_kernel::par;
use nalgebra::Point3;

use crate::cage;
use crate::central;
use crate::chest::Chest;
use crate::fissure::{self, rank};
use crate::hole::{self, Hole, Holes, Room, Scene};
use crate::lattice::{Extent, Field};
use crate::lesion::{Disease, Lesion};
use crate::parts::{self, Part};
use crate::random::Stream;
use crate::tile::Tile;
use crate::tree::{bundle, grow, veins};
use crate::tube::{Kind, Tube};
use crate::warp::Warp;

/// All that the patient consists of.
pub(crate) struct Model {
    pub(crate) parts: Vec<Field>,
    pub(crate) oblique: Field,
    pub(crate) horizontal: Field,
    pub(crate) tubes: Vec<Tube>,
    pub(crate) lesions: Holes,
    /// How many of the lesions, from the first, are bullae.
    bullae: usize,
    pub(crate) tile: Tile,
    warp: Warp,
    seed: u64,
    /// Disease that is painted over the tissue of the lungs.
    pub(crate) painted: Vec<Lesion>,
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
const BULLAE: u64 = 14;

impl Model {
    /// Builds the patient. The cost does not depend on any image grid.
    pub(crate) fn new(chest: &Chest) -> Self {
        let tile = Tile::new(Stream::new(chest.seed, TEXTURE));
        let warp = Warp::new(&chest.build);
        let great = central::tubes(&warp, chest.build.absent);
        let ribs = cage::tubes(&warp);
        let parts = parts::sample(chest, &tile, &warp, [&great, &ribs]);
        let around = Extent::new([-150.0, -120.0, -230.0], [150.0, 110.0, 100.0]);
        let shape = &chest.fissure_shape;
        let oblique = Field::sample(around, |p, _| shape.oblique(warp.inner(p)));
        let horizontal = Field::sample(around, |p, _| shape.horizontal(warp.inner(p)));
        let mut model = Self {
            parts,
            oblique,
            horizontal,
            tubes: great,
            lesions: Holes { all: Vec::new(), volume: 0.0 },
            bullae: 0,
            tile,
            warp,
            seed: chest.seed,
            painted: chest.lesions.iter().filter(|l| l.disease.is_painted()).cloned().collect(),
            lobes: [0.0; 5],
            absent: [0.0; 3],
        };
        model.lobes = model.lobe_volumes();
        model.absent = model.fissure_limits(chest.fissures);
        model.lesions = model.bullae(chest);
        model.bullae = model.lesions.all.len();
        model.tubes.extend(ribs);
        model.tubes.extend(model.trees(chest));
        let bullae = Holes { all: model.lesions.all.clone(), volume: 0.0 };
        model.lesions = model.emphysema(chest, bullae);
        model
    }

    /// A stream of random numbers of this patient.
    pub(crate) fn stream(&self, number: u64) -> Stream {
        Stream::new(self.seed, number)
    }

    /// The place in the default adult's lungs.
    pub(crate) fn inner(&self, p: Point3<f64>) -> Point3<f64> {
        self.warp.inner(p)
    }

    /// Says whether a place in the lungs is in the right one.
    pub(crate) fn right(&self, p: Point3<f64>) -> bool {
        is_right(self.inner(p))
    }

    /// The bullae that were asked for by place, as large as fits there, and those by number.
    fn bullae(&self, chest: &Chest) -> Holes {
        let given = chest.lesions.iter().filter(|lesion| lesion.disease == Disease::Bulla);
        let given = given.filter_map(|lesion| {
            let centre = self.warp.inner_place(Point3::from(lesion.centre));
            let radius = lesion.radii[0].min(-self.depth_in(centre) - 0.8);
            (radius > 0.0).then_some(Hole { centre, radius, unevenness: 0.0, hu: -990.0 })
        });
        hole::bullae(given.collect(), chest.bullae, self, Stream::new(chest.seed, BULLAE))
    }

    /// Says whether a place is in a bulla.
    pub(crate) fn in_bulla(&self, p: Point3<f64>) -> bool {
        let mut bullae = self.lesions.all[..self.bullae].iter();
        bullae.any(|bulla| (p - bulla.centre).norm() < bulla.radius)
    }

    /// A painted shape.
    pub(crate) fn part(&self, part: Part) -> &Field {
        &self.parts[part as usize]
    }

    /// The lobe of a place in the lungs.
    pub(crate) fn lobe(&self, p: Point3<f64>) -> Lobe {
        fissure::lobe(self.right(p), self.oblique.at(p), self.horizontal.at(p))
    }

    /// Signed distance to the surface of the lobe around a place: pleura or fissure.
    fn depth_in(&self, p: Point3<f64>) -> f64 {
        let oblique = self.oblique.at(p);
        let mut depth = self.part(Part::Lungs).at(p).max(-oblique.abs());
        if self.right(p) && oblique > 0.0 {
            depth = depth.max(-self.horizontal.at(p).abs());
        }
        let around = |bulla: &Hole| bulla.radius - (p - bulla.centre).norm();
        let bullae = &self.lesions.all[..self.bullae];
        bullae.iter().map(around).fold(f64::from(depth), f64::max)
    }

    /// See [`fissure::presence`].
    pub(crate) fn presence(&self, p: Point3<f64>) -> f64 {
        fissure::presence(self.inner(p), self.tile.around(p, 9.0))
    }

    /// Bronchi, arteries and veins of the lobes.
    fn trees(&self, chest: &Chest) -> Vec<Tube> {
        let seed = chest.seed;
        let bronchial = self.seeds(Stream::new(seed, SEEDS).within(0), 5.0);
        let venous = self.seeds(Stream::new(seed, SEEDS).within(1), 4.0);
        let trees = par::collect(10, |n| {
            let (lobe, vein) = (n / 2, n % 2 == 1);
            let stream = Stream::new(seed, TREES).within(n as u64);
            let depth = |p: Point3<f64>| self.depth_in(p);
            if vein {
                let start = self.warp.inner_place(Point3::from(central::VEINS[lobe]));
                veins(&grow(start, venous[lobe].clone(), depth, stream))
            } else {
                let start = self.warp.inner_place(Point3::from(central::BRONCHI[lobe]));
                let branches = grow(start, bronchial[lobe].clone(), depth, stream);
                let artery = Point3::from(central::ARTERIES[lobe]);
                let pull = |p: Point3<f64>| self.pull(p, chest.traction);
                bundle(&branches, self.warp.inner_place(artery), stream, pull)
            }
        });
        let mut tubes = trees.concat();
        if chest.bronchial_walls != 1.0 {
            for tube in tubes.iter_mut().filter(|tube| tube.kind == Kind::Airway) {
                *tube = tube.thickened(chest.bronchial_walls);
            }
        }
        tubes
    }

    /// Evenly scattered points in each lobe, more than `margin` mm below its surface.
    fn seeds(&self, stream: Stream, margin: f64) -> [Vec<Point3<f64>>; 5] {
        const PITCH: f64 = 6.5;
        let mut seeds = [const { Vec::new() }; 5];
        for n in 0..46 * 36 * 46 {
            let jitter = |axis: u64| stream.within(n).uniform(axis);
            let cell = [n % 46, n / 46 % 36, n / 1656].map(|c| c as f64);
            let p = Point3::new(
                -149.5 + PITCH * (cell[0] + jitter(0)),
                -120.0 + PITCH * (cell[1] + jitter(1)),
                -202.0 + PITCH * (cell[2] + jitter(2)),
            );
            if self.depth_in(p) < -margin {
                seeds[rank(self.lobe(p))].push(p);
            }
        }
        seeds
    }

    fn emphysema(&self, chest: &Chest, bullae: Holes) -> Holes {
        let wanted = chest.emphysema * self.lobes.iter().sum::<f64>();
        let stream = Stream::new(chest.seed, LESIONS);
        let scene = Scene { room: self, tubes: &self.tubes, tile: &self.tile };
        hole::scatter(wanted, bullae, &scene, stream)
    }
}

impl Room for Model {
    fn depth(&self, p: Point3<f64>) -> f64 {
        self.depth_in(p)
    }

    fn is_taken(&self, p: Point3<f64>) -> bool {
        self.is_sick(p)
    }
}

/// Says whether a place in the lungs of the default adult is in the right one.
pub(crate) fn is_right(p: Point3<f64>) -> bool {
    p.x < 1.0
}
