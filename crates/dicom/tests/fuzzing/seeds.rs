//! Small files of every kind, from which changes start: our own phantom in every packing that we
//! can write, and the pictures of `testdata` in the others.

use std::fs;
use std::path::{Path, PathBuf};

use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject, open_file};
use hilum_core::Grid;
use hilum_dicom::{Export, write_series};
use hilum_phantom::gaussian_lung;
use tempfile::TempDir;

use super::objects::{SHAPE, enhanced_run, put, put_sequence, run, sequence_item};
use super::{envelope, pack};

/// A name and an input.
pub(crate) type Seed = (String, Vec<u8>);

/// Longer files cost more than they find.
const LONGEST: usize = 12_000;

/// Inputs of the target `series`.
pub(crate) fn series() -> Vec<Seed> {
    let slices = slices();
    let mut seeds: Vec<Seed> = PLAIN
        .iter()
        .map(|(name, syntax)| (format!("set_{name}"), set(&slices, |_, o| written(o, syntax))))
        .collect();
    seeds.push(("set_rle".into(), set(&slices, |_, o| packed(o, uids::RLE_LOSSLESS, 1, true))));
    let frames = uids::DEFLATED_IMAGE_FRAME_COMPRESSION;
    seeds.push(("set_deflated_frames".into(), set(&slices, |_, o| packed(o, frames, 2, false))));
    seeds.push(("set_oddities".into(), set(&slices, odd)));
    seeds.push(("set_float".into(), set(&slices, |_, o| float(o))));
    seeds.push(("directory".into(), directory()));
    seeds.extend(multi_frame("enhanced", &enhanced(&slices)));
    seeds.extend(pictures("dicom"));
    seeds.extend(pictures("codecs"));
    seeds.extend(pictures("cine"));
    seeds
}

/// Inputs of the target `cine`.
pub(crate) fn cine() -> Vec<Seed> {
    let mut seeds = multi_frame("run", &run(false));
    seeds.extend(multi_frame("tables", &run(true)));
    seeds.extend(multi_frame("enhanced", &enhanced_run()));
    seeds.extend(pictures("cine"));
    seeds
}

const PLAIN: [(&str, &str); 4] = [
    ("explicit", uids::EXPLICIT_VR_LITTLE_ENDIAN),
    ("implicit", uids::IMPLICIT_VR_LITTLE_ENDIAN),
    ("big", "1.2.840.10008.1.2.2"),
    ("deflated", uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN),
];

/// The phantom as it is exported, one object for each slice.
fn slices() -> Vec<InMemDicomObject> {
    let grid = Grid::axial(SHAPE, [2.5, 0.9, 0.7]).expect("a proper grid");
    let ct = gaussian_lung(&grid, -850.0, 60.0, 1);
    let folder = TempDir::new().expect("a folder can be made");
    let files = write_series(&ct, &Export::default(), folder.path()).expect("it can be written");
    let read = |path: &PathBuf| open_file(path).expect("what was written can be read").into_inner();
    files.iter().map(read).collect()
}

fn set(slices: &[InMemDicomObject], file: impl Fn(usize, &InMemDicomObject) -> Vec<u8>) -> Vec<u8> {
    let files: Vec<Vec<u8>> =
        slices.iter().enumerate().map(|(n, object)| file(n, object)).collect();
    envelope::sealed(&files)
}

/// A file in an uncompressed syntax or the deflated one.
fn written(object: &InMemDicomObject, syntax: &str) -> Vec<u8> {
    let class = object.element(tags::SOP_CLASS_UID).ok().and_then(|e| e.to_str().ok());
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax(syntax)
        .media_storage_sop_class_uid(class.unwrap_or_default().as_ref())
        .media_storage_sop_instance_uid("2.25.7");
    let object = object.clone().with_meta(meta).expect("complete meta information");
    let mut bytes = Vec::new();
    object.write_all(&mut bytes).expect("memory takes bytes");
    bytes
}

fn stored(object: &InMemDicomObject) -> Vec<u8> {
    let pixels = object.element(tags::PIXEL_DATA).expect("an image has pixels");
    pixels.to_bytes().expect("pixels are bytes").into_owned()
}

