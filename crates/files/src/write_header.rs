//! The headers that are written.

use std::fmt::Write as _;
use std::path::Path;

use nalgebra::{Matrix3, Rotation3, UnitQuaternion, Vector3};

use crate::element::Element;
use crate::geometry::{Geometry, turned};
use crate::nifti1::HEADER;
use crate::{Error, Format};

/// Angle (rad) up to which steps count as perpendicular; rounding of coordinates makes as much.
const PERPENDICULAR: f64 = 1e-4;

fn words(numbers: impl IntoIterator<Item = impl std::fmt::Display>, between: &str) -> String {
    let words: Vec<String> = numbers.into_iter().map(|number| number.to_string()).collect();
    words.join(between)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The header of an `.nrrd` file, or of an `.nhdr` file whose voxels lie `beside`.
pub(crate) fn nrrd(geometry: &Geometry, element: Element, beside: Option<&Path>) -> String {
    let kind = match element {
        Element::I8 => "int8",
        Element::U8 => "uint8",
        Element::I16 => "int16",
        Element::U16 => "uint16",
        Element::I32 => "int32",
        Element::U32 => "uint32",
        Element::I64 => "int64",
        Element::U64 => "uint64",
        Element::F32 => "float",
        Element::F64 => "double",
    };
    let vector = |v: &Vector3<f64>| format!("({})", words(v.iter(), ","));
    let mut text = format!("NRRD0004\ntype: {kind}\ndimension: 3\n");
    text += "space: left-posterior-superior\n";
    let _ = writeln!(text, "sizes: {}", words(geometry.sizes, " "));
    let _ = writeln!(text, "space directions: {}", words(geometry.steps.iter().map(vector), " "));
    text += "kinds: domain domain domain\nendian: little\nencoding: gzip\n";
    let _ = writeln!(text, "space origin: {}", vector(&geometry.origin));
    match beside {
        None => text + "\n",
        Some(path) => text + &format!("data file: {}\n", file_name(path)),
    }
}

/// The header of an `.mha` file, or of an `.mhd` file whose voxels lie `beside`.
pub(crate) fn meta(
    geometry: &Geometry,
    element: Element,
    packed: usize,
    beside: Option<&Path>,
) -> String {
    let kind = match element {
        Element::I8 => "MET_CHAR",
        Element::U8 => "MET_UCHAR",
        Element::I16 => "MET_SHORT",
        Element::U16 => "MET_USHORT",
        Element::I32 => "MET_INT",
        Element::U32 => "MET_UINT",
        Element::I64 => "MET_LONG_LONG",
        Element::U64 => "MET_ULONG_LONG",
        Element::F32 => "MET_FLOAT",
        Element::F64 => "MET_DOUBLE",
    };
    let spacing = geometry.steps.map(|step| step.norm());
    let directions = geometry.steps.iter().flat_map(|step| {
        let direction = step.normalize();
        [direction.x, direction.y, direction.z]
    });
    let mut text = String::from("ObjectType = Image\nNDims = 3\nBinaryData = True\n");
    text += "BinaryDataByteOrderMSB = False\nCompressedData = True\n";
    let _ = writeln!(text, "CompressedDataSize = {packed}");
    let _ = writeln!(text, "TransformMatrix = {}", words(directions, " "));
    let _ = writeln!(text, "Offset = {}", words(geometry.origin.iter(), " "));
    let _ = writeln!(text, "CenterOfRotation = 0 0 0");
    let _ = writeln!(text, "ElementSpacing = {}", words(spacing, " "));
    let _ = writeln!(text, "DimSize = {}", words(geometry.sizes, " "));
    let _ = writeln!(text, "ElementType = {kind}");
    let data = beside.map_or_else(|| "LOCAL".into(), file_name);
    text + &format!("ElementDataFile = {data}\n")
}

/// The header of a `.nii` file, with the four bytes that say "no extensions" behind it.
///
/// The sform is always set. The qform says the same where the steps are perpendicular, and is
/// left unset where they are not: it cannot say so, and a reader must not believe it.
///
/// # Errors
///
/// [`Error::Unsupported`] if a size needs more than 15 bits.
pub(crate) fn nifti(geometry: &Geometry, element: Element, shear: f64) -> Result<Vec<u8>, Error> {
    if geometry.sizes.iter().any(|n| *n > i16::MAX as usize) {
        let found = format!("sizes {:?}", geometry.sizes);
        let wanted = "at most 32767 voxels along an axis";
        return Err(Error::Unsupported { format: Format::Nifti, found, wanted });
    }
    let mut header = vec![0; HEADER + 4];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    let steps = geometry.steps.map(turned);
    let origin = turned(geometry.origin);
    let (rotation, side) = rotation(&steps);

    put(0, &(HEADER as i32).to_le_bytes());
    put(38, b"r");
    let [i, j, k] = geometry.sizes.map(|n| n as i16);
    put(40, &shorts(&[3, i, j, k, 1, 1, 1, 1]));
    put(70, &shorts(&[code(element), 8 * element.bytes() as i16]));
    let [di, dj, dk] = steps.map(|step| step.norm());
    put(76, &floats(&[side, di, dj, dk, 1.0, 1.0, 1.0, 1.0]));
    put(108, &floats(&[(HEADER + 4) as f64, 1.0, 0.0]));
    put(123, &[2]); // millimetres
    let qform_code = i16::from(shear < PERPENDICULAR);
    put(252, &shorts(&[qform_code, 1])); // scanner coordinates
    put(256, &floats(&[rotation.i, rotation.j, rotation.k, origin.x, origin.y, origin.z]));
    for row in 0..3 {
        let [x, y, z] = [0, 1, 2].map(|n| steps[n][row]);
        put(280 + 16 * row, &floats(&[x, y, z, origin[row]]));
    }
    put(344, nifti::header::MAGIC_CODE_NIP1);
    Ok(header)
}

/// The rotation next to the steps, with a real part of at least 0, and the sign of the third axis.
fn rotation(steps: &[Vector3<f64>; 3]) -> (UnitQuaternion<f64>, f64) {
    let mut axes = Matrix3::from_columns(&steps.map(|step| step.normalize()));
    let side = axes.determinant().signum();
    axes.column_mut(2).scale_mut(side);
    let rotation = Rotation3::from_matrix_eps(&axes, 1e-12, 100, Rotation3::identity());
    let rotation = UnitQuaternion::from_rotation_matrix(&rotation);
    (
        if rotation.w < 0.0 {
            UnitQuaternion::new_unchecked(-rotation.into_inner())
        } else {
            rotation
        },
        side,
    )
}

fn shorts(numbers: &[i16]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

fn floats(numbers: &[f64]) -> Vec<u8> {
    numbers.iter().flat_map(|n| (*n as f32).to_le_bytes()).collect()
}

const fn code(element: Element) -> i16 {
    match element {
        Element::U8 => 2,
        Element::I16 => 4,
        Element::I32 => 8,
        Element::F32 => 16,
        Element::F64 => 64,
        Element::I8 => 256,
        Element::U16 => 512,
        Element::U32 => 768,
        Element::I64 => 1024,
        Element::U64 => 1280,
    }
}
