//! A run of X-ray pictures, in one file or in many, to a cine.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hilum_core::{Acquisition, Cine, Grid, Projection, Quality, Volume};
use hilum_kernel::par;

use crate::cine_run::Run;
use crate::frame::{self, Opened};
use crate::identity::{Identity, ImageReference, identity};
use crate::projection::projection;
use crate::series::Series;
use crate::slice::{Header, Rescale, Slice};
use crate::{Error, Progress, cine_field, dataset};

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
        self.facts(&self.run()?)
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
        let run = self.run()?;
        let CineFacts { times, projection, mut quality } = self.facts(&run)?;
        let header = &self.slices[0].header;
        let conversion =
            run.conversion(&header.format).map_err(|reason| self.not_cine(vec![reason]))?;
        let slices: Vec<Slice> = as_stored(&self.slices, &run.order);
        let (field, rows) =
            cine_field::field(run.first(), header.format.rows, header.format.columns);
        quality.extend(rows);
        slices.iter().try_for_each(frame::require_readable)?;
        let mut frames = self.stored(&slices, progress)?;
        let (intensity, rows) = conversion.apply(&mut frames, field.as_ref());
        require_numbers(&frames, header)?;
        quality.extend(conversion.rows);
        quality.extend(rows);
        quality.extend(self.pixel_rows());
        let cine = Cine::new(frames.into_voxels(), times, intensity, projection)
            .and_then(|cine| cine.with_field(field))
            .map_err(Error::Geometry)?;
        let mut identity = identity(&header.file.path)?;
        let images = if header.frames == 1 { &slices[..] } else { &slices[..1] };
        identity.images = images.iter().map(reference).collect();
        Ok(LoadedCine { cine, acquisition: header.acquisition.clone(), identity, quality })
    }

    /// The headers of a run: of its one file, or of its many.
    fn run(&self) -> Result<Run, Error> {
        if !self.why_not_cine().is_empty() {
            return Err(self.not_cine(self.why_not_cine().to_vec()));
        }
        let single = self.slices[0].header.frames == 1;
        let slices = if single { &self.slices[..] } else { &self.slices[..1] };
        let headers = par::try_collect(slices.len(), |n| {
            let file = &slices[n].header.file;
            let found = dataset::read(&file.path).map_err(|e| Error::unreadable(&file.path, e))?;
            found.map(|found| found.object).ok_or_else(|| Error::Broken {
                file: file.to_string(),
                reason: "it is no longer DICOM".into(),
            })
        })?;
        Run::new(headers, self.slices.len()).map_err(|reason| self.not_cine(vec![reason]))
    }

    fn facts(&self, run: &Run) -> Result<CineFacts, Error> {
        let (times, mut quality) = run.times().map_err(|reason| self.not_cine(vec![reason]))?;
        let (projection, rows) = projection(&run.tags());
        quality.extend(rows);
        quality.extend(run.rows());
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

/// The image behind a frame, or behind all frames of its file.
fn reference(slice: &Slice) -> ImageReference {
    ImageReference {
        class_uid: slice.header.sop_class.clone(),
        instance_uid: slice.header.sop_instance.clone(),
        frame: None,
    }
}

/// The frames of a run in their order, of which the stored numbers are wanted, not what a rescale
/// or a table would make of them.
fn as_stored(slices: &[Slice], order: &[usize]) -> Vec<Slice> {
    let rescale = Rescale { slope: 1.0, intercept: 0.0, given: true };
    let one_file = slices[0].header.frames > 1;
    let plain = |slice: &Slice| Arc::new(Header { table: None, ..Header::clone(&slice.header) });
    let shared = plain(&slices[0]);
    let header = |slice: &Slice| if one_file { shared.clone() } else { plain(slice) };
    let as_stored = |n: &usize| {
        let slice = &slices[*n];
        Slice { rescale, header: header(slice), ..slice.clone() }
    };
    order.iter().map(as_stored).collect()
}

/// A slope may lead out of the range of 32-bit floats.
fn require_numbers(frames: &Volume<f32>, header: &Header) -> Result<(), Error> {
    let odd = par::sum_slices(frames, |value| f64::from(u8::from(!value.is_finite())));
    if odd == 0.0 {
        return Ok(());
    }
    let reason = format!("{odd} of its values are infinite or no numbers");
    Err(Error::Undecodable { file: header.file.to_string(), reason })
}
