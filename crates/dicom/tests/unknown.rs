//! Elements of unknown representation (UN): implicit little-endian inside, whatever the file is.

mod common;

use std::fs;
use std::path::Path;

use common::{axial, error, exported, file, load, rough};
use dicom_core::value::Value;
use dicom_core::{DataElement, VR};
use dicom_dictionary_std::tags;

/// Head of an implicit element.
fn implicit(group: u16, element: u16, length: u32) -> Vec<u8> {
    [&group.to_le_bytes()[..], &element.to_le_bytes(), &length.to_le_bytes()].concat()
}

const UNDEFINED: u32 = u32::MAX;

/// A sequence of one item, both of undefined length, around some elements.
fn nested(inner: &[u8]) -> Vec<u8> {
    [
        implicit(0x0008, 0x1115, UNDEFINED),
        implicit(0xFFFE, 0xE000, UNDEFINED),
        inner.to_vec(),
        implicit(0xFFFE, 0xE00D, 0),
        implicit(0xFFFE, 0xE0DD, 0),
    ]
    .concat()
}

/// A private element of unknown representation around an item with some elements.
fn unknown(inner: &[u8]) -> Vec<u8> {
    let head = [&[0x09, 0, 0x10, 0x10][..], b"UN\0\0", &UNDEFINED.to_le_bytes()].concat();
    [head, nested(inner)[8..].to_vec()].concat()
}

/// Puts bytes before the rescale slope, and says that the slope is of unknown representation.
fn insert(path: &Path, bytes: &[u8]) {
    let whole = fs::read(path).unwrap();
    let at = whole.windows(6).position(|w| w == [0x28, 0, 0x53, 0x10, b'D', b'S']).unwrap();
    let (before, behind) = whole.split_at(at);
    let slope = [&behind[..4], b"UN\0\0", &behind[6..8], &[0, 0]].concat();
    fs::write(path, [before, bytes, &slope, &behind[8..]].concat()).unwrap();
}

#[test]
fn sequences_of_undefined_length_are_read_over() {
    let ct = rough(&axial());
    let folder = exported(&ct);
    let uid = [implicit(0x0008, 0x1155, 6), b"1.2.3\0".to_vec()].concat();
    for n in 0..7 {
        insert(&file(&folder, n), &unknown(&nested(&[uid.clone(), nested(&uid)].concat())));
    }
    assert_eq!(load(&folder).unwrap().ct.hu(), ct.hu());
}

#[test]
fn numbers_of_unknown_representation_count() {
    let ct = rough(&axial());
    let folder = exported(&ct);
    common::change_all(&folder, |_, object| common::put(object, tags::RESCALE_SLOPE, VR::DS, "2"));
    for n in 0..7 {
        insert(&file(&folder, n), &[]);
    }
    let loaded = load(&folder).unwrap();
    let doubled = loaded.ct.exact().expect("more than 16 bits").as_slice();
    let single = ct.hu().as_slice();
    assert!(doubled.iter().zip(single).all(|(two, one)| *two == 2.0 * f32::from(one.0)));
}

#[test]
fn deep_nests_are_refused() {
    let folder = exported(&rough(&axial()));
    let mut nest = Vec::new();
    for _ in 0..100_000 {
        nest.extend(implicit(0x0008, 0x1115, UNDEFINED));
        nest.extend(implicit(0xFFFE, 0xE000, UNDEFINED));
    }
    insert(&file(&folder, 3), &unknown(&nest));
    let text = error(load(&folder)).to_string();
    assert!(text.ends_with("nested more than 24 deep"), "{text}");
}

#[test]
fn compressed_icons_do_not_end_a_header() {
    use dicom_core::header::Length;
    use dicom_core::value::{DataSetSequence, PixelFragmentSequence};
    use dicom_object::InMemDicomObject;
    let ct = rough(&axial());
    let folder = exported(&ct);
    common::change_all(&folder, |_, object| {
        let mut icon = InMemDicomObject::new_empty();
        let pixels = PixelFragmentSequence::new_fragments(vec![vec![1, 2, 3, 4], vec![5, 6]]);
        icon.put(DataElement::new(tags::PIXEL_DATA, VR::OB, Value::PixelSequence(pixels)));
        let items = DataSetSequence::new(vec![icon], Length::UNDEFINED);
        let sequence = DataElement::new(tags::ICON_IMAGE_SEQUENCE, VR::SQ, Value::from(items));
        object.put(sequence);
    });
    assert_eq!(load(&folder).unwrap().ct.hu(), ct.hu());
}
