//! The course of each branch: middles of its fronts, with their calibre.

use nalgebra::Vector3;

use super::front::Shell;
use super::grow::{Grown, median};

/// Fronts on either side over which middles are averaged, and calibres compared.
const SMOOTH: usize = 1;
const NEAR: usize = 4;
/// What is farther from the middle than so many radii and mm is not of the branch.
const ASTRAY: [f64; 2] = [1.5, 1.0];
/// The same for bumps: what leads out of a hole is shed, the edge of a lumen is not.
const BUMP: [f64; 2] = [1.05, 0.2];

/// Middles of the fronts of a branch in mm along the axes of the lattice, and radii in mm.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    pub(crate) middles: Vec<Vector3<f64>>,
    pub(crate) radii: Vec<f64>,
}

/// How voxels of the list are places in mm.
pub(crate) struct Places {
    pub(crate) shape: [usize; 3],
    pub(crate) spacing: [f64; 3],
}

impl Places {
    /// Place of a voxel in mm.
    pub(crate) fn of(&self, place: u32) -> Vector3<f64> {
        let [_, rows, columns] = self.shape;
        let n = place as usize;
        let voxel = [n / columns / rows, n / columns % rows, n % columns];
        Vector3::from([0, 1, 2].map(|axis| voxel[axis] as f64 * self.spacing[axis]))
    }

    fn middle(&self, shell: &Shell) -> Vector3<f64> {
        let sum: Vector3<f64> = shell.iter().map(|(place, _)| self.of(*place)).sum();
        sum / shell.len().max(1) as f64
    }
}

impl Course {
    /// The course of a branch.
    pub(crate) fn of(branch: &Grown, places: &Places, area: impl Fn(&Shell) -> f64) -> Self {
        let middles: Vec<_> = branch.shells.iter().map(|shell| places.middle(shell)).collect();
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
        }
    }

    /// The voxels of a branch that lie as near to its middle as its calibre allows.
    pub(crate) fn sound(&self, branch: &Grown, places: &Places, depth: f64) -> Vec<u32> {
        let room = |[radii, mm]: [f64; 2], n: usize| radii * self.radii[n] + mm + 0.5 * depth;
        let mut sound = Vec::new();
        for (n, shell) in branch.shells.iter().enumerate() {
            let near = |(place, _): &&(u32, f32)| {
                (places.of(*place) - self.middles[n]).norm() <= room(ASTRAY, n)
            };
            sound.extend(shell.iter().filter(near).map(|(place, _)| *place));
        }
        let near = |place: &&u32| {
            let place = places.of(**place);
            let mut all = (0..self.middles.len()).rev();
            all.any(|n| (place - self.middles[n]).norm() <= room(BUMP, n))
        };
        sound.extend(branch.others.iter().filter(near));
        sound
    }
}
