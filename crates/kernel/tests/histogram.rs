//! Counts by part against counting voxel by voxel.

mod support;

use std::collections::BTreeMap;

use hilum_core::{Grid, Hu, Volume};
use hilum_kernel::{HuCounts, part_histograms};
use support::{anisotropic, oblique, rough, voxels};

/// Parts in runs of all lengths, with gaps.
fn parts(grid: &Grid) -> Volume<u8> {
    Volume::from_fn(grid, |[k, j, i]| match (rough([k, j, i / 23]) * 6.0) as u8 {
        0 => (rough([j, k, i]) * 9.0) as u8,
        1 => 200,
        2 => 3,
        _ => 0,
    })
}

fn counted(counts: &HuCounts) -> BTreeMap<i16, u64> {
    counts.iter().filter(|(_, count)| *count > 0).map(|(hu, count)| (hu.0, count)).collect()
}

#[test]
fn each_part_has_its_own_counts() {
    for grid in [oblique(), anisotropic([11, 70, 513]), anisotropic([1, 1, 1])] {
        let hu = Volume::from_fn(&grid, |[k, j, i]| {
            Hu((rough([i, j, k]).powi(3) * 65535.0 - 32768.0).round() as i16)
        });
        let parts = parts(&grid);
        let mut expected: BTreeMap<u8, BTreeMap<i16, u64>> = BTreeMap::new();
        for voxel in voxels(&grid).filter(|voxel| parts.at(*voxel) > 0) {
            *expected.entry(parts.at(voxel)).or_default().entry(hu.at(voxel).0).or_default() += 1;
        }
        let found = part_histograms(&hu, &parts);
        for part in 1..=u8::MAX {
            let found = found.get(part as usize).map(counted).unwrap_or_default();
            assert_eq!(found, expected.remove(&part).unwrap_or_default(), "part {part}");
        }
    }
}

#[test]
fn the_extremes_are_counted() {
    let grid = Grid::axial([1, 1, 3], [1.0; 3]).unwrap();
    let hu = Volume::from_vec(grid.clone(), vec![Hu(i16::MIN), Hu(i16::MAX), Hu(0)]).unwrap();
    let counts = &part_histograms(&hu, &Volume::filled(&grid, 255))[255];
    assert_eq!((counts.first(), counts.counts().len(), counts.total()), (Hu(i16::MIN), 65536, 3));
}

#[test]
fn a_region_of_two_parts_has_the_sum_of_their_counts() {
    let grid = Grid::axial([1, 2, 3], [1.0; 3]).unwrap();
    let hu = [-900, -850, 40, -900, 50, -1000].map(Hu).to_vec();
    let hu = Volume::from_vec(grid.clone(), hu).unwrap();
    let parts = Volume::from_vec(grid.clone(), vec![1, 1, 2, 2, 2, 0]).unwrap();
    let apart = part_histograms(&hu, &parts);
    let together = part_histograms(&hu, &parts.map(|part| u8::from(*part > 0)));
    for (a, b) in [(1, 2), (2, 1)] {
        let mut sum = apart[a].clone();
        sum.add(&apart[b]);
        assert_eq!(sum, together[1]);
    }
    assert_eq!(apart[0], HuCounts::default());
}

#[test]
fn no_parts_have_no_counts() {
    let grid = oblique();
    let none = part_histograms(&Volume::filled(&grid, Hu(1)), &Volume::filled(&grid, 0));
    assert_eq!(none, []);
}
