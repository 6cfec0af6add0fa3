//! The strongest answer over several scales.

use hilum_core::{Grid, Mask, Volume};

use crate::crest::{TubeMiddle, is_crest};
use crate::curvature::{Blurred, Room};
use crate::distance::require_perpendicular;
use crate::eigen::{eigen, eigenvalues_of};
use crate::hessian::to_patient;
use crate::lines::LANES;
use crate::par;
use crate::region::Region;

/// Whether structures are denser or less dense than what is around them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Polarity {
    /// Denser, such as vessels and fissures in the lung.
    #[default]
    Bright,
    /// Less dense, such as the lumen of airways.
    Dark,
}

/// What a filter for a shape has found at each voxel.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// How much a voxel looks like the shape, 0 to 1.
    pub strength: Volume<f32>,
    /// Which of the scales answered most, counted from 0; 0 also where nothing answered.
    pub scale: Volume<u8>,
    /// Where asked for: the unit vector along a tube or across a sheet, in the patient (LPS); its
    /// sign means nothing, and it is zero where nothing answered.
    pub direction: Option<Volume<[f32; 3]>>,
    /// Where asked for: the middles of tubes, in scan order.
    pub middles: Vec<TubeMiddle>,
}

/// Scales that [`Response::scale`] can count.
const MOST_SCALES: usize = 256;

impl Response {
    pub(crate) fn nothing(grid: &Grid, directions: bool) -> Self {
        Self {
            strength: par::map_voxels(grid, |_| 0.0),
            scale: par::map_voxels(grid, |_| 0),
            direction: directions.then(|| par::map_voxels(grid, |_| [0.0; 3])),
            middles: Vec::new(),
        }
    }

    /// The slices of all volumes, side by side.
    pub(crate) fn slices(&mut self) -> Vec<Slice<'_>> {
        let [slices, rows, columns] = self.strength.grid().shape();
        let area = (rows * columns).max(1);
        let mut directions = self.direction.as_mut().map(|d| d.as_mut_slice().chunks_mut(area));
        let pairs = self
            .strength
            .as_mut_slice()
            .chunks_mut(area)
            .zip(self.scale.as_mut_slice().chunks_mut(area));
        pairs
            .map(|(strength, scale)| {
                let direction = directions.as_mut().and_then(Iterator::next);
                Slice { strength, scale, direction }
            })
            .take(slices)
            .collect()
    }
}

/// One slice of a response.
pub(crate) struct Slice<'a> {
    pub(crate) strength: &'a mut [f32],
    pub(crate) scale: &'a mut [u8],
    pub(crate) direction: Option<&'a mut [[f32; 3]]>,
}

/// How a shape shows in the curvatures of the density.
///
/// Curvatures are second derivatives times the square of the scale, signed such that a ridge of
/// the wanted polarity is positive.
pub(crate) trait Shape: Sync {
    /// The strength from the curvatures, the greatest first.
    fn strength(&self, curvatures: [f32; 3]) -> f32;

    /// Says whether curvatures with this sum can have a strength above 0 at all.
    fn is_possible(&self, sum: f32) -> bool;

    /// Which of the curvatures, the greatest first, belongs to the direction of the shape.
    fn axis(&self, curvatures: [f32; 3]) -> usize;
}

/// What to look for and where.
pub(crate) struct Search<'a, S> {
    pub(crate) volume: &'a Volume<f32>,
    pub(crate) scales: &'a [f64],
    pub(crate) within: Option<&'a Mask>,
    pub(crate) polarity: Polarity,
    /// Answers below it do not count.
    pub(crate) least: f32,
    pub(crate) directions: bool,
    pub(crate) middles: bool,
    pub(crate) shape: S,
}

