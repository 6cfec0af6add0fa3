//! MetaImage: `Name = value` lines, then raw or zlib-packed voxels, in the same file (`.mha`) or
//! beside it (`.mhd` with `.raw` or `.zraw`).
//!
//! Format: <https://itk.org/Wiki/ITK/MetaIO/Documentation>.

use std::fs::File;
use std::io::{BufReader, SeekFrom};
use std::path::Path;

use nalgebra::Vector3;

use crate::element::{ByteOrder, Element};
use crate::geometry::Geometry;
use crate::header::{Header, byte_count, line};
use crate::source::{self, Packing};
use crate::stored::Stored;
use crate::{Error, Format};

const FORMAT: Format = Format::MetaImage;

pub(crate) fn read(path: &Path) -> Result<Stored, Error> {
    let mut reader = source::open(path)?;
    let header = header(&mut reader, path)?;
    let element = element(&header)?;
    let geometry = geometry(&header)?;
    let wanted = byte_count(FORMAT, "DimSize", geometry.sizes, element.bytes())?;
    let grid = geometry.grid()?;
    let name = header.require("ElementDataFile", "`LOCAL` or a file name")?;
    let bytes = if name.eq_ignore_ascii_case("local") {
        voxels(&header, &mut reader, path, wanted)?
    } else if name.eq_ignore_ascii_case("list") || name.contains('%') {
        let found = format!("its voxels in many files (`{name}`)");
        return Err(header.unsupported(found, "one data file"));
    } else {
        let beside = path.parent().unwrap_or(Path::new("")).join(name);
        voxels(&header, &mut source::open(&beside)?, &beside, wanted)?
    };
    Ok(Stored { grid, element, order: order(&header)?, slope: 1.0, intercept: 0.0, bytes })
}

/// The lines up to `ElementDataFile`, which is the last.
fn header(reader: &mut BufReader<File>, path: &Path) -> Result<Header, Error> {
    const LAST: &str = "elementdatafile";
    let mut header = Header::new(FORMAT);
    while header.get(LAST).is_none() {
        let text = line(reader, path, FORMAT)?;
        match text.as_deref().map(|text| text.split_once('=')) {
            Some(Some((name, value))) => header.add(name, value),
            Some(None) if text.as_deref().is_some_and(|text| text.trim().is_empty()) => {}
            Some(None) => {
                let start: String = text.unwrap_or_default().chars().take(8).collect();
                let found = format!("`{}`", start.escape_default());
                return Err(Error::NotThisFormat { format: FORMAT, found });
            }
            None => return Err(header.wrong("ElementDataFile", "absent", "a file name")),
        }
    }
    Ok(header)
}

fn voxels(
    header: &Header,
    reader: &mut BufReader<File>,
    path: &Path,
    wanted: u64,
) -> Result<Vec<u8>, Error> {
    if header.get("BinaryData").is_some() && !header.flag("BinaryData")? {
        return Err(header.unsupported("voxels as text".into(), "binary ones"));
    }
    let packing = if header.flag("CompressedData")? { Packing::Zlib } else { Packing::Raw };
    let by = match header.get("HeaderSize") {
        None | Some("0") => SeekFrom::Current(0),
        Some("-1") => {
            let found = source::remaining(reader, path)?;
            if found < wanted {
                return Err(Error::Truncated { found, wanted });
            }
            SeekFrom::End(-(wanted as i64))
        }
        Some(text) => SeekFrom::Start(
            text.parse()
                .map_err(|_| header.wrong("HeaderSize", text, "a whole number of at least -1"))?,
        ),
    };
    source::skip(reader, path, by)?;
    source::voxels(reader, path, packing, wanted)
}

fn element(header: &Header) -> Result<Element, Error> {
    const WANTED: &str = "a type of whole or floating-point numbers";
    if let Some(channels) = header.get("ElementNumberOfChannels").filter(|text| *text != "1") {
        return Err(header.unsupported(format!("{channels} numbers a voxel"), "one"));
    }
    let name = header.require("ElementType", WANTED)?;
    Ok(match name.to_uppercase().as_str() {
        "MET_CHAR" => Element::I8,
        "MET_UCHAR" => Element::U8,
        "MET_SHORT" => Element::I16,
        "MET_USHORT" => Element::U16,
        "MET_INT" | "MET_LONG" => Element::I32,
        "MET_UINT" | "MET_ULONG" => Element::U32,
        "MET_LONG_LONG" => Element::I64,
        "MET_ULONG_LONG" => Element::U64,
        "MET_FLOAT" => Element::F32,
        "MET_DOUBLE" => Element::F64,
        _ => return Err(header.wrong("ElementType", name, WANTED)),
    })
}

fn order(header: &Header) -> Result<ByteOrder, Error> {
    let big = header.flag("BinaryDataByteOrderMSB")? || header.flag("ElementByteOrderMSB")?;
    Ok(if big { ByteOrder::Big } else { ByteOrder::Little })
}

/// Steps are rows of the matrix, one for each file axis, in LPS. The field
/// `AnatomicalOrientation` says the same in words, often wrongly; like ITK we do not read it.
fn geometry(header: &Header) -> Result<Geometry, Error> {
    let dimensions = header.require("NDims", "`3`")?;
    if dimensions != "3" {
        return Err(header.unsupported(format!("{dimensions} axes"), "3"));
    }
    let sizes = header.sizes("DimSize", header.require("DimSize", "three sizes")?)?;
    let three = |field: &'static str, names: &[&str], default: f64| match header.any(names) {
        None => Ok([default; 3]),
        Some(text) => header.numbers::<3>(field, text, "three numbers"),
    };
    let origin = three("Offset", &["Offset", "Position", "Origin"], 0.0)?;
    let spacing = three("ElementSpacing", &["ElementSpacing", "ElementSize"], 1.0)?;
    let rows = match header.any(&["TransformMatrix", "Rotation", "Orientation"]) {
        None => [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0],
        Some(text) => header.numbers::<9>("TransformMatrix", text, "nine numbers")?,
    };
    let step = |n: usize| Vector3::from_column_slice(&rows[3 * n..3 * n + 3]) * spacing[n];
    Ok(Geometry { sizes, origin: origin.into(), steps: [step(0), step(1), step(2)] })
}
