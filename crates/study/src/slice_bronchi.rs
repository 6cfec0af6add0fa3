//! Large bronchi on a single slice, where no airway can be followed.

use std::f64::consts::PI;

use hilum_core::{Ct, Hu, Lung, Mask, Region, Volume};
use hilum_kernel::{Components, Connectivity, dilate, par};

/// A lumen is blacker.
const LUMEN: Hu = Hu(-900);
/// Area of the black in cm²: from a lobar bronchus to a wide main bronchus.
const AREA: [f64; 2] = [0.2, 5.0];
/// Least share that the black fills of the ellipse with its moments: round or oval, no cleft and no lace.
const FULL: f64 = 0.75;
/// The hilum is within so many mm of the middle between both lungs, from side to side.
const HILUM: f64 = 50.0;
/// Wall, vessel or mediastinum is denser, and met within so many mm of the black.
const WALL: (Hu, f64) = (Hu(-400), 6.0);
/// Directions that are looked into, and the share of them that meet a wall. A hole that emphysema made
/// has lung around it.
const DIRECTIONS: usize = 48;
const WALLED: f64 = 0.65;
/// What is left out around the black, in mm: the lumen up to its wall.
const RIM: f64 = 3.0;

/// Black, round and walled, near the middle: the lumen of main and lobar bronchi.
pub(crate) fn bronchi(ct: &Ct, lungs: &Volume<u8>) -> Mask {
    let black = par::zip(ct.hu(), lungs, |hu, lung| *hu < LUMEN && *lung > 0);
    let holes = Components::by_slice(&black, Connectivity::Faces);
    let mut sums = vec![Moments::default(); holes.count()];
    let columns = ct.grid().shape()[2];
    for (n, hole) in holes.labels().as_slice().iter().enumerate().filter(|(_, hole)| **hole > 0) {
        sums[*hole as usize - 1].add((n / columns) as f64, (n % columns) as f64);
    }
    let Some(middle) = middle(lungs) else { return Volume::filled(ct.grid(), false) };
    let [_, height, width] = ct.grid().spacing();
    let lumen: Vec<bool> = (0..holes.count())
        .map(|hole| {
            let of = &sums[hole];
            let area = of.count * height * width / 100.0;
            (AREA[0]..=AREA[1]).contains(&area)
                && (of.centre()[1] - middle).abs() * width <= HILUM
                && of.count >= FULL * of.ellipse()
                && walled(ct, &holes, hole as u32 + 1, of.centre()) >= WALLED
        })
        .collect();
    dilate(&holes.mask(|hole| lumen[hole as usize - 1]), RIM)
}

/// Sums over the pixels of a hole.
#[derive(Clone, Default)]
struct Moments {
    count: f64,
    first: [f64; 2],
    second: [f64; 3],
}

impl Moments {
    fn add(&mut self, j: f64, i: f64) {
        self.count += 1.0;
        self.first = [self.first[0] + j, self.first[1] + i];
        self.second = [self.second[0] + j * j, self.second[1] + j * i, self.second[2] + i * i];
    }

    fn centre(&self) -> [f64; 2] {
        self.first.map(|sum| sum / self.count)
    }

    /// Pixels of the ellipse with the same second moments.
    fn ellipse(&self) -> f64 {
        let [j, i] = self.centre();
        let [jj, ji, ii] = self.second.map(|sum| sum / self.count);
        let determinant = (jj - j * j) * (ii - i * i) - (ji - j * i).powi(2);
        4.0 * PI * determinant.max(0.0).sqrt()
    }
}

/// Share of the directions from the centre of a hole in which a wall is met beyond it.
fn walled(ct: &Ct, holes: &Components, hole: u32, centre: [f64; 2]) -> f64 {
    let [_, rows, columns] = ct.grid().shape();
    let [_, height, width] = ct.grid().spacing();
    let step = height.min(width) / 2.0;
    let meets = |direction: &usize| {
        let (sin, cos) = (2.0 * PI * *direction as f64 / DIRECTIONS as f64).sin_cos();
        let mut beyond = 0.0;
        for n in 0..rows + columns {
            let j = (centre[0] + n as f64 * step * sin / height).round();
            let i = (centre[1] + n as f64 * step * cos / width).round();
            if j < 0.0 || i < 0.0 || j >= rows as f64 || i >= columns as f64 || beyond > WALL.1 {
                return false;
            }
            let voxel = [0, j as usize, i as usize];
            if ct.hu().at(voxel) > WALL.0 {
                return true;
            }
            beyond = if holes.at(voxel) == hole { 0.0 } else { beyond + step };
        }
        false
    };
    (0..DIRECTIONS).filter(meets).count() as f64 / DIRECTIONS as f64
}

/// The column half-way between both lungs.
fn middle(lungs: &Volume<u8>) -> Option<f64> {
    let columns = lungs.grid().shape()[2];
    let of = |side: Lung| {
        let labels = lungs.as_slice().iter().enumerate();
        let own = labels.filter(|(_, label)| **label == side.label());
        let (count, sum) = own.fold((0, 0), |(count, sum), (n, _)| (count + 1, sum + n % columns));
        (count > 0).then(|| sum as f64 / f64::from(count))
    };
    Some(of(Lung::Right)?.midpoint(of(Lung::Left)?))
}

#[cfg(test)]
mod tests {
    use hilum_core::Grid;

    use super::*;

    /// Two lungs of -850 HU with a mediastinum between them, and in the right lung a black disc of 6 mm radius
    /// inside a wall of so many mm.
    fn found(wall: f64, column: f64) -> u64 {
        let grid = Grid::axial([1, 200, 300], [1.0; 3]).expect("a sound grid");
        let lungs = Volume::from_fn(&grid, |[_, j, i]| match i {
            _ if !(20..180).contains(&j) => 0,
            20..=129 => Lung::Right.label(),
            171..=280 => Lung::Left.label(),
            _ => 0,
        });
        let hu = Volume::from_fn(&grid, |[_, j, i]| {
            let away = (j as f64 - 100.0).hypot(i as f64 - column);
            let lung = lungs.at([0, j, i]) > 0;
            Hu(if away <= 6.0 {
                -980
            } else if away <= 6.0 + wall || !lung {
                40
            } else {
                -850
            })
        });
        bronchi(&Ct::new(hu), &lungs).count()
    }

    #[test]
    fn a_walled_hole_at_the_hilum_is_a_bronchus_and_another_hole_is_not() {
        // The disc and a rim of 3 mm.
        let area = PI * 81.0;
        assert!((found(3.0, 115.0) as f64 / area - 1.0).abs() < 0.05);
        assert_eq!(found(0.0, 115.0), 0, "no wall");
        assert_eq!(found(3.0, 60.0), 0, "far from the hilum");
    }
}
