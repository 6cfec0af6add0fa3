//! Filters against closed forms, invariants, and SciPy, PyWavelets, scikit-image and NumPy.
//!
//! Results of theirs were written by `testdata/oracles/filters.py`, which makes the same volumes.

use std::f64::consts::PI;
use std::path::Path;

use hilum_core::{Grid, Mask, Volume};
use hilum_kernel::par;
use hilum_texture::{
    Boundary, Error, Family, Filter, Gabor, GaborResponse, Kernel, LaplacianOfGaussian, Laws, Mean,
    NonSeparableWavelet, Options, Orientation, Pooling, Processing, RadialWavelet, Riesz, Roi,
    SeparableWavelet, Wavelet, features,
};

const BOUNDARIES: [(&str, Boundary); 4] = [
    ("zero", Boundary::Zero),
    ("nearest", Boundary::Nearest),
    ("periodic", Boundary::Periodic),
    ("mirror", Boundary::Mirror),
];

/// Cubes of 1 mm.
fn cubes(shape: [usize; 3]) -> Grid {
    Grid::axial(shape, [1.0; 3]).expect("a sound grid")
}

/// A number in `0..100` that follows from the place alone.
fn rough([k, j, i]: [usize; 3]) -> f32 {
    let mut bits = (k as u64) << 42 ^ (j as u64) << 21 ^ i as u64;
    for factor in [0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb] {
        bits = (bits ^ bits >> 30).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(factor);
    }
    ((bits >> 11) as f64 / (1_u64 << 53) as f64 * 100.0) as f32
}

fn odd() -> Volume<f32> {
    Volume::from_fn(&cubes([7, 9, 11]), rough)
}

fn even() -> Volume<f32> {
    Volume::from_fn(&cubes([4, 8, 16]), rough)
}

fn response(image: &Volume<f32>, filter: &Filter) -> Volume<f32> {
    filter.response(image).expect("a sound setting")
}

fn through(image: &Volume<f32>, kernel: Kernel, boundary: Boundary) -> Volume<f32> {
    response(image, &Filter { boundary, ..Filter::new(kernel) })
}

fn assert_near(found: &[f32], wanted: &[f32], tolerance: f32, what: &str) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    let far = found.iter().zip(wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(far <= tolerance, "{what}: {far} apart");
}

fn assert_is(found: &Volume<f32>, name: &str, tolerance: f32) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/oracles/filters");
    let bytes =
        std::fs::read(folder.join(format!("{name}.f4"))).expect("results beside the script");
    let wanted: Vec<f32> =
        bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect();
    assert_near(found.as_slice(), &wanted, tolerance, name);
}

fn log(sigma: f64) -> LaplacianOfGaussian {
    LaplacianOfGaussian { sigma, truncation: 6.0, riesz: None }
}

fn octave(wavelet: RadialWavelet, level: u32, riesz: Option<[u32; 3]>) -> Kernel {
    let riesz = riesz.map(|order| Riesz { order });
    Kernel::NonSeparableWavelet(NonSeparableWavelet { wavelet, level, riesz })
}

fn gabor(orientation: Orientation, response: GaborResponse) -> Gabor {
    Gabor { sigma: 1.5, wavelength: 3.0, gamma: 0.8, orientation, response }
}

fn all_round(pooling: Pooling) -> Orientation {
    Orientation::All { step: PI / 2.0, pooling }
}

fn wavelet(wavelet: Wavelet, bands: &str, level: u32, rotations: Option<Pooling>) -> Kernel {
    let named = SeparableWavelet::named(wavelet, bands).expect("a name");
    Kernel::SeparableWavelet(SeparableWavelet { level, rotations, ..named })
}

fn laws(name: &str, rotations: Option<Pooling>, energy: Option<usize>) -> Kernel {
    Kernel::Laws(Laws { rotations, energy, ..Laws::named(name).expect("a name") })
}

/// One of every kind that has the same response however the image is turned.
fn round_kernels() -> Vec<Kernel> {
    vec![
        Kernel::Mean(Mean { support: 3 }),
        Kernel::LaplacianOfGaussian(log(1.2)),
        laws("E3W5R5", Some(Pooling::Maximum), Some(1)),
        laws("L5S5R5", Some(Pooling::Average), None),
        wavelet(Wavelet::Daubechies3, "LLH", 2, Some(Pooling::Average)),
        wavelet(Wavelet::Haar, "HLH", 1, Some(Pooling::Maximum)),
        Kernel::Gabor(gabor(all_round(Pooling::Average), GaborResponse::Modulus)),
        Kernel::Gabor(gabor(all_round(Pooling::Maximum), GaborResponse::Real)),
        octave(RadialWavelet::Simoncelli, 1, None),
        octave(RadialWavelet::Shannon, 2, None),
    ]
}

