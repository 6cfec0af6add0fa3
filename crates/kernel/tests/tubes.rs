//! Tubes and sheets: the same answer in every direction, and none where there is no such thing.

mod support;

use hilum_core::{Grid, Mask, Volume};
use hilum_kernel::{
    Polarity, SheetOptions, TubeMeasure, TubeMiddle, TubeOptions, par, recursive_gaussian, sheets,
    tubes,
};
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};
use support::{rough, rough_mask};

fn grid() -> Grid {
    let turn = Rotation3::from_euler_angles(0.3, -0.2, 0.5);
    let axes = turn.matrix() * Matrix3::from_diagonal(&Vector3::new(1.3, 0.9, 0.7));
    Grid::new([41, 61, 79], Point3::new(-31.0, 12.5, 7.25), axes).expect("turned axes are sound")
}

const MIDDLE: [usize; 3] = [20, 30, 39];

/// Directions that follow no pattern.
fn direction(n: usize) -> Vector3<f64> {
    let angle = |m: usize| 7.0 * rough([n, m, 0]);
    Rotation3::from_euler_angles(angle(0), angle(1), angle(2)) * Vector3::x()
}

/// A density that depends on the vector from the middle of the grid in mm.
fn field(value: impl Fn(Vector3<f64>) -> f64 + Sync + Send) -> Volume<f32> {
    let grid = grid();
    let middle = grid.centre(MIDDLE);
    par::map_voxels(&grid, |voxel| value(grid.centre(voxel) - middle) as f32)
}

fn bell(distance_square: f64, width: f64) -> f64 {
    (-0.5 * distance_square / (width * width)).exp()
}

/// A tube of Gaussian profile through the middle.
fn tube(along: Vector3<f64>, width: f64, height: f64) -> Volume<f32> {
    field(|x| height * bell(x.cross(&along).norm_squared(), width) - 900.0)
}

/// A sheet of Gaussian profile through the middle.
fn sheet(normal: Vector3<f64>, width: f64, height: f64) -> Volume<f32> {
    field(|x| height * bell(x.dot(&normal).powi(2), width) - 900.0)
}

const FRANGI: TubeMeasure = TubeMeasure::Frangi { alpha: 0.5, beta: 0.5, gamma: 50.0 };
const JERMAN: TubeMeasure = TubeMeasure::Jerman { floor: 50.0 };
const SCALES: [f64; 4] = [1.0, 1.5, 2.2, 3.3];

#[test]
fn tubes_answer_alike_in_every_direction_and_tell_it() {
    for (measure, expected) in [
        (JERMAN, 1.0),
        // a = b = 400/4 at the scale of the tube, c = 0.
        (FRANGI, (1.0 - (-2.0_f64).exp()) * (1.0 - (-4.0_f64).exp())),
    ] {
        let options = TubeOptions { measure, directions: true, ..TubeOptions::default() };
        for n in 0..8 {
            let along = direction(n);
            let found = tubes(&tube(along, 1.5, 400.0), &SCALES, None, &options);
            let strength = f64::from(found.strength.at(MIDDLE));
            assert!((strength - expected).abs() < 4e-3, "{measure:?} {n}: {strength}");
            let told = Vector3::from(found.direction.unwrap().at(MIDDLE)).map(f64::from);
            assert!(told.dot(&along).abs() > 0.9999, "{n}: {told} for {along}");
        }
    }
}

#[test]
fn the_scale_of_a_tube_is_its_width() {
    let options = TubeOptions { measure: FRANGI, ..TubeOptions::default() };
    for (number, width) in SCALES.into_iter().enumerate() {
        let found = tubes(&tube(direction(number), width, 300.0), &SCALES, None, &options);
        assert_eq!(usize::from(found.scale.at(MIDDLE)), number, "width {width} mm");
    }
}

#[test]
fn dark_tubes_in_bright_surroundings_are_the_mirror_image() {
    let bright = tube(direction(3), 1.5, 300.0);
    let dark = bright.map(|value| -value);
    for measure in [JERMAN, FRANGI] {
        let options = TubeOptions { measure, ..TubeOptions::default() };
        let expected = tubes(&bright, &SCALES, None, &options);
        let found =
            tubes(&dark, &SCALES, None, &TubeOptions { polarity: Polarity::Dark, ..options });
        assert_eq!(found, expected);
        let none = tubes(&dark, &SCALES, None, &options);
        assert_eq!(none.strength.at(MIDDLE), 0.0);
    }
}

#[test]
fn a_plate_is_no_tube_and_a_tube_is_no_plate() {
    for n in 0..5 {
        let plate = sheet(direction(n), 1.2, 400.0);
        for measure in [JERMAN, FRANGI] {
            let options = TubeOptions { measure, ..TubeOptions::default() };
            let strength = tubes(&plate, &SCALES, None, &options).strength.at(MIDDLE);
            assert!(strength < 0.01, "{measure:?} {n}: {strength}");
        }
        let options = SheetOptions::default();
        let strength = sheets(&tube(direction(n), 1.2, 400.0), &SCALES, None, &options).strength;
        assert!(strength.at(MIDDLE) < 0.02, "{n}: {}", strength.at(MIDDLE));
    }
}

