//! Emphysema: small holes in the lung, more of them towards the apex.

use hilum_kernel::par;
use nalgebra::{Point3, Vector3};

use crate::random::Stream;
use crate::shape::step;
use crate::tile::Tile;
use crate::tube::Tube;

/// A hole in the lung.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hole {
    pub(crate) centre: Point3<f64>,
    pub(crate) radius: f64,
    /// Share of the radius by which the edge departs from it; 0 is a ball.
    pub(crate) unevenness: f64,
    /// CT number inside.
    pub(crate) hu: f32,
}

/// Unevenness of the small lesions.
const UNEVENNESS: f64 = 0.45;

impl Hole {
    /// Radius beyond which the lesion does not reach.
    pub(crate) fn extent(&self) -> f64 {
        self.radius * (1.0 + self.unevenness)
    }

    /// Signed distance of a point, given the texture there.
    pub(crate) fn distance(&self, p: Point3<f64>, texture: f64) -> f64 {
        let edge = (0.45 * texture).clamp(-1.0, 1.0) * self.unevenness;
        (p - self.centre).norm() - self.radius * (1.0 + edge)
    }
}

/// Texture that makes the edges of lesions uneven.
pub(crate) fn edge_texture(tile: &Tile, p: Point3<f64>) -> f64 {
    tile.around(p, 1.7)
}

/// What lesions must keep clear of, as signed distances in mm, negative inside the lungs.
pub(crate) trait Room: Sync {
    /// Depth below the surface of the lung and from fissures, negative inside.
    fn depth(&self, p: Point3<f64>) -> f64;

    /// Says whether other disease than emphysema has a place.
    fn is_taken(&self, p: Point3<f64>) -> bool;
}

/// Holes and the volume of lung that they destroy in mm³, without what tubes take of them.
pub(crate) struct Holes {
    pub(crate) all: Vec<Hole>,
    pub(crate) volume: f64,
}

/// Adds `count` bullae, if places are found, to those `given`: balls of 16 to 36 mm just beneath the pleura of
/// the apices.
pub(crate) fn bullae(given: Vec<Hole>, count: usize, room: &impl Room, stream: Stream) -> Holes {
    let count = given.len() + count;
    let mut bullae = Holes { all: given, volume: 0.0 };
    for n in 0..100_000 {
        if bullae.all.len() == count {
            break;
        }
        let number = stream.within(n);
        let centre = Point3::new(
            number.between(0, -110.0, 110.0),
            number.between(1, -60.0, 80.0),
            number.between(2, 10.0, 85.0),
        );
        let radius = number.between(3, 8.0, 18.0);
        let depth = -room.depth(centre) - radius;
        let alone = |other: &Hole| (other.centre - centre).norm() > other.radius + radius + 2.0;
        if depth > 0.8 && depth < 4.0 && bullae.all.iter().all(alone) {
            bullae.all.push(Hole { centre, radius, unevenness: 0.0, hu: -990.0 });
        }
    }
    bullae
}

/// Adds the volume of `lesions` and scatters small ones until all take `volume` mm³, or no place
/// is left.
pub(crate) fn scatter(
    volume: f64,
    mut lesions: Holes,
    scene: &Scene<impl Room>,
    stream: Stream,
) -> Holes {
    let bars = Bins::new(scene.tubes);
    let mut taken: Bins<usize> = Bins::empty();
    for bulla in &lesions.all {
        lesions.volume += net_volume(bulla, &[], scene.tubes, scene.tile);
    }
    for batch in 0..BATCHES {
        if lesions.volume >= volume {
            break;
        }
        let first = (batch * BATCH) as u64;
        let candidates =
            par::collect(BATCH, |n| candidate(first + n as u64, batch, scene.room, stream));
        for lesion in candidates.into_iter().flatten() {
            let near = taken.near(lesion.centre);
            let crowded = near.iter().any(|other| crowds(&lesion, &lesions.all[*other], batch));
            if crowded || lesions.volume >= volume {
                continue;
            }
            let others: Vec<Hole> = near.iter().map(|other| lesions.all[*other]).collect();
            let bars: Vec<Tube> =
                bars.near(lesion.centre).iter().map(|n| scene.tubes[*n]).collect();
            lesions.volume += net_volume(&lesion, &others, &bars, scene.tile);
            taken.add(lesion.centre, lesion.extent(), lesions.all.len());
            lesions.all.push(lesion);
        }
    }
    lesions
}

/// What lesions lie among.
pub(crate) struct Scene<'a, R> {
    pub(crate) room: &'a R,
    pub(crate) tubes: &'a [Tube],
    pub(crate) tile: &'a Tile,
}

