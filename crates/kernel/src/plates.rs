//! Plates: fissures, by what lies along them and on both of their sides.

use std::ops::Range;

use hilum_core::{Grid, Mask, Volume};
use nalgebra::Vector3;

use crate::curvature::{Blurred, Room};
use crate::disc::{AROUND, Discs, Judge, Lattice, Orientation};
use crate::distance::require_perpendicular;
use crate::eigen::eigenvalues_of;
use crate::hessian::to_patient;
use crate::lines::LANES;
use crate::par;
use crate::region::Region;
use crate::response::{Polarity, Response, Slice};

/// What [`plates`] looks for. Lengths are mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlateOptions {
    /// Bright or dark plates; bright unless said.
    pub polarity: Polarity,
    /// Sigma of the Gaussian by which the volume is blurred first: 0.8 unless said.
    pub blur: f64,
    /// Radius of the discs: 4 unless said. Smaller pieces of a plate are missed, larger discs
    /// miss what is bent.
    pub radius: f64,
    /// Distance of the outer discs from the middle one: 2.5 unless said. Thicker plates are missed.
    pub apart: f64,
    /// How much of the standard deviation over the middle disc is taken off: 1.3
    /// unless said, which takes off whole what fills less than 63 % of the disc.
    pub unevenness: f64,
    /// Contrast that counts half, in the unit of the volume: 30 unless said.
    pub half: f64,
    /// Whether the normals of plates are wanted; they cost 12 bytes per voxel. No unless said.
    pub directions: bool,
}

impl Default for PlateOptions {
    fn default() -> Self {
        Self {
            polarity: Polarity::Bright,
            blur: 0.8,
            radius: 4.0,
            apart: 2.5,
            unevenness: 1.3,
            half: 30.0,
            directions: false,
        }
    }
}

/// Share of [`PlateOptions::half`] that the curvature must reach for the discs to be laid.
const SCREEN: f32 = 0.1;

/// How much each voxel looks like part of a plate that has less on both of its sides.
///
/// Three parallel discs are laid through the voxel and on both sides of it, in the orientation
/// in which `c = m - max(m₋, m₊) - unevenness · s` is highest, where `m` is the mean over the
/// middle disc, `s` the standard deviation over it, and `m₋`, `m₊` are the means over the outer discs.
/// The strength is `c / (c + half)`, or 0 where `c` is not positive.
///
/// Unlike curvatures at one point, this needs a whole disc that is evenly brighter than both sides:
/// edges have no answer, as one of their sides is not darker; vessels and nodules are uneven over the
/// disc unless they fill two thirds of it; noise is averaged. The idea is that of the
/// derivative-of-stick filter[^xiao] and of its plate in 3-D[^zhao]; discs and search are our own.
///
/// Voxels at which the density has no noticeable negative curvature (a tenth of `half`, after the
/// blur) are passed over. At the others, 21 orientations are tried by 7 points of each disc,
/// then the best one and six around it by 37 points. Normals come out within 15°; those of
/// [`crate::sheets`] are exact on a clean plate.
///
/// Cost: `O(n)` for the curvatures of the box around the mask, and some 5 µs of a core for
/// each voxel of the mask that they do not rule out. Beside input and result, one blurred copy of
/// the box is held. Measured on
/// synthetic plates only so far; thick slices show too little of a fissure.
///
/// # Panics
///
/// If `blur`, `radius`, `apart` or `half` is not positive, the mask has another shape than the volume,
/// or the axes of the grid are not perpendicular within half a degree.
///
/// [^xiao]: Xiao, Stoel, Bakker, Peng, Stolk and Staring (2016), Pulmonary fissure detection in CT
///     images using a derivative of stick filter. IEEE Transactions on Medical Imaging 35:1488,
///     doi:10.1109/TMI.2016.2517680 (not checked).
/// [^zhao]: Zhao, Stoel, Staring, Bakker, Stolk, Zhou and Xiao (2020), A framework for pulmonary
///     fissure segmentation in 3D CT images using a directional derivative of plate filter. Signal
///     Processing, doi:10.1016/j.sigpro.2020.107602 (abstract read).
pub fn plates(volume: &Volume<f32>, within: Option<&Mask>, options: &PlateOptions) -> Response {
    let PlateOptions { blur, radius, apart, half, .. } = *options;
    let lengths = [blur, radius, apart, half];
    assert!(lengths.iter().all(|length| *length > 0.0), "must be positive: {lengths:?}");
    require_perpendicular(volume.grid());
    let region = Region::new(volume.grid(), within);
    let spacing = volume.grid().spacing();
    let discs = Discs { radius, apart, fine: 1.5 * blur };
    let blurred = Blurred::with_margin(volume, blur, &region, discs.reach(spacing));
    let lattice = Lattice { spacing, strides: blurred.strides() };
    let search = Search {
        grid: volume.grid(),
        within,
        blurred: &blurred,
        orientations: discs.orientations(lattice),
        judge: Judge {
            sign: if options.polarity == Polarity::Bright { 1.0 } else { -1.0 },
            unevenness: options.unevenness as f32,
        },
        half: half as f32,
        factor: (blur * blur) as f32,
    };
    let mut response = Response::nothing(volume.grid(), options.directions);
    par::for_each_part(response.slices(), Room::default, |room, k, mut slice| {
        blurred.rows(&region, k, room, |j, columns, derivatives| {
            search.row(k, j, columns, derivatives, &mut slice);
        });
    });
    response
}

