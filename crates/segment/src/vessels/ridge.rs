//! The middles of vessels, each with the area of its cross-section.

use hilum_core::{Mask, Volume};
use hilum_kernel::{Components, Connectivity, TubeMiddle, TubeOptions, par, tubes};
use nalgebra::Vector3;

use super::copy::Copy;

/// Scales in mm at which tubes are looked for: radii of 1 to 5 mm, and whatever is thinner.
const SCALES: [f64; 4] = [0.8, 1.3, 2.1, 3.4];
/// Vessels are this much denser than tissue, HU.
const DENSER: f32 = 35.0;
/// Strength of what is a tube and no sheet.
const STRENGTH: f32 = 0.5;
/// A vessel has so many voxels along its middle.
const LENGTH: u64 = 6;
/// Rays of a cross-section, and their step and length in mm.
const RAYS: usize = 16;
const STEP: f32 = 0.5;
const REACH: usize = 20;
/// A ray ends where less than this is blood, or where it rises so much from its least.
const EMPTY: f32 = 0.03;
const RISE: f32 = 0.12;

/// A voxel in the middle of a vessel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Middle {
    pub(crate) voxel: [usize; 3],
    /// Area of the cross-section in mm².
    pub(crate) area: f32,
}

/// The middles of all vessels in the voxels of `within`, in scan order.
pub(crate) fn middles(copy: &Copy, within: &Mask) -> Vec<Middle> {
    let bright = bright(copy, within);
    let least = f64::from(STRENGTH);
    let options = TubeOptions { least, middles: true, ..TubeOptions::default() };
    let mut found = tubes(&copy.hu, &SCALES, Some(&bright), &options).middles;
    drop(bright);
    let mut ridge = Mask::filled(copy.hu.grid(), false);
    for middle in &found {
        *at_mut(&mut ridge, middle.voxel) = true;
    }
    let components = Components::new(&ridge, Connectivity::Corners);
    let sizes = components.sizes();
    found.retain(|middle| {
        let is_long = sizes[components.at(middle.voxel) as usize - 1] >= LENGTH;
        *at_mut(&mut ridge, middle.voxel) = is_long;
        is_long
    });
    let measured = par::collect(found.len(), |n| {
        let TubeMiddle { voxel, direction } = found[n];
        Middle { voxel, area: area(copy, voxel, direction) }
    });
    free(smoothed(&measured, &ridge), &ridge)
}

/// What is denser than the lung around it.
fn bright(copy: &Copy, within: &Mask) -> Mask {
    par::map_voxels(within.grid(), |voxel| {
        within.at(voxel) && copy.hu.at(voxel) > copy.tissue.at(voxel) + DENSER
    })
}

fn at_mut<T>(volume: &mut Volume<T>, [k, j, i]: [usize; 3]) -> &mut T {
    let [_, rows, columns] = volume.grid().shape();
    &mut volume.as_mut_slice()[(k * rows + j) * columns + i]
}

/// Two unit vectors perpendicular to a direction in the patient, in voxels `[k, j, i]` of an upright
/// lattice.
fn across(along: [f32; 3]) -> Option<[Vector3<f32>; 2]> {
    let along = Vector3::new(along[2], along[1], along[0]).try_normalize(1e-6)?;
    let axes = [Vector3::x(), Vector3::y(), Vector3::z()];
    let least =
        axes.into_iter().min_by(|a, b| a.dot(&along).abs().total_cmp(&b.dot(&along).abs()))?;
    let u = along.cross(&least).normalize();
    Some([u, along.cross(&u)])
}

