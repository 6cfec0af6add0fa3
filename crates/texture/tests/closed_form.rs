//! Features whose values follow from a line of arithmetic.

use hilum_core::{Grid, Mask, Volume};
use hilum_kernel::par;
use hilum_texture::{
    Dimensions, Discretisation, Error, Family, Feature, Options, Processing, Roi, features,
};

fn grid(shape: [usize; 3]) -> Grid {
    Grid::axial(shape, [3.0, 2.0, 1.0]).expect("a sound grid")
}

fn all(roi: &Roi) -> Vec<Feature> {
    features(roi, &Options::default()).expect("a sound setting")
}

fn roi(shape: [usize; 3], level: impl FnMut([usize; 3]) -> f32) -> Roi {
    let grid = grid(shape);
    Roi::new(Volume::from_fn(&grid, level), Mask::filled(&grid, true)).expect("one grid")
}

fn value(found: &[Feature], tag: &str) -> f64 {
    let feature = found.iter().find(|feature| feature.tag() == tag).expect("a known tag");
    feature.value.unwrap_or_else(|| panic!("{tag}: {:?}", feature.reason))
}

fn assert_near(found: f64, wanted: f64, what: &str) {
    assert!((found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "{what}: {found} for {wanted}");
}

/// Levels that no symmetry maps onto themselves.
fn rough([k, j, i]: [usize; 3]) -> f32 {
    ((k * 7 + j * 13 + i * 5 + (k * j) % 3 + (j * i * i) % 5) % 6 + 1) as f32
}

#[test]
fn every_family_gives_its_features_in_every_aggregation() {
    let found = all(&roi([3, 4, 5], rough));
    let count = |family| found.iter().filter(|feature| feature.family == family).count();
    let wanted = [27, 2, 18, 23, 7, 6 * 25, 6 * 16, 3 * 16, 3 * 16, 3 * 5, 3 * 17];
    for (family, wanted) in Family::ALL.into_iter().zip(wanted) {
        assert_eq!(count(family), wanted, "{family:?}");
    }
    let mut tags: Vec<String> = found.iter().map(Feature::tag).collect();
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), found.len(), "tags are unique");
    assert!(found.iter().all(|f| f.definition.code.len() == 4));
    assert!(found.iter().all(|f| f.definition.symbol.starts_with("F_")));
    assert!(found.iter().all(|f| f.value.is_some() != f.reason.is_some()));
}

#[test]
fn a_checkerboard_has_two_levels_that_always_differ_along_faces() {
    let found = all(&roi([1, 6, 6], |[_, j, i]| ((j + i) % 2 + 1) as f32));
    // Faces differ by 1, diagonals agree: two directions each.
    assert_near(value(&found, "cm_contrast_2D_avg"), 0.5, "contrast");
    assert_near(value(&found, "cm_joint_avg_2D_avg"), 1.5, "joint average");
    // Runs along faces are of length 1: 36 for 36 voxels; along diagonals 11 for 36.
    assert_near(value(&found, "rlm_r_perc_2D_avg"), (2.0 + 2.0 * 11.0 / 36.0) / 4.0, "runs");
    // By corners, each colour is one zone.
    assert_near(value(&found, "szm_zs_var_2D"), 0.0, "zone size variance");
    assert_near(value(&found, "szm_lze_2D"), 18.0 * 18.0, "large zones");
    assert_near(value(&found, "stat_mean"), 1.5, "mean");
    assert_near(value(&found, "ih_entropy"), 1.0, "entropy");
}

#[test]
fn a_ramp_differs_by_one_step() {
    let found = all(&roi([1, 1, 6], |[_, _, i]| (i + 1) as f32));
    // Only one of four directions has pairs.
    assert_near(value(&found, "cm_contrast_2D_avg"), 1.0, "contrast");
    assert_near(value(&found, "cm_dissimilarity_2D_avg"), 1.0, "dissimilarity");
    assert_near(value(&found, "ih_uniformity"), 1.0 / 6.0, "uniformity");
    assert_near(value(&found, "stat_var"), 35.0 / 12.0, "variance");
    assert_near(value(&found, "rlm_sre_3D_avg"), 1.0, "short runs");
    assert_near(value(&found, "ngl_lde_2D"), 1.0, "no neighbour depends");
}

#[test]
fn one_voxel_is_an_octahedron() {
    let shape = [1, 1, 1];
    let found = all(&roi(shape, |_| 4.0));
    // Half axes 1.5, 1 and 0.5 mm.
    assert_near(value(&found, "morph_volume"), 4.0 / 3.0 * 1.5 * 1.0 * 0.5, "volume");
    assert_near(value(&found, "morph_vol_approx"), 6.0, "voxels");
    assert_near(value(&found, "morph_diam"), 3.0, "diameter");
    let face =
        0.5 * ((1.5_f64 * 1.0).powi(2) + (1.0_f64 * 0.5).powi(2) + (1.5_f64 * 0.5).powi(2)).sqrt();
    assert_near(value(&found, "morph_area_mesh"), 8.0 * face, "area");
    assert_near(value(&found, "morph_vol_dens_conv_hull"), 1.0, "hull");
    assert_near(value(&found, "loc_peak_glob"), 4.0, "peak");
}

