//! Bronchi that fibrosis pulls open.

use hilum_core::{Partition, Volume};
use nalgebra::{Point3, Vector3};

use crate::{Classified, Number};

/// A bronchus as somebody followed it.
#[derive(Clone, Debug, PartialEq)]
pub struct Bronchus {
    /// Branching points up to the top of the trachea: 0 the trachea, 1 a main bronchus.
    pub generation: usize,
    /// Points on its axis (LPS, mm), outwards.
    pub centreline: Vec<Point3<f64>>,
    /// Inner diameter in mm at each point.
    pub diameters: Vec<f64>,
}

/// Generations nearer to the trachea are wide and near the surface of the lung by nature.
const FIRST: usize = 3;
/// Lengths in mm: normal bronchi are not seen nearer to the pleura than this.
const NEAR: u8 = 10;
/// How far around a bronchus lung is looked at, in mm.
const AROUND: [f64; 2] = [5.0, 8.0];
/// Share of the lung around that must be fibrosis.
const FIBROTIC: f64 = 0.5;
/// A bronchus this long (mm) whose end keeps this share of its width does not taper.
const LONG: f64 = 10.0;
const WIDE: f64 = 0.95;
/// A tree of fewer branches beyond the third generation says nothing by what it does not show.
const BRANCHES: usize = 20;
/// Half the interval of a length, as a share of it: where a centreline ends is uncertain.
const DOUBT: f64 = 0.25;

/// Length in mm of bronchi inside fibrosis that come within 10 mm of the surface of the lung or
/// do not taper.
///
/// # Errors
///
/// Why it cannot be told: no tree, or one so short that finding nothing means nothing.
pub(crate) fn traction(
    bronchi: &[Bronchus],
    classified: &Classified,
    partition: &Partition,
    depth: &Volume<u8>,
) -> Result<Number, String> {
    if bronchi.is_empty() {
        return Err("no airway tree was followed".into());
    }
    let small: Vec<&Bronchus> = bronchi.iter().filter(|b| b.generation >= FIRST).collect();
    let place = Place { classified, partition, depth };
    let length: f64 = small.iter().map(|bronchus| pulled(bronchus, &place)).sum();
    if length == 0.0 && small.len() < BRANCHES {
        return Err(format!(
            "the airway tree has {} branches from the third generation on, wanted {BRANCHES} before their absence means anything",
            small.len()
        ));
    }
    Ok(Number { value: length, half: DOUBT * length })
}

struct Place<'a> {
    classified: &'a Classified,
    partition: &'a Partition,
    depth: &'a Volume<u8>,
}

impl Place<'_> {
    fn voxel(&self, point: Point3<f64>) -> Option<[usize; 3]> {
        let grid = self.partition.grid();
        let position = grid.position(point);
        let mut voxel = [0; 3];
        for axis in 0..3 {
            let at = position[axis].round();
            if !(at >= 0.0 && at < grid.shape()[axis] as f64) {
                return None;
            }
            voxel[axis] = at as usize;
        }
        Some(voxel)
    }

    /// Whether most of the lung around a point is fibrosis.
    fn is_fibrotic(&self, point: Point3<f64>) -> bool {
        let (mut told, mut fibrotic) = (0, 0);
        for direction in directions() {
            for mm in AROUND {
                let Some(voxel) = self.voxel(point + direction * mm) else { continue };
                let label = self.classified.patterns.labels().at(voxel);
                told += usize::from(label > 0);
                fibrotic += usize::from(label == 3 || label == 4);
            }
        }
        told >= 13 && fibrotic as f64 >= FIBROTIC * told as f64
    }

    fn is_near_pleura(&self, point: Point3<f64>) -> bool {
        let deep = |voxel| self.depth.at(voxel);
        self.voxel(point).is_some_and(|voxel| (1..=NEAR).contains(&deep(voxel)))
    }
}

/// The corners, edges and faces of a cube, as directions.
fn directions() -> impl Iterator<Item = Vector3<f64>> {
    (0..27).filter(|n| *n != 13).map(|n| {
        let along = |n: i32| f64::from(n % 3 - 1);
        Vector3::new(along(n), along(n / 3), along(n / 9)).normalize()
    })
}

/// The length of one bronchus that counts.
fn pulled(bronchus: &Bronchus, place: &Place<'_>) -> f64 {
    let points = &bronchus.centreline;
    let inside: Vec<bool> = points.iter().map(|point| place.is_fibrotic(*point)).collect();
    let step = |n: usize| (points[n] - points[n - 1]).norm();
    let lengths = (1..points.len()).filter(|n| inside[*n] && inside[n - 1]);
    let within: f64 = lengths.clone().map(step).sum();
    if within >= LONG && !tapers(&bronchus.diameters, &inside) {
        return within;
    }
    lengths.filter(|n| place.is_near_pleura(points[*n])).map(step).sum()
}

/// Whether the last third of what lies in fibrosis is narrower than the first.
fn tapers(diameters: &[f64], inside: &[bool]) -> bool {
    let within: Vec<f64> =
        diameters.iter().zip(inside).filter(|(_, inside)| **inside).map(|(d, _)| *d).collect();
    let third = (within.len() / 3).max(1);
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len().max(1) as f64;
    if within.len() < 3 {
        return true;
    }
    mean(&within[within.len() - third..]) < WIDE * mean(&within[..third])
}
