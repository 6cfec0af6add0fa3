//! Images, kernels and comparisons.

use std::f64::consts::PI;
use std::path::Path;

use hilum_core::{Grid, Volume};
use hilum_texture::{
    Boundary, Filter, Gabor, GaborResponse, Kernel, LaplacianOfGaussian, Laws, Mean,
    NonSeparableWavelet, Orientation, Pooling, RadialWavelet, Riesz, SeparableWavelet, Wavelet,
};

pub(crate) const BOUNDARIES: [(&str, Boundary); 4] = [
    ("zero", Boundary::Zero),
    ("nearest", Boundary::Nearest),
    ("periodic", Boundary::Periodic),
    ("mirror", Boundary::Mirror),
];

/// Cubes of 1 mm.
pub(crate) fn cubes(shape: [usize; 3]) -> Grid {
    Grid::axial(shape, [1.0; 3]).expect("a sound grid")
}

/// A number in `0..100` that follows from the place alone.
pub(crate) fn rough([k, j, i]: [usize; 3]) -> f32 {
    let mut bits = (k as u64) << 42 ^ (j as u64) << 21 ^ i as u64;
    for factor in [0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb] {
        bits = (bits ^ bits >> 30).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(factor);
    }
    ((bits >> 11) as f64 / (1_u64 << 53) as f64 * 100.0) as f32
}

pub(crate) fn odd() -> Volume<f32> {
    Volume::from_fn(&cubes([7, 9, 11]), rough)
}

pub(crate) fn even() -> Volume<f32> {
    Volume::from_fn(&cubes([4, 8, 16]), rough)
}

pub(crate) fn response(image: &Volume<f32>, filter: &Filter) -> Volume<f32> {
    filter.response(image).expect("a sound setting")
}

pub(crate) fn through(image: &Volume<f32>, kernel: Kernel, boundary: Boundary) -> Volume<f32> {
    response(image, &Filter { boundary, ..Filter::new(kernel) })
}

pub(crate) fn assert_near(found: &[f32], wanted: &[f32], tolerance: f32, what: &str) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    let far = found.iter().zip(wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(far <= tolerance, "{what}: {far} apart");
}

pub(crate) fn assert_is(found: &Volume<f32>, name: &str, tolerance: f32) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/oracles/filters");
    let bytes =
        std::fs::read(folder.join(format!("{name}.f4"))).expect("results beside the script");
    let wanted: Vec<f32> =
        bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect();
    assert_near(found.as_slice(), &wanted, tolerance, name);
}

pub(crate) fn log(sigma: f64) -> LaplacianOfGaussian {
    LaplacianOfGaussian { sigma, truncation: 6.0, riesz: None }
}

pub(crate) fn octave(wavelet: RadialWavelet, level: u32, riesz: Option<[u32; 3]>) -> Kernel {
    let riesz = riesz.map(|order| Riesz { order });
    Kernel::NonSeparableWavelet(NonSeparableWavelet { wavelet, level, riesz })
}

pub(crate) fn gabor(orientation: Orientation, response: GaborResponse) -> Gabor {
    Gabor { sigma: 1.5, wavelength: 3.0, gamma: 0.8, orientation, response }
}

pub(crate) fn all_round(pooling: Pooling) -> Orientation {
    Orientation::All { step: PI / 2.0, pooling }
}

pub(crate) fn wavelet(
    wavelet: Wavelet,
    bands: &str,
    level: u32,
    rotations: Option<Pooling>,
) -> Kernel {
    let named = SeparableWavelet::named(wavelet, bands).expect("a name");
    Kernel::SeparableWavelet(SeparableWavelet { level, rotations, ..named })
}

pub(crate) fn laws(name: &str, rotations: Option<Pooling>, energy: Option<usize>) -> Kernel {
    Kernel::Laws(Laws { rotations, energy, ..Laws::named(name).expect("a name") })
}

/// One of every kind that has the same response however the image is turned.
pub(crate) fn round_kernels() -> Vec<Kernel> {
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
