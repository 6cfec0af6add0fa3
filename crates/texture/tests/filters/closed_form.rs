//! Responses in closed form: impulses, waves, constants, and what sums to the whole.

use std::f64::consts::PI;

use hilum_core::{Grid, Volume};
use hilum_texture::{
    Boundary, Gabor, GaborResponse, Kernel, LaplacianOfGaussian, Mean, Orientation, Pooling,
    RadialWavelet, Riesz, Wavelet,
};

use crate::support::{assert_near, cubes, gabor, laws, log, octave, odd, rough, through, wavelet};

#[test]
fn the_response_to_an_impulse_is_the_kernel() {
    let grid = Grid::axial([33, 41, 41], [1.5, 1.0, 1.0]).expect("a sound grid");
    let middle = [16, 20, 20];
    let impulse = Volume::from_fn(&grid, |voxel| if voxel == middle { 1.0 } else { 0.0 });
    let sigma = 2.0;
    let found = through(&impulse, Kernel::LaplacianOfGaussian(log(sigma)), Boundary::Zero);
    // Per squared mm, since columns are 1 mm wide; voxels of 1.5 mm³ take their share of the integral.
    let wanted = Volume::from_fn(&grid, |voxel| {
        let squared = (grid.centre(voxel) - grid.centre(middle)).norm_squared() / sigma / sigma;
        let gaussian = (-0.5 * squared).exp() / (2.0 * PI * sigma * sigma).powf(1.5);
        ((squared - 3.0) / sigma / sigma * gaussian * 1.5) as f32
    });
    assert_near(found.as_slice(), wanted.as_slice(), 1e-7, "laplacian of gaussian");

    let waves = gabor(Orientation::Angle(PI / 6.0), GaborResponse::Real);
    let found = through(&impulse, Kernel::Gabor(waves), Boundary::Zero);
    let wanted = Volume::from_fn(&grid, |voxel| {
        let step = grid.centre(voxel) - grid.centre(middle);
        let along = step.x * (PI / 6.0).cos() + step.y * (PI / 6.0).sin();
        let over = 0.8 * (step.y * (PI / 6.0).cos() - step.x * (PI / 6.0).sin());
        let envelope = (-(along * along + over * over) / (2.0 * 1.5 * 1.5)).exp();
        let slice = if step.z.abs() < 0.1 { 1.0 } else { 0.0 };
        (slice * envelope * (2.0 * PI * along / 3.0).cos()) as f32
    });
    assert_near(found.as_slice(), wanted.as_slice(), 5e-6, "gabor");
}

/// Waves that fit the lattice, `[k, j, i]` of them, on voxels of 2 mm by 1 mm by 1 mm.
fn plane_wave(count: [usize; 3], phase: f64) -> Volume<f32> {
    let shape = [16, 20, 24];
    let grid = Grid::axial(shape, [2.0, 1.0, 1.0]).expect("a sound grid");
    Volume::from_fn(&grid, |voxel| {
        let turns = |n: usize| count[n] as f64 * voxel[n] as f64 / shape[n] as f64;
        (100.0 * (2.0 * PI * (turns(0) + turns(1) + turns(2)) + phase).cos()) as f32
    })
}

#[test]
fn plane_waves_keep_their_shape_and_get_the_gain_of_their_frequency() {
    for count in [[2, 3, 1], [0, 0, 4], [1, 4, 0]] {
        // Radians per mm; thick slices turn the wave in space.
        let [z, y, x] = [0, 1, 2].map(|n| 2.0 * PI * count[n] as f64 / [32.0, 20.0, 24.0][n]);
        let norm = (x * x + y * y + z * z).sqrt();
        let image = plane_wave(count, 0.0);
        let share = norm / PI;
        let gain = if (0.25..=1.0).contains(&share) {
            (PI / 2.0 * (2.0 * share).log2()).cos()
        } else {
            0.0
        };
        let kernel = octave(RadialWavelet::Simoncelli, 1, None);
        let found = through(&image, kernel, Boundary::Periodic);
        let wanted = image.map(|value| value * gain as f32);
        assert_near(found.as_slice(), wanted.as_slice(), 1e-4, "simoncelli");

        // -i turns a cosine into a sine: a quarter of a wave back. Of two orders it is turned twice.
        let slope = through(&image, Kernel::Riesz(Riesz { order: [0, 0, 1] }), Boundary::Periodic);
        let quarter = plane_wave(count, -PI / 2.0).map(|value| value * (x / norm) as f32);
        assert_near(slope.as_slice(), quarter.as_slice(), 1e-4, "first order");
        let both = through(&image, Kernel::Riesz(Riesz { order: [1, 1, 0] }), Boundary::Periodic);
        let gain = -(2.0_f64.sqrt()) * z * y / norm / norm;
        let wanted = image.map(|value| value * gain as f32);
        assert_near(both.as_slice(), wanted.as_slice(), 1e-4, "second order");
    }
}

