//! Features of response maps against the published reference values, where `HILUM_DATA` has the CT
//! phantom.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hilum_kernel::Interpolation;
use hilum_texture::{
    Family, Filter, Gabor, GaborResponse, Kernel, LaplacianOfGaussian, Laws, Mean,
    NonSeparableWavelet, Options, Orientation, Pooling, Processing, RadialWavelet, Resampling, Roi,
    SeparableWavelet, Wavelet, features, parse_references,
};

/// The filters of the standard's configurations for its CT of a lung cancer, by number.
fn kernel(number: u32, by_slice: bool) -> Option<Kernel> {
    let name = |plane: &'static str, volume: &'static str| if by_slice { plane } else { volume };
    let wavelet = |plane, volume, level| {
        let named = SeparableWavelet::named(Wavelet::Daubechies3, name(plane, volume));
        let rotations = Some(Pooling::Average);
        Kernel::SeparableWavelet(SeparableWavelet { level, rotations, ..named.expect("a name") })
    };
    let simoncelli = |level| {
        let wavelet = RadialWavelet::Simoncelli;
        Kernel::NonSeparableWavelet(NonSeparableWavelet { wavelet, level, riesz: None })
    };
    Some(match number {
        1 => return None,
        2 => Kernel::Mean(Mean { support: 5 }),
        3 => Kernel::LaplacianOfGaussian(LaplacianOfGaussian {
            sigma: 1.5,
            truncation: 4.0,
            riesz: None,
        }),
        4 => Kernel::Laws(Laws {
            rotations: Some(Pooling::Maximum),
            energy: Some(7),
            ..Laws::named(name("L5E5", "L5E5E5")).expect("a name")
        }),
        5 => Kernel::Gabor(Gabor {
            sigma: 5.0,
            wavelength: 2.0,
            gamma: 1.5,
            orientation: Orientation::All {
                step: std::f64::consts::PI / 8.0,
                pooling: Pooling::Average,
            },
            response: GaborResponse::Modulus,
        }),
        6 => wavelet("LH", "LLH", 1),
        7 => wavelet("HH", "HHH", 2),
        8 | 9 => simoncelli(number - 7),
        _ => panic!("no configuration {number}"),
    })
}

/// Everything but the filter.
fn processing(by_slice: bool) -> Processing {
    let resampling =
        Resampling { spacing: [Some(1.0); 3], interpolation: Interpolation::Cubic, round: true };
    Processing {
        resampling: (!by_slice).then_some(resampling),
        range: Some([-1000.0, 400.0]),
        ..Processing::default()
    }
}

/// The filter alone, for a region that was processed.
fn options(number: u32, by_slice: bool) -> Options {
    let filter = kernel(number, by_slice).map(|kernel| Filter { by_slice, ..Filter::new(kernel) });
    let processing = Processing { filter, ..Processing::default() };
    Options { processing, families: vec![Family::Statistics], ..Options::default() }
}

/// What differs, all of Simoncelli's wavelet. NumPy gives what is found here, and -426 for the first of them on a
/// lattice of frequencies whose last index is taken to be the highest frequency.
const DIFFERENT: [&str; 3] = ["8.A stat_qcod", "9.B stat_median", "9.B stat_min"];

#[test]
fn response_maps_of_the_ct_phantom_have_the_reference_values() {
    let Some(root) = std::env::var_os("HILUM_DATA") else {
        println!("skipped: HILUM_DATA is not set");
        return;
    };
    let folder = PathBuf::from(root).join("ibsi/ibsi_1_ct_radiomics_phantom/nifti");
    let read = |end: &str| hilum_files::read_float(folder.join(end)).expect("a volume");
    let image = read("image/phantom.nii.gz").map(|value| value.round());
    let mask = read("mask/mask.nii.gz").map(|value| value.round() != 0.0);
    let roi = Roi::new(image, mask).expect("one grid");
    let table = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../testdata/texture/ibsi_2_reference_values.csv");
    let rows = parse_references(&std::fs::read_to_string(table).expect("a table")).expect("rows");
    assert_eq!(rows.len(), 323);
    let mut different = Vec::new();
    let processed = [true, false].map(|by_slice| processing(by_slice).apply(&roi).expect("sound"));
    for (number, letter) in (1..=9).flat_map(|n| [(n, 'A'), (n, 'B')]) {
        let roi = &processed[usize::from(letter == 'B')];
        let taken = features(roi, &options(number, letter == 'A')).expect("a sound setting");
        let found: BTreeMap<String, f64> =
            taken.iter().filter_map(|f| f.value.map(|value| (f.tag(), value))).collect();
        let name = format!("IBSI-2 phase 2 {number}.{letter}");
        let mut compared = 0;
        for row in rows.iter().filter(|row| row.data_set == name) {
            compared += 1;
            if !found.get(&row.tag).is_some_and(|value| row.is_matched_by(*value)) {
                println!("{} {:?} for {row:?}", row.tag, found.get(&row.tag));
                different.push(format!("{number}.{letter} {}", row.tag));
            }
        }
        assert!(compared > 16, "{name}");
    }
    assert_eq!(different, DIFFERENT);
}
