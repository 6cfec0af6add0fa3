//! Maps of features against the features of each window by itself.

use hilum_core::{Grid, Mask, Volume};
use hilum_kernel::par;
use hilum_texture::{
    Aggregation, CooccurrenceFeature, Dimensions, Discretisation, Error, Family, Options,
    Processing, Roi, cooccurrence_map, features,
};

fn region(shape: [usize; 3]) -> Roi {
    let grid = Grid::axial(shape, [2.0, 1.0, 1.0]).expect("a sound grid");
    let image = Volume::from_fn(&grid, |[k, j, i]| {
        ((k * 7 + j * 13 + i * 5 + (k * j) % 3 + (j * i * i) % 5) % 6 + 1) as f32
    });
    let mask =
        Mask::from_fn(&grid, |[k, j, i]| !(k + 2 * j + 3 * i).is_multiple_of(7) && i + j > 2 + k);
    Roi::new(image, mask).expect("one grid")
}

/// The feature of the cube about a voxel, by the code for regions.
fn alone(roi: &Roi, at: [usize; 3], radius: usize, feature: CooccurrenceFeature) -> Option<f64> {
    let mask = Mask::from_fn(roi.image().grid(), |voxel| {
        (0..3).all(|n| voxel[n].abs_diff(at[n]) <= radius) && roi.intensity().at(voxel)
    });
    let window = Roi::new(roi.image().clone(), mask).expect("one grid");
    let options = Options {
        families: vec![Family::Cooccurrence],
        dimensions: Dimensions { by_slice: false, in_volume: true },
        ..Options::default()
    };
    let found = features(&window, &options).expect("a sound setting");
    let wanted = |f: &&hilum_texture::Feature| {
        f.aggregation == Aggregation::VolumeAveraged && f.definition == feature.definition()
    };
    found.iter().find(wanted).expect("a known feature").value
}

#[test]
fn a_map_holds_what_each_window_has_by_itself() {
    let roi = region([5, 7, 12]);
    // Those of `N_g` differ: a window by itself has its own greatest level.
    let of_levels = [
        CooccurrenceFeature::NormalisedInverseDifference,
        CooccurrenceFeature::NormalisedInverseDifferenceMoment,
    ];
    let mut compared = 0;
    for radius in [1, 2] {
        for feature in CooccurrenceFeature::ALL.into_iter().filter(|f| !of_levels.contains(f)) {
            let map = cooccurrence_map(&roi, &Processing::default(), radius, feature)
                .expect("a sound setting");
            // Every voxel for one feature of each kind of window, a few for the others.
            let all = matches!(feature, CooccurrenceFeature::Contrast)
                || feature == CooccurrenceFeature::DifferenceEntropy
                || feature == CooccurrenceFeature::JointEntropy;
            let few =
                [[0, 1, 2], [2, 3, 4], [2, 3, 5], [2, 6, 11], [4, 6, 8], [3, 0, 8], [1, 5, 1]];
            let place = |n: usize| [n / 84, n / 12 % 7, n % 12];
            let places = if all { (0..420).map(place).collect() } else { few.to_vec() };
            for at in places {
                let wanted = roi.intensity().at(at).then(|| alone(&roi, at, radius, feature));
                let found = map.defined.at(at).then(|| f64::from(map.values.at(at)));
                match (found, wanted.flatten()) {
                    (Some(found), Some(wanted)) => {
                        let near = 1e-6 * wanted.abs().max(1.0);
                        assert!(
                            (found - wanted).abs() < near,
                            "{feature:?} {at:?} {found} {wanted}"
                        );
                        compared += 1;
                    }
                    (found, wanted) => assert_eq!(found, wanted, "{feature:?} {at:?}"),
                }
            }
        }
    }
    assert!(compared > 1500, "{compared} windows");
}

#[test]
fn constant_and_lone_voxels_have_what_they_have() {
    let grid = Grid::axial([3, 3, 3], [1.0; 3]).expect("a sound grid");
    let image = Volume::filled(&grid, 4.0);
    let full = Roi::new(image.clone(), Mask::filled(&grid, true)).expect("one grid");
    let map = |roi: &Roi, feature| {
        cooccurrence_map(roi, &Processing::default(), 1, feature).expect("a sound setting")
    };
    let contrast = map(&full, CooccurrenceFeature::Contrast);
    assert!(contrast.defined.as_slice().iter().all(|defined| *defined));
    assert!(contrast.values.as_slice().iter().all(|value| *value == 0.0));
    let correlation = map(&full, CooccurrenceFeature::Correlation);
    assert_eq!(correlation.defined.count(), 0, "nothing correlates where nothing varies");
    let lone = Roi::new(image.clone(), Mask::from_fn(&grid, |at| at == [1, 1, 1]));
    assert_eq!(map(&lone.expect("one grid"), CooccurrenceFeature::Contrast).defined.count(), 0);
    let empty = Roi::new(image, Mask::filled(&grid, false)).expect("one grid");
    assert_eq!(map(&empty, CooccurrenceFeature::Contrast).defined.count(), 0);
}

#[test]
fn threads_change_no_bit_and_odd_settings_are_refused() {
    let roi = region([6, 8, 10]);
    let map = || {
        cooccurrence_map(&roi, &Processing::default(), 2, CooccurrenceFeature::JointEntropy)
            .expect("a sound setting")
    };
    let one = par::on_threads(1, map);
    assert_eq!(par::on_threads(3, map), one);
    let bins = Processing { levels: Discretisation::BinSize(1e-4), ..Processing::default() };
    for (processing, radius) in [(Processing::default(), 0), (Processing::default(), 32), (bins, 2)]
    {
        let refused = cooccurrence_map(&roi, &processing, radius, CooccurrenceFeature::Contrast);
        assert!(matches!(refused, Err(Error::Setting { .. })));
    }
}
