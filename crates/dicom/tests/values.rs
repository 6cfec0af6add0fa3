//! Stored numbers to CT numbers, slice by slice.

mod common;

use common::{axial, change, change_all, codes, error, exported, file, load, put, rough};
use dicom_core::VR;
use dicom_core::value::{C, PrimitiveValue};
use dicom_dictionary_std::tags;
use hilum_core::{Ct, Grid, Hu, Volume};
use hilum_dicom::Error;

/// CT numbers of a chest, so that rescaled ones still fit 16 bits.
fn mild(grid: &Grid) -> Ct {
    Ct::new(rough(grid).hu().map(|hu| Hu(hu.0 % 1500)))
}

#[test]
fn each_slice_has_its_own_rescale() {
    let ct = mild(&axial());
    let folder = exported(&ct);
    change_all(&folder, |n, object| {
        put(object, tags::RESCALE_SLOPE, VR::DS, (n + 1).to_string());
        put(object, tags::RESCALE_INTERCEPT, VR::DS, format!("-{}", 100 * n));
    });
    let loaded = load(&folder).unwrap();
    for voxel in [[0, 0, 0], [3, 4, 5], [6, 10, 12]] {
        let k = voxel[0] as i16;
        assert_eq!(loaded.ct.hu().at(voxel).0, ct.hu().at(voxel).0 * (k + 1) - 100 * k);
    }
}

#[test]
fn fractions_of_a_unit_are_kept_beside() {
    let ct = mild(&axial());
    let folder = exported(&ct);
    // 0.25 is exact in binary, so that expected values are exact too.
    change_all(&folder, |n, object| {
        let slope = if n == 3 { "0.25" } else { "1" };
        put(object, tags::RESCALE_SLOPE, VR::DS, slope);
    });
    let loaded = load(&folder).unwrap();
    let exact = loaded.ct.exact().unwrap();
    for k in 0..7 {
        let slope = if k == 3 { 0.25 } else { 1.0 };
        for i in 0..13 {
            let voxel = [k, 7, i];
            let expected = f32::from(ct.hu().at(voxel)) * slope;
            assert_eq!(exact.at(voxel), expected);
            assert_eq!(loaded.ct.hu().at(voxel), Hu::nearest(expected));
        }
    }
}

#[test]
fn numbers_beyond_16_bits_are_kept_beside() {
    let ct = mild(&axial());
    let folder = exported(&ct);
    change_all(&folder, |_, object| {
        put(object, tags::RESCALE_SLOPE, VR::DS, "100");
    });
    let loaded = load(&folder).unwrap();
    let exact = loaded.ct.exact().unwrap();
    for (found, stored) in exact.as_slice().iter().zip(ct.hu().as_slice()) {
        assert_eq!(*found, 100.0 * f32::from(*stored));
    }
}

#[test]
fn unsigned_numbers_with_an_intercept_are_the_same_numbers() {
    let ct = mild(&axial());
    let folder = exported(&ct);
    change_all(&folder, |n, object| {
        let slice = &ct.hu().as_slice()[n * 143..(n + 1) * 143];
        let words: C<u16> = slice.iter().map(|hu| (hu.0 + 8192) as u16).collect();
        put(object, tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(words));
        put(object, tags::PIXEL_REPRESENTATION, VR::US, 0u16);
        put(object, tags::RESCALE_INTERCEPT, VR::DS, "-8192");
    });
    assert_eq!(load(&folder).unwrap().ct.hu(), ct.hu());
}

#[test]
fn bits_above_the_stored_ones_are_not_part_of_the_number() {
    let grid = axial();
    let ct = Ct::new(rough(&grid).hu().map(|hu| Hu(hu.0 % 2048)));
    let folder = exported(&ct);
    change_all(&folder, |n, object| {
        let slice = &ct.hu().as_slice()[n * 143..(n + 1) * 143];
        // An overlay of old times in the four highest bits.
        let words: C<u16> = slice.iter().map(|hu| hu.0 as u16 & 0x0FFF | 0x5000).collect();
        put(object, tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(words));
        put(object, tags::BITS_STORED, VR::US, 12u16);
        put(object, tags::HIGH_BIT, VR::US, 11u16);
    });
    assert_eq!(load(&folder).unwrap().ct.hu(), ct.hu());
}

#[test]
fn bytes_of_one_bit_depth_beside_another_are_read_slice_by_slice() {
    let ct = Ct::new(rough(&axial()).hu().map(|hu| Hu(hu.0.rem_euclid(200))));
    let folder = exported(&ct);
    change(&file(&folder, 2), |object| {
        let slice = &ct.hu().as_slice()[2 * 143..3 * 143];
        let bytes: C<u8> = slice.iter().map(|hu| hu.0 as u8).chain([0]).collect();
        put(object, tags::PIXEL_DATA, VR::OB, PrimitiveValue::U8(bytes));
        put(object, tags::PIXEL_REPRESENTATION, VR::US, 0u16);
        put(object, tags::BITS_ALLOCATED, VR::US, 8u16);
        put(object, tags::BITS_STORED, VR::US, 8u16);
        put(object, tags::HIGH_BIT, VR::US, 7u16);
    });
    assert_eq!(load(&folder).unwrap().ct.hu(), ct.hu());
}