/// A file whose frames are packed one by one.
fn packed(object: &InMemDicomObject, syntax: &str, cuts: usize, table: bool) -> Vec<u8> {
    let rows_and_columns = SHAPE[1] * SHAPE[2] * 2;
    let pack = if syntax == uids::RLE_LOSSLESS { pack::run_lengths } else { pack::deflate };
    let frames: Vec<Vec<u8>> = stored(object).chunks_exact(rows_and_columns).map(pack).collect();
    let mut plain = object.clone();
    plain.remove_element(tags::PIXEL_DATA);
    let bytes = written(&plain, uids::EXPLICIT_VR_LITTLE_ENDIAN);
    let bytes = with_syntax(&bytes, syntax);
    [bytes, pack::encapsulated(&frames, cuts, table)].concat()
}

/// The same bytes under the name of another transfer syntax.
fn with_syntax(bytes: &[u8], syntax: &str) -> Vec<u8> {
    let own = pack::even(uids::EXPLICIT_VR_LITTLE_ENDIAN.as_bytes().to_vec(), 0);
    let old = pack::explicit(tags::TRANSFER_SYNTAX_UID, "UI", &own);
    let new = pack::even(syntax.as_bytes().to_vec(), 0);
    let new = pack::explicit(tags::TRANSFER_SYNTAX_UID, "UI", &new);
    let at = bytes.windows(old.len()).position(|part| part == old).expect("it has a syntax");
    [&bytes[..at], &new, &bytes[at + old.len()..]].concat()
}

/// Padding, a table, an overlay, private and nested elements, several characters.
fn odd(n: usize, object: &InMemDicomObject) -> Vec<u8> {
    let mut object = object.clone();
    let table = sequence_item([
        (tags::LUT_DESCRIPTOR, VR::US, PrimitiveValue::U16([4, 100, 16].as_slice().into())),
        (tags::MODALITY_LUT_TYPE, VR::LO, "HU".into()),
        (tags::LUT_DATA, VR::US, PrimitiveValue::U16([0, 100, 200, 4000].as_slice().into())),
    ]);
    if n == 1 {
        put_sequence(&mut object, tags::MODALITY_LUT_SEQUENCE, vec![table.clone()]);
    }
    put(&mut object, tags::PIXEL_PADDING_VALUE, VR::SS, PrimitiveValue::from(-2000i16));
    put(&mut object, tags::PIXEL_PADDING_RANGE_LIMIT, VR::SS, PrimitiveValue::from(-1500i16));
    put(&mut object, tags::SPECIFIC_CHARACTER_SET, VR::CS, "\\ISO 2022 IR 87".into());
    put(&mut object, tags::RESCALE_SLOPE, VR::DS, "0.37".into());
    put(&mut object, Tag(0x0029, 0x0010), VR::LO, "HILUM".into());
    put(&mut object, Tag(0x6000, 0x0010), VR::US, PrimitiveValue::from(7u16));
    put(&mut object, Tag(0x6000, 0x3000), VR::OW, PrimitiveValue::from(vec![0xAAu8; 8]));
    let mut nested = table;
    for _ in 0..3 {
        nested = InMemDicomObject::from_element_iter([DataElement::new(
            tags::CONTENT_SEQUENCE,
            VR::SQ,
            dicom_core::value::DataSetSequence::from(vec![nested]),
        )]);
    }
    put_sequence(&mut object, tags::CONTENT_SEQUENCE, vec![nested]);
    written(&object, uids::EXPLICIT_VR_LITTLE_ENDIAN)
}

fn float(object: &InMemDicomObject) -> Vec<u8> {
    let mut object = object.clone();
    object.remove_element(tags::PIXEL_DATA);
    put(&mut object, tags::BITS_ALLOCATED, VR::US, PrimitiveValue::from(32u16));
    let values: Vec<f32> = (0..SHAPE[1] * SHAPE[2]).map(|n| n as f32 - 900.5).collect();
    put(&mut object, tags::FLOAT_PIXEL_DATA, VR::OF, PrimitiveValue::F32(values.into()));
    written(&object, uids::EXPLICIT_VR_LITTLE_ENDIAN)
}

