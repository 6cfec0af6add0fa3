//! An enhanced multi-frame CT against the same data as single frames: the same bits.

mod common;

use std::path::{Path, PathBuf};

use common::{Object, codes, exported, file, files, load, put};
use dicom_core::value::{C, DataSetSequence, PixelFragmentSequence, PrimitiveValue, Value};
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::mem::InMemElement;
use dicom_object::{InMemDicomObject, open_file};
use hilum_core::{Ct, Grid, Hu, Volume};
use nalgebra::{Matrix3, Point3, Vector3};
use tempfile::TempDir;

/// Functional group, attribute inside of it, and the attribute of a single frame that means the
/// same.
const MOVED: [(Tag, Tag, Tag); 9] = [
    (tags::PLANE_POSITION_SEQUENCE, tags::IMAGE_POSITION_PATIENT, tags::IMAGE_POSITION_PATIENT),
    (
        tags::PLANE_ORIENTATION_SEQUENCE,
        tags::IMAGE_ORIENTATION_PATIENT,
        tags::IMAGE_ORIENTATION_PATIENT,
    ),
    (tags::PIXEL_MEASURES_SEQUENCE, tags::PIXEL_SPACING, tags::PIXEL_SPACING),
    (tags::PIXEL_MEASURES_SEQUENCE, tags::SLICE_THICKNESS, tags::SLICE_THICKNESS),
    (tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tags::RESCALE_SLOPE, tags::RESCALE_SLOPE),
    (tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tags::RESCALE_INTERCEPT, tags::RESCALE_INTERCEPT),
    (tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tags::RESCALE_TYPE, tags::RESCALE_TYPE),
    (tags::CT_RECONSTRUCTION_SEQUENCE, tags::CONVOLUTION_KERNEL, tags::CONVOLUTION_KERNEL),
    (tags::CT_IMAGE_FRAME_TYPE_SEQUENCE, tags::FRAME_TYPE, tags::IMAGE_TYPE),
];

fn sequence(items: Vec<InMemDicomObject>) -> Value<InMemDicomObject, Vec<u8>> {
    Value::from(DataSetSequence::from(items))
}

/// Attributes of one frame, each in its functional group.
fn grouped(object: &InMemDicomObject, wanted: impl Fn(Tag) -> bool) -> InMemDicomObject {
    let mut groups = InMemDicomObject::new_empty();
    for (group, inside, single) in MOVED {
        let Some(element) = object.get(single).filter(|_| wanted(single)) else { continue };
        let mut item = groups
            .get(group)
            .and_then(|element| element.value().items())
            .map_or_else(InMemDicomObject::new_empty, |items| items[0].clone());
        item.put(InMemElement::new(inside, element.vr(), element.value().clone()));
        groups.put(DataElement::new(group, VR::SQ, sequence(vec![item])));
    }
    groups
}

/// One enhanced file of single frames in the given order. Orientation, spacing and image type are
/// shared; position and rescale belong to each frame.
fn joined(folder: &TempDir, order: &[usize]) -> TempDir {
    let frames: Vec<Object> = order.iter().map(|n| open_file(file(folder, *n)).unwrap()).collect();
    let own = |tag| {
        [
            tags::IMAGE_POSITION_PATIENT,
            tags::RESCALE_SLOPE,
            tags::RESCALE_INTERCEPT,
            tags::RESCALE_TYPE,
        ]
        .contains(&tag)
    };
    let mut enhanced = frames[0].clone();
    let class = uids::ENHANCED_CT_IMAGE_STORAGE;
    enhanced.meta_mut().media_storage_sop_class_uid = class.into();
    put(&mut enhanced, tags::SOP_CLASS_UID, VR::UI, class);
    put(&mut enhanced, tags::NUMBER_OF_FRAMES, VR::IS, frames.len().to_string());
    let shared = grouped(&frames[0], |tag| !own(tag));
    let per_frame = frames.iter().map(|frame| grouped(frame, own)).collect();
    for (tag, items) in [
        (tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![shared]),
        (tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, per_frame),
    ] {
        enhanced.put(DataElement::new(tag, VR::SQ, sequence(items)));
    }
    for (_, _, single) in MOVED {
        enhanced.remove_element(single);
    }
    if frames[0].element(tags::PIXEL_DATA).unwrap().value().fragments().is_none() {
        let bytes = frames.iter().flat_map(|frame| pixels(frame)).collect::<Vec<u8>>();
        let words: C<u16> =
            bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        put(&mut enhanced, tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(words));
    }
    let target = TempDir::new().unwrap();
    enhanced.write_to_file(target.path().join("enhanced.dcm")).unwrap();
    target
}

