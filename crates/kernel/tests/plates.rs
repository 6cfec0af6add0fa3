//! Plates by three discs: an answer on plates only, and more of it in noise than from curvatures.

mod support;

use hilum_core::{Grid, Mask, Volume};
use hilum_kernel::{PlateOptions, Polarity, Response, SheetOptions, gaussian, par, plates, sheets};
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};
use support::{rough, rough_mask};

fn grid(spacing: [f64; 3]) -> Grid {
    let turn = Rotation3::from_euler_angles(0.3, -0.2, 0.5);
    let axes = turn.matrix() * Matrix3::from_diagonal(&Vector3::from(spacing));
    let shape = spacing.map(|step| (40.0 / step) as usize | 1);
    Grid::new(shape, Point3::new(-31.0, 12.5, 7.25), axes).expect("turned axes are sound")
}

const SPACING: [f64; 3] = [1.1, 0.8, 0.7];

fn middle(grid: &Grid) -> [usize; 3] {
    grid.shape().map(|length| length / 2)
}

fn direction(n: usize) -> Vector3<f64> {
    let angle = |m: usize| 7.0 * rough([n, m, 0]);
    Rotation3::from_euler_angles(angle(0), angle(1), angle(2)) * Vector3::x()
}

/// A density that depends on the vector from the middle of the grid in mm.
fn field(grid: &Grid, value: impl Fn(Vector3<f64>) -> f64 + Sync + Send) -> Volume<f32> {
    let centre = grid.centre(middle(grid));
    par::map_voxels(grid, |voxel| value(grid.centre(voxel) - centre) as f32)
}

fn bell(distance_square: f64, width: f64) -> f64 {
    (-0.5 * distance_square / (width * width)).exp()
}

fn at_middle(found: &Response) -> f32 {
    found.strength.at(middle(found.strength.grid()))
}

#[test]
fn plates_answer_in_every_direction_and_tell_their_normal() {
    let options = PlateOptions { directions: true, unevenness: 0.0, ..PlateOptions::default() };
    // A plate of height h and width 1 mm, blurred by 0.8 mm: its middle less what is 2.5 mm away.
    let square = 1.0 + 0.64;
    let ideal = 200.0 / f64::sqrt(square) * (1.0 - (-0.5 * 6.25 / square).exp());
    for spacing in [SPACING, [1.0; 3]] {
        let grid = grid(spacing);
        for n in 0..24 {
            let normal = direction(n);
            let volume = field(&grid, |x| 200.0 * bell(x.dot(&normal).powi(2), 1.0) - 900.0);
            let found = plates(&volume, None, &options);
            let strength = f64::from(at_middle(&found));
            let contrast = 30.0 * strength / (1.0 - strength);
            assert!(contrast > 0.8 * ideal && contrast < 1.1 * ideal, "{n}: {contrast} of {ideal}");
            let told = Vector3::from(found.direction.unwrap().at(middle(&grid))).map(f64::from);
            assert!(
                told.dot(&normal).abs() > 15.0_f64.to_radians().cos(),
                "{n}: {told} for {normal}"
            );
        }
    }
}

#[test]
fn plates_on_thick_slices_still_answer_in_every_direction() {
    let grid = grid([2.5, 0.8, 0.8]);
    for n in 0..12 {
        let normal = direction(n);
        let volume = field(&grid, |x| 200.0 * bell(x.dot(&normal).powi(2), 1.2) - 900.0);
        let found = plates(&volume, None, &PlateOptions::default());
        assert!(at_middle(&found) > 0.6, "{n}: {}", at_middle(&found));
    }
}

#[test]
fn edges_tubes_and_balls_are_no_plates() {
    let grid = grid(SPACING);
    for n in 0..8 {
        let along = direction(n);
        let step = |x: Vector3<f64>| if x.dot(&along) > 0.0 { 800.0 } else { 0.0 };
        let shapes: [(&str, Volume<f32>); 3] = [
            ("edge", field(&grid, step)),
            ("tube", field(&grid, |x| 800.0 * bell(x.cross(&along).norm_squared(), 1.2))),
            ("ball", field(&grid, |x| 800.0 * bell(x.norm_squared(), 1.5))),
        ];
        for (name, volume) in shapes {
            let found = plates(&gaussian(&volume, 0.6), None, &PlateOptions::default());
            let near = |voxel: [usize; 3]| {
                middle(&grid).into_iter().zip(voxel).all(|(a, b)| a.abs_diff(b) < 6)
            };
            let strongest = support::voxels(&grid)
                .filter(|voxel| near(*voxel))
                .map(|voxel| found.strength.at(voxel))
                .fold(0.0, f32::max);
            // A plate of this height has a contrast of more than 500.
            let contrast = 30.0 * strongest / (1.0 - strongest);
            assert!(contrast < 50.0, "{name} {n}: {contrast}");
        }
    }
}