#[test]
fn a_box_nearly_fills_its_own() {
    let found = all(&roi([10, 20, 30], rough));
    let (volume, box_volume) = (value(&found, "morph_volume"), 30.0 * 40.0 * 30.0);
    assert!(volume < box_volume && volume > 0.98 * box_volume, "{volume} of {box_volume}");
    assert_near(value(&found, "morph_vol_dens_conv_hull"), 1.0, "a box is convex");
    assert_near(value(&found, "morph_area_dens_conv_hull"), 1.0, "a box is convex");
}

#[test]
fn flips_and_permutations_change_nothing() {
    let cubes = |order: [usize; 3], flip: bool| {
        let grid = Grid::axial([4, 4, 4], [2.0; 3]).expect("a sound grid");
        let place = |at: [usize; 3]| {
            let at = order.map(|axis| at[axis]);
            if flip { at.map(|n| 3 - n) } else { at }
        };
        let mask = Mask::from_fn(&grid, |at| {
            let [k, j, i] = place(at);
            (k * 5 + j * 3 + i * 7) % 4 != 0
        });
        let image = Volume::from_fn(&grid, |at| rough(place(at)));
        let options = Options {
            dimensions: Dimensions { by_slice: false, in_volume: true },
            ..Options::default()
        };
        features(&Roi::new(image, mask).expect("one grid"), &options).expect("a sound setting")
    };
    let plain = cubes([0, 1, 2], false);
    for order in [[0, 1, 2], [1, 2, 0], [2, 1, 0]] {
        for flip in [false, true] {
            for (a, b) in plain.iter().zip(cubes(order, flip)) {
                // The smallest ellipsoid is found by steps that stop early.
                if a.tag().ends_with("mvee") {
                    continue;
                }
                match (a.value, b.value) {
                    (Some(a_value), Some(b_value)) => assert!(
                        (a_value - b_value).abs() <= 1e-7 * a_value.abs().max(1.0),
                        "{} {order:?} {flip}: {a_value} and {b_value}",
                        a.tag()
                    ),
                    (a_value, b_value) => assert_eq!(a_value, b_value, "{}", a.tag()),
                }
            }
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let region = roi([6, 9, 11], rough);
    let one = par::on_threads(1, || all(&region));
    for threads in [2, 3] {
        assert_eq!(par::on_threads(threads, || all(&region)), one, "{threads} threads");
    }
}

#[test]
fn poor_regions_give_reasons_and_no_odd_numbers() {
    let shape = [3, 4, 5];
    let grid = grid(shape);
    let image = Volume::from_fn(&grid, rough);
    let empty = Roi::new(image.clone(), Mask::filled(&grid, false)).expect("one grid");
    assert!(all(&empty).iter().all(|feature| feature.value.is_none() && feature.reason.is_some()));
    let one =
        Roi::new(image.clone(), Mask::from_fn(&grid, |at| at == [1, 2, 3])).expect("one grid");
    let constant = roi(shape, |_| 3.0);
    let full = Roi::new(image, Mask::filled(&grid, true)).expect("one grid");
    let out = Options {
        processing: Processing { range: Some([100.0, 200.0]), ..Processing::default() },
        ..Options::default()
    };
    let out = features(&full, &out).expect("a sound setting");
    assert!(out.iter().all(|f| f.value.is_none() || f.family == Family::Morphology));
    for found in [all(&one), all(&constant), out] {
        assert!(found.iter().all(|f| f.value.is_none_or(f64::is_finite)));
        assert!(found.iter().all(|f| f.value.is_some() != f.reason.is_some()));
        let skew = found.iter().find(|f| f.tag() == "stat_skew").expect("a known tag");
        assert!(skew.value.is_none(), "nothing leans where nothing varies");
    }
}

#[test]
fn what_means_nothing_is_refused() {
    let grid = grid([2, 2, 2]);
    for odd in [f32::NAN, f32::INFINITY] {
        let image = Volume::from_fn(&grid, |at| if at == [1, 0, 1] { odd } else { 1.0 });
        let refused = Roi::new(image, Mask::filled(&grid, true));
        assert!(matches!(refused, Err(Error::NotFinite { voxel: [1, 0, 1], .. })));
    }
    let region = roi([2, 2, 2], |_| 1.0);
    for processing in [
        Processing { range: Some([5.0, 1.0]), ..Processing::default() },
        Processing { outliers: Some(f64::NAN), ..Processing::default() },
        Processing { levels: Discretisation::BinSize(0.0), ..Processing::default() },
        Processing { levels: Discretisation::BinNumber(0), ..Processing::default() },
    ] {
        let options = Options { processing, ..Options::default() };
        assert!(matches!(features(&region, &options), Err(Error::Setting { .. })));
    }
}
