//! Ways of least cost against closed forms and against relaxing until nothing changes.

mod support;

use hilum_core::{Grid, Mask, Volume};
use hilum_kernel::{geodesic, minimal_path, nearest_seed};
use support::{anisotropic, oblique, rough, voxels};

/// All neighbours of a voxel with the length of the step in mm.
fn neighbours(grid: &Grid, voxel: [usize; 3]) -> Vec<([usize; 3], f64)> {
    let shape = grid.shape();
    let all = (0..27_usize).map(|n| [n / 9, n / 3 % 3, n % 3]);
    all.filter_map(|step| {
        let next: Vec<usize> = (0..3).filter_map(|a| (voxel[a] + step[a]).checked_sub(1)).collect();
        let next: [usize; 3] = next.try_into().ok()?;
        let there = (0..3).all(|a| next[a] < shape[a]) && next != voxel;
        there.then(|| (next, (grid.centre(next) - grid.centre(voxel)).norm()))
    })
    .collect()
}

fn step_cost(cost: &Volume<f32>, a: [usize; 3], b: [usize; 3], length: f64) -> f64 {
    length * 0.5 * (f64::from(cost.at(a)) + f64::from(cost.at(b)))
}

/// Sweeps over all voxels until no way gets shorter.
fn relaxed(cost: &Volume<f32>, seeds: &Mask) -> Volume<f64> {
    let mut least = seeds.map(|seed| if *seed { 0.0 } else { f64::INFINITY });
    loop {
        let mut changed = false;
        for voxel in voxels(cost.grid()) {
            for (next, length) in neighbours(cost.grid(), voxel) {
                let reached = least.at(next) + step_cost(cost, voxel, next, length);
                if reached < least.at(voxel) {
                    least.voxels_mut()[voxel] = reached;
                    changed = true;
                }
            }
        }
        if !changed {
            return least;
        }
    }
}

fn close_to(found: f32, expected: f64) -> bool {
    f64::from(found) == expected || (f64::from(found) - expected).abs() < 1e-5 * (1.0 + expected)
}

#[test]
fn costs_are_the_least_there_are() {
    let grid = oblique();
    let cost = Volume::from_fn(&grid, |voxel| match rough(voxel) {
        wall if wall > 0.75 => f32::INFINITY,
        zero if zero < 0.05 => 0.0,
        share => (share * 5.0) as f32,
    });
    let seeds =
        Mask::from_fn(&grid, |v| cost.at(v).is_finite() && rough([v[2], v[0], v[1]]) < 0.01);
    assert!(seeds.count() > 3);
    let (found, expected) = (geodesic(&cost, &seeds), relaxed(&cost, &seeds));
    for voxel in voxels(&grid) {
        assert!(close_to(found.at(voxel), expected.at(voxel)), "{voxel:?}");
    }
}

#[test]
fn each_voxel_has_the_number_of_a_seed_from_which_the_way_is_least() {
    let grid = oblique();
    let cost = Volume::from_fn(&grid, |voxel| match rough(voxel) {
        wall if wall > 0.85 => f32::INFINITY,
        share => (0.1 + share * 5.0) as f32,
    });
    let seeds = Volume::from_fn(&grid, |v| match rough([v[2], v[0], v[1]]) {
        few if few < 0.01 => 1 + (v[0] + v[1]) as u8 % 3,
        _ => 0,
    });
    let found = nearest_seed(&cost, &seeds);
    let ways = [1, 2, 3].map(|number| geodesic(&cost, &seeds.map(|seed| *seed == number)));
    assert!(ways.iter().all(|way| way.as_slice().contains(&0.0)));
    for voxel in voxels(&grid) {
        let reached = ways.each_ref().map(|way| way.at(voxel));
        let least = reached.iter().copied().fold(f32::INFINITY, f32::min);
        match found.at(voxel) {
            0 => assert_eq!(least, f32::INFINITY, "{voxel:?}"),
            number => assert_eq!(reached[number as usize - 1], least, "{voxel:?}"),
        }
    }
}

#[test]
fn along_an_axis_the_cost_is_the_distance() {
    let grid = anisotropic([5, 21, 31]);
    let cost = Volume::filled(&grid, 1.0);
    let seeds = Mask::from_fn(&grid, |voxel| voxel == [2, 10, 15]);
    let found = geodesic(&cost, &seeds);
    for (voxel, mm) in [([0, 10, 15], 5.0), ([2, 0, 15], 9.0), ([2, 10, 30], 10.5)] {
        assert!(close_to(found.at(voxel), mm));
    }
    // Ten diagonal steps in the slice, then five along i.
    let diagonal = 10.0 * (0.9_f64 * 0.9 + 0.7 * 0.7).sqrt() + 5.0 * 0.7;
    assert!(close_to(found.at([2, 20, 30]), diagonal));
}

#[test]
fn walls_are_not_crossed() {
    let grid = anisotropic([3, 5, 7]);
    for wall in [f32::INFINITY, f32::NAN, -1.0] {
        let cost = Volume::from_fn(&grid, |[_, _, i]| if i == 3 { wall } else { 1.0 });
        let seeds = Mask::from_fn(&grid, |[_, _, i]| i == 0 || i == 3);
        let found = geodesic(&cost, &seeds);
        for voxel in voxels(&grid) {
            assert_eq!(found.at(voxel).is_finite(), voxel[2] < 3);
        }
        assert_eq!(minimal_path(&cost, [0, 0, 0], [2, 4, 6]), None);
        assert_eq!(minimal_path(&cost, [0, 0, 3], [0, 0, 3]), None);
    }
}

#[test]
fn a_path_costs_what_the_geodesic_says() {
    let grid = oblique();
    let cost = Volume::from_fn(&grid, |voxel| (rough(voxel) * 5.0) as f32 + 0.01);
    let (from, to) = ([0, 1, 2], [8, 11, 15]);
    let path = minimal_path(&cost, from, to).unwrap();
    assert_eq!((path[0], path[path.len() - 1]), (from, to));
    let mut sum = 0.0;
    for pair in path.windows(2) {
        let steps = neighbours(&grid, pair[0]);
        let (_, length) = steps.iter().find(|(next, _)| *next == pair[1]).expect("one step on");
        sum += step_cost(&cost, pair[0], pair[1], *length);
    }
    let reached = geodesic(&cost, &Mask::from_fn(&grid, |voxel| voxel == from));
    assert!(close_to(reached.at(to), sum));
    assert_eq!(minimal_path(&cost, from, from), Some(vec![from]));
}
