//! Settings and images that mean nothing.

use hilum_core::Volume;
use hilum_texture::{
    Boundary, Error, Filter, Gabor, GaborResponse, Kernel, Laws, Mean, Orientation, Pooling,
    RadialWavelet, Riesz, SeparableWavelet, Wavelet,
};

use crate::support::{gabor, laws, log, octave, odd, wavelet};

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