#[test]
fn means_and_laplacians_are_those_of_scipy() {
    for (name, boundary) in BOUNDARIES {
        let mean = through(&odd(), Kernel::Mean(Mean { support: 5 }), boundary);
        assert_is(&mean, &format!("mean_{name}"), 2e-5);
        // SciPy scales its Gaussian to a sum of 1; cut at 6 sigmas it has that sum anyway.
        let bend = through(&odd(), Kernel::LaplacianOfGaussian(log(1.3)), boundary);
        assert_is(&bend, &format!("log_{name}"), 2e-5);
    }
    let slices = |kernel| response(&odd(), &Filter { by_slice: true, ..Filter::new(kernel) });
    assert_is(&slices(Kernel::Mean(Mean { support: 3 })), "mean_by_slice", 2e-5);
    assert_is(&slices(Kernel::LaplacianOfGaussian(log(1.3))), "log_by_slice", 2e-5);
}

#[test]
fn laws_responses_are_those_of_whole_kernels_on_turned_images() {
    let mirror = |kernel| through(&odd(), kernel, Boundary::Mirror);
    assert_is(&mirror(laws("E5L5S5", None, None)), "laws_e5l5s5", 1e-4);
    let maximum = Some(Pooling::Maximum);
    assert_is(&mirror(laws("E3W5R5", maximum, None)), "laws_e3w5r5_maximum", 1e-4);
    assert_is(&mirror(laws("E3W5R5", maximum, Some(2))), "laws_e3w5r5_energy", 1e-4);
}

#[test]
fn wavelets_are_the_stationary_ones_of_pywavelets() {
    let names = ["haar", "db2", "db3", "coif1"];
    for (one, name) in Wavelet::ALL.into_iter().zip(names) {
        for level in [1, 2] {
            for bands in ["LLH", "HLH"] {
                let found = through(&even(), wavelet(one, bands, level, None), Boundary::Periodic);
                assert_is(&found, &format!("{name}_{}_{level}", bands.to_lowercase()), 2e-4);
            }
        }
    }
}

#[test]
fn gabor_responses_are_those_of_scikit_image() {
    for degrees in [0.0_f64, 60.0] {
        for (name, part) in [
            ("real", GaborResponse::Real),
            ("imaginary", GaborResponse::Imaginary),
            ("modulus", GaborResponse::Modulus),
        ] {
            let angle = Orientation::Angle(degrees.to_radians());
            let found = through(&odd(), Kernel::Gabor(gabor(angle, part)), Boundary::Nearest);
            // What both cut from their kernels: four millionths of a sum of 1800.
            assert_is(&found, &format!("gabor_{degrees}_{name}"), 2e-2);
        }
    }
}

#[test]
fn octaves_and_riesz_transforms_are_those_of_numpy() {
    for (name, image) in [("odd", odd()), ("even", even())] {
        let found = |kernel| through(&image, kernel, Boundary::Periodic);
        for level in [1, 2] {
            let simoncelli = |riesz| found(octave(RadialWavelet::Simoncelli, level, riesz));
            assert_is(&simoncelli(None), &format!("simoncelli_{level}_{name}"), 2e-5);
            let riesz = simoncelli(Some([0, 1, 1]));
            assert_is(&riesz, &format!("simoncelli_{level}_riesz_{name}"), 2e-5);
            let shannon = found(octave(RadialWavelet::Shannon, level, None));
            assert_is(&shannon, &format!("shannon_{level}_{name}"), 2e-5);
        }
        for (order, digits) in [([0, 0, 1], "001"), ([2, 0, 1], "201")] {
            let riesz = found(Kernel::Riesz(Riesz { order }));
            assert_is(&riesz, &format!("riesz_{digits}_{name}"), 2e-5);
        }
    }
}

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

