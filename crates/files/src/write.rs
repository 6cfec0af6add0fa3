//! Writing, whatever the format.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use hilum_core::{Ct, Grid, Hu, Volume};

use crate::element::Element;
use crate::geometry::Geometry;
use crate::pack::Wrap;
use crate::{Error, Format, pack, write_header};

/// Writes a CT image: 16-bit whole numbers, or 32-bit floats where the image has exact values.
///
/// `.nii` and `.nhdr`'s sisters apart, voxels are compressed: `.nii.gz`, `.mha` and `.nrrd` are
/// one file, `.mhd` puts its voxels into a `.zraw` beside it. The geometry is kept in full; NIfTI
/// holds it in 32-bit floats.
///
/// Cost: `O(n)` for `n` voxels, packed on all threads.
///
/// # Errors
///
/// [`Error::UnknownName`] for a name that tells no format, [`Error::Io`] if the system refuses;
/// what is at `path` then is unfinished.
pub fn write_ct(path: impl AsRef<Path>, ct: &Ct) -> Result<(), Error> {
    match ct.exact() {
        Some(exact) => write(path.as_ref(), exact),
        None => write(path.as_ref(), ct.hu()),
    }
}

/// Writes a label map in 8 bits, as [`write_ct`] writes images.
///
/// # Errors
///
/// As [`write_ct`].
pub fn write_labels(path: impl AsRef<Path>, labels: &Volume<u8>) -> Result<(), Error> {
    write(path.as_ref(), labels)
}

/// Writes a volume of 32-bit floats, as [`write_ct`] writes images.
///
/// # Errors
///
/// As [`write_ct`].
pub fn write_float(path: impl AsRef<Path>, volume: &Volume<f32>) -> Result<(), Error> {
    write(path.as_ref(), volume)
}

/// What a voxel looks like in a file: little-endian.
pub(crate) trait Sample: Copy + Sync {
    const ELEMENT: Element;
    fn put(samples: &[Self], bytes: &mut Vec<u8>);
}

impl Sample for u8 {
    const ELEMENT: Element = Element::U8;
    fn put(samples: &[Self], bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(samples);
    }
}

impl Sample for Hu {
    const ELEMENT: Element = Element::I16;
    fn put(samples: &[Self], bytes: &mut Vec<u8>) {
        bytes.extend(samples.iter().flat_map(|hu| hu.0.to_le_bytes()));
    }
}

impl Sample for f32 {
    const ELEMENT: Element = Element::F32;
    fn put(samples: &[Self], bytes: &mut Vec<u8>) {
        bytes.extend(samples.iter().flat_map(|value| value.to_le_bytes()));
    }
}

fn write<T: Sample>(path: &Path, volume: &Volume<T>) -> Result<(), Error> {
    let ends = |ending| path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending));
    match Format::of(path)? {
        Format::Nifti if ends("gz") => {
            let header = nifti_header::<T>(volume.grid())?;
            save(path, &[&packed(Wrap::Gzip, &header, volume)])
        }
        Format::Nifti => save_raw(path, &nifti_header::<T>(volume.grid())?, volume),
        Format::Nrrd if ends("nhdr") => {
            let beside = path.with_extension("raw.gz");
            let header = write_header::nrrd(&geometry(volume), T::ELEMENT, Some(&beside));
            save(&beside, &[&packed(Wrap::Gzip, &[], volume)])?;
            save(path, &[header.as_bytes()])
        }
        Format::Nrrd => {
            let header = write_header::nrrd(&geometry(volume), T::ELEMENT, None);
            save(path, &[header.as_bytes(), &packed(Wrap::Gzip, &[], volume)])
        }
        Format::MetaImage => {
            let voxels = packed(Wrap::Zlib, &[], volume);
            let beside = ends("mhd").then(|| path.with_extension("zraw"));
            let header =
                write_header::meta(&geometry(volume), T::ELEMENT, voxels.len(), beside.as_deref());
            match beside {
                None => save(path, &[header.as_bytes(), &voxels]),
                Some(beside) => {
                    save(&beside, &[&voxels])?;
                    save(path, &[header.as_bytes()])
                }
            }
        }
    }
}

fn geometry<T>(volume: &Volume<T>) -> Geometry {
    Geometry::of(volume.grid())
}

fn nifti_header<T: Sample>(grid: &Grid) -> Result<Vec<u8>, Error> {
    write_header::nifti(&Geometry::of(grid), T::ELEMENT, grid.shear())
}

/// A compressed stream of `header` and then the voxels.
fn packed<T: Sample>(wrap: Wrap, header: &[u8], volume: &Volume<T>) -> Vec<u8> {
    let size = pack::CHUNK / T::ELEMENT.bytes();
    let chunks: Vec<&[T]> = volume.as_slice().chunks(size).collect();
    pack::packed(wrap, chunks.len().max(1), |n| {
        let mut bytes = Vec::with_capacity(pack::CHUNK + header.len());
        if n == 0 {
            bytes.extend_from_slice(header);
        }
        if let Some(samples) = chunks.get(n) {
            T::put(samples, &mut bytes);
        }
        bytes
    })
}

fn save_raw<T: Sample>(path: &Path, header: &[u8], volume: &Volume<T>) -> Result<(), Error> {
    let mut file = File::create(path).map_err(unwritable(path))?;
    file.write_all(header).map_err(unwritable(path))?;
    let mut bytes = Vec::with_capacity(pack::CHUNK);
    for samples in volume.as_slice().chunks(pack::CHUNK / T::ELEMENT.bytes()) {
        bytes.clear();
        T::put(samples, &mut bytes);
        file.write_all(&bytes).map_err(unwritable(path))?;
    }
    Ok(())
}

fn save(path: &Path, parts: &[&[u8]]) -> Result<(), Error> {
    let mut file = File::create(path).map_err(unwritable(path))?;
    parts.iter().try_for_each(|part| file.write_all(part)).map_err(unwritable(path))
}

fn unwritable(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    move |source| Error::Io { action: "write", path: path.to_owned(), source }
}