/// Area of a cross-section in mm²: shares of blood summed around the middle, along each ray as far
/// as the vessel goes.
fn area(copy: &Copy, voxel: [usize; 3], along: [f32; 3]) -> f32 {
    let Some([u, v]) = across(along) else { return 0.0 };
    let step = copy.hu.grid().spacing()[0] as f32;
    let wedge = std::f32::consts::TAU / RAYS as f32;
    let ray = |n: usize| {
        let angle = n as f32 * wedge;
        let way = (u * angle.cos() + v * angle.sin()) / step;
        let mut least = copy.share.at(voxel);
        let mut sum = least * STEP * STEP / 8.0;
        for m in 1..=REACH {
            let along = m as f32 * STEP;
            let share = sample(&copy.share, voxel, way * along);
            if share < EMPTY || share > least + RISE {
                break;
            }
            least = least.min(share);
            sum += share * along * STEP;
        }
        sum * wedge
    };
    (0..RAYS).map(ray).sum()
}

/// The value some voxels away from a voxel, linear between voxels.
fn sample(volume: &Volume<f32>, voxel: [usize; 3], step: Vector3<f32>) -> f32 {
    let shape = volume.grid().shape();
    let place = [0, 1, 2].map(|n| (voxel[n] as f32 + step[n]).clamp(0.0, (shape[n] - 1) as f32));
    let low = place.map(|p| p as usize);
    let high = [0, 1, 2].map(|n| (low[n] + 1).min(shape[n] - 1));
    let part = [0, 1, 2].map(|n| place[n] - low[n] as f32);
    let row = |k: usize, j: usize| {
        let (a, b) = (volume.at([k, j, low[2]]), volume.at([k, j, high[2]]));
        a + (b - a) * part[2]
    };
    let slice = |k: usize| {
        let (a, b) = (row(k, low[1]), row(k, high[1]));
        a + (b - a) * part[1]
    };
    let (a, b) = (slice(low[0]), slice(high[0]));
    a + (b - a) * part[0]
}

/// Each area replaced by the median of those within two voxels.
fn smoothed(found: &[Middle], ridge: &Mask) -> Vec<Middle> {
    let shape = ridge.grid().shape();
    let place = |[k, j, i]: [usize; 3]| (k * shape[1] + j) * shape[2] + i;
    let at = |voxel: [usize; 3]| {
        let wanted = place(voxel);
        found.binary_search_by_key(&wanted, |middle| place(middle.voxel)).ok()
    };
    par::collect(found.len(), |n| {
        let [k, j, i] = found[n].voxel;
        let mut areas = Vec::new();
        for k in k.saturating_sub(2)..(k + 3).min(shape[0]) {
            for j in j.saturating_sub(2)..(j + 3).min(shape[1]) {
                for i in i.saturating_sub(2)..(i + 3).min(shape[2]) {
                    if ridge.at([k, j, i]) {
                        areas.extend(at([k, j, i]).map(|m| found[m].area));
                    }
                }
            }
        }
        areas.sort_by(f32::total_cmp);
        Middle { area: areas[areas.len() / 2], ..found[n] }
    })
}

/// A vessel less than this share of the one in which its middle lies is a part of that one.
const PART: f32 = 0.5;

/// The middles without those that lie inside of a much larger vessel.
fn free(found: Vec<Middle>, ridge: &Mask) -> Vec<Middle> {
    let shape = ridge.grid().shape();
    let step = ridge.grid().spacing()[0] as f32;
    let mut covered = Volume::filled(ridge.grid(), 0.0_f32);
    for middle in &found {
        let reach = super::paint::radius(middle.area) / step;
        let side = |n: usize| {
            let low = (middle.voxel[n] as f32 - reach).ceil().max(0.0) as usize;
            low..((middle.voxel[n] as f32 + reach) as usize + 1).min(shape[n])
        };
        for (k, j) in side(0).flat_map(|k| side(1).map(move |j| (k, j))) {
            for i in side(2) {
                let apart = [k, j, i].into_iter().zip(middle.voxel);
                let squares = apart.map(|(a, b)| (a as f32 - b as f32).powi(2)).sum::<f32>();
                if squares <= reach * reach {
                    let own = at_mut(&mut covered, [k, j, i]);
                    *own = own.max(middle.area);
                }
            }
        }
    }
    let is_free = |middle: &Middle| middle.area >= PART * covered.at(middle.voxel);
    found.into_iter().filter(is_free).collect()
}