#[test]
fn a_turned_image_has_the_turned_response() {
    let image = Volume::from_fn(&cubes([10, 10, 10]), rough);
    // A quarter turn about rows, then one about slices.
    let turn = |volume: &Volume<f32>| {
        Volume::from_fn(volume.grid(), |[k, j, i]| volume.at([9 - j, i, 9 - k]))
    };
    for kernel in round_kernels() {
        for boundary in [Boundary::Zero, Boundary::Mirror] {
            let first = through(&turn(&image), kernel.clone(), boundary);
            let after = turn(&through(&image, kernel.clone(), boundary));
            let largest =
                after.as_slice().iter().fold(0.0_f32, |most, value| most.max(value.abs()));
            assert!(largest > 0.5, "{kernel:?}");
            let near = 2e-6 * largest + 2e-5;
            assert_near(first.as_slice(), after.as_slice(), near, &format!("{kernel:?}"));
        }
    }
    // Without pooling it is not so.
    let lone = laws("L5E5S5", None, None);
    let first = through(&turn(&image), lone.clone(), Boundary::Mirror);
    assert_ne!(first, turn(&through(&image, lone, Boundary::Mirror)));
}

/// How far the response to a mirrored image is from that to the image and its mirror image, repeated, as a share
/// of the largest.
fn mirrored(image: &Volume<f32>, filter: &Filter) -> f32 {
    let shape = image.grid().shape();
    let longer = [if filter.by_slice { 1 } else { 2 }, 2, 2];
    let twice = cubes([0, 1, 2].map(|n| longer[n] * shape[n]));
    let twice = Volume::from_fn(&twice, |voxel| {
        image.at([0, 1, 2].map(|n| voxel[n].min(2 * shape[n] - 1 - voxel[n])))
    });
    let found = response(image, filter);
    let whole = response(&twice, &Filter { boundary: Boundary::Periodic, ..filter.clone() });
    let wanted = Volume::from_fn(image.grid(), |voxel| whole.at(voxel));
    let largest = wanted.as_slice().iter().fold(0.0_f32, |most, value| most.max(value.abs()));
    let pairs = found.as_slice().iter().zip(wanted.as_slice());
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) / largest
}

#[test]
fn a_mirrored_image_is_one_of_twice_the_length_that_repeats() {
    let mut kernels = round_kernels();
    // What is done one after the other has an image in between, which has ends of its own.
    kernels.retain(|kernel| {
        !matches!(kernel, Kernel::Laws(Laws { energy: Some(_), .. }))
            && !matches!(kernel, Kernel::SeparableWavelet(SeparableWavelet { level: 2, .. }))
    });
    kernels.push(octave(RadialWavelet::Simoncelli, 2, Some([0, 1, 1])));
    kernels.push(Kernel::Riesz(Riesz { order: [0, 1, 1] }));
    let image = Volume::from_fn(&cubes([8, 9, 10]), rough);
    for kernel in kernels {
        let far = mirrored(&image, &Filter::new(kernel.clone()));
        assert!(far < 1e-5, "{kernel:?}: {far}");
    }
    let long = Volume::from_fn(&cubes([1, 150, 170]), rough);
    let far = |wavelet| {
        let filter = Filter { by_slice: true, ..Filter::new(octave(wavelet, 1, None)) };
        mirrored(&long, &filter)
    };
    let [simoncelli, shannon] = [RadialWavelet::Simoncelli, RadialWavelet::Shannon].map(far);
    assert!(simoncelli < 3e-3 && simoncelli < shannon && shannon < 0.2, "{simoncelli} {shannon}");
}

