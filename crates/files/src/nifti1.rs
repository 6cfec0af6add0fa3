//! NIfTI-1: a header of 348 bytes, then voxels; the whole file may be gzipped. Its space is RAS,
//! which is turned to LPS here.
//!
//! Format: <https://nifti.nimh.nih.gov/nifti-1>.

use std::fs::File;
use std::io::{BufReader, SeekFrom};
use std::path::Path;

use nalgebra::{Matrix3, Quaternion, UnitQuaternion, Vector3};
use nifti::{Endianness, NiftiHeader, NiftiType};

use crate::element::{ByteOrder, Element};
use crate::geometry::{Geometry, turned};
use crate::header::byte_count;
use crate::source::{self, Packing};
use crate::stored::Stored;
use crate::{Error, Format};

const FORMAT: Format = Format::Nifti;

/// Bytes of the header.
pub(crate) const HEADER: usize = 348;

pub(crate) fn read(path: &Path) -> Result<Stored, Error> {
    let mut reader = source::open(path)?;
    let packing = if source::is_gzip(&mut reader, path)? { Packing::Gzip } else { Packing::Raw };
    let header = header(&mut reader, path, packing)?;
    let element = element(&header)?;
    let geometry = geometry(&header)?;
    let wanted = byte_count(FORMAT, "dim", geometry.sizes, element.bytes())?;
    let grid = geometry.grid()?;
    let offset = offset(&header)?;
    source::skip(&mut reader, path, SeekFrom::Start(0))?;
    let mut bytes = source::voxels(&mut reader, path, packing, offset.saturating_add(wanted))?;
    bytes.drain(..offset as usize);
    let order = match header.endianness {
        Endianness::Little => ByteOrder::Little,
        Endianness::Big => ByteOrder::Big,
    };
    let (slope, intercept) = scale(&header);
    Ok(Stored { grid, element, order, slope, intercept, bytes })
}

fn wrong(field: &'static str, found: &dyn std::fmt::Display, wanted: &'static str) -> Error {
    Error::Header { format: FORMAT, field, found: format!("`{found}`"), wanted }
}

fn unsupported(found: impl Into<String>, wanted: &'static str) -> Error {
    Error::Unsupported { format: FORMAT, found: found.into(), wanted }
}

/// The header, with the sizes and the magic checked.
fn header(
    reader: &mut BufReader<File>,
    path: &Path,
    packing: Packing,
) -> Result<NiftiHeader, Error> {
    let bytes = source::head(reader, path, packing, HEADER)?;
    let size = |from: fn([u8; 4]) -> i32| bytes.first_chunk::<4>().copied().map(from);
    if [size(i32::from_le_bytes), size(i32::from_be_bytes)].contains(&Some(540)) {
        return Err(unsupported("version 2", "NIfTI-1"));
    }
    let header = NiftiHeader::from_reader(bytes.as_slice()).map_err(|_| {
        let found = bytes.get(344..HEADER).unwrap_or(&bytes[..bytes.len().min(8)]);
        let found = found.escape_ascii().to_string();
        let found = format!("{} bytes without the magic `n+1` (`{found}`)", bytes.len());
        Error::NotThisFormat { format: FORMAT, found }
    })?;
    if header.sizeof_hdr != HEADER as i32 {
        return Err(wrong("sizeof_hdr", &header.sizeof_hdr, "348"));
    }
    if header.magic != *nifti::header::MAGIC_CODE_NIP1 {
        return Err(unsupported("its voxels in another file", "header and voxels in one file"));
    }
    Ok(header)
}

fn element(header: &NiftiHeader) -> Result<Element, Error> {
    const WANTED: &str = "one whole or floating-point number a voxel";
    match header.data_type() {
        Ok(NiftiType::Int8) => Ok(Element::I8),
        Ok(NiftiType::Uint8) => Ok(Element::U8),
        Ok(NiftiType::Int16) => Ok(Element::I16),
        Ok(NiftiType::Uint16) => Ok(Element::U16),
        Ok(NiftiType::Int32) => Ok(Element::I32),
        Ok(NiftiType::Uint32) => Ok(Element::U32),
        Ok(NiftiType::Int64) => Ok(Element::I64),
        Ok(NiftiType::Uint64) => Ok(Element::U64),
        Ok(NiftiType::Float32) => Ok(Element::F32),
        Ok(NiftiType::Float64) => Ok(Element::F64),
        Ok(other) => Err(unsupported(format!("voxels of type {other:?}"), WANTED)),
        Err(_) => Err(wrong("datatype", &header.datatype, WANTED)),
    }
}

