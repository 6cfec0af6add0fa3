//! What must not change a response, and what must change it with itself.

use hilum_core::{Grid, Mask, Volume};
use hilum_kernel::par;
use hilum_texture::{
    Boundary, Family, Filter, Kernel, Laws, Options, Processing, RadialWavelet, Riesz, Roi,
    SeparableWavelet, features,
};

use crate::support::{
    assert_near, cubes, laws, log, octave, odd, response, rough, round_kernels, through,
};

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