#[test]
fn padding_is_rescaled_like_the_pixels() {
    let folder = exported(&mild(&axial()));
    change_all(&folder, |_, object| {
        put(object, tags::RESCALE_INTERCEPT, VR::DS, "-1024");
        put(object, tags::PIXEL_PADDING_VALUE, VR::SS, PrimitiveValue::from(-2000i16));
        put(object, tags::PIXEL_PADDING_RANGE_LIMIT, VR::SS, PrimitiveValue::from(-1000i16));
    });
    let loaded = load(&folder).unwrap();
    assert_eq!(loaded.ct.padding(), Some(&(-3024..=-2024)));
    assert!(!loaded.ct.is_measured(Hu(-2024)));
    assert!(codes(&loaded).is_empty());
}

#[test]
fn padding_written_with_the_wrong_sign_is_understood() {
    let folder = exported(&mild(&axial()));
    change_all(&folder, |_, object| {
        put(object, tags::PIXEL_PADDING_VALUE, VR::US, 63_536u16);
    });
    assert_eq!(load(&folder).unwrap().ct.padding(), Some(&(-2000..=-2000)));
}

#[test]
fn padding_that_could_be_air_is_mentioned() {
    let folder = exported(&mild(&axial()));
    change_all(&folder, |_, object| {
        put(object, tags::PIXEL_PADDING_VALUE, VR::SS, PrimitiveValue::from(-1024i16));
    });
    assert_eq!(codes(&load(&folder).unwrap()), ["padding_near_air"]);
}

#[test]
fn a_series_without_rescale_is_mentioned() {
    let ct = mild(&axial());
    let folder = exported(&ct);
    change_all(&folder, |_, object| {
        object.remove_element(tags::RESCALE_SLOPE);
        object.remove_element(tags::RESCALE_INTERCEPT);
    });
    let loaded = load(&folder).unwrap();
    assert_eq!(codes(&loaded), ["rescale_missing"]);
    assert_eq!(loaded.ct.hu(), ct.hu());
}

#[test]
fn values_that_are_not_hu_are_refused() {
    let refused = |change_one: &dyn Fn(&mut common::Object), why: &str| {
        let folder = exported(&mild(&axial()));
        change_all(&folder, |_, object| change_one(object));
        let scan = common::look(&folder).unwrap();
        assert_eq!(scan.series()[0].why_not_ct(), [why]);
        assert!(matches!(error(load(&folder)), Error::NoCt { .. }));
    };
    refused(&|object| put(object, tags::RESCALE_TYPE, VR::LO, "MGML"), "values in MGML, wanted HU");
    let table = |object: &mut common::Object| {
        let item = dicom_object::InMemDicomObject::new_empty();
        let items = dicom_core::value::DataSetSequence::from(vec![item]);
        let value = dicom_core::value::Value::from(items);
        object.put(dicom_core::DataElement::new(tags::MODALITY_LUT_SEQUENCE, VR::SQ, value));
    };
    refused(&table, "values behind a Modality LUT, wanted slope and intercept");
}

#[test]
fn contrast_is_known_if_any_slice_names_it() {
    let folder = exported(&mild(&axial()));
    change(&file(&folder, 4), |object| {
        put(object, tags::CONTRAST_BOLUS_AGENT, VR::LO, "Iomeprol");
    });
    assert_eq!(load(&folder).unwrap().acquisition.contrast.as_deref(), Some("Iomeprol"));
}

#[test]
fn colours_floats_and_odd_depths_are_refused() {
    let refused = |change_one: &dyn Fn(&mut common::Object)| {
        let folder = exported(&mild(&axial()));
        change(&file(&folder, 4), |object| change_one(object));
        let error = error(load(&folder));
        assert!(matches!(error, Error::UnsupportedPixels { .. }), "{error}");
        assert!(error.to_string().starts_with("file 5 of 7 (`0005.dcm`) has "), "{error}");
    };
    refused(&|object| {
        put(object, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "PALETTE COLOR");
    });
    refused(&|object| {
        object.remove_element(tags::PIXEL_DATA);
        let pixels = PrimitiveValue::F32(vec![0.5; 143].into());
        put(object, tags::FLOAT_PIXEL_DATA, VR::OF, pixels);
    });
    refused(&|object| {
        put(object, tags::BITS_ALLOCATED, VR::US, 64u16);
    });
}

#[test]
fn the_exact_volume_is_the_same_on_any_number_of_threads() {
    let folder = exported(&mild(&axial()));
    change_all(&folder, |_, object| {
        put(object, tags::RESCALE_SLOPE, VR::DS, "0.37");
    });
    let run = |threads| hilum_kernel::par::on_threads(threads, || load(&folder)).unwrap().ct;
    let expected: Volume<f32> = run(1).exact().unwrap().clone();
    for threads in [2, 3, 7, 16] {
        assert_eq!(run(threads).exact(), Some(&expected), "{threads} threads");
    }
}