/// A medium that lists a file that is there, itself, and one that is not.
fn directory() -> Vec<u8> {
    let record = |name: &str| sequence_item([(tags::REFERENCED_FILE_ID, VR::CS, name.into())]);
    let mut object = InMemDicomObject::new_empty();
    let class = uids::MEDIA_STORAGE_DIRECTORY_STORAGE;
    put(&mut object, tags::SOP_CLASS_UID, VR::UI, class.into());
    let records = vec![record("0.DCM"), record("IMAGES\\1"), record("..\\0.DCM")];
    put_sequence(&mut object, tags::DIRECTORY_RECORD_SEQUENCE, records);
    written(&object, uids::EXPLICIT_VR_LITTLE_ENDIAN)
}

/// All slices in one object, as enhanced CT.
fn enhanced(slices: &[InMemDicomObject]) -> InMemDicomObject {
    let mut object = slices[0].clone();
    let take = |object: &InMemDicomObject, tag: Tag| {
        let element = object.element(tag).expect("an exported slice has it").clone();
        InMemDicomObject::from_element_iter([element])
    };
    let group = |tag: Tag, item: InMemDicomObject| {
        let items = dicom_core::value::DataSetSequence::from(vec![item]);
        DataElement::new(tag, VR::SQ, items)
    };
    let own = |slice: &InMemDicomObject| {
        let place = take(slice, tags::IMAGE_POSITION_PATIENT);
        InMemDicomObject::from_element_iter([group(tags::PLANE_POSITION_SEQUENCE, place)])
    };
    put_sequence(
        &mut object,
        tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
        slices.iter().map(own).collect(),
    );
    let shared = InMemDicomObject::from_element_iter([
        group(tags::PIXEL_MEASURES_SEQUENCE, take(&object, tags::PIXEL_SPACING)),
        group(tags::PLANE_ORIENTATION_SEQUENCE, take(&object, tags::IMAGE_ORIENTATION_PATIENT)),
        group(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, take(&object, tags::RESCALE_SLOPE)),
    ]);
    put_sequence(&mut object, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![shared]);
    put(&mut object, tags::SOP_CLASS_UID, VR::UI, uids::ENHANCED_CT_IMAGE_STORAGE.into());
    put(&mut object, tags::NUMBER_OF_FRAMES, VR::IS, slices.len().to_string().into());
    for tag in [tags::IMAGE_POSITION_PATIENT, tags::RESCALE_SLOPE, tags::PIXEL_SPACING] {
        object.remove_element(tag);
    }
    let pixels: Vec<u8> = slices.iter().flat_map(stored).collect();
    put(&mut object, tags::PIXEL_DATA, VR::OW, PrimitiveValue::from(pixels));
    object
}

/// An object of several frames in every packing.
fn multi_frame(name: &str, object: &InMemDicomObject) -> Vec<Seed> {
    let mut seeds: Vec<Seed> = PLAIN
        .iter()
        .map(|(syntax, uid)| (format!("{name}_{syntax}"), written(object, uid)))
        .collect();
    let frames = uids::DEFLATED_IMAGE_FRAME_COMPRESSION;
    for (packing, syntax, cuts, table) in [
        ("rle", uids::RLE_LOSSLESS, 1, false),
        ("rle_fragments", uids::RLE_LOSSLESS, 2, true),
        ("deflated_frames", frames, 1, true),
        ("deflated_fragments", frames, 3, true),
    ] {
        seeds.push((format!("{name}_{packing}"), packed(object, syntax, cuts, table)));
    }
    seeds
}

/// Small pictures of `testdata`: pairs in folders, and single files.
fn pictures(folder: &str) -> Vec<Seed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = root.ancestors().find(|path| path.join("testdata").is_dir());
    let folder = root.expect("test data lie above").join("testdata").join(folder);
    let listed = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = listed.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let input = |path: &PathBuf| {
        if path.is_dir() {
            let file = |n: usize| fs::read(path.join(format!("{n}.dcm")));
            return Some(envelope::sealed(&[file(0).ok()?, file(1).ok()?]));
        }
        let is_picture = path.extension().is_some_and(|extension| extension == "dcm");
        is_picture.then(|| fs::read(path).ok()).flatten()
    };
    let name = |path: &PathBuf| path.file_stem().unwrap_or_default().display().to_string();
    let inputs = paths.iter().filter_map(|path| Some((name(path), input(path)?)));
    inputs.filter(|(_, bytes)| bytes.len() <= LONGEST).collect()
}