#[test]
fn gabor_kernels_answer_most_to_their_own_wave() {
    let waves = |angle: f64| {
        let kernel = Gabor {
            sigma: 3.0,
            wavelength: 6.0,
            gamma: 1.0,
            orientation: Orientation::Angle(angle),
            response: GaborResponse::Modulus,
        };
        through(&plane_wave([0, 0, 4], 0.3), Kernel::Gabor(kernel), Boundary::Periodic)
    };
    // The integral of the Gaussian, of half the height of the wave: the other half runs the other way.
    let wanted = (50.0 * 2.0 * PI * 9.0) as f32;
    let along = waves(0.0);
    assert!(along.as_slice().iter().all(|value| (value / wanted - 1.0).abs() < 1e-3));
    // Across, the wave is 2π/6 per mm off in both directions.
    let across = waves(PI / 2.0);
    let left = 2.0 * (-(2.0 * PI / 6.0 * 3.0_f64).powi(2)).exp() as f32;
    assert!(across.as_slice().iter().all(|value| value / wanted < left * 1.1));
}

#[test]
fn squares_of_octaves_and_of_riesz_transforms_sum_to_the_whole() {
    let image = Volume::from_fn(&cubes([16, 16, 16]), rough);
    // An image that no frequency above the peak of the first level is left in, and no mean.
    let low = through(&image, octave(RadialWavelet::Shannon, 2, None), Boundary::Periodic);
    let energy = |volume: &Volume<f32>| {
        volume.as_slice().iter().map(|value| f64::from(*value).powi(2)).sum::<f64>()
    };
    let parts: f64 = (1..=5)
        .map(|level| {
            let kernel = octave(RadialWavelet::Simoncelli, level, None);
            energy(&through(&low, kernel, Boundary::Periodic))
        })
        .sum();
    assert!((parts / energy(&low) - 1.0).abs() < 1e-5, "{parts} of {}", energy(&low));
    for total in [1, 2, 3] {
        let orders = (0..=total).flat_map(|k| (0..=total - k).map(move |j| [k, j, total - k - j]));
        let parts: f64 = orders
            .map(|order| energy(&through(&low, Kernel::Riesz(Riesz { order }), Boundary::Periodic)))
            .sum();
        assert!((parts / energy(&low) - 1.0).abs() < 1e-5, "order {total}");
    }
}

#[test]
fn a_riesz_transform_of_a_laplacian_is_the_one_after_the_other() {
    let order = [1, 0, 1];
    let found = through(
        &odd(),
        Kernel::LaplacianOfGaussian(LaplacianOfGaussian {
            riesz: Some(Riesz { order }),
            ..log(1.2)
        }),
        Boundary::Periodic,
    );
    let bend = through(&odd(), Kernel::LaplacianOfGaussian(log(1.2)), Boundary::Periodic);
    let wanted = through(&bend, Kernel::Riesz(Riesz { order }), Boundary::Periodic);
    assert_near(found.as_slice(), wanted.as_slice(), 1e-5, "both ways");
}

#[test]
fn constant_images_have_constant_responses() {
    let image = Volume::filled(&cubes([6, 7, 8]), 40.0);
    let zero_or = |kernel: Kernel, wanted: f32, near: f32| {
        for boundary in [Boundary::Nearest, Boundary::Periodic, Boundary::Mirror] {
            let found = through(&image, kernel.clone(), boundary);
            assert_near(found.as_slice(), &[wanted; 336], near, &format!("{kernel:?}"));
        }
    };
    zero_or(Kernel::Mean(Mean { support: 5 }), 40.0, 1e-4);
    zero_or(Kernel::LaplacianOfGaussian(log(1.2)), 0.0, 1e-4);
    zero_or(octave(RadialWavelet::Simoncelli, 1, Some([0, 1, 0])), 0.0, 1e-4);
    zero_or(Kernel::Riesz(Riesz { order: [0, 0, 2] }), 0.0, 1e-4);
    zero_or(laws("L5L5E5", Some(Pooling::Maximum), Some(2)), 0.0, 1e-4);
    // Two levels of low passes of sum √2 along three axes.
    zero_or(wavelet(Wavelet::Coiflet1, "LLL", 2, None), 40.0 * 8.0, 1e-3);
    zero_or(wavelet(Wavelet::Daubechies2, "LLH", 2, Some(Pooling::Average)), 0.0, 1e-4);
}