fn pixels(object: &InMemDicomObject) -> Vec<u8> {
    object.element(tags::PIXEL_DATA).unwrap().to_bytes().unwrap().into_owned()
}

/// Every frame of an enhanced file as a file of its own.
fn split(path: &Path) -> TempDir {
    let enhanced = open_file(path).unwrap();
    let count: usize = enhanced.element(tags::NUMBER_OF_FRAMES).unwrap().to_int().unwrap();
    let bytes = pixels(&enhanced);
    let items = |tag| enhanced.element(tag).unwrap().value().items().unwrap().to_vec();
    let shared = items(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
    let target = TempDir::new().unwrap();
    for (n, own) in items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).iter().enumerate() {
        let mut frame = enhanced.clone();
        for (group, inside, single) in MOVED {
            let within = |macros: &InMemDicomObject| {
                let item = macros.get(group)?.value().items()?.first()?;
                Some(item.get(inside)?.value().clone())
            };
            if let Some(value) = within(own).or_else(|| within(&shared[0])) {
                let vr = if single == tags::IMAGE_TYPE { VR::CS } else { VR::DS };
                frame.put(InMemElement::new(single, vr, value));
            }
        }
        for tag in [
            tags::NUMBER_OF_FRAMES,
            tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE,
            tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
        ] {
            frame.remove_element(tag);
        }
        let uid = format!("2.25.{}", n + 1);
        put(&mut frame, tags::SOP_CLASS_UID, VR::UI, uids::CT_IMAGE_STORAGE);
        put(&mut frame, tags::SOP_INSTANCE_UID, VR::UI, uid.as_str());
        frame.meta_mut().media_storage_sop_class_uid = uids::CT_IMAGE_STORAGE.into();
        frame.meta_mut().media_storage_sop_instance_uid = uid;
        let size = bytes.len() / count;
        let words: C<u16> = bytes[n * size..(n + 1) * size]
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        put(&mut frame, tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(words));
        frame.write_to_file(target.path().join(format!("{n}.dcm"))).unwrap();
    }
    target
}

/// Loads both and finds the same grid, the same bits and the same words.
fn same(single: impl AsRef<Path>, enhanced: impl AsRef<Path>) -> Ct {
    let [single, enhanced] = [single.as_ref(), enhanced.as_ref()].map(|path| load(path).unwrap());
    assert_eq!(enhanced.ct.grid(), single.ct.grid());
    assert_eq!(enhanced.ct.padding(), single.ct.padding());
    assert!(enhanced.ct == single.ct, "voxels differ");
    assert_eq!(codes(&enhanced), codes(&single));
    assert_eq!(enhanced.acquisition.kernel, single.acquisition.kernel);
    assert_eq!(enhanced.acquisition.slice_thickness_mm, single.acquisition.slice_thickness_mm);
    single.ct
}

/// Tilted, odd, anisotropic, with values that every slope keeps within 16 bits.
fn tilted() -> Ct {
    let tilt = 20f64.to_radians();
    let axes = Matrix3::from_columns(&[
        Vector3::new(0.0, 0.0, 2.5),
        Vector3::new(0.0, tilt.cos(), -tilt.sin()) * 0.9,
        Vector3::new(0.7, 0.0, 0.0),
    ]);
    let grid = Grid::new([7, 11, 13], Point3::new(-101.25, 33.5, -812.75), axes).unwrap();
    let mixed = |[k, j, i]: [usize; 3]| {
        ((k * 7919 + j * 104_729 + i * 1_299_709 + 17) % 4096) as i16 - 1024
    };
    Ct::new(Volume::from_fn(&grid, |voxel| Hu(mixed(voxel)))).with_padding(Some(-1024..=-1024))
}

