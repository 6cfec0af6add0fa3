//! Networks that look at the voxel beside: they tell axes and directions apart.

use hilum_core::{Grid, Volume};
use nalgebra::{Point3, Vector3};

use crate::images::{LEVELS, description, grids, inner, label, margin, ramp, ramped, rough, run};
use crate::onnx::{Attribute, Graph, classify, free};

/// Gives a voxel the label of another, `distance` times `offset` voxels on, each -1, 0 or 1; beyond
/// the patch lies 0.
fn neighbour(dimensions: usize, offset: [isize; 3], distance: usize) -> Vec<u8> {
    let mut kernel = vec![0.0; 3_usize.pow(dimensions as u32)];
    let place = offset[3 - dimensions..].iter().fold(0, |place, n| 3 * place + (n + 1));
    kernel[place as usize] = 1.0;
    let mut shape = vec![1, 1];
    shape.extend(std::iter::repeat_n(3, dimensions));
    let pads = vec![distance; 2 * dimensions];
    let dilations = vec![distance; dimensions];
    let graph = Graph::new(&free(dimensions)).weights("kernel", &shape, &kernel).node(
        "Conv",
        &["x", "kernel"],
        "beside",
        &[("pads", Attribute::Wholes(&pads)), ("dilations", Attribute::Wholes(&dilations))],
    );
    classify(graph, "beside", dimensions, &LEVELS).file("y")
}

/// One step of the network's grid in the patient, mm, where it keeps the spacing of the CT.
fn step(grid: &Grid, [k, j, i]: [isize; 3]) -> Vector3<f64> {
    let [x, y, z] = grid.nearest_axes().map(|(axis, _)| grid.spacing()[axis]);
    Vector3::new(i as f64 * x, j as f64 * y, k as f64 * z)
}

/// Slices, rows and columns of the network's grid, likewise.
fn whole(grid: &Grid) -> [usize; 3] {
    let [x, y, z] = grid.nearest_axes().map(|(axis, _)| grid.shape()[axis]);
    [z, y, x]
}

/// The voxel whose centre is at a point, if there is one.
fn voxel_at(grid: &Grid, point: Point3<f64>) -> Option<[usize; 3]> {
    let place = grid.position(point).map(f64::round);
    let inside = (0..3).all(|n| place[n] >= 0.0 && place[n] < grid.shape()[n] as f64);
    inside.then(|| place.map(|n| n as usize))
}

/// Towards the head, the back, the left; to the front and left; to the feet, back and right.
const OFFSETS: [[isize; 3]; 5] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, -1, 1], [-1, 1, -1]];

#[test]
fn a_network_sees_slices_to_the_head_rows_to_the_back_and_columns_to_the_left() {
    let [upright, exchanged, _] = grids();
    for grid in [upright, exchanged] {
        let ct = rough(&grid);
        for offset in OFFSETS {
            let step = step(&grid, offset);
            let expected = Volume::from_fn(&grid, |voxel| {
                let beside = voxel_at(&grid, grid.centre(voxel) + step);
                beside.map_or(0, |voxel| label(f64::from(ct.hu().at(voxel).0)))
            });
            let [slices, rows, columns] = whole(&grid);
            for (patch, dimensions) in [([slices, rows, columns], 3), ([1, rows, columns], 2)] {
                if dimensions == 3 || offset[0] == 0 {
                    let network = neighbour(dimensions, offset, 1);
                    let labels = run(&network, &description(patch, ""), &ct).unwrap();
                    assert_eq!(labels, expected, "{offset:?} in {dimensions} dimensions");
                }
            }
        }
    }
}

#[test]
fn directions_hold_on_an_oblique_grid() {
    let [.., oblique] = grids();
    let ct = ramped(&oblique);
    // Half a voxel of the network's grid, whose steps are the CT's to a twentieth; three such
    // differences; rounding.
    let steps = 8.0 * 3.0 + 14.0 * 1.5 + 12.0 * 2.0;
    let most = steps * (1.05 / 2.0 + 3.0 * 0.05) + 1.0;
    let well_inside = |point| {
        let place = oblique.position(point);
        (0..3).all(|n| place[n] > 1.0 && place[n] < oblique.shape()[n] as f64 - 2.0)
    };
    for offset in OFFSETS {
        let step = 3.0 * step(&oblique, offset);
        let network = neighbour(3, offset, 3);
        let labels = run(&network, &description([40, 60, 50], ""), &ct).unwrap();
        let mut told_apart = 0;
        for voxel in inner(&oblique, 2) {
            let here = oblique.centre(voxel);
            let hu = ramp(&oblique, here + step);
            if well_inside(here + step) && margin(hu) > most {
                assert_eq!(labels.at(voxel), label(hu), "{offset:?} from {voxel:?}: {hu} HU");
                told_apart += usize::from(label(hu) != label(ramp(&oblique, here - step)));
            }
        }
        assert!(told_apart > 100, "{offset:?}: {told_apart}");
    }
}