impl<S: Shape> Search<'_, S> {
    /// The strongest answer of all scales at each voxel; of equal ones the first.
    pub(crate) fn run(&self) -> Response {
        assert!(!self.scales.is_empty(), "there must be a scale to look at");
        assert!(self.scales.len() <= MOST_SCALES, "at most {MOST_SCALES} scales can be counted");
        require_perpendicular(self.volume.grid());
        let region = Region::new(self.volume.grid(), self.within);
        let mut response = Response::nothing(self.volume.grid(), self.directions);
        let mut crests = vec![Vec::new(); self.volume.grid().shape()[0]];
        for (number, sigma) in self.scales.iter().enumerate() {
            let sign = if self.polarity == Polarity::Bright { -1.0 } else { 1.0 };
            let blurred = Blurred::new(self.volume, *sigma, &region);
            let factor = (sign * sigma * sigma) as f32;
            let scale = Scale { number: number as u8, factor, blurred: &blurred };
            let parts = response.slices().into_iter().zip(&mut crests).collect();
            par::for_each_part(parts, Work::default, |work, k, (mut slice, crests)| {
                let Work { room, batch } = work;
                blurred.rows(&region, k, room, |j, columns, derivatives| {
                    self.choose((k, j), columns, derivatives, &scale, &mut batch.chosen);
                    self.judge((k, j), derivatives, &scale, batch, (&mut slice, crests));
                });
            });
        }
        response.middles = middles(&response.scale, &crests);
        response
    }

    /// The voxels of a row that are wanted and may have an answer: place in the row, place in the
    /// derivatives.
    fn choose(
        &self,
        (k, j): (usize, usize),
        columns: std::ops::Range<usize>,
        [kk, jj, ii, ..]: [&[f32]; 6],
        scale: &Scale<'_>,
        chosen: &mut Vec<[u32; 2]>,
    ) {
        let [_, rows, width] = self.volume.grid().shape();
        let wanted =
            self.within.map(|mask| &mask.as_slice()[(k * rows + j) * width..][columns.clone()]);
        chosen.clear();
        for (n, i) in columns.enumerate() {
            let possible = self.shape.is_possible(scale.factor * (kk[n] + jj[n] + ii[n]));
            if possible && wanted.is_none_or(|wanted| wanted[n]) {
                chosen.push([i as u32, n as u32]);
            }
        }
    }

    /// Takes down the answers of the chosen voxels where they are the strongest so far.
    fn judge(
        &self,
        (k, j): (usize, usize),
        derivatives: [&[f32]; 6],
        scale: &Scale<'_>,
        batch: &mut Batch,
        (slice, crests): (&mut Slice<'_>, &mut Vec<Crest>),
    ) {
        let row = j * self.volume.grid().shape()[2];
        for chosen in batch.chosen.chunks(LANES) {
            for (entries, derivative) in batch.matrices.iter_mut().zip(derivatives) {
                for (entry, [_, n]) in entries.iter_mut().zip(chosen) {
                    *entry = scale.factor * derivative[*n as usize];
                }
            }
            let [low, middle, high] = eigenvalues_of(&batch.matrices);
            for (lane, [i, _]) in chosen.iter().enumerate() {
                let curvatures = [high[lane], middle[lane], low[lane]];
                let strength = self.shape.strength(curvatures);
                let place = row + *i as usize;
                let is_strongest = strength > slice.strength[place] && strength >= self.least;
                if !is_strongest {
                    continue;
                }
                slice.strength[place] = strength;
                slice.scale[place] = scale.number;
                if !self.directions && !self.middles {
                    continue;
                }
                let matrix = batch.matrices.each_ref().map(|entries| entries[lane]);
                let (_, vectors) = eigen(&matrix);
                let along = vectors[2 - self.shape.axis(curvatures)];
                let direction = to_patient(self.volume.grid(), along);
                if let Some(directions) = slice.direction.as_deref_mut() {
                    directions[place] = direction;
                }
                let voxel = [k, j, *i as usize];
                if self.middles && self.is_crest(scale, voxel, along) {
                    crests.push(Crest {
                        middle: TubeMiddle { voxel, direction },
                        scale: scale.number,
                    });
                }
            }
        }
    }

    fn is_crest(&self, scale: &Scale<'_>, voxel: [usize; 3], along: [f32; 3]) -> bool {
        let spacing = self.volume.grid().spacing().map(|mm| mm as f32);
        let sign = if self.polarity == Polarity::Bright { 1.0 } else { -1.0 };
        is_crest(scale.blurred, spacing, voxel, along, sign)
    }
}

/// A middle at a scale, which need not be that of the strongest answer.
#[derive(Clone, Copy)]
struct Crest {
    middle: TubeMiddle,
    scale: u8,
}

/// The middles that were found at the scale of the strongest answer, in scan order.
fn middles(scales: &Volume<u8>, crests: &[Vec<Crest>]) -> Vec<TubeMiddle> {
    let is_strongest = |crest: &&Crest| scales.at(crest.middle.voxel) == crest.scale;
    let of_slice = |crests: &Vec<Crest>| {
        let strongest = crests.iter().filter(is_strongest);
        let mut middles: Vec<TubeMiddle> = strongest.map(|crest| crest.middle).collect();
        middles.sort_by_key(|middle| middle.voxel);
        middles
    };
    crests.iter().flat_map(of_slice).collect()
}

/// One of the scales.
struct Scale<'a> {
    number: u8,
    /// What turns second derivatives into curvatures.
    factor: f32,
    blurred: &'a Blurred,
}

/// Room for the work on one slice.
#[derive(Default)]
struct Work {
    room: Room,
    batch: Batch,
}

/// Voxels that are worked on side by side.
#[derive(Default)]
struct Batch {
    chosen: Vec<[u32; 2]>,
    matrices: [[f32; LANES]; 6],
}
