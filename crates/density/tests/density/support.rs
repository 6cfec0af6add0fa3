//! Small lungs for the tests.

use hilum_core::{Grid, Hu, Lungs, Partition, Site, Third, Volume};
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};

/// Anisotropic and oblique, of odd shape.
pub(crate) fn oblique(shape: [usize; 3]) -> Grid {
    let turn = Rotation3::from_euler_angles(0.2, -0.1, 0.4).into_inner();
    let axes = turn * Matrix3::from_diagonal(&Vector3::new(2.5, 0.9, 0.7));
    Grid::new(shape, Point3::new(-120.0, 40.0, -300.0), axes).unwrap()
}

pub(crate) const BOTH: Site = Site::Whole(Lungs::Both);
pub(crate) const RIGHT: Site = Site::Whole(Lungs::Right);
pub(crate) const LEFT: Site = Site::Whole(Lungs::Left);

/// Right lung parts 1 and 2 (upper, lower), left lung 3 and 4; 5 to 8 are the vessels in them.
pub(crate) fn sites() -> Vec<(Site, Vec<u8>)> {
    let third = |lungs, third| Site::Third(lungs, third);
    vec![
        (BOTH, (1..=8).collect()),
        (RIGHT, vec![1, 2, 5, 6]),
        (LEFT, vec![3, 4, 7, 8]),
        (third(Lungs::Right, Third::Upper), vec![1, 5]),
        (third(Lungs::Right, Third::Lower), vec![2, 6]),
        (third(Lungs::Left, Third::Upper), vec![3, 7]),
        (third(Lungs::Left, Third::Lower), vec![4, 8]),
    ]
}

pub(crate) fn partition(parts: Volume<u8>) -> Partition {
    Partition::new(parts, sites(), vec![5, 6, 7, 8])
}

/// Every voxel is right lung, without vessels.
pub(crate) fn one_lung(grid: &Grid) -> Partition {
    partition(Volume::filled(grid, 1))
}

/// Noise of the same numbers on every machine.
pub(crate) struct Noise(u64);

impl Noise {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Box and Muller.
    pub(crate) fn gaussian(&mut self, mean: f64, sd: f64) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        mean + sd * radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

/// Parts 0 to 8 and densities, mixed voxel by voxel.
pub(crate) fn mixed(grid: &Grid) -> (Volume<Hu>, Volume<u8>) {
    let mut noise = Noise::new(3);
    let parts = Volume::from_fn(grid, |_| (noise.uniform() * 9.0) as u8);
    let hu = Volume::from_fn(grid, |_| Hu(noise.gaussian(-860.0, 110.0).round() as i16));
    (hu, parts)
}
