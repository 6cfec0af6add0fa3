//! Measures of the anatomy itself: volumes of lobes, areas of fissures.

use hilum_kernel::par;
use nalgebra::Vector3;

use crate::fissure::rank;
use crate::lattice::STEP;
use crate::model::Model;
use crate::parts::Part;

/// Points per cell and axis where surfaces pass.
const FINE: usize = 6;

impl Model {
    /// Volumes of the lobes in mm³, from points on a fine lattice where surfaces pass.
    pub(crate) fn lobe_volumes(&self) -> [f64; 5] {
        let slices = self.part(Part::Lungs).extent.shape[2] - 1;
        let mut total = [0u64; 5];
        for counts in par::collect(slices, |z| self.points_of_slice(z)) {
            for (total, count) in total.iter_mut().zip(counts) {
                *total += count;
            }
        }
        let edge = STEP / FINE as f64;
        total.map(|count| count as f64 * edge * edge * edge)
    }

    /// Number of fine points in each lobe between two slices of the lattice.
    fn points_of_slice(&self, z: usize) -> [u64; 5] {
        let lungs = self.part(Part::Lungs);
        let [columns, rows, _] = lungs.extent.shape;
        let mut counts = [0u64; 5];
        for n in 0..(columns - 1) * (rows - 1) {
            let corner = [n % (columns - 1), n / (columns - 1), z];
            let cell = [0, 1, 2].map(|axis| corner[axis] + lungs.extent.first[axis]);
            let [low, high] = lungs.range(cell);
            if low >= 0.0 {
                continue;
            }
            let corner = lungs.extent.place(corner);
            if high < 0.0 && !self.between_lobes(cell) {
                counts[rank(self.lobe(corner))] += (FINE * FINE * FINE) as u64;
                continue;
            }
            for m in 0..FINE * FINE * FINE {
                let t = [m % FINE, m / FINE % FINE, m / FINE / FINE];
                let t = t.map(|t| (t as f64 + 0.5) / FINE as f64);
                if lungs.within(cell, t.map(|t| t as f32)) < 0.0 {
                    counts[rank(self.lobe(corner + Vector3::from(t) * STEP))] += 1;
                }
            }
        }
        counts
    }

    /// Says whether a fissure passes through a cell, or the plane between the sides.
    fn between_lobes(&self, cell: [usize; 3]) -> bool {
        [&self.oblique, &self.horizontal].iter().any(|fissure| {
            let [low, high] = fissure.range(cell);
            low <= 0.0 && high >= 0.0
        })
    }

    /// Where incomplete fissures end, so that the wanted shares of their areas are there:
    /// right oblique, right horizontal, left oblique.
    pub(crate) fn fissure_limits(&self, shares: [f64; 3]) -> [f64; 3] {
        let mut presence = self.presences();
        [0, 1, 2].map(|n| {
            presence[n].sort_by(f64::total_cmp);
            let absent = (presence[n].len() as f64 * (1.0 - shares[n])).round() as usize;
            match presence[n].get(absent) {
                _ if absent == 0 => f64::NEG_INFINITY,
                Some(limit) => *limit,
                None => f64::INFINITY,
            }
        })
    }

    /// [`Model::presence`] at the points of the lattice beside each fissure.
    fn presences(&self) -> [Vec<f64>; 3] {
        let mut presence = [const { Vec::new() }; 3];
        let extent = self.oblique.extent;
        let [columns, rows, slices] = extent.shape;
        for n in 0..columns * rows * slices {
            let p = extent.place([n % columns, n / columns % rows, n / columns / rows]);
            let (oblique, horizontal) = (self.oblique.at(p), self.horizontal.at(p));
            let beside_horizontal = self.right(p) && oblique > 0.0 && horizontal.abs() < 1.5;
            let beside_oblique = oblique.abs() < 1.5;
            if !(beside_oblique || beside_horizontal) || self.part(Part::Lungs).at(p) >= 0.0 {
                continue;
            }
            if beside_oblique {
                presence[if self.right(p) { 0 } else { 2 }].push(self.presence(p));
            }
            if beside_horizontal {
                presence[1].push(self.presence(p));
            }
        }
        presence
    }
}
