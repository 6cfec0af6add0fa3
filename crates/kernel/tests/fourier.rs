//! Transforms and convolutions against their sums.

mod support;

use std::f64::consts::PI;

use hilum_core::{Grid, Volume};
use hilum_kernel::{Boundary, Complex, Direction, convolve, fourier, fourier_length, par};
use support::{oblique, rough, voxels};

fn complex(grid: &Grid) -> Volume<Complex> {
    Volume::from_fn(grid, |[k, j, i]| Complex::new(rough([k, j, i]), rough([i, k, j])))
}

#[test]
fn a_volume_transforms_as_the_sum_says_and_back() {
    // A prime, a square and a product of small primes.
    let grid = Grid::axial([7, 4, 6], [1.0; 3]).expect("a sound grid");
    let values = complex(&grid);
    let mut found = par::copy(&values);
    fourier(&mut found, &[0, 1, 2], Direction::Forward);
    for frequency in voxels(&grid) {
        let mut sum = Complex::default();
        for voxel in voxels(&grid) {
            let turns: f64 =
                (0..3).map(|n| (voxel[n] * frequency[n]) as f64 / grid.shape()[n] as f64).sum();
            sum += values.at(voxel) * Complex::from_polar(1.0, -2.0 * PI * turns);
        }
        assert!((sum - found.at(frequency)).norm() < 1e-10, "{frequency:?}");
    }
    fourier(&mut found, &[2, 0, 1], Direction::Inverse);
    let pairs = found.as_slice().iter().zip(values.as_slice());
    assert!(pairs.into_iter().all(|(a, b)| (a - b).norm() < 1e-14));
}

#[test]
fn good_lengths_are_products_of_2_3_and_5() {
    let found: Vec<usize> = (0..=17).map(fourier_length).collect();
    assert_eq!(found, [1, 1, 2, 3, 4, 5, 6, 8, 8, 9, 10, 12, 12, 15, 15, 15, 16, 18]);
    assert_eq!(fourier_length(511), 512);
}

#[test]
fn lines_go_on_as_their_boundary_says() {
    let around = |boundary: Boundary| {
        (-7..8).map(|place| boundary.place(place, 3).map_or('.', |n| ['a', 'b', 'c'][n])).collect()
    };
    let wanted = [
        (Boundary::Zero, ".......abc....."),
        (Boundary::Nearest, "aaaaaaaabcccccc"),
        (Boundary::Periodic, "cabcabcabcabcab"),
        (Boundary::Mirror, "aabccbaabccbaab"),
    ];
    for (boundary, wanted) in wanted {
        let found: String = around(boundary);
        assert_eq!(found, wanted, "{boundary:?}");
    }
}

#[test]
fn a_convolution_is_its_sum() {
    // Longer than the lines, even in number, and lopsided.
    let taps: Vec<f64> = (0..20).map(|n| f64::from((n * n) % 7) - 3.0).collect();
    let image = Volume::from_fn(&oblique(), |voxel| rough(voxel) as f32);
    for axis in 0..3 {
        for boundary in [Boundary::Zero, Boundary::Nearest, Boundary::Periodic, Boundary::Mirror] {
            let mut found = par::copy(&image);
            convolve(&mut found, axis, &taps, boundary);
            for voxel in voxels(image.grid()) {
                let mut sum = 0.0;
                for (n, tap) in taps.iter().enumerate() {
                    let place = voxel[axis] as isize + 10 - n as isize;
                    let mut there = voxel;
                    let Some(place) = boundary.place(place, image.grid().shape()[axis]) else {
                        continue;
                    };
                    there[axis] = place;
                    sum += tap * f64::from(image.at(there));
                }
                assert!((f64::from(found.at(voxel)) - sum).abs() < 1e-5, "{voxel:?} {boundary:?}");
            }
        }
    }
}

#[test]
fn threads_change_no_bit_of_a_transform() {
    let spectrum = || {
        let mut values = complex(&oblique());
        fourier(&mut values, &[0, 1, 2], Direction::Forward);
        values
    };
    let one = par::on_threads(1, spectrum);
    for threads in [2, 3, 7] {
        assert_eq!(par::on_threads(threads, spectrum), one, "{threads} threads");
    }
}
