//! Filters against SciPy, PyWavelets, scikit-image and NumPy, whose results `testdata/oracles/filters.py` wrote.

use hilum_texture::{
    Boundary, Filter, GaborResponse, Kernel, Mean, Orientation, Pooling, RadialWavelet, Riesz,
    Wavelet,
};

use crate::support::{
    BOUNDARIES, assert_is, even, gabor, laws, log, octave, odd, response, through, wavelet,
};

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