const ORDER: [usize; 7] = [4, 0, 6, 1, 5, 2, 3];

#[test]
fn frames_in_any_order_are_the_slices() {
    let folder = exported(&tilted());
    for order in [[0, 1, 2, 3, 4, 5, 6], ORDER, [6, 5, 4, 3, 2, 1, 0]] {
        let ct = same(&folder, joined(&folder, &order));
        assert!(ct.exact().is_none());
    }
}

#[test]
fn each_frame_has_its_own_rescale() {
    for (slope, intercept) in [(1.0, 1.0), (0.37, -3.0)] {
        let folder = exported(&tilted());
        common::change_all(&folder, |n, object| {
            let slope = slope * (1.0 + n as f64);
            put(object, tags::RESCALE_SLOPE, VR::DS, format!("{slope:.6}"));
            put(object, tags::RESCALE_INTERCEPT, VR::DS, format!("{}", intercept * n as f64));
            object.remove_element(tags::PIXEL_PADDING_VALUE);
        });
        let ct = same(&folder, joined(&folder, &ORDER));
        assert_eq!(ct.exact().is_some(), slope < 1.0);
    }
}

#[test]
fn several_files_of_several_frames_are_one_volume() {
    let folder = exported(&tilted());
    let [first, second] = [&ORDER[..3], &ORDER[3..]].map(|order| joined(&folder, order));
    std::fs::copy(file(&second, 0), first.path().join("second.dcm")).unwrap();
    same(&folder, &first);
}

/// JPEG 2000 streams cut into pieces, found again by an offset table or by how they begin.
#[test]
fn fragmented_frames_are_put_together() {
    let source =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/dicom/signed12_jpeg_2000_90");
    let folder = TempDir::new().unwrap();
    for path in files(&source) {
        std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    let streams = files(&folder).into_iter().map(|path| {
        let object = open_file(path).unwrap();
        let fragments = object.element(tags::PIXEL_DATA).unwrap().value().fragments().unwrap();
        fragments.concat()
    });
    let streams: Vec<Vec<u8>> = streams.collect();
    for (piece, table, order) in
        [(1 << 20, false, [0, 1]), (100, false, [1, 0]), (100, true, [0, 1]), (38, true, [1, 0])]
    {
        let mut fragments: Vec<Vec<u8>> = Vec::new();
        let (mut offsets, mut at) = (Vec::new(), 0);
        for n in order {
            offsets.push(at);
            for part in streams[n].chunks(piece) {
                at += 8 + part.len().next_multiple_of(2) as u32;
                fragments.push(part.to_vec());
            }
        }
        let enhanced = joined(&folder, &order);
        common::change(&file(&enhanced, 0), |object| {
            let offsets: Vec<u32> = if table { offsets.clone() } else { Vec::new() };
            let value = PixelFragmentSequence::new(offsets, fragments.clone());
            object.put(DataElement::new(tags::PIXEL_DATA, VR::OB, Value::PixelSequence(value)));
        });
        same(&folder, &enhanced);
    }
}

fn public() -> Option<PathBuf> {
    let data = std::env::var_os("HILUM_DATA").map(PathBuf::from);
    if data.is_none() {
        println!("skipped: HILUM_DATA names no folder of public data");
    }
    data.map(|data| data.join("dicom_torture/enhanced_ct/eCT_Supplemental.dcm"))
}

#[test]
fn a_scanners_enhanced_file_split_into_frames_is_the_same() {
    let Some(path) = public() else { return };
    let single = split(&path);
    assert_eq!(files(&single).len(), 2);
    let ct = same(&single, &path);
    assert_eq!(ct.grid().shape(), [2, 512, 512]);
}

#[test]
fn a_made_up_enhanced_file_splits_into_what_it_was_made_of() {
    let folder = exported(&tilted());
    let enhanced = joined(&folder, &ORDER);
    same(&folder, split(&file(&enhanced, 0)));
}
