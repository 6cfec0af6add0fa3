//! One wave through one branch: from its mouth until it dies, divides or leaks.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::enclosure::Enclosure;
use super::field::Field;
use super::record::Record;

/// Voxels of a front: place in the list of the field, and distance from the top of the trachea in
/// mm.
pub(crate) type Shell = Vec<(u32, f32)>;

/// How a wave may move.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Lumen reads below this, HU.
    pub(crate) threshold: f32,
    /// What passes for a wall.
    pub(crate) wall: Wall,
    /// Walls are looked for so far away, mm.
    pub(crate) reach: f32,
    /// Share of the directions in which a voxel sees a wall, at least.
    pub(crate) walled: f32,
    /// Cross-section in mm² beyond which a wave is out in the open.
    pub(crate) area: f64,
    /// A front is out in the open as well where its area grows to so many times the least it has had.
    pub(crate) growth: f64,
}

/// What passes for a wall.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wall {
    /// What reads above this, HU.
    Above(f32),
    /// What is so many HU denser than the place that it is to surround.
    Over(f32),
}

/// How a wave ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum End {
    /// Nothing more was open.
    Dead,
    /// The front fell apart into these pieces.
    Divided(Vec<Shell>),
    /// The front burst; so many shells from the first are sound.
    Burst(usize),
}

/// What a wave has swept.
#[derive(Clone, Debug)]
pub(crate) struct Sweep {
    pub(crate) shells: Vec<Shell>,
    pub(crate) end: End,
}

/// A piece of a front that has fewer voxels is a crumb.
const CRUMB: usize = 2;

/// The state of the search: what is taken, and by waves of what number.
pub(crate) struct Waves<'a> {
    pub(crate) field: &'a Field,
    enclosure: Enclosure,
    /// Whether a voxel is taken, or was found closed by the wave that moves now.
    taken: Vec<u8>,
    steps: Vec<([i64; 3], f32)>,
    /// Depth of a shell in mm.
    pub(crate) depth: f32,
}

const FREE: u8 = 0;
const OPEN: u8 = 1;
const CLOSED: u8 = 2;

impl<'a> Waves<'a> {
    pub(crate) fn new(field: &'a Field, farthest: f64) -> Self {
        let spacing = field.grid().spacing();
        let cube = (0..27).filter(|n| *n != 13).map(|n| [n / 9 - 1, n / 3 % 3 - 1, n % 3 - 1]);
        let length = |step: [i64; 3]| {
            (0..3).map(|n| (step[n] as f64 * spacing[n]).powi(2)).sum::<f64>().sqrt() as f32
        };
        Self {
            enclosure: Enclosure::new(field, farthest),
            taken: vec![FREE; field.grid().voxel_count()],
            steps: cube.map(|step| (step, length(step))).collect(),
            depth: spacing.into_iter().fold(1.0, f64::max) as f32,
            field,
        }
    }

    /// Voxel `[k, j, i]` of a place in the list.
    pub(crate) fn voxel(&self, place: u32) -> [usize; 3] {
        let [_, rows, columns] = self.field.grid().shape();
        let n = place as usize;
        [n / columns / rows, n / columns % rows, n % columns]
    }

    /// Area in mm² of a front.
    pub(crate) fn area(&self, shell: &Shell) -> f64 {
        shell.len() as f64 * self.field.grid().voxel_volume() / f64::from(self.depth)
    }

    /// Whether a voxel can be taken.
    pub(crate) fn is_free(&self, place: u32) -> bool {
        self.taken[place as usize] == FREE
    }

    /// Takes the voxels of a front.
    pub(crate) fn take(&mut self, shell: &Shell) {
        for (place, _) in shell {
            self.taken[*place as usize] = OPEN;
        }
    }

    /// Gives the voxels of shells back.
    pub(crate) fn give_back(&mut self, shells: &[Shell]) {
        shells.iter().flatten().for_each(|(place, _)| self.taken[*place as usize] = FREE);
    }

    /// Sends a wave out from a front, whose voxels are taken already.
    pub(crate) fn sweep(&mut self, mouth: &Shell, limits: Limits) -> Sweep {
        let mut wave = Wave::new(mouth, self.depth);
        for voxel in mouth {
            self.spread(*voxel, &mut wave);
        }
        let mut shells: Vec<Shell> = Vec::new();
        let mut record = Record::default();
        let end = loop {
            let shell = self.advance(&mut wave, &limits);
            if shell.is_empty() {
                if wave.heap.is_empty() {
                    break End::Dead;
                }
                continue;
            }
            if 2 * wave.trusted >= shell.len() {
                record = Record::default();
            } else {
                record.enter(self.area(&shell), wave.mean_share(shell.len()));
            }
            let pieces = self.pieces(&shell);
            shells.push(shell);
            if let Some(sound) = record.burst(&limits) {
                let before = shells.len() - record.areas.len();
                break End::Burst(before + sound);
            }
            if pieces.len() > 1 {
                break End::Divided(pieces);
            }
        };
        wave.closed.iter().for_each(|place| self.taken[*place as usize] = FREE);
        Sweep { shells, end }
    }