#[test]
fn dark_plates_are_the_mirror_image() {
    let grid = grid(SPACING);
    let bright = field(&grid, |x| 200.0 * bell(x.dot(&direction(1)).powi(2), 1.0));
    let options = PlateOptions { directions: true, ..PlateOptions::default() };
    let dark = PlateOptions { polarity: Polarity::Dark, ..options };
    let mirrored = bright.map(|value| -value);
    assert_eq!(plates(&mirrored, None, &dark), plates(&bright, None, &options));
    assert_eq!(at_middle(&plates(&mirrored, None, &options)), 0.0);
}

/// Share of the voxels on a plate that answer more than all but one in a hundred far from it.
fn found_in_noise(response: &Response, distance: &Volume<f32>) -> f64 {
    let pairs = || response.strength.as_slice().iter().zip(distance.as_slice());
    let mut noise: Vec<f32> = pairs().filter(|(_, d)| **d > 8.0).map(|(s, _)| *s).collect();
    noise.sort_by(f32::total_cmp);
    let limit = noise[noise.len() - noise.len() / 100];
    let on: Vec<f32> = pairs().filter(|(_, d)| **d < 0.3).map(|(s, _)| *s).collect();
    on.iter().filter(|strength| **strength > limit).count() as f64 / on.len() as f64
}

#[test]
fn among_vessels_and_noise_more_of_a_plate_is_found_than_by_curvatures() {
    let grid = grid([1.0, 0.8, 0.8]);
    for (n, height) in [(0, 40.0), (1, 60.0), (2, 80.0), (3, 160.0)] {
        let normal = direction(n);
        let distance = field(&grid, |x| x.dot(&normal).abs());
        let vessels = vessels(&grid, n);
        // Noise of 40 HU, as in a thin-slice CT of the lung.
        let volume = par::map_voxels(&grid, |voxel| {
            let [k, j, i] = voxel;
            let noise: f64 = (0..6).map(|m| rough([k + 100 * m, j, i]) - 0.5).sum();
            let x = f64::from(distance.at(voxel));
            let plate = height * bell(x * x, 0.8);
            (plate.max(vessels.at(voxel).into()) + 40.0 * noise / 0.5_f64.sqrt() - 860.0) as f32
        });
        let all = [0.8, 1.2, 1.7, 2.4].map(|sigma| {
            found_in_noise(&sheets(&volume, &[sigma], None, &SheetOptions::default()), &distance)
        });
        let discs = found_in_noise(&plates(&volume, None, &PlateOptions::default()), &distance);
        let best = all.into_iter().fold(0.0, f64::max);
        assert!(discs > 0.3 && discs > best, "{height} HU: {discs} by discs, {best} by curvatures");
    }
}

/// Straight vessels here and there, of different widths.
fn vessels(grid: &Grid, number: usize) -> Volume<f32> {
    let ways: Vec<_> = (0..12)
        .map(|n| {
            let place = Vector3::from([0, 1, 2].map(|m| 36.0 * (rough([number, n, m + 7]) - 0.5)));
            (place, direction(100 * number + n), 0.7 + 0.8 * rough([number, n, 11]))
        })
        .collect();
    field(grid, |x| {
        let tubes = ways.iter().map(|(place, along, width)| {
            700.0 * bell((x - place).cross(along).norm_squared(), *width)
        });
        tubes.fold(0.0, f64::max)
    })
}

#[test]
fn only_voxels_of_the_mask_answer_and_as_without_it() {
    let grid = grid(SPACING);
    let volume = field(&grid, |x| 200.0 * bell(x.dot(&direction(4)).powi(2), 1.0));
    let sparse = rough_mask(&grid, 0.3);
    let mask = Mask::from_fn(&grid, |voxel| voxel[0] < 30 && voxel[2] > 7 && sparse.at(voxel));
    let all = plates(&volume, None, &PlateOptions::default()).strength;
    let some = plates(&volume, Some(&mask), &PlateOptions::default()).strength;
    assert!(some.as_slice().iter().any(|strength| *strength > 0.7));
    for ((found, all), inside) in some.as_slice().iter().zip(all.as_slice()).zip(mask.as_slice()) {
        let expected = if *inside { *all } else { 0.0 };
        assert!((found - expected).abs() < 2e-3, "{found} for {expected}");
    }
}
