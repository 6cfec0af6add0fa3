//! A series to a CT.

use std::ops::{Range, RangeInclusive};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use hilum_core::{Acquisition, Ct, Grid, Hu, Quality, Volume};
use hilum_kernel::par;

use crate::between::between;
use crate::frame::{self, Opened};
use crate::identity::{Identity, ImageReference, identity};
use crate::message::{agreeing, counted};
use crate::remarks::{lossy_row, padding, repaired_row, rescale_row};
use crate::series::Series;
use crate::slice::Slice;
use crate::stack::stack;
use crate::{Error, LoadOptions, Progress};

/// A CT, how it was made, whose it is, and what is to be known about it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The image.
    pub ct: Ct,
    /// How it was made.
    pub acquisition: Acquisition,
    /// Whose it is.
    pub identity: Identity,
    /// What was found about slices, positions and values.
    pub quality: Vec<Quality>,
}

impl Series {
    /// Reads and decodes all slices into a CT in HU.
    ///
    /// The grid follows from the positions of the slices alone. `k` runs along the normal of the
    /// slices (row direction × column direction): upwards for the usual axial series.
    ///
    /// Cost: `O(voxels)`; memory is the volume and a piece of 64 KiB for each thread where pixels
    /// are not compressed. Slices are decoded on all threads, with the same result on any number.
    ///
    /// # Errors
    ///
    /// [`Error::NotCt`] if [`Series::why_not_ct`] has reasons; [`Error::Broken`],
    /// [`Error::Truncated`] and their kin for a bad file; [`Error::MissingSlices`],
    /// [`Error::UnevenSlices`], [`Error::CrookedStack`] or [`Error::DuplicateSlices`] for a stack
    /// that is no regular grid.
    pub fn load(&self, progress: Progress<'_>) -> Result<Loaded, Error> {
        self.load_with(&LoadOptions::default(), progress)
    }

    /// Like [`Series::load`], with a say in what becomes of slices that are missing or uneven.
    ///
    /// Where slices are made up, the measured ones are held beside the result.
    ///
    /// # Errors
    ///
    /// As [`Series::load`]; [`Error::WideGap`] where slices would have to be made up over more
    /// than 30 mm.
    pub fn load_with(
        &self,
        options: &LoadOptions,
        progress: Progress<'_>,
    ) -> Result<Loaded, Error> {
        self.require_ct()?;
        let stack = stack(&self.slices, self.unplaced, options.uneven)?;
        stack.slices.iter().try_for_each(frame::require_readable)?;
        require_room(&stack.grid)?;
        let opened = Opened::new(&stack.slices)?;
        let (slices, dropped) = one_at_each_place(&opened, &stack.slices, &stack.places)?;
        let mut quality = stack.quality;
        quality.extend(dropped);
        quality.extend(self.unplaced_row());
        loaded(&opened, &slices, quality, |padding| match &stack.sources {
            None => Ok(read(&opened, &stack.grid, &slices, progress)?.with_padding(padding)),
            Some(sources) => {
                // The measured slices lie on no grid yet: any that holds them will do.
                let [_, rows, columns] = stack.grid.shape();
                let held = stack.grid.window([0.0; 3], [slices.len(), rows, columns]);
                let measured = read(&opened, &held, &slices, progress)?.with_padding(padding);
                Ok(between(&measured, &stack.grid, sources))
            }
        })
    }

    pub(crate) fn require_ct(&self) -> Result<(), Error> {
        if let Some(file) = self.broken.first() {
            return Err(Error::Broken { file: file.file(), reason: file.reason.clone() });
        }
        if self.why_not_ct().is_empty() {
            return Ok(());
        }
        let series = format!("[{}]", self.summary.number);
        Err(Error::NotCt { series, reasons: self.why_not_ct().to_vec() })
    }

    fn unplaced_row(&self) -> Option<Quality> {
        (self.unplaced > 0).then(|| {
            let message = format!(
                "{} of the folder {} not say to which series {} if to this one, slices are missing at an end",
                counted(self.unplaced, "damaged or unreadable file"),
                agreeing(self.unplaced, "does", "do"),
                agreeing(self.unplaced, "it belongs;", "they belong;")
            );
            Quality::warning("unreadable_files", message)
        })
    }
}

/// A CT of slices with what their headers tell; `ct` makes the image, with a range of padding.
pub(crate) fn loaded(
    opened: &Opened,
    slices: &[&Slice],
    mut quality: Vec<Quality>,
    ct: impl FnOnce(Option<RangeInclusive<i16>>) -> Result<Ct, Error>,
) -> Result<Loaded, Error> {
    quality.extend(rescale_row(slices));
    quality.extend(lossy_row(slices));
    let (padding, row) = padding(slices);
    quality.extend(row);
    let ct = ct(padding)?;
    quality.extend(repaired_row(opened, slices));
    let mut identity = identity(&slices[0].header.file.path)?;
    identity.images = slices.iter().map(|slice| reference(slice)).collect();
    let mut acquisition = slices[0].header.acquisition.clone();
    acquisition.kernel.clone_from(&slices[0].labels.kernel);
    // An agent that flows in later is named in later slices.
    acquisition.contrast =
        slices.iter().find_map(|slice| slice.header.acquisition.contrast.clone());
    Ok(Loaded { ct, acquisition, identity, quality })
}

