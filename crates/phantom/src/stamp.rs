//! Draws tubes and lesions into the voxels near them, slice by slice.

use std::ops::Range;

use hilum_core::Grid;
use nalgebra::{Point3, Vector3};

use crate::code::flag;
use crate::exact::cube_root;
use crate::hole::{Hole, edge_texture};
use crate::model::Model;
use crate::tube::{Kind, Tube, coverage, reach};

/// Shares of a voxel that tubes and lesions cover, and whether they hold its centre.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shares {
    pub(crate) soft: f32,
    pub(crate) cartilage: f32,
    pub(crate) bone: f32,
    pub(crate) marrow: f32,
    pub(crate) vessel: f32,
    pub(crate) airway: f32,
    pub(crate) lumen: f32,
    pub(crate) lesion: f32,
    pub(crate) lesion_hu: f32,
    pub(crate) flags: u8,
}

/// The touched voxels of a slice.
pub(crate) struct Touched {
    /// Place in `shares` for each voxel, plus 1; 0 where nothing is.
    slots: Vec<u32>,
    shares: Vec<Shares>,
}

impl Touched {
    /// Each touched voxel's place in the slice, with its shares.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &Shares)> {
        let touched = self.slots.iter().enumerate().filter(|(_, slot)| **slot != 0);
        touched.map(|(n, slot)| (n, &self.shares[*slot as usize - 1]))
    }

    fn at(&mut self, n: usize) -> &mut Shares {
        if self.slots[n] == 0 {
            self.shares.push(Shares::default());
            self.slots[n] = self.shares.len() as u32;
        }
        &mut self.shares[self.slots[n] as usize - 1]
    }
}

/// Which tubes and lesions pass through which slice of a grid.
pub(crate) struct Stamps<'a> {
    grid: Grid,
    model: &'a Model,
    width: f64,
    tubes: Vec<Vec<u32>>,
    lesions: Vec<Vec<u32>>,
}

/// A row of voxels beside a thing.
struct Strip {
    /// Place of the first voxel in the slice.
    first: usize,
    /// From the thing's origin to the first voxel, and from voxel to voxel.
    start: Vector3<f32>,
    step: Vector3<f32>,
    count: usize,
}

impl<'a> Stamps<'a> {
    /// Sorts the patient's tubes and lesions by the slices of a grid in the model's frame.
    pub(crate) fn new(model: &'a Model, grid: &Grid) -> Self {
        let width = cube_root(grid.voxel_volume());
        let mut stamps = Self {
            grid: grid.clone(),
            model,
            width,
            tubes: vec![Vec::new(); grid.shape()[0]],
            lesions: vec![Vec::new(); grid.shape()[0]],
        };
        for (n, tube) in model.tubes.iter().enumerate() {
            for k in stamps.slices(tube.a, tube.b, stamps.reach(tube)) {
                stamps.tubes[k].push(n as u32);
            }
        }
        for (n, lesion) in model.lesions.all.iter().enumerate() {
            for k in stamps.slices(lesion.centre, lesion.centre, stamps.reach_of(lesion)) {
                stamps.lesions[k].push(n as u32);
            }
        }
        stamps
    }

    fn reach(&self, tube: &Tube) -> f64 {
        reach(tube.radii[0].max(tube.radii[1]), self.width)
    }

    fn reach_of(&self, lesion: &Hole) -> f64 {
        lesion.extent() + 0.5 * self.width
    }

    /// Steps along array axis `n` that `distance` mm are at most.
    fn margin(&self, n: usize, distance: f64) -> f64 {
        distance * self.grid.voxels_per_mm().row(n).norm()
    }

    fn slices(&self, a: Point3<f64>, b: Point3<f64>, distance: f64) -> Range<usize> {
        let ends = [self.grid.position(a)[0], self.grid.position(b)[0]];
        self.indices(0, ends, distance)
    }

    fn indices(&self, n: usize, [a, b]: [f64; 2], distance: f64) -> Range<usize> {
        let margin = self.margin(n, distance);
        let last = self.grid.shape()[n] as f64;
        let first = (a.min(b) - margin).ceil().clamp(0.0, last);
        let end = ((a.max(b) + margin).floor() + 1.0).clamp(first, last);
        first as usize..end as usize
    }

    /// Draws slice `k`.
    pub(crate) fn slice(&self, k: usize) -> Touched {
        let [_, rows, columns] = self.grid.shape();
        let mut touched = Touched { slots: vec![0; rows * columns], shares: Vec::new() };
        for n in &self.lesions[k] {
            let lesion = &self.model.lesions.all[*n as usize];
            let reach = self.reach_of(lesion);
            for strip in self.strips(k, lesion.centre, lesion.centre, reach) {
                self.stamp_lesion(lesion, &strip, &mut touched);
            }
        }
        for n in &self.tubes[k] {
            let tube = &self.model.tubes[*n as usize];
            for strip in self.strips(k, tube.a, tube.b, self.reach(tube)) {
                self.stamp_tube(tube, &strip, &mut touched);
            }
        }
        touched
    }

