//! Text headers: `name separator value`, one a line.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use nalgebra::Vector3;

use crate::source::unreadable;
use crate::{Error, Format};

/// A header longer than this is none.
const LONGEST: u64 = 1 << 20;

/// The fields of a text header in the order of the file.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) format: Format,
    fields: Vec<(String, String)>,
}

impl Header {
    pub(crate) fn new(format: Format) -> Self {
        Self { format, fields: Vec::new() }
    }

    pub(crate) fn add(&mut self, name: &str, value: &str) {
        self.fields.push((name.trim().to_lowercase(), value.trim().to_owned()));
    }

    /// The value of a field; upper and lower case count the same.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let name = name.to_lowercase();
        self.fields.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str())
    }

    /// The value of the first of several fields that is there.
    pub(crate) fn any(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.get(name))
    }

    pub(crate) fn require(&self, field: &'static str, wanted: &'static str) -> Result<&str, Error> {
        self.get(field).ok_or_else(|| self.wrong(field, "absent", wanted))
    }

    pub(crate) fn wrong(&self, field: &'static str, found: &str, wanted: &'static str) -> Error {
        let found = if found == "absent" { found.to_owned() } else { format!("`{found}`") };
        Error::Header { format: self.format, field, found, wanted }
    }

    pub(crate) fn unsupported(&self, found: String, wanted: &'static str) -> Error {
        Error::Unsupported { format: self.format, found, wanted }
    }

    /// Finite numbers between blanks.
    pub(crate) fn numbers<const N: usize>(
        &self,
        field: &'static str,
        text: &str,
        wanted: &'static str,
    ) -> Result<[f64; N], Error> {
        let numbers: Option<Vec<f64>> = text.split_whitespace().map(finite).collect();
        numbers
            .and_then(|numbers| numbers.try_into().ok())
            .ok_or_else(|| self.wrong(field, text, wanted))
    }

    /// Numbers of voxels along three axes.
    pub(crate) fn sizes(&self, field: &'static str, text: &str) -> Result<[usize; 3], Error> {
        const WANTED: &str = "three positive whole numbers";
        let sizes: Option<Vec<usize>> =
            text.split_whitespace().map(|word| word.parse().ok().filter(|n| *n > 0)).collect();
        sizes.and_then(|sizes| sizes.try_into().ok()).ok_or_else(|| self.wrong(field, text, WANTED))
    }

    /// A yes or no, `false` where the field is absent.
    pub(crate) fn flag(&self, field: &'static str) -> Result<bool, Error> {
        match self.get(field).map(str::to_lowercase).as_deref() {
            None | Some("false" | "0") => Ok(false),
            Some("true" | "1") => Ok(true),
            Some(other) => Err(self.wrong(field, other, "`True` or `False`")),
        }
    }
}

pub(crate) fn finite(word: &str) -> Option<f64> {
    word.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A vector of a header: `(x,y,z)`.
pub(crate) fn vector(text: &str) -> Option<Vector3<f64>> {
    let inside = text.trim().strip_prefix('(')?.strip_suffix(')')?;
    let numbers: Option<Vec<f64>> = inside.split(',').map(|word| finite(word.trim())).collect();
    let [x, y, z] = numbers?.try_into().ok()?;
    Some(Vector3::new(x, y, z))
}

/// The next line of a header without its end; `None` at the end of the file.
pub(crate) fn line(
    reader: &mut BufReader<File>,
    path: &Path,
    format: Format,
) -> Result<Option<String>, Error> {
    let mut bytes = Vec::new();
    let limited = &mut reader.take(LONGEST);
    limited.read_until(b'\n', &mut bytes).map_err(unreadable(path))?;
    if bytes.len() as u64 == LONGEST {
        let found = format!("a line of more than {LONGEST} bytes");
        return Err(Error::NotThisFormat { format, found });
    }
    if bytes.is_empty() {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned()))
}

/// Bytes that the voxels of a header take, unless no memory could hold them.
pub(crate) fn byte_count(
    format: Format,
    field: &'static str,
    sizes: [usize; 3],
    element: usize,
) -> Result<u64, Error> {
    let count = sizes.iter().try_fold(element as u64, |bytes, n| bytes.checked_mul(*n as u64));
    count.filter(|bytes| isize::try_from(*bytes).is_ok()).ok_or_else(|| Error::Header {
        format,
        field,
        found: format!("{sizes:?}"),
        wanted: "sizes whose product fits into memory",
    })
}