    /// The pieces of the front of a wave that has come about `far` mm out of `places`, which are taken.
    /// Nothing is taken by it.
    pub(crate) fn away(&mut self, places: &[u32], far: f32, limits: &Limits) -> Vec<Shell> {
        let start: Shell = places.iter().map(|place| (*place, 0.0)).collect();
        let mut wave = Wave::new(&start, self.depth);
        for voxel in &start {
            self.spread(*voxel, &mut wave);
        }
        let mut swept: Vec<Shell> = Vec::new();
        while wave.edge + self.depth / 2.0 < far && !wave.heap.is_empty() {
            swept.push(self.advance(&mut wave, limits));
        }
        let front = self.advance(&mut wave, limits);
        let pieces = self.pieces(&front);
        self.give_back(&swept);
        self.give_back(&[front]);
        wave.closed.iter().for_each(|place| self.taken[*place as usize] = FREE);
        pieces
    }

    /// Sweeps one shell further.
    fn advance(&mut self, wave: &mut Wave, limits: &Limits) -> Shell {
        let mut shell = Vec::new();
        wave.edge += self.depth;
        (wave.shares, wave.trusted) = (0.0, 0);
        while let Some(Reverse((bits, place))) = wave.heap.peek().copied() {
            let distance = f32::from_bits(bits);
            if distance >= wave.edge {
                break;
            }
            wave.heap.pop();
            if self.taken[place as usize] != FREE {
                continue;
            }
            match self.openness(place, limits) {
                None => {
                    self.taken[place as usize] = CLOSED;
                    wave.closed.push(place);
                }
                Some(share) => {
                    wave.shares += share;
                    wave.trusted += usize::from(self.is_trusted(place));
                    self.taken[place as usize] = OPEN;
                    shell.push((place, distance));
                    self.spread((place, distance), wave);
                }
            }
        }
        shell
    }

    fn is_trusted(&self, place: u32) -> bool {
        self.field.trusted.as_slice()[place as usize]
    }

    /// The share of walls around a voxel if it is lumen.
    fn openness(&self, place: u32, limits: &Limits) -> Option<f32> {
        if self.is_trusted(place) {
            return Some(1.0);
        }
        let hu = self.field.hu.as_slice()[place as usize];
        if hu >= limits.threshold {
            return None;
        }
        let wall = match limits.wall {
            Wall::Above(wall) => wall,
            Wall::Over(contrast) => hu + contrast,
        };
        self.enclosure.share(self.field, self.voxel(place), [wall, limits.reach], limits.walled)
    }

    /// Tells the free neighbours of a voxel that they are next.
    fn spread(&self, (place, distance): (u32, f32), wave: &mut Wave) {
        self.for_neighbours(place, |neighbour, length| {
            if self.taken[neighbour as usize] == FREE {
                wave.heap.push(Reverse(((distance + length).to_bits(), neighbour)));
            }
        });
    }

    fn for_neighbours(&self, place: u32, mut visit: impl FnMut(u32, f32)) {
        let shape = self.field.grid().shape();
        let voxel = self.voxel(place);
        for (step, length) in &self.steps {
            let next = [0, 1, 2].map(|n| voxel[n] as i64 + step[n]);
            if (0..3).all(|n| next[n] >= 0 && next[n] < shape[n] as i64) {
                let [k, j, i] = next.map(|n| n as usize);
                visit(((k * shape[1] + j) * shape[2] + i) as u32, *length);
            }
        }
    }

    /// The pieces of a front that hang together over corners, crumbs aside, largest first.
    fn pieces(&self, shell: &Shell) -> Vec<Shell> {
        let mut sorted = shell.clone();
        sorted.sort_unstable_by_key(|(place, _)| *place);
        let mut seen = vec![false; sorted.len()];
        let mut pieces: Vec<Shell> = Vec::new();
        for start in 0..sorted.len() {
            if seen[start] {
                continue;
            }
            seen[start] = true;
            let mut piece = vec![sorted[start]];
            let mut next = 0;
            while next < piece.len() {
                self.for_neighbours(piece[next].0, |neighbour, _| {
                    let found = sorted.binary_search_by_key(&neighbour, |(place, _)| *place);
                    if let Some(n) = found.ok().filter(|n| !seen[*n]) {
                        seen[n] = true;
                        piece.push(sorted[n]);
                    }
                });
                next += 1;
            }
            pieces.push(piece);
        }
        pieces.retain(|piece| piece.len() >= CRUMB);
        pieces.sort_by_key(|piece| Reverse(piece.len()));
        pieces
    }
}

/// A wave on its way.
struct Wave {
    heap: BinaryHeap<Reverse<(u32, u32)>>,
    closed: Vec<u32>,
    /// Distance in mm at which the present shell ends.
    edge: f32,
    /// Sum of the shares of walls over the present shell.
    shares: f32,
    /// Number of its voxels that need no proof.
    trusted: usize,
}

impl Wave {
    fn new(mouth: &Shell, depth: f32) -> Self {
        let farthest = mouth.iter().map(|(_, distance)| *distance).fold(0.0, f32::max);
        let edge = (farthest / depth).floor() * depth + depth;
        Self {
            heap: BinaryHeap::new(),
            closed: Vec::new(),
            edge: edge - depth,
            shares: 0.0,
            trusted: 0,
        }
    }

    fn mean_share(&self, count: usize) -> f32 {
        self.shares / count.max(1) as f32
    }
}