    /// Rows of slice `k` within `distance` mm of the line from `a` to `b`; places are told from `a`.
    fn strips(
        &self,
        k: usize,
        a: Point3<f64>,
        b: Point3<f64>,
        distance: f64,
    ) -> impl Iterator<Item = Strip> + '_ {
        let (from, to) =
            (Vector3::from(self.grid.position(a)), Vector3::from(self.grid.position(b)));
        let margin = self.margin(0, distance);
        let rise = to[0] - from[0];
        let crossing = |at: f64| if rise.abs() < 1e-9 { at } else { (at - from[0]) / rise };
        let (t, u) = if rise.abs() < 1e-9 {
            (0.0, 1.0)
        } else {
            let pair = [crossing(k as f64 - margin), crossing(k as f64 + margin)];
            (pair[0].min(pair[1]).clamp(0.0, 1.0), pair[0].max(pair[1]).clamp(0.0, 1.0))
        };
        let (p, q) = (from + (to - from) * t, from + (to - from) * u);
        let columns = self.indices(2, [p[2], q[2]], distance);
        let step: Vector3<f64> = self.grid.axes().column(2).into();
        self.indices(1, [p[1], q[1]], distance).map(move |j| Strip {
            first: j * self.grid.shape()[2] + columns.start,
            start: (self.grid.point([k as f64, j as f64, columns.start as f64]) - a).cast(),
            step: step.cast(),
            count: columns.len(),
        })
    }

    fn stamp_lesion(&self, lesion: &Hole, strip: &Strip, touched: &mut Touched) {
        let width = self.width as f32;
        for i in 0..strip.count {
            let p = lesion.centre + (strip.start + strip.step * i as f32).cast::<f64>();
            let distance = lesion.distance(p, edge_texture(&self.model.tile, p)) as f32;
            let share = (0.5 - distance / width).min(1.0);
            if share > 0.0 {
                let shares = touched.at(strip.first + i);
                if share > shares.lesion {
                    (shares.lesion, shares.lesion_hu) = (share, lesion.hu);
                }
                shares.flags |= if distance < 0.0 { flag::LESION } else { 0 };
            }
        }
    }

    fn stamp_tube(&self, tube: &Tube, strip: &Strip, touched: &mut Touched) {
        let (width, reach) = (self.width as f32, self.reach(tube) as f32);
        let along: Vector3<f32> = (tube.b - tube.a).cast();
        let per_length = 1.0 / along.norm_squared().max(1e-9);
        let flat: Vector3<f32> = tube.flat.cast();
        let (radii, walls) = (tube.radii.map(|r| r as f32), tube.wall.map(|w| w as f32));
        for i in 0..strip.count {
            let q = strip.start + strip.step * i as f32;
            let t = (q.dot(&along) * per_length).clamp(0.0, 1.0);
            let aside = q - along * t;
            let squared = aside.norm_squared();
            if squared > reach * reach {
                continue;
            }
            let radius = radii[0] + (radii[1] - radii[0]) * t;
            let distance = round_distance(aside, squared.sqrt(), &flat, radius);
            let share = coverage(distance, radius, width);
            if share <= 0.0 {
                continue;
            }
            let wall = walls[0] + (walls[1] - walls[0]) * t;
            touched.at(strip.first + i).add(tube.kind, [distance, radius, wall], share, width);
        }
    }
}

/// Distance from the axis of a round tube of `radius` with the same distance to the surface.
fn round_distance(aside: Vector3<f32>, length: f32, flat: &Vector3<f32>, radius: f32) -> f32 {
    let across = aside.dot(flat);
    if across == 0.0 {
        return length;
    }
    let stretched = (aside + flat * across).norm();
    radius + (stretched - radius) * length / stretched
}

impl Shares {
    fn add(&mut self, kind: Kind, [distance, radius, wall]: [f32; 3], share: f32, width: f32) {
        let raise = |own: &mut f32, share: f32| *own = own.max(share);
        let inner = || coverage(distance, radius - wall, width);
        let inside = |depth: f32, flag: u8| if distance < radius - depth { flag } else { 0 };
        match kind {
            Kind::Soft => raise(&mut self.soft, share),
            Kind::Cartilage => raise(&mut self.cartilage, share),
            Kind::Bone => {
                raise(&mut self.bone, share);
                raise(&mut self.marrow, inner());
            }
            Kind::Vessel => {
                raise(&mut self.vessel, share);
                self.flags |= inside(0.0, flag::VESSEL);
            }
            Kind::Airway => {
                raise(&mut self.airway, share);
                raise(&mut self.lumen, inner());
                self.flags |= inside(0.0, flag::BRONCHUS) | inside(wall, flag::LUMEN);
            }
        }
    }
}
