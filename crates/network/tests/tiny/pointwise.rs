//! Networks that look at one voxel at a time: their answer depends on no patch.

use std::sync::Mutex;

use hilum_core::Volume;
use hilum_kernel::par::on_threads;
use hilum_network::Network;

use crate::images::{LEVELS, description, grids, inner, label, margin, ramp, ramped, rough, run};
use crate::onnx::nearest_level;

#[test]
fn every_voxel_gets_its_label_however_the_image_is_cut_and_lies() {
    let [upright, exchanged, _] = grids();
    for grid in [upright, exchanged] {
        let ct = rough(&grid);
        let expected = Volume::from_fn(&grid, |voxel| label(f64::from(ct.hu().at(voxel).0)));
        assert!([0, 1, 2].iter().all(|n| expected.as_slice().contains(n)));
        for (patch, dimensions) in
            [([5, 8, 7], 3), ([1, 8, 7], 2), ([1, 40, 40], 2), ([40, 40, 40], 3), ([3, 40, 2], 3)]
        {
            for overlap in [0.0, 0.5, 0.8] {
                let described = description(patch, &format!(r#", "overlap": {overlap}"#));
                let labels = run(&nearest_level(dimensions, &LEVELS), &described, &ct).unwrap();
                assert_eq!(labels, expected, "{patch:?}, {overlap}");
            }
        }
    }
}

/// The network sees the ramp at a voxel of its own grid, and its label goes to voxels of the CT
/// that are nearest: both centres lie in one voxel of that grid, half of its diagonal apart at most.
#[test]
fn on_any_grid_and_spacing_a_label_is_off_by_half_a_voxel_at_most() {
    for grid in &grids() {
        let ct = ramped(grid);
        for (more, patch, steps) in [
            ("", [7, 9, 8], None),
            (r#", "spacing": [2.9, 2.3, 1.9], "overlap": 0.4"#, [9, 7, 8], Some([2.9, 2.3, 1.9])),
            (r#", "fit": "stretch""#, [1, 61, 53], None),
        ] {
            let dimensions = if patch[0] == 1 { 2 } else { 3 };
            let labels =
                run(&nearest_level(dimensions, &LEVELS), &description(patch, more), &ct).unwrap();
            assert_eq!(labels.grid(), grid);
            let [dz, dy, dx] = steps.unwrap_or([3.0_f64, 2.0, 2.0]).map(|mm| mm * 1.05);
            // Whole numbers of HU, on both sides.
            let most = (8.0 * dz + 14.0 * dy + 12.0 * dx) / 2.0 + 1.0;
            let (mut seen, mut near) = ([0; 3], 0);
            for voxel in inner(grid, 2) {
                let hu = ramp(grid, grid.centre(voxel));
                if margin(hu) > most {
                    assert_eq!(labels.at(voxel), label(hu), "{more}: {voxel:?} is {hu} HU");
                    seen[usize::from(label(hu))] += 1;
                } else {
                    near += 1;
                }
            }
            assert!(seen.iter().all(|n| *n > 300) && near < 2500, "{seen:?}, {near} near");
        }
    }
}

#[test]
fn labels_are_the_same_on_any_number_of_threads_and_progress_rises_to_the_end() {
    let described = description([4, 9, 9], r#", "overlap": 0.6, "spacing": [2, 1.3, 1.7]"#);
    let network = Network::new(&nearest_level(3, &LEVELS), &described).unwrap();
    let ct = rough(&grids()[2]);
    let heard = Mutex::new(Vec::new());
    let labels = |threads| {
        heard.lock().unwrap().clear();
        let hear = |done, of| heard.lock().unwrap().push((done, of));
        on_threads(threads, || network.run(&ct, &hear).unwrap())
    };
    let expected = labels(1);
    for threads in [2, 3, 7, 16] {
        assert_eq!(labels(threads), expected, "{threads} threads");
        let heard = heard.lock().unwrap();
        let of = heard[0].1;
        assert!(of > 100 && heard[0].0 == 0 && heard.last() == Some(&(of, of)));
        assert!(heard.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[1].1 == of));
    }
}

#[test]
fn several_channels_may_share_a_region() {
    let ct = rough(&grids()[0]);
    let described = description([5, 8, 7], "").replace("right_lung", "left_lung");
    let labels = run(&nearest_level(3, &LEVELS), &described, &ct).unwrap();
    let lung = |hu: i16| if label(f64::from(hu)) > 0 { 2 } else { 0 };
    assert_eq!(labels, Volume::from_fn(ct.grid(), |voxel| lung(ct.hu().at(voxel).0)));
}
