//! The course of each branch: middles of its fronts, with their calibre.

use std::ops::Range;

use nalgebra::{Matrix3, SymmetricEigen, Vector3};

use super::front::Shell;
use super::grow::{Grown, median};

/// Fronts on either side over which middles are averaged, and calibres compared.
const SMOOTH: usize = 1;
const NEAR: usize = 4;
/// A front whose spread along its longer axis exceeds that along the other by this factor of
/// variances is no cross-section: it stands where the lumen divides, or is cut by the image.
const ROUND: f64 = 2.0;
/// Fronts with fewer voxels have no shape.
const SHAPED: usize = 6;
/// Share of the median area that the first fronts of the trachea must have.
const FULL: f64 = 0.75;
/// Fronts within so many diameters of an end may be left out.
const ENDS: f64 = 1.5;

/// Middles of the fronts of a branch in mm along the axes of the lattice, and radii in mm.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    pub(crate) middles: Vec<Vector3<f64>>,
    pub(crate) radii: Vec<f64>,
    /// Fronts whose middles lie on the axis: those at a division are left out.
    pub(crate) axis: Range<usize>,
}

/// How voxels of the list are places in mm.
pub(crate) struct Places {
    pub(crate) shape: [usize; 3],
    pub(crate) spacing: [f64; 3],
    /// Depth of a shell in mm.
    pub(crate) depth: f64,
}

impl Places {
    /// Place of a voxel in mm.
    pub(crate) fn of(&self, place: u32) -> Vector3<f64> {
        let [_, rows, columns] = self.shape;
        let n = place as usize;
        let voxel = [n / columns / rows, n / columns % rows, n % columns];
        Vector3::from([0, 1, 2].map(|axis| voxel[axis] as f64 * self.spacing[axis]))
    }

    /// Mean place of the voxels of a front in mm.
    pub(crate) fn middle(&self, shell: &Shell) -> Vector3<f64> {
        let sum: Vector3<f64> = shell.iter().map(|(place, _)| self.of(*place)).sum();
        sum / shell.len().max(1) as f64
    }

    /// Whether a front is as wide as it is high.
    fn is_round(&self, shell: &Shell) -> bool {
        if shell.len() < SHAPED {
            return true;
        }
        let middle = self.middle(shell);
        let away = shell.iter().map(|(place, _)| self.of(*place) - middle);
        let spread: Matrix3<f64> = away.map(|away| away * away.transpose()).sum();
        let mut along: [f64; 3] = SymmetricEigen::new(spread).eigenvalues.into();
        along.sort_by(f64::total_cmp);
        along[2] <= ROUND * along[1]
    }
}

impl Course {
    /// The course of a branch, which may divide at its end.
    pub(crate) fn of(
        branch: &Grown,
        divides: bool,
        places: &Places,
        area: impl Fn(&Shell) -> f64,
    ) -> Self {
        let middles: Vec<_> = branch.shells.iter().map(|shell| places.middle(shell)).collect();
        let axis = axis(branch, divides, places, &area);
        let radius = |shell: &Shell| (area(shell) / std::f64::consts::PI).sqrt();
        let radii: Vec<f64> = branch.shells.iter().map(radius).collect();
        let around = |n: usize, by: usize| n.saturating_sub(by)..(n + by + 1).min(middles.len());
        let mean = |n: usize| {
            let range = around(n, SMOOTH);
            let count = range.len() as f64;
            middles[range].iter().sum::<Vector3<f64>>() / count
        };
        Self {
            middles: (0..middles.len()).map(mean).collect(),
            radii: (0..radii.len()).map(|n| median(radii[around(n, NEAR)].to_vec())).collect(),
            axis,
        }
    }
}

/// The fronts of a branch without those at its ends that are no cross-sections.
fn axis(
    branch: &Grown,
    divides: bool,
    places: &Places,
    area: impl Fn(&Shell) -> f64,
) -> Range<usize> {
    let shells = &branch.shells;
    let usual = median(shells.iter().map(&area).collect());
    let diameter = 2.0 * (usual / std::f64::consts::PI).sqrt();
    let most = ((ENDS * diameter / places.depth).ceil() as usize).min(shells.len() / 2);
    let is_full = |shell: &Shell| area(shell) >= FULL * usual && places.is_round(shell);
    let first = shells.iter().take(most).take_while(|shell| !is_full(shell)).count();
    let last = shells.iter().rev().take(most).take_while(|shell| !places.is_round(shell)).count();
    let start = if branch.parent.is_none() { first } else { 0 };
    start..shells.len() - if divides { last } else { 0 }
}
