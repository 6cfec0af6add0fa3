//! Components and holes against a plain flood.

mod support;

use hilum_core::{Mask, Volume};
use hilum_kernel::{Components, Connectivity, fill_holes, fill_holes_by_slice};
use support::{anisotropic, rough_mask, voxels};

const ALL: [Connectivity; 3] = [Connectivity::Faces, Connectivity::Edges, Connectivity::Corners];

/// Labels by flooding from each unlabelled voxel in scan order.
fn flood(mask: &Mask, connectivity: Connectivity, by_slice: bool) -> Volume<u32> {
    let reach = match connectivity {
        Connectivity::Faces => 1,
        Connectivity::Edges => 2,
        Connectivity::Corners => 3,
    };
    // Within a slice, edges and corners are the same thing.
    let shape = mask.grid().shape().map(|n| n as isize);
    let mut labels = Volume::filled(mask.grid(), 0);
    let mut count = 0;
    for seed in voxels(mask.grid()) {
        if !mask.at(seed) || labels.at(seed) > 0 {
            continue;
        }
        count += 1;
        let mut open = vec![seed];
        labels.voxels_mut()[seed] = count;
        while let Some(voxel) = open.pop() {
            for n in 0..27_isize {
                let step = [n / 9 - 1, n / 3 % 3 - 1, n % 3 - 1];
                if step.iter().map(|s| s.abs()).sum::<isize>() > reach || by_slice && step[0] != 0 {
                    continue;
                }
                let next = [0, 1, 2].map(|a| voxel[a] as isize + step[a]);
                if (0..3).any(|a| next[a] < 0 || next[a] >= shape[a]) {
                    continue;
                }
                let next = next.map(|n| n as usize);
                if mask.at(next) && labels.at(next) == 0 {
                    labels.voxels_mut()[next] = count;
                    open.push(next);
                }
            }
        }
    }
    labels
}

#[test]
fn components_are_those_of_a_flood() {
    for shape in [[37, 11, 70], [1, 13, 131], [70, 5, 3], [5, 1, 65]] {
        for share in [0.15, 0.3, 0.5, 0.8] {
            let mask = rough_mask(&anisotropic(shape), share);
            for connectivity in ALL {
                let flooded = flood(&mask, connectivity, false);
                assert_eq!(Components::new(&mask, connectivity).labels(), flooded);
                let flooded = flood(&mask, connectivity, true);
                assert_eq!(Components::by_slice(&mask, connectivity).labels(), flooded);
            }
        }
    }
}

#[test]
fn sizes_boxes_and_places_are_those_of_the_labels() {
    let mask = rough_mask(&anisotropic([21, 9, 67]), 0.25);
    let components = Components::new(&mask, Connectivity::Edges);
    let labels = components.labels();
    let mut sizes = vec![0; components.count()];
    for voxel in voxels(mask.grid()) {
        assert_eq!(components.at(voxel), labels.at(voxel));
        if let Some(n) = (labels.at(voxel) as usize).checked_sub(1) {
            sizes[n] += 1;
            assert!((0..3).all(|axis| components.boxes()[n][axis].contains(&voxel[axis])));
        }
    }
    assert_eq!(components.sizes(), sizes);
    for (n, sides) in components.boxes().iter().enumerate() {
        let one = components.mask(|number| number as usize == n + 1);
        assert_eq!(one.count(), sizes[n]);
        for axis in 0..3 {
            for end in [sides[axis].start, sides[axis].end - 1] {
                assert!(voxels(mask.grid()).any(|v| one.at(v) && v[axis] == end), "a tight box");
            }
        }
    }
    let largest = components.largest().unwrap() as usize;
    assert_eq!(sizes[largest - 1], *sizes.iter().max().unwrap());
}

#[test]
fn an_empty_mask_has_no_components() {
    let components =
        Components::new(&Mask::filled(&anisotropic([3, 4, 5]), false), Connectivity::Faces);
    assert_eq!((components.count(), components.largest()), (0, None));
}

#[test]
fn a_shell_is_filled_and_a_tube_is_not() {
    let grid = anisotropic([9, 11, 13]);
    let on_shell = |[k, j, i]: [usize; 3]| {
        let inner = (2..7).contains(&k) && (2..9).contains(&j) && (2..11).contains(&i);
        (1..8).contains(&k) && (1..10).contains(&j) && (1..12).contains(&i) && !inner
    };
    let shell = Mask::from_fn(&grid, on_shell);
    let solid = Mask::from_fn(&grid, |[k, j, i]| {
        (1..8).contains(&k) && (1..10).contains(&j) && (1..12).contains(&i)
    });
    assert_eq!(fill_holes(&shell), solid);
    // A tube along k: open in space, closed in every slice.
    let wall = |[_, j, i]: [usize; 3]| {
        (j == 3 || j == 7) && (3..8).contains(&i) || (i == 3 || i == 7) && (3..8).contains(&j)
    };
    let tube = Mask::from_fn(&grid, wall);
    assert_eq!(fill_holes(&tube), tube);
    let filled = Mask::from_fn(&grid, |[_, j, i]| (3..8).contains(&j) && (3..8).contains(&i));
    assert_eq!(fill_holes_by_slice(&tube), filled);
}

#[test]
fn holes_leak_over_faces_only() {
    // A hole that meets the outside at an edge is still a hole.
    let grid = anisotropic([1, 5, 5]);
    let ring = Mask::from_fn(&grid, |[_, j, i]| {
        (1..4).contains(&j) && (1..4).contains(&i) && [j, i] != [2, 2] && [j, i] != [1, 1]
    });
    let mut filled = ring.clone();
    filled.voxels_mut()[[0, 2, 2]] = true;
    assert_eq!(fill_holes_by_slice(&ring), filled);
}