/// More voxels than this (1024 × 1024 × 4096) are no chest but a broken number.
const MOST_VOXELS: usize = 1 << 32;

pub(crate) fn require_room(grid: &Grid) -> Result<(), Error> {
    let voxels = grid.shape().iter().fold(1usize, |count, n| count.saturating_mul(*n));
    if voxels <= MOST_VOXELS {
        return Ok(());
    }
    let reasons = vec![format!("{voxels} voxels, wanted at most {MOST_VOXELS}")];
    Err(Error::NotCt { series: "of the folder".into(), reasons })
}

fn reference(slice: &Slice) -> ImageReference {
    ImageReference {
        class_uid: slice.header.sop_class.clone(),
        instance_uid: slice.header.sop_instance.clone(),
        frame: (slice.header.frames > 1).then_some(slice.frame + 1),
    }
}

pub(crate) fn read(
    opened: &Opened,
    grid: &Grid,
    slices: &[&Slice],
    progress: Progress<'_>,
) -> Result<Ct, Error> {
    let whole = slices.iter().all(|slice| frame::stored(slice).is_whole());
    if whole && let Some(ct) = read_whole(opened, grid, slices, progress)? {
        return Ok(ct);
    }
    let done = AtomicUsize::new(0);
    let mut volume = Volume::filled(grid, 0.0f32);
    par::try_for_each_slice(&mut volume, |k, out| {
        opened.exact(slices[k], out)?;
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, slices.len());
        Ok(())
    })?;
    Ok(Ct::from_exact(volume))
}

/// `None` if a CT number does not fit 16 bits.
fn read_whole(
    opened: &Opened,
    grid: &Grid,
    slices: &[&Slice],
    progress: Progress<'_>,
) -> Result<Option<Ct>, Error> {
    let done = AtomicUsize::new(0);
    let fits = AtomicBool::new(true);
    let mut volume = blank(grid)?;
    par::try_for_each_slice(&mut volume, |k, out| {
        if !fits.load(Ordering::Relaxed) {
            return Ok(());
        }
        if !opened.whole(slices[k], out)? {
            fits.store(false, Ordering::Relaxed);
        }
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, slices.len());
        Ok(())
    })?;
    Ok(fits.into_inner().then(|| Ct::new(volume)))
}

/// A volume of zeros that the system has promised but not yet laid out: its pages are then laid
/// out by the threads that fill them. The conversion keeps the allocation and costs nothing.
fn blank(grid: &Grid) -> Result<Volume<Hu>, Error> {
    let zeros: Vec<Hu> = vec![0; grid.voxel_count()].into_iter().map(Hu).collect();
    Volume::from_vec(grid.clone(), zeros).map_err(Error::Geometry)
}

/// The slices, copies left out. Different images at one place are refused.
fn one_at_each_place<'a>(
    opened: &Opened,
    slices: &'a [Slice],
    places: &[Range<usize>],
) -> Result<(Vec<&'a Slice>, Option<Quality>), Error> {
    let taken: Vec<&Range<usize>> = places.iter().filter(|place| place.len() > 1).collect();
    let different =
        par::try_collect(taken.len(), |n| different(opened, &slices[taken[n].clone()]))?;
    let clashes: Vec<&[&Slice; 2]> = different.iter().flatten().collect();
    if let Some(first) = clashes.first() {
        let files = first.map(|slice| slice.header.file.to_string());
        return Err(Error::DuplicateSlices { places: clashes.len(), files });
    }
    let copies = slices.len() - places.len();
    let row = (copies > 0).then(|| {
        let message = format!(
            "{} {} there more than once; what repeats was left out",
            counted(copies, "slice"),
            agreeing(copies, "is", "are")
        );
        Quality::info("duplicate_slices", message)
    });
    Ok((places.iter().map(|place| &slices[place.start]).collect(), row))
}

/// Two slices of one place that are not the same image.
fn different<'a>(opened: &Opened, slices: &'a [Slice]) -> Result<Option<[&'a Slice; 2]>, Error> {
    let values = |slice: &Slice| {
        let mut values = vec![0.0; slice.header.format.area()];
        opened.exact(slice, &mut values).map(|()| values)
    };
    let first = values(&slices[0])?;
    for other in &slices[1..] {
        let beside = match (slices[0].plane, other.plane) {
            (Some(a), Some(b)) => (a.position - b.position).norm() > crate::stack::SAME_PLACE,
            _ => true,
        };
        if beside || values(other)? != first {
            return Ok(Some([&slices[0], other]));
        }
    }
    Ok(None)
}
