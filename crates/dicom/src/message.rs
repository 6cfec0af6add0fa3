//! What errors say: what was found and what was wanted, in one line.

use std::fmt;

use dicom_encoding::TransferSyntax;
use dicom_encoding::transfer_syntax::TransferSyntaxIndex;
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;

use crate::Error;
use crate::attributes::plain;
use crate::slice::SourceFile;

/// `1 slice`, `7 slices`.
pub(crate) fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// The word that goes with a count.
pub(crate) fn agreeing<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

impl fmt::Display for SourceFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        write!(f, "file {} of {} (`{}`)", self.number, self.of, plain(&name.to_string_lossy()))
    }
}

/// More characters than this nobody reads; a list of series may have millions.
const LONGEST: usize = 4000;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = Whole(self).to_string();
        match text.char_indices().nth(LONGEST) {
            Some((end, _)) => write!(f, "{} …", &text[..end]),
            None => f.write_str(&text),
        }
    }
}

/// A message at its full length.
struct Whole<'a>(&'a Error);

impl fmt::Display for Whole<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt_search(f)
    }
}

impl Error {
    /// What was not found.
    fn fmt_search(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, source } => {
                write!(f, "`{}` cannot be read: {source}", plain(&path.to_string_lossy()))
            }
            Self::NoFiles { path } => {
                write!(f, "`{}` holds no files, wanted a CT series", plain(&path.to_string_lossy()))
            }
            Self::NoImages { files, found } => {
                write!(
                    f,
                    "no DICOM image among {} ({found}), wanted a CT series",
                    counted(*files, "file")
                )
            }
            Self::NoCt { found } => write!(f, "no CT volume inside: found {found}"),
            Self::SeveralStudies { studies } => write!(
                f,
                "CT volumes of {} patients or studies found, wanted one: {}",
                studies.len(),
                studies.join("; ")
            ),
            Self::SeveralSeries { series } => write!(
                f,
                "{} CT series found that nothing tells apart, wanted one: {}",
                series.len(),
                series.join("; ")
            ),
            Self::NoSuchSeries { wanted, fitting, series } => write!(
                f,
                "{fitting} series fit `{wanted}`, wanted one of {}: {}",
                series.len(),
                series.join("; ")
            ),
            Self::NotCt { series, reasons } => {
                write!(f, "series {series} is not a CT volume: {}", reasons.join(", "))
            }
            _ => self.fmt_cine(f),
        }
    }
}

impl Error {
    /// What stands against a cine.
    fn fmt_cine(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCine { found } => {
                write!(f, "no cine inside: found {found}, wanted a run of XA or RF frames")
            }
            Self::SeveralCines { series } => {
                write!(f, "{} cines found, wanted one: {}", series.len(), series.join("; "))
            }
            Self::NotCine { series, reasons } => {
                write!(f, "series {series} is not a cine: {}", reasons.join(", "))
            }
            _ => self.fmt_series(f),
        }
    }

    /// What is wrong with the slices of a series.
    fn fmt_series(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingSlices { missing, slices, after, gap, step, unreadable } => {
                write!(
                    f,
                    "{missing} of {} slices {} missing: the gap after slice {after} is {gap:.2} mm wide, wanted {step:.2} mm",
                    slices + missing,
                    agreeing(*missing, "is", "are")
                )?;
                match unreadable {
                    0 => Ok(()),
                    count => {
                        write!(f, "; {} of the folder could not be read", counted(*count, "file"))
                    }
                }
            }
            Self::UnevenSlices { found: [least, most], after, apart: [apart, allowed] } => write!(
                f,
                "slices are {least:.2} to {most:.2} mm apart, changing after slice {after}: up to {apart:.2} mm off a regular grid, wanted at most {allowed:.2} mm"
            ),
            Self::WideGap { after, gap, wanted } => write!(
                f,
                "the gap after slice {after} is {gap:.2} mm wide, wanted at most {wanted:.2} mm to make up slices in it"
            ),
            Self::CrookedStack { slice, found, wanted } => write!(
                f,
                "slice {slice} lies {found:.2} mm beside the stack, wanted at most {wanted:.2} mm"
            ),
            Self::DuplicateSlices { places, files: [a, b] } => write!(
                f,
                "{} {} several different images, first {a} and {b}, wanted one image at each place",
                counted(*places, "place"),
                agreeing(*places, "holds", "hold")
            ),
            Self::Geometry(error) => write!(f, "{error}"),
            _ => self.fmt_file(f),
        }
    }

    /// What is wrong with one file.
    fn fmt_file(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { file, found, wanted } => {
                write!(f, "{file} is truncated: {found} bytes of pixel data, wanted {wanted}")
            }
            Self::Broken { file, reason } => write!(f, "{file} is broken: {reason}"),
            Self::UnsupportedSyntax { file, syntax } => {
                let known = TransferSyntaxRegistry.get(syntax).map(TransferSyntax::name);
                let name = known.unwrap_or("unknown to the standard");
                write!(f, "{file} is compressed with `{syntax}` ({name}), which is not supported")
            }
            Self::UnsupportedPixels { file, found, wanted } => {
                write!(f, "{file} has {found}, wanted {wanted}")
            }
            Self::Undecodable { file, reason } => {
                write!(f, "the pixels of {file} cannot be decoded: {reason}")
            }
            Self::Unwritable { found, wanted } => {
                write!(f, "the volume cannot be written as DICOM: {found}, wanted {wanted}")
            }
            Self::WriteFailed { path, source } => {
                write!(f, "`{}` cannot be written: {source}", plain(&path.to_string_lossy()))
            }
            _ => Ok(()),
        }
    }
}
