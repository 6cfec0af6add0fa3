//! NRRD: a text header with the whole geometry, then raw or gzipped voxels.
//!
//! Format: <https://teem.sourceforge.net/nrrd/format.html>.

use std::fs::File;
use std::io::{BufReader, SeekFrom};
use std::path::Path;

use nalgebra::Vector3;

use crate::element::{ByteOrder, Element};
use crate::geometry::{Geometry, turned};
use crate::header::{Header, byte_count, finite, line, vector};
use crate::source::{self, Packing};
use crate::stored::Stored;
use crate::{Error, Format};

const FORMAT: Format = Format::Nrrd;

pub(crate) fn read(path: &Path) -> Result<Stored, Error> {
    let mut reader = source::open(path)?;
    let header = header(&mut reader, path)?;
    let element = element(&header)?;
    let geometry = geometry(&header)?;
    let wanted = byte_count(FORMAT, "sizes", geometry.sizes, element.bytes())?;
    let grid = geometry.grid()?;
    let bytes = match header.any(&["data file", "datafile"]) {
        None => voxels(&header, &mut reader, path, wanted)?,
        Some(name) => {
            let beside = beside(&header, path, name)?;
            voxels(&header, &mut source::open(&beside)?, &beside, wanted)?
        }
    };
    let order = order(&header, element)?;
    Ok(Stored { grid, element, order, slope: 1.0, intercept: 0.0, bytes })
}

/// The lines between the magic and the blank line. Key/value pairs (`:=`) are not fields.
fn header(reader: &mut BufReader<File>, path: &Path) -> Result<Header, Error> {
    let magic = line(reader, path, FORMAT)?.unwrap_or_default();
    if !magic.starts_with("NRRD") {
        let found = format!("`{}`", magic.chars().take(8).collect::<String>().escape_default());
        return Err(Error::NotThisFormat { format: FORMAT, found });
    }
    let mut header = Header::new(FORMAT);
    while let Some(text) = line(reader, path, FORMAT)?.filter(|text| !text.is_empty()) {
        let is_pair = text.find(":=").is_some_and(|pair| text.find(": ").is_none_or(|n| pair < n));
        if is_pair || text.starts_with('#') {
            continue;
        }
        if let Some((name, value)) = text.split_once(':') {
            header.add(name, value);
        }
    }
    Ok(header)
}

/// The file with the voxels, relative to the header's folder.
fn beside(header: &Header, path: &Path, name: &str) -> Result<std::path::PathBuf, Error> {
    if name.starts_with("LIST") || name.contains('%') {
        let found = format!("its voxels in many files (`{name}`)");
        return Err(header.unsupported(found, "one data file"));
    }
    Ok(path.parent().unwrap_or(Path::new("")).join(name))
}

fn voxels(
    header: &Header,
    reader: &mut BufReader<File>,
    path: &Path,
    wanted: u64,
) -> Result<Vec<u8>, Error> {
    let packing = match header.require("encoding", "`raw` or `gzip`")?.to_lowercase().as_str() {
        "raw" => Packing::Raw,
        "gzip" | "gz" => Packing::Gzip,
        other => return Err(header.unsupported(format!("encoding `{other}`"), "`raw` or `gzip`")),
    };
    let skips = |name: &'static str, other: &str| match header.any(&[name, other]) {
        None => Ok(0),
        Some(text) => {
            text.parse().map_err(|_| header.wrong(name, text, "a whole number of at least -1"))
        }
    };
    let lines: i64 = skips("line skip", "lineskip")?;
    let bytes: i64 = skips("byte skip", "byteskip")?;
    if (lines != 0 || bytes != 0) && packing != Packing::Raw {
        let found = "lines or bytes to be skipped inside of compressed voxels".into();
        return Err(header.unsupported(found, "none"));
    }
    for _ in 0..lines {
        if line(reader, path, FORMAT)?.is_none() {
            return Err(Error::Truncated { found: 0, wanted });
        }
    }
    let by = if bytes < 0 { SeekFrom::End(-(wanted as i64)) } else { SeekFrom::Current(bytes) };
    if bytes < 0 && source::remaining(reader, path)? < wanted {
        return Err(Error::Truncated { found: source::remaining(reader, path)?, wanted });
    }
    source::skip(reader, path, by)?;
    source::voxels(reader, path, packing, wanted)
}

