//! Chests that are not as they should be.

use hilum_core::{Ct, Hu, LabelMap, Lung, Mask, Region, Volume};
use hilum_kernel::par;
use hilum_phantom::{Chest, Scan};
use hilum_segment::{Options, thorax};
use nalgebra::Point3;

use crate::support::{
    Patient, dice, grid, has, is_lung, millilitres, overlap, patient, rendered, repainted,
    segmented,
};

#[test]
fn a_lung_that_was_taken_out_leaves_one() {
    let Patient { ct, truth, .. } = patient();
    for (gone, left) in [(Lung::Left, Lung::Right), (Lung::Right, Lung::Left)] {
        let lungs = truth.lungs.labels();
        let ct =
            repainted(ct, |voxel, hu| if lungs.at(voxel) == gone.label() { Hu(20) } else { hu });
        let thorax = segmented(&ct);
        assert!(has(&thorax.quality, "lung_missing"), "{:?}", thorax.quality);
        assert_eq!(thorax.lungs.count(gone), 0);
        assert!(overlap(thorax.lungs.labels(), lungs, left) > 0.98);
    }
}

#[test]
fn lungs_that_touch_are_parted_where_they_touch() {
    let Patient { ct, truth, .. } = patient();
    let lungs = truth.lungs.labels();
    // The mediastinum in front of the heart's upper part becomes a window of lung, with a thin
    // junction line in its middle.
    let middle = ct.grid().position(Point3::new(0.0, -45.0, 40.0)).map(|n| n as usize);
    let span = |n: usize, centre: usize, reach: usize| n.abs_diff(centre) <= reach;
    let ct = repainted(ct, |[k, j, i], hu| {
        let bridge = span(k, middle[0], 5) && span(j, middle[1], 4) && span(i, middle[2], 30);
        match hu {
            Hu(n) if bridge && n > -500 => Hu(if i == middle[2] { -450 } else { -850 }),
            hu => hu,
        }
    });
    let thorax = segmented(&ct);
    assert!(has(&thorax.quality, "lungs_fused"), "{:?}", thorax.quality);
    for lung in [Lung::Right, Lung::Left] {
        assert!(overlap(thorax.lungs.labels(), lungs, lung) > 0.97);
    }
    let found = thorax.lungs.labels();
    let stray = (0..middle[2] - 8).chain(middle[2] + 8..found.grid().shape()[2]);
    for i in stray {
        let wrong = if i < middle[2] { Lung::Left } else { Lung::Right };
        assert_ne!(found.at([middle[0], middle[1], i]), wrong.label(), "column {i}");
    }
}

#[test]
fn a_stack_that_ends_in_the_lung_says_so() {
    let Patient { ct, .. } = patient();
    let slices = ct.grid().shape()[0];
    let cut = ct.hu().voxels().slice_move(ndarray::s![slices / 2.., .., ..]).to_owned();
    let lower = ct.grid().window([(slices / 2) as f64, 0.0, 0.0], cut.dim().into());
    let thorax = segmented(&Ct::new(Volume::new(lower, cut).unwrap()));
    let row = thorax.quality.iter().find(|row| row.code == "lung_cut_by_stack").unwrap();
    assert!(row.message.contains("lowest slice"), "{}", row.message);
    assert!(!row.message.contains("highest"), "{}", row.message);
}

#[test]
fn a_field_of_view_that_cuts_the_lung_says_so_and_loses_only_what_it_cuts() {
    let scan = Scan { field_of_view: Some(250.0), ..Scan::default() };
    let (ct, truth, thorax) = rendered(&Chest { scan, ..Chest::default() }, &grid());
    assert!(has(&thorax.quality, "lung_cut_by_field"), "{:?}", thorax.quality);
    let seen =
        par::zip(truth.lungs.labels(), ct.hu(), |label, hu| is_lung(label) && ct.is_measured(*hu));
    let found = dice(thorax.lungs.labels(), is_lung, &seen, |seen| *seen);
    assert!(found > 0.97, "Dice {found:.4} with the lung that is seen");
}