const BATCH: usize = 4096;
const BATCHES: usize = 96;

/// How short space has become, 0 to 1, in a batch.
fn shortage(batch: usize) -> f64 {
    step(batch as f64, 0.0, BATCHES as f64)
}

fn candidate(n: u64, batch: usize, room: &impl Room, stream: Stream) -> Option<Hole> {
    let number = stream.within(n);
    let p = Point3::new(
        number.between(0, -140.0, 140.0),
        number.between(1, -100.0, 95.0),
        number.between(2, -170.0, 92.0),
    );
    let upper = step(p.z, -150.0, 60.0);
    let chance = 0.08 + 0.92 * upper * upper;
    if number.uniform(3) > chance + (1.0 - chance) * shortage(batch) {
        return None;
    }
    let spread = number.uniform(4);
    let radius = 1.9 + 3.3 * spread * spread;
    let hu = number.between(5, -990.0, -960.0) as f32;
    let lesion = Hole { centre: p, radius, unevenness: UNEVENNESS, hu };
    let fits = room.depth(p) < -lesion.extent() - 0.8 && !room.is_taken(p);
    fits.then_some(lesion)
}

/// Says whether two lesions are too close: apart at first, overlapping once space is short.
fn crowds(a: &Hole, b: &Hole, batch: usize) -> bool {
    let share = 0.95 - 0.75 * shortage(batch);
    (a.centre - b.centre).norm() < share * (a.radius + b.radius)
}

/// Volume of a lesion without other lesions and tubes, by points on a lattice: 11 across a small
/// lesion, 41 across a bulla.
fn net_volume(lesion: &Hole, others: &[Hole], bars: &[Tube], tile: &Tile) -> f64 {
    let points = if lesion.radius > 6.0 { 20 } else { 5 };
    let pitch = lesion.extent() / (f64::from(points) + 0.5);
    let reaches = |bar: &&Tube| bar.distance(lesion.centre) < lesion.extent();
    let bars: Vec<&Tube> = bars.iter().filter(reaches).collect();
    let edge = 2 * points + 1;
    let mut count = 0u32;
    for n in 0..edge * edge * edge {
        let at = [n % edge, n / edge % edge, n / edge / edge];
        let p = lesion.centre + Vector3::from(at.map(|m| f64::from(m - points) * pitch));
        let texture = edge_texture(tile, p);
        let inside = lesion.distance(p, texture) < 0.0
            && !others.iter().any(|other| other.distance(p, texture) < 0.0)
            && !bars.iter().any(|bar| bar.distance(p) < 0.0);
        count += u32::from(inside);
    }
    f64::from(count) * pitch * pitch * pitch
}

/// Things by the place they are near to.
struct Bins<T> {
    lists: Vec<Vec<T>>,
}

/// Edge of a bin in mm.
const BIN: f64 = 8.0;
/// Half the number of bins along each axis.
const HALF: i64 = 24;

impl<T: Copy> Bins<T> {
    fn empty() -> Self {
        Self { lists: vec![Vec::new(); (2 * HALF as usize).pow(3)] }
    }

    fn bin(p: Point3<f64>) -> [i64; 3] {
        [p.x, p.y, p.z + 40.0].map(|c| ((c / BIN).floor() as i64 + HALF).clamp(0, 2 * HALF - 1))
    }

    fn near(&self, p: Point3<f64>) -> &[T] {
        let [x, y, z] = Self::bin(p).map(|n| n as usize);
        &self.lists[(z * 2 * HALF as usize + y) * 2 * HALF as usize + x]
    }

    /// Files a thing under all places within `radius` and the largest lesion's own radius.
    fn add(&mut self, p: Point3<f64>, radius: f64, thing: T) {
        self.add_box(p, p, radius, thing);
    }

    fn add_box(&mut self, a: Point3<f64>, b: Point3<f64>, radius: f64, thing: T) {
        let margin = Vector3::repeat(radius + 8.0);
        let (low, high) = (Self::bin(a.inf(&b) - margin), Self::bin(a.sup(&b) + margin));
        for z in low[2]..=high[2] {
            for y in low[1]..=high[1] {
                for x in low[0]..=high[0] {
                    self.lists[((z * 2 * HALF + y) * 2 * HALF + x) as usize].push(thing);
                }
            }
        }
    }
}

impl Bins<usize> {
    fn new(tubes: &[Tube]) -> Self {
        let mut bins = Self::empty();
        for (n, tube) in tubes.iter().enumerate() {
            bins.add_box(tube.a, tube.b, tube.radii[0].max(tube.radii[1]), n);
        }
        bins
    }
}
