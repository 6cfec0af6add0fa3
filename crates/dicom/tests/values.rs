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
    let density = |object: &mut common::Object| table(object, "OD", [3, 0, 16], &[0, 1, 2]);
    refused(&density, "values in OD, wanted HU");
}

/// Puts a Modality LUT into a file.
fn table(object: &mut common::Object, kind: &str, descriptor: [u16; 3], data: &[u16]) {
    let mut item = dicom_object::InMemDicomObject::new_empty();
    let mut add = |tag, vr, value: PrimitiveValue| {
        item.put(dicom_core::DataElement::new(tag, vr, value));
    };
    add(tags::LUT_DESCRIPTOR, VR::US, PrimitiveValue::U16(descriptor.as_slice().into()));
    add(tags::MODALITY_LUT_TYPE, VR::LO, kind.into());
    add(tags::LUT_DATA, VR::OW, PrimitiveValue::U16(data.into()));
    let items = dicom_core::value::DataSetSequence::from(vec![item]);
    let value = dicom_core::value::Value::from(items);
    object.put(dicom_core::DataElement::new(tags::MODALITY_LUT_SEQUENCE, VR::SQ, value));
    object.remove_element(tags::RESCALE_SLOPE);
    object.remove_element(tags::RESCALE_INTERCEPT);
}

#[test]
fn a_modality_lut_stands_for_slope_and_intercept() {
    let ct = mild(&axial());
    let folder = exported(&ct);
    // From -3 on, five entries; what lies outside takes the nearest.
    let entries = [700, 40, 9, 65_000, 12];
    change_all(&folder, |_, object| table(object, "HU", [5, 0xFFFD, 16], &entries));
    let loaded = load(&folder).unwrap();
    assert!(codes(&loaded).is_empty());
    for (found, stored) in loaded.ct.exact().unwrap().as_slice().iter().zip(ct.hu().as_slice()) {
        let entry = (i32::from(stored.0) + 3).clamp(0, 4) as usize;
        assert_eq!(*found, f32::from(entries[entry]), "{stored:?}");
    }
}

#[test]
fn a_modality_lut_of_bytes_shares_words() {
    let ct = mild(&axial());
    let folder = exported(&ct);
    change_all(&folder, |_, object| table(object, "HU", [4, 0xFFFF, 8], &[0x0201, 0x0403]));
    let loaded = load(&folder).unwrap();
    for (found, stored) in loaded.ct.hu().as_slice().iter().zip(ct.hu().as_slice()) {
        assert_eq!(found.0, (stored.0.clamp(-1, 2)) + 2, "{stored:?}");
    }
}

#[test]
fn a_modality_lut_that_is_too_short_is_refused() {
    let folder = exported(&mild(&axial()));
    change_all(&folder, |_, object| table(object, "HU", [4, 0, 16], &[1, 2, 3]));
    let error = error(load(&folder));
    assert!(error.to_string().contains("its Modality LUT has 3 entries, wanted 4"), "{error}");
}

/// Replaces the pixels of a file with floating point ones.
fn float(object: &mut common::Object, values: &[f64], double: bool) {
    object.remove_element(tags::PIXEL_DATA);
    for tag in [tags::BITS_STORED, tags::HIGH_BIT, tags::PIXEL_REPRESENTATION] {
        object.remove_element(tag);
    }
    if double {
        let pixels = PrimitiveValue::F64(values.into());
        put(object, tags::DOUBLE_FLOAT_PIXEL_DATA, VR::OD, pixels);
        put(object, tags::BITS_ALLOCATED, VR::US, 64u16);
    } else {
        let pixels = PrimitiveValue::F32(values.iter().map(|value| *value as f32).collect());
        put(object, tags::FLOAT_PIXEL_DATA, VR::OF, pixels);
        put(object, tags::BITS_ALLOCATED, VR::US, 32u16);
    }
}

#[test]
fn floating_point_pixels_are_carried_as_they_are() {
    for double in [false, true] {
        let ct = mild(&axial());
        let folder = exported(&ct);
        let value = |n: usize, at: usize| f64::from(ct.hu().as_slice()[n * 143 + at].0) + 0.125;
        change_all(&folder, |n, object| {
            let values: Vec<f64> = (0..143).map(|at| value(n, at)).collect();
            float(object, &values, double);
            put(object, tags::RESCALE_SLOPE, VR::DS, "2");
            let padding = PrimitiveValue::from(-1499.5f32);
            put(object, tags::FLOAT_PIXEL_PADDING_VALUE, VR::FL, padding);
        });
        let loaded = load(&folder).unwrap();
        let exact = loaded.ct.exact().unwrap().as_slice();
        assert!((0..exact.len()).all(|at| exact[at] == value(at / 143, at % 143) as f32 * 2.0));
        assert_eq!(loaded.ct.padding(), Some(&(-2999..=-2999)));
    }
}

