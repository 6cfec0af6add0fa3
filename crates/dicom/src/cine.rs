//! A run of X-ray pictures to a cine.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dicom_object::InMemDicomObject;
use hilum_core::{Acquisition, Cine, Grid, Projection, Quality, Volume};
use hilum_kernel::par;

use crate::cine_intensity::Conversion;
use crate::frame::{self, Opened};
use crate::identity::{Identity, ImageReference, identity};
use crate::projection::projection;
use crate::projection_tags::Tags;
use crate::series::Series;
use crate::slice::{Header, Rescale, Slice};
use crate::{Error, Progress, cine_times, dataset};

/// More pixels than this are no run of fluoroscopy: the bound for what a file makes us hold.
const MOST_PIXELS: usize = 1 << 30;

/// What the header of a cine tells, without its pixels.
#[derive(Clone, Debug)]
pub struct CineFacts {
    /// Time of each frame in s, the first at 0.
    pub times: Vec<f64>,
    /// How the frames see the patient, about the isocentre; a quality row says why there is none.
    pub projection: Option<Projection>,
    /// What was found about times and geometry, and what was taken for granted.
    pub quality: Vec<Quality>,
}

/// A cine, how it was made, whose it is, and what is to be known about it.
#[derive(Clone, Debug)]
pub struct LoadedCine {
    /// The frames.
    pub cine: Cine,
    /// How they were made.
    pub acquisition: Acquisition,
    /// Whose they are.
    pub identity: Identity,
    /// What was found about times, geometry and values, and what was taken for granted.
    pub quality: Vec<Quality>,
}

impl Series {
    /// The times and the geometry that [`Series::load_cine`] would give, from the header alone.
    ///
    /// Cost: `O(frames)`, and the header is read once more.
    ///
    /// # Errors
    ///
    /// [`Error::NotCine`] if [`Series::why_not_cine`] has reasons or the frames have no times;
    /// [`Error::Unreadable`].
    pub fn cine_facts(&self) -> Result<CineFacts, Error> {
        self.facts(&self.header_of_run()?)
    }

    /// Reads and decodes all frames of a run.
    ///
    /// Pixels become line integrals where the file says how they depend on the X-rays, and stay
    /// raw where it does not: [`Cine::intensity`] tells.
    ///
    /// Cost: `O(pixels)`; memory is the frames as 32-bit floats, and the file's bytes where it is
    /// compressed. Frames are decoded on all threads, with the same result on any number.
    ///
    /// # Errors
    ///
    /// As [`Series::cine_facts`]; [`Error::Truncated`], [`Error::Undecodable`],
    /// [`Error::UnsupportedSyntax`] and [`Error::UnsupportedPixels`] for a bad file.
    pub fn load_cine(&self, progress: Progress<'_>) -> Result<LoadedCine, Error> {
        let object = self.header_of_run()?;
        let CineFacts { times, projection, mut quality } = self.facts(&object)?;
        let header = &self.slices[0].header;
        let conversion = Conversion::read(&object, &header.format)
            .map_err(|reason| self.not_cine(vec![reason]))?;
        let slices = as_stored(&self.slices);
        slices.iter().try_for_each(frame::require_readable)?;
        let mut frames = self.stored(&slices, progress)?;
        let (intensity, rows) = conversion.apply(&mut frames);
        quality.extend(conversion.rows);
        quality.extend(rows);
        quality.extend(self.pixel_rows());
        let cine = Cine::new(frames.into_voxels(), times, intensity, projection)
            .map_err(Error::Geometry)?;
        let mut identity = identity(&header.file.path)?;
        identity.images = vec![ImageReference {
            class_uid: header.sop_class.clone(),
            instance_uid: header.sop_instance.clone(),
            frame: None,
        }];
        Ok(LoadedCine { cine, acquisition: header.acquisition.clone(), identity, quality })
    }

    /// The header of the one file of a run.
    fn header_of_run(&self) -> Result<InMemDicomObject, Error> {
        if !self.why_not_cine().is_empty() {
            return Err(self.not_cine(self.why_not_cine().to_vec()));
        }
        let file = &self.slices[0].header.file;
        let found = dataset::read(&file.path).map_err(|e| Error::unreadable(&file.path, e))?;
        found.map(|found| found.object).ok_or_else(|| Error::Broken {
            file: file.to_string(),
            reason: "it is no longer DICOM".into(),
        })
    }

    fn facts(&self, object: &InMemDicomObject) -> Result<CineFacts, Error> {
        let frames = self.slices.len();
        let (times, mut quality) =
            cine_times::times(object, frames).map_err(|reason| self.not_cine(vec![reason]))?;
        let (projection, rows) = projection(&Tags::read(object, frames));
        quality.extend(rows);
        Ok(CineFacts { times, projection, quality })
    }

    fn not_cine(&self, reasons: Vec<String>) -> Error {
        Error::NotCine { series: format!("[{}]", self.summary.number), reasons }
    }

    /// Stored numbers of all frames. They are laid on a grid of no meaning, which is what the
    /// parallel loops run over.
    fn stored(&self, slices: &[Slice], progress: Progress<'_>) -> Result<Volume<f32>, Error> {
        let format = &self.slices[0].header.format;
        let shape = [slices.len(), format.rows, format.columns];
        let pixels = format.area().saturating_mul(slices.len());
        if pixels > MOST_PIXELS {
            let found = format!("{pixels} pixels in all frames, wanted at most {MOST_PIXELS}");
            return Err(self.not_cine(vec![found]));
        }
        let opened = Opened::new(slices)?;
        let grid = Grid::axial(shape, [1.0; 3]).map_err(Error::Geometry)?;
        let mut frames = Volume::filled(&grid, 0.0f32);
        let done = AtomicUsize::new(0);
        par::try_for_each_slice(&mut frames, |t, out| {
            opened.exact(&slices[t], out)?;
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, slices.len());
            Ok(())
        })?;
        Ok(frames)
    }

    /// What is to be known about the pixels before any arithmetic.
    fn pixel_rows(&self) -> Vec<Quality> {
        let header = &self.slices[0].header;
        let mut rows = Vec::new();
        if header.lossy {
            let message = "the frames were compressed with loss, which changes their values";
            rows.push(Quality::warning("lossy_compression", message));
        }
        if header.format.bits_stored <= 8 {
            let message = format!(
                "{} bits are stored for a pixel: dense regions have few steps",
                header.format.bits_stored
            );
            rows.push(Quality::info("coarse_intensity", message));
        }
        if self.slices[0].padding.is_some() {
            let message = "the file declares padding, which is not told apart from pixels here";
            rows.push(Quality::warning("padding_kept", message));
        }
        rows
    }
}

/// The frames of one file of which the stored numbers are wanted, not what a rescale or a table
/// would make of them.
fn as_stored(slices: &[Slice]) -> Vec<Slice> {
    let rescale = Rescale { slope: 1.0, intercept: 0.0, given: true };
    let header = Arc::new(Header { table: None, ..Header::clone(&slices[0].header) });
    let as_stored = |slice: &Slice| Slice { rescale, header: header.clone(), ..slice.clone() };
    slices.iter().map(as_stored).collect()
}