#[test]
fn sheets_answer_alike_in_every_direction_and_tell_their_normal() {
    let options = SheetOptions { directions: true, ..SheetOptions::default() };
    let (width, sigma) = (1.2_f64, 1.7_f64);
    // Curvature of the blurred sheet times sigma².
    let a = 150.0 * width * sigma * sigma / (width * width + sigma * sigma).powf(1.5);
    let expected = a * a / (a * a + 400.0);
    for n in 0..8 {
        let normal = direction(n);
        let found = sheets(&sheet(normal, width, 150.0), &[sigma], None, &options);
        let strength = f64::from(found.strength.at(MIDDLE));
        assert!((strength - expected).abs() < 4e-3, "{n}: {strength} for {expected}");
        let told = Vector3::from(found.direction.unwrap().at(MIDDLE)).map(f64::from);
        assert!(told.dot(&normal).abs() > 0.9999, "{n}: {told} for {normal}");
    }
}

#[test]
fn a_branching_point_stays_a_tube_for_jerman() {
    let [a, b] = [direction(1), direction(2)];
    let cross = field(|x| {
        let distance = x.cross(&a).norm_squared().min(x.cross(&b).norm_squared());
        400.0 * bell(distance, 1.5) - 900.0
    });
    let found = tubes(&cross, &SCALES, None, &TubeOptions::default());
    assert!(found.strength.at(MIDDLE) > 0.95, "{}", found.strength.at(MIDDLE));
}

#[test]
fn the_floor_keeps_noise_out() {
    let noise = par::map_voxels(&grid(), |voxel| (rough(voxel) * 60.0) as f32);
    let noise = recursive_gaussian(&noise, 0.8, [0; 3]);
    let strongest = |floor| {
        let measure = TubeMeasure::Jerman { floor };
        let options = TubeOptions { measure, ..TubeOptions::default() };
        let found = tubes(&noise, &SCALES, None, &options);
        found.strength.as_slice().iter().copied().fold(0.0, f32::max)
    };
    assert!(strongest(1.0) == 1.0, "{}", strongest(1.0));
    // The curvature of the noise reaches some 9: (9/50)² · 27/8 is 0.11.
    assert!(strongest(50.0) < 0.15, "{}", strongest(50.0));
}

#[test]
fn middles_of_tubes_lie_on_the_axis_and_tell_the_direction() {
    for n in 0..4 {
        let along = direction(n);
        let bright = tube(along, 1.5, 400.0);
        let dark = bright.map(|value| -value);
        for (volume, polarity) in [(bright, Polarity::Bright), (dark, Polarity::Dark)] {
            let options =
                TubeOptions { polarity, least: 0.5, middles: true, ..TubeOptions::default() };
            let found = tubes(&volume, &SCALES, None, &options).middles;
            let centre = volume.grid().centre(MIDDLE);
            let mut covered = vec![false; 41];
            // Where the tube leaves the grid its border is repeated, and nothing is promised.
            let near =
                |middle: &&TubeMiddle| (volume.grid().centre(middle.voxel) - centre).norm() < 14.0;
            for middle in found.iter().filter(near) {
                let x = volume.grid().centre(middle.voxel) - centre;
                assert!(x.cross(&along).norm() < 0.9, "{n}: {:?} is off the axis", middle.voxel);
                let told = Vector3::from(middle.direction).map(f64::from);
                assert!(told.dot(&along).abs() > 0.998, "{n}: {told} for {along}");
                covered[(x.dot(&along) + 20.5) as usize] = true;
            }
            // Every millimetre of the axis near the middle of the grid has one.
            assert!(covered[10..31].iter().all(|part| *part), "{n}: {covered:?}");
            assert!(found.is_sorted_by_key(|middle| middle.voxel));
        }
    }
}

#[test]
fn answers_from_the_least_strength_on_are_the_same_and_others_none() {
    let volume = tube(direction(6), 1.2, 170.0);
    for measure in [JERMAN, FRANGI] {
        let options = TubeOptions { measure, directions: true, ..TubeOptions::default() };
        let all = tubes(&volume, &SCALES, None, &options);
        let some = tubes(&volume, &SCALES, None, &TubeOptions { least: 0.3, ..options });
        let (all_along, along) = (all.direction.unwrap(), some.direction.unwrap());
        let (mut weak, mut strong) = (0, 0);
        for (n, strength) in all.strength.as_slice().iter().enumerate() {
            if *strength >= 0.3 {
                strong += 1;
                assert_eq!(some.strength.as_slice()[n], *strength);
                assert_eq!(some.scale.as_slice()[n], all.scale.as_slice()[n]);
                assert_eq!(along.as_slice()[n], all_along.as_slice()[n]);
            } else {
                weak += u32::from(*strength > 0.0);
                assert_eq!(some.strength.as_slice()[n], 0.0);
            }
        }
        assert!(weak > 100 && strong > 100, "{weak} weak, {strong} strong");
    }
}

#[test]
fn only_voxels_of_the_mask_answer_and_as_without_it() {
    let volume = tube(direction(5), 1.5, 300.0);
    let sparse = rough_mask(volume.grid(), 0.2);
    let mask =
        Mask::from_fn(volume.grid(), |voxel| voxel[0] > 11 && voxel[2] < 50 && sparse.at(voxel));
    for options in
        [TubeOptions::default(), TubeOptions { measure: FRANGI, ..TubeOptions::default() }]
    {
        let all = tubes(&volume, &SCALES, None, &options).strength;
        let some = tubes(&volume, &SCALES, Some(&mask), &options).strength;
        assert!(some.as_slice().iter().any(|strength| *strength > 0.5));
        for ((found, all), inside) in
            some.as_slice().iter().zip(all.as_slice()).zip(mask.as_slice())
        {
            let expected = if *inside { *all } else { 0.0 };
            assert!((found - expected).abs() < 2e-3, "{found} for {expected}");
        }
    }
}