#[test]
fn slices_by_themselves_do_not_know_of_each_other() {
    let grid = Grid::axial([19, 12, 10], [3.0, 1.0, 1.0]).expect("a sound grid");
    let image = Volume::from_fn(&grid, rough);
    let mut kernels = round_kernels();
    for kernel in &mut kernels {
        match kernel {
            Kernel::Laws(laws) => laws.kernels.truncate(2),
            Kernel::SeparableWavelet(wavelet) => wavelet.bands.truncate(2),
            _ => (),
        }
    }
    kernels.push(Kernel::Riesz(Riesz { order: [0, 1, 1] }));
    for kernel in kernels {
        let filter = Filter { by_slice: true, ..Filter::new(kernel) };
        let together = response(&image, &filter);
        for k in [0, 17] {
            let alone = Volume::from_fn(&grid.window([k as f64, 0.0, 0.0], [1, 12, 10]), |voxel| {
                image.at([k, voxel[1], voxel[2]])
            });
            let wanted = &together.as_slice()[k * 120..][..120];
            assert_near(response(&alone, &filter).as_slice(), wanted, 1e-4, &format!("{filter:?}"));
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let image = Volume::from_fn(&cubes([18, 15, 14]), rough);
    for kernel in round_kernels() {
        for by_slice in [false, true] {
            let named = matches!(kernel, Kernel::Laws(_) | Kernel::SeparableWavelet(_));
            if named && by_slice {
                continue;
            }
            let filter = Filter { by_slice, ..Filter::new(kernel.clone()) };
            let one = par::on_threads(1, || response(&image, &filter));
            for threads in [2, 3, 7] {
                let many = par::on_threads(threads, || response(&image, &filter));
                assert_eq!(many, one, "{threads} threads {filter:?}");
            }
        }
    }
}

#[test]
fn features_are_those_of_the_response_map_within_the_region_of_intensities() {
    let image = odd();
    let mask = Mask::from_fn(image.grid(), |[k, j, i]| k > 0 && i + j < 14);
    let filter = Filter::new(Kernel::LaplacianOfGaussian(log(1.0)));
    let options = Options {
        processing: Processing {
            range: Some([20.0, 80.0]),
            filter: Some(filter.clone()),
            ..Processing::default()
        },
        families: vec![Family::Statistics],
        ..Options::default()
    };
    let roi = Roi::new(image.clone(), mask.clone()).expect("one grid");
    let found = features(&roi, &options).expect("a sound setting");
    let mean = found.iter().find(|feature| feature.tag() == "stat_mean").expect("a known tag");
    let map = response(&image, &filter);
    let inside = (0..map.as_slice().len())
        .filter(|n| mask.as_slice()[*n] && (20.0..=80.0).contains(&image.as_slice()[*n]))
        .map(|n| f64::from(map.as_slice()[n]));
    let values: Vec<f64> = inside.collect();
    let wanted = values.iter().sum::<f64>() / values.len() as f64;
    assert!((mean.value.expect("a number") - wanted).abs() < 1e-9);
}

#[test]
fn what_means_nothing_is_refused() {
    let image = odd();
    let all = |kernel| Filter::new(kernel);
    let by_slice = |kernel| Filter { by_slice: true, ..Filter::new(kernel) };
    let angle = |angle| Kernel::Gabor(gabor(Orientation::Angle(angle), GaborResponse::Real));
    let round = |step| {
        let orientation = Orientation::All { step, pooling: Pooling::Average };
        Kernel::Gabor(gabor(orientation, GaborResponse::Real))
    };
    for filter in [
        all(Kernel::Mean(Mean { support: 4 })),
        all(Kernel::Mean(Mean { support: 0 })),
        all(Kernel::LaplacianOfGaussian(log(0.0))),
        all(Kernel::LaplacianOfGaussian(log(f64::NAN))),
        all(Kernel::LaplacianOfGaussian(log(1e9))),
        all(laws("L5E5", None, None)),
        by_slice(laws("L5E5S5", None, None)),
        all(laws("L5E5S5", None, Some(usize::MAX))),
        all(wavelet(Wavelet::Haar, "LLH", 0, None)),
        all(wavelet(Wavelet::Haar, "LLH", 9, None)),
        all(wavelet(Wavelet::Haar, "", 1, None)),
        all(angle(f64::INFINITY)),
        all(round(0.0)),
        all(round(1.0)),
        all(Kernel::Gabor(Gabor {
            gamma: -1.0,
            ..gabor(Orientation::Angle(0.0), GaborResponse::Real)
        })),
        all(Kernel::Gabor(Gabor {
            sigma: 1e12,
            ..gabor(Orientation::Angle(0.0), GaborResponse::Real)
        })),
        all(octave(RadialWavelet::Simoncelli, 0, None)),
        Filter { boundary: Boundary::Zero, ..all(octave(RadialWavelet::Simoncelli, 8, None)) },
        all(Kernel::Riesz(Riesz { order: [0, 0, 0] })),
        all(Kernel::Riesz(Riesz { order: [u32::MAX, 1, 0] })),
        by_slice(Kernel::Riesz(Riesz { order: [1, 0, 0] })),
    ] {
        let refused = filter.response(&image);
        assert!(matches!(refused, Err(Error::Setting { .. })), "{filter:?}");
    }
    assert!(Laws::named("L5E").is_err() && Laws::named("L5Q5").is_err());
    assert!(SeparableWavelet::named(Wavelet::Haar, "LLh").is_err());
    let odd_one = Volume::from_fn(image.grid(), |at| if at == [1, 0, 2] { f32::NAN } else { 0.0 });
    let refused = all(Kernel::Mean(Mean { support: 3 })).response(&odd_one);
    assert!(matches!(refused, Err(Error::NotFinite { voxel: [1, 0, 2], .. })));
}