#[test]
fn pixels_that_are_no_numbers_are_refused() {
    let folder = exported(&mild(&axial()));
    change(&file(&folder, 4), |object| {
        let mut values = [0.0; 143];
        values[77] = f64::NAN;
        float(object, &values, false);
    });
    let error = error(load(&folder));
    assert!(matches!(error, Error::Undecodable { .. }), "{error}");
}

#[test]
fn each_frame_of_an_enhanced_ct_has_its_own_rescale() {
    use dicom_core::value::{DataSetSequence, Value};
    use dicom_core::{DataElement, Tag};
    use dicom_object::InMemDicomObject;

    type Attribute<'a> = (Tag, VR, &'a str);
    fn group(groups: &[(Tag, &[Attribute<'_>])]) -> InMemDicomObject {
        let mut object = InMemDicomObject::new_empty();
        for (sequence, attributes) in groups {
            let mut item = InMemDicomObject::new_empty();
            for (tag, vr, value) in *attributes {
                item.put(DataElement::new(*tag, *vr, PrimitiveValue::from(*value)));
            }
            let value = Value::from(DataSetSequence::from(vec![item]));
            object.put(DataElement::new(*sequence, VR::SQ, value));
        }
        object
    }

    let ct = mild(&axial());
    let folder = exported(&ct);
    let single = load(&folder).unwrap().ct;
    for n in (1..7).rev() {
        std::fs::remove_file(file(&folder, n)).unwrap();
    }
    let values = tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE;
    change(&file(&folder, 0), |object| {
        let words: C<u16> = ct.hu().as_slice().iter().map(|hu| hu.0 as u16).collect();
        put(object, tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(words));
        put(object, tags::NUMBER_OF_FRAMES, VR::IS, "7");
        object.meta_mut().media_storage_sop_class_uid =
            dicom_dictionary_std::uids::ENHANCED_CT_IMAGE_STORAGE.into();
        let class = dicom_dictionary_std::uids::ENHANCED_CT_IMAGE_STORAGE;
        put(object, tags::SOP_CLASS_UID, VR::UI, class);
        let top = [
            tags::RESCALE_SLOPE,
            tags::RESCALE_INTERCEPT,
            tags::RESCALE_TYPE,
            tags::IMAGE_POSITION_PATIENT,
            tags::IMAGE_ORIENTATION_PATIENT,
            tags::PIXEL_SPACING,
        ];
        for tag in top {
            object.remove_element(tag);
        }
        let shared = group(&[
            (tags::PIXEL_MEASURES_SEQUENCE, &[(tags::PIXEL_SPACING, VR::DS, "0.9\\0.7")]),
            (
                tags::PLANE_ORIENTATION_SEQUENCE,
                &[(tags::IMAGE_ORIENTATION_PATIENT, VR::DS, "1\\0\\0\\0\\1\\0")],
            ),
            (
                values,
                &[
                    (tags::RESCALE_SLOPE, VR::DS, "1"),
                    (tags::RESCALE_INTERCEPT, VR::DS, "0"),
                    (tags::RESCALE_TYPE, VR::LO, "HU"),
                ],
            ),
        ]);
        let frames: Vec<InMemDicomObject> = (0..7)
            .map(|k| {
                let height = format!("0\\0\\{}", 2.5 * f64::from(k));
                let position = [(tags::IMAGE_POSITION_PATIENT, VR::DS, height.as_str())];
                let slope = format!("{}", 0.5 * f64::from(k));
                let own = [
                    (tags::RESCALE_SLOPE, VR::DS, slope.as_str()),
                    (tags::RESCALE_INTERCEPT, VR::DS, "-2000"),
                    (tags::RESCALE_TYPE, VR::LO, "HU"),
                ];
                let place = (tags::PLANE_POSITION_SEQUENCE, &position[..]);
                // The first frame takes the shared rescale.
                if k == 0 { group(&[place]) } else { group(&[place, (values, &own)]) }
            })
            .collect();
        let mut sequence = |tag, items: Vec<InMemDicomObject>| {
            let value = Value::from(DataSetSequence::from(items));
            object.put(DataElement::new(tag, VR::SQ, value));
        };
        sequence(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![shared]);
        sequence(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frames);
    });
    let loaded = load(&folder).unwrap();
    assert!(codes(&loaded).is_empty(), "{:?}", codes(&loaded));
    assert!(common::apart(loaded.ct.grid(), single.grid()) < 1e-6);
    let exact = loaded.ct.exact().unwrap();
    for (at, found) in exact.as_slice().iter().enumerate() {
        let stored = f32::from(single.hu().as_slice()[at]);
        let k = at / 143;
        let expected = if k == 0 { stored } else { stored * 0.5 * k as f32 - 2000.0 };
        assert_eq!(*found, expected, "frame {k}");
    }
    assert!(exact.as_slice().iter().any(|hu| *hu < -1024.0));
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
fn colours_and_odd_depths_are_refused() {
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