/// What is looked for, and where.
struct Search<'a> {
    grid: &'a Grid,
    within: Option<&'a Mask>,
    blurred: &'a Blurred,
    orientations: Vec<Orientation>,
    judge: Judge,
    /// Contrast that counts half.
    half: f32,
    /// What turns second derivatives into curvatures.
    factor: f32,
}

impl Search<'_> {
    /// Answers for one row, from its second derivatives.
    fn row(
        &self,
        k: usize,
        j: usize,
        columns: Range<usize>,
        derivatives: [&[f32]; 6],
        slice: &mut Slice<'_>,
    ) {
        let chosen = self.choose(k, j, columns, derivatives);
        let [_, _, width] = self.grid.shape();
        for chosen in chosen.chunks(LANES) {
            // Spare lanes repeat the last voxel.
            let last = chosen[chosen.len() - 1];
            let columns: [usize; LANES] =
                std::array::from_fn(|lane| *chosen.get(lane).unwrap_or(&last));
            let at = columns.map(|i| self.blurred.index([k, j, i]));
            let best = self.coarse(&at);
            for ((i, at), best) in chosen.iter().zip(at).zip(best) {
                let (contrast, normal) = self.fine(best, at);
                if contrast > 0.0 {
                    let place = j * width + i;
                    slice.strength[place] = contrast / (contrast + self.half);
                    if let Some(direction) = slice.direction.as_deref_mut() {
                        direction[place] = to_patient(self.grid, normal);
                    }
                }
            }
        }
    }

    /// The wanted voxels of a row that have a noticeable curvature.
    fn choose(
        &self,
        k: usize,
        j: usize,
        columns: Range<usize>,
        derivatives: [&[f32]; 6],
    ) -> Vec<usize> {
        let [_, rows, width] = self.grid.shape();
        let wanted =
            |i: usize| self.within.is_none_or(|mask| mask.as_slice()[(k * rows + j) * width + i]);
        let factor = -self.judge.sign * self.factor;
        let least = SCREEN * self.half;
        let mut chosen = Vec::new();
        for start in (0..columns.len()).step_by(LANES) {
            let lanes = LANES.min(columns.len() - start);
            let first = columns.start + start;
            if !(first..first + lanes).any(wanted) {
                continue;
            }
            let mut matrices = [[0.0; LANES]; 6];
            for (entries, derivative) in matrices.iter_mut().zip(derivatives) {
                for (entry, value) in entries.iter_mut().zip(&derivative[start..start + lanes]) {
                    *entry = factor * value;
                }
            }
            let [_, _, highest] = eigenvalues_of(&matrices);
            let fits = |lane: &usize| highest[*lane] > least && wanted(first + lane);
            chosen.extend((0..lanes).filter(fits).map(|lane| first + lane));
        }
        chosen
    }

    /// The orientation of the highest contrast for each of some voxels.
    fn coarse(&self, at: &[usize; LANES]) -> [usize; LANES] {
        let mut best = [0; LANES];
        let mut highest = [f32::NEG_INFINITY; LANES];
        for (number, orientation) in self.orientations.iter().enumerate() {
            let contrasts = orientation.coarse.contrasts(self.blurred.voxels(), at, self.judge);
            for lane in 0..LANES {
                if contrasts[lane] > highest[lane] {
                    highest[lane] = contrasts[lane];
                    best[lane] = number;
                }
            }
        }
        best
    }

    /// The contrast at a voxel near a coarse orientation, and the normal in the frame of the grid.
    fn fine(&self, orientation: usize, at: usize) -> (f32, [f32; 3]) {
        let triplets = &self.orientations[orientation].fine;
        let contrasts: [f32; AROUND + 1] = std::array::from_fn(|n| {
            let [contrast] = triplets[n].contrasts(self.blurred.voxels(), &[at], self.judge);
            contrast
        });
        let highest = contrasts.into_iter().fold(0.0, f32::max);
        let normals: [Vector3<f64>; AROUND + 1] = std::array::from_fn(|n| triplets[n].normal);
        (highest, top(&normals, contrasts.map(f64::from)).map(|x| x as f32).into())
    }
}

/// Where a paraboloid through the contrasts of a normal and those around it has its top; as far
/// from the first normal as the others at most.
fn top(normals: &[Vector3<f64>; AROUND + 1], contrasts: [f64; AROUND + 1]) -> Vector3<f64> {
    let count = AROUND as f64;
    let middle = normals[0];
    let (mut slope, mut drop, mut tilt) = (Vector3::zeros(), 0.0, 0.0);
    for (normal, contrast) in normals.iter().zip(contrasts).skip(1) {
        let across = normal - middle * normal.dot(&middle);
        tilt = across.norm_squared();
        slope += across * (2.0 * contrast / (count * tilt));
        drop += 2.0 * (contrasts[0] - contrast) / (count * tilt);
    }
    let longest = tilt.sqrt();
    let step = if drop * longest > slope.norm() {
        slope / drop
    } else {
        slope.try_normalize(0.0).unwrap_or_default() * longest
    };
    (middle + step).normalize()
}