#[test]
fn a_whole_chest_raises_no_warning() {
    let warnings: Vec<_> = patient()
        .thorax
        .quality
        .iter()
        .filter(|row| row.severity > hilum_core::Severity::Info)
        .collect();
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn a_mass_inside_stays_in_the_lung_and_with_a_large_ball_a_nodule_at_the_ribs_does() {
    let Patient { ct, truth, .. } = patient();
    let lungs = truth.lungs.labels();
    let right = par::map(lungs, |label| *label == Lung::Right.label());
    let core = hilum_kernel::erode(&right, 30.0);
    let deep = first(&core);
    let edge = outermost(&right, deep[0]);
    for (centre, radius, closing, least) in [(deep, 20.0, 8.0, 0.99), (edge, 7.0, 20.0, 0.6)] {
        let seed = ball_at(ct.grid(), centre, radius);
        let nodule = par::zip(&seed, &right, |seed, right| *seed && *right);
        let with = repainted(ct, |voxel, hu| if nodule.at(voxel) { Hu(40) } else { hu });
        let options = Options { closing_radius: closing, ..Options::default() };
        let found = thorax(&with, &options).unwrap();
        let kept = nodule.as_slice().iter().zip(found.lungs.labels().as_slice());
        let kept = kept.filter(|(nodule, label)| **nodule && is_lung(label)).count();
        let share = kept as f64 / nodule.count() as f64;
        println!("kept {share:.3} of a nodule of {radius} mm, closing {closing} mm");
        assert!(share >= least, "{share:.3} of a nodule of {radius} mm at {centre:?}");
    }
}

fn first(mask: &Mask) -> [usize; 3] {
    let [_, rows, columns] = mask.grid().shape();
    let inside: Vec<usize> =
        mask.as_slice().iter().enumerate().filter(|(_, inside)| **inside).map(|(n, _)| n).collect();
    let n = inside[inside.len() / 2];
    [n / columns / rows, n / columns % rows, n % columns]
}

/// The voxel of the right lung's slice `k` that lies farthest to the right: at the ribs.
fn outermost(right: &Mask, k: usize) -> [usize; 3] {
    let [_, rows, columns] = right.grid().shape();
    let slice = (0..columns).flat_map(|i| (0..rows).map(move |j| [k, j, i]));
    slice.into_iter().find(|voxel| right.at(*voxel)).expect("the slice shows the right lung")
}

fn ball_at(grid: &hilum_core::Grid, centre: [usize; 3], radius: f64) -> Mask {
    let middle = grid.centre(centre);
    par::map_voxels(grid, |voxel| (grid.centre(voxel) - middle).norm() <= radius)
}

/// The part of the right lung that `is_sick` chooses, by its patient point, gets the number `hu`.
/// Shares of it in the aerated and in the anatomical map, and Dice of either map.
fn diseased(hu: i16, is_sick: impl Fn(Point3<f64>) -> bool + Sync + Send) -> [[f64; 2]; 2] {
    let Patient { ct, truth, .. } = patient();
    let lungs = truth.lungs.labels();
    let sick = par::map_voxels(ct.grid(), |voxel| {
        lungs.at(voxel) == Lung::Right.label() && is_sick(ct.grid().centre(voxel))
    });
    let ct = repainted(ct, |voxel, number| if sick.at(voxel) { Hu(hu) } else { number });
    let thorax = segmented(&ct);
    let share = |labels: &LabelMap<Lung>| {
        let inside = sick.as_slice().iter().zip(labels.labels().as_slice());
        inside.filter(|(sick, label)| **sick && is_lung(label)).count() as f64 / sick.count() as f64
    };
    let maps = [&thorax.lungs, &thorax.anatomical];
    let found = maps.map(|map| [share(map), overlap(map.labels(), lungs, Lung::Right)]);
    println!("{hu} HU: share and Dice aerated {:.3?}, anatomical {:.3?}", found[0], found[1]);
    found
}

#[test]
fn hazy_lung_is_in_the_anatomical_map() {
    let [[aerated, _], [anatomical, dice]] = diseased(-330, |p| p.z < -40.0 && p.y > 45.0);
    assert!(aerated < 0.4, "{aerated:.3} of the haze is aerated lung");
    assert!(anatomical > 0.9, "{anatomical:.3} of the haze is in the anatomical map");
    assert!(dice > 0.97, "Dice {dice:.4}");
}

#[test]
fn the_mirror_image_of_the_other_lung_finds_solid_lung_that_leaves_less_than_half() {
    let [[aerated, before], [anatomical, after]] = diseased(45, |p| p.z < 10.0);
    assert!(aerated < 0.1 && anatomical > 0.5, "{anatomical:.3} against {aerated:.3} aerated");
    assert!(after > before + 0.15, "Dice {after:.4} against {before:.4}");
}

#[test]
fn without_dense_lung_both_maps_are_the_same() {
    let found =
        thorax(&patient().ct, &Options { dense_lung: false, ..Options::default() }).unwrap();
    assert_eq!(found.lungs, found.anatomical);
    assert!(millilitres(found.lungs.labels()) > 4000.0);
}