/// Where the voxels start.
fn offset(header: &NiftiHeader) -> Result<u64, Error> {
    let offset = header.vox_offset;
    if offset.is_finite() && offset.fract() == 0.0 && (HEADER as f32..=1e9).contains(&offset) {
        Ok(offset as u64)
    } else {
        Err(wrong("vox_offset", &offset, "a whole number of at least 348"))
    }
}

/// Slope and intercept; a slope of 0 means that there are none, and so does one that is no number.
fn scale(header: &NiftiHeader) -> (f64, f64) {
    let (slope, intercept) = (header.scl_slope, header.scl_inter);
    if slope == 0.0 || !slope.is_finite() || !intercept.is_finite() {
        (1.0, 0.0)
    } else {
        (f64::from(slope), f64::from(intercept))
    }
}

/// Sizes of three axes; further axes may have one element each.
fn sizes(header: &NiftiHeader) -> Result<[usize; 3], Error> {
    let dim = header.dim.map(usize::from);
    let axes = dim[0];
    if !(3..=7).contains(&axes) || dim[4..=axes.max(4)].iter().take(axes - 3).any(|n| *n > 1) {
        let found = format!("sizes {:?}", &dim[1..=axes.clamp(1, 7)]);
        return Err(unsupported(found, "three axes"));
    }
    let sizes = [dim[1], dim[2], dim[3]];
    if sizes.contains(&0) {
        return Err(wrong("dim", &format!("{sizes:?}"), "three positive sizes"));
    }
    Ok(sizes)
}

/// The sform where its code is set, else the qform. Without either, the file's axes are taken as
/// LPS, as ITK does.
fn geometry(header: &NiftiHeader) -> Result<Geometry, Error> {
    let sizes = sizes(header)?;
    let spacing = [header.pixdim[1], header.pixdim[2], header.pixdim[3]].map(f64::from);
    let (axes, origin) = if header.sform_code > 0 {
        sform(header)
    } else if header.qform_code > 0 {
        qform(header, spacing)
    } else {
        (Matrix3::from_diagonal(&turned(Vector3::from(spacing))), Vector3::zeros())
    };
    let mm = millimetres(header)?;
    let steps = [0, 1, 2].map(|n| turned(axes.column(n).into_owned()) * mm);
    Ok(Geometry { sizes, origin: turned(origin) * mm, steps })
}

/// Length of the header's unit of space in mm; one that is not named is mm.
fn millimetres(header: &NiftiHeader) -> Result<f64, Error> {
    match header.xyzt_units & 0o7 {
        0 | 2 => Ok(1.0),
        1 => Ok(1e3),
        3 => Ok(1e-3),
        other => Err(wrong("xyzt_units", &other, "metres, millimetres or micrometres")),
    }
}

fn sform(header: &NiftiHeader) -> (Matrix3<f64>, Vector3<f64>) {
    let rows = [header.srow_x, header.srow_y, header.srow_z].map(|row| row.map(f64::from));
    let axes = Matrix3::from_fn(|row, column| rows[row][column]);
    (axes, Vector3::new(rows[0][3], rows[1][3], rows[2][3]))
}

/// A rotation and spacings; the sign in `pixdim[0]` turns the third axis round.
fn qform(header: &NiftiHeader, spacing: [f64; 3]) -> (Matrix3<f64>, Vector3<f64>) {
    let [b, c, d] = [header.quatern_b, header.quatern_c, header.quatern_d].map(f64::from);
    let a = (1.0 - (b * b + c * c + d * d)).max(0.0).sqrt();
    let rotation = UnitQuaternion::from_quaternion(Quaternion::new(a, b, c, d));
    let side = if header.pixdim[0] < 0.0 { -1.0 } else { 1.0 };
    let [i, j, k] = spacing;
    let axes = rotation.to_rotation_matrix().into_inner()
        * Matrix3::from_diagonal(&Vector3::new(i, j, k * side));
    let origin = [header.quatern_x, header.quatern_y, header.quatern_z].map(f64::from);
    (axes, origin.into())
}
