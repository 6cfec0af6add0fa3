//! Emphysema: small holes in the lung, more of them towards the apex.

use hilum_kernel::par;
use nalgebra::Point3;

use crate::random::Stream;
use crate::shape::step;
use crate::tile::Tile;
use crate::tube::Tube;

/// A hole with an uneven edge.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lesion {
    pub(crate) centre: Point3<f64>,
    pub(crate) radius: f64,
    /// CT number inside.
    pub(crate) hu: f32,
}

/// Largest share by which the edge of a lesion departs from its radius.
pub(crate) const UNEVENNESS: f64 = 0.45;

impl Lesion {
    /// Signed distance of a point, given the texture there.
    pub(crate) fn distance(&self, p: Point3<f64>, texture: f64) -> f64 {
        let edge = (0.2 * texture).clamp(-UNEVENNESS, UNEVENNESS);
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
}

/// Lesions and the volume of lung that they destroy in mm³, without what tubes take of them.
pub(crate) struct Lesions {
    pub(crate) all: Vec<Lesion>,
    pub(crate) volume: f64,
}

/// Scatters lesions until they take `volume` mm³, or no place is left.
pub(crate) fn scatter(
    volume: f64,
    room: &impl Room,
    tubes: &[Tube],
    tile: &Tile,
    stream: Stream,
) -> Lesions {
    let mut lesions = Lesions { all: Vec::new(), volume: 0.0 };
    if volume <= 0.0 {
        return lesions;
    }
    let bars = Bins::new(tubes);
    let mut taken: Bins<usize> = Bins::empty();
    for batch in 0..BATCHES {
        let candidates =
            par::collect(BATCH, |n| candidate((batch * BATCH + n) as u64, batch, room, stream));
        for lesion in candidates.into_iter().flatten() {
            let near = taken.near(lesion.centre);
            let crowded = near.iter().any(|other| crowds(&lesion, &lesions.all[*other], batch));
            if crowded {
                continue;
            }
            let others: Vec<Lesion> = near.iter().map(|other| lesions.all[*other]).collect();
            lesions.volume += net_volume(&lesion, &others, bars.near(lesion.centre), tubes, tile);
            taken.add(lesion.centre, lesion.radius * (1.0 + UNEVENNESS), lesions.all.len());
            lesions.all.push(lesion);
            if lesions.volume >= volume {
                return lesions;
            }
        }
    }
    lesions
}

const BATCH: usize = 4096;
const BATCHES: usize = 64;

fn candidate(n: u64, batch: usize, room: &impl Room, stream: Stream) -> Option<Lesion> {
    let number = stream.within(n);
    let p = Point3::new(
        number.between(0, -140.0, 140.0),
        number.between(1, -100.0, 95.0),
        number.between(2, -170.0, 92.0),
    );
    let upper = step(p.z, -150.0, 60.0);
    if number.uniform(3) > 0.08 + 0.92 * upper * upper {
        return None;
    }
    let largest = if batch < BATCHES / 4 { 5.2 } else { 3.0 };
    let spread = number.uniform(4);
    let radius = 1.9 + (largest - 1.9) * spread * spread;
    let clear = room.depth(p) < -(radius * (1.0 + UNEVENNESS) + 0.8);
    clear.then(|| Lesion { centre: p, radius, hu: number.between(5, -990.0, -960.0) as f32 })
}

/// Says whether two lesions are too close: apart at first, overlapping once space is short.
fn crowds(a: &Lesion, b: &Lesion, batch: usize) -> bool {
    let share = if batch < BATCHES / 2 { 0.95 } else { 0.6 };
    (a.centre - b.centre).norm() < share * (a.radius + b.radius)
}

/// Volume of a lesion without other lesions and tubes, by points on a lattice.
fn net_volume(
    lesion: &Lesion,
    others: &[Lesion],
    near: &[usize],
    tubes: &[Tube],
    tile: &Tile,
) -> f64 {
    const POINTS: i32 = 5;
    let pitch = lesion.radius * (1.0 + UNEVENNESS) / (f64::from(POINTS) + 0.5);
    let mut count = 0u32;
    for n in 0..(2 * POINTS + 1).pow(3) {
        let edge = 2 * POINTS + 1;
        let at =
            [n % edge, n / edge % edge, n / edge / edge].map(|m| f64::from(m - POINTS) * pitch);
        let p = lesion.centre + nalgebra::Vector3::from(at);
        let texture = edge_texture(tile, p);
        let inside = lesion.distance(p, texture) < 0.0
            && !others.iter().any(|other| other.distance(p, texture) < 0.0)
            && !near.iter().any(|n| tubes[*n].distance(p) < 0.0);
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
        let margin = nalgebra::Vector3::repeat(radius + 8.0);
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