fn element(header: &Header) -> Result<Element, Error> {
    const WANTED: &str = "a type of whole or floating-point numbers";
    let name = header.require("type", WANTED)?;
    Ok(match name.to_lowercase().as_str() {
        "signed char" | "int8" | "int8_t" => Element::I8,
        "uchar" | "unsigned char" | "uint8" | "uint8_t" => Element::U8,
        "short" | "short int" | "signed short" | "signed short int" | "int16" | "int16_t" => {
            Element::I16
        }
        "ushort" | "unsigned short" | "unsigned short int" | "uint16" | "uint16_t" => Element::U16,
        "int" | "signed int" | "int32" | "int32_t" => Element::I32,
        "uint" | "unsigned int" | "uint32" | "uint32_t" => Element::U32,
        "longlong"
        | "long long"
        | "long long int"
        | "signed long long"
        | "signed long long int"
        | "int64"
        | "int64_t" => Element::I64,
        "ulonglong" | "unsigned long long" | "unsigned long long int" | "uint64" | "uint64_t" => {
            Element::U64
        }
        "float" => Element::F32,
        "double" => Element::F64,
        _ => return Err(header.wrong("type", name, WANTED)),
    })
}

fn order(header: &Header, element: Element) -> Result<ByteOrder, Error> {
    const WANTED: &str = "`little` or `big`";
    match header.get("endian").map(str::to_lowercase).as_deref() {
        Some("little") => Ok(ByteOrder::Little),
        Some("big") => Ok(ByteOrder::Big),
        None if element.bytes() == 1 => Ok(ByteOrder::Little),
        Some(other) => Err(header.wrong("endian", other, WANTED)),
        None => Err(header.wrong("endian", "absent", WANTED)),
    }
}

fn geometry(header: &Header) -> Result<Geometry, Error> {
    let dimension = header.require("dimension", "`3`")?;
    if dimension != "3" {
        return Err(header.unsupported(format!("{dimension} axes"), "3"));
    }
    let sizes = header.sizes("sizes", header.require("sizes", "three sizes")?)?;
    let turn = turn(header)?;
    let origin = match header.get("space origin") {
        None => Vector3::zeros(),
        Some(text) => vector(text)
            .ok_or_else(|| header.wrong("space origin", text, "a vector of three numbers"))?,
    };
    let steps = steps(header)?.map(|step| step.component_mul(&turn));
    Ok(Geometry { sizes, origin: origin.component_mul(&turn), steps })
}

/// What each coordinate of the file's space is multiplied by to become LPS in mm. A space
/// without anatomy is taken as LPS, as ITK does.
fn turn(header: &Header) -> Result<Vector3<f64>, Error> {
    const WANTED: &str = "LPS, RAS, LAS or a plain 3-D space";
    let units = header.get("space units").unwrap_or_default();
    if !units.replace(['"', ' ', 'm'], "").is_empty() {
        return Err(header.wrong("space units", units, "`\"mm\" \"mm\" \"mm\"`"));
    }
    let Some(space) = header.get("space") else { return Ok(Vector3::repeat(1.0)) };
    match space.to_lowercase().as_str() {
        "right-anterior-superior" | "ras" => Ok(turned(Vector3::repeat(1.0))),
        "left-anterior-superior" | "las" => Ok(Vector3::new(1.0, -1.0, 1.0)),
        "left-posterior-superior"
        | "lps"
        | "scanner-xyz"
        | "3d-right-handed"
        | "3d-left-handed" => Ok(Vector3::repeat(1.0)),
        _ => Err(header.wrong("space", space, WANTED)),
    }
}

fn steps(header: &Header) -> Result<[Vector3<f64>; 3], Error> {
    const WANTED: &str = "three vectors";
    if let Some(text) = header.get("space directions") {
        let vectors: Option<Vec<_>> = vectors(text).map(vector).collect();
        return vectors
            .and_then(|vectors| vectors.try_into().ok())
            .ok_or_else(|| header.wrong("space directions", text, WANTED));
    }
    let [i, j, k]: [f64; 3] = match header.get("spacings") {
        None => [1.0; 3],
        Some(text) => {
            let numbers: Option<Vec<f64>> = text.split_whitespace().map(finite).collect();
            numbers
                .and_then(|numbers| numbers.try_into().ok())
                .ok_or_else(|| header.wrong("spacings", text, "three numbers"))?
        }
    };
    Ok([Vector3::new(i, 0.0, 0.0), Vector3::new(0.0, j, 0.0), Vector3::new(0.0, 0.0, k)])
}

/// Cuts `(1,0,0) (0, 1, 0) none` into its vectors, blanks inside of them or not.
fn vectors(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(')').map(str::trim).filter(|vector| !vector.is_empty())
}
