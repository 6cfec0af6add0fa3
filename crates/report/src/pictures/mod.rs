//! Pictures of the image itself: what was taken for lung, and which of it is low in attenuation.

mod canvas;
mod choose;
mod encode;
mod glyphs;
pub(crate) mod lobes;
mod options;
mod overlay;
pub(crate) mod patterns;
mod plane;
mod scene;
mod stack;
mod stills;
mod taps;
mod view;

use hilum_core::{Ct, LabelMap, Lobe, Lung, Pattern};

use crate::Error;

pub use options::PictureOptions;
pub use stack::{Frame, Stack};
pub use stills::Still;
pub use view::View;

/// The evidence of a report: still pictures to print, and a stack of axial slices to scroll through.
#[derive(Clone, Debug, PartialEq)]
pub struct Pictures {
    /// Coronal, two sagittal and three axial pictures, as PNG.
    pub stills: Vec<Still>,
    /// Coronal and two sagittal pictures of the lobes in colours, as PNG; empty without lobes.
    pub lobes: Vec<Still>,
    /// Patterns of disease in colours, on the slices that show most of them; empty without.
    pub patterns: Vec<Still>,
    /// Axial slices from head to feet.
    pub stack: Stack,
    /// What is hatched, as people write it: `< −950 HU`.
    pub threshold: String,
}

impl Pictures {
    /// Pictures of `ct`, with the outline of the lungs and the low attenuation inside `aerated`.
    ///
    /// Slices follow the array axes that run nearest to the patient's, so the image is never
    /// interpolated across slices; patient right is on the left of a picture, the feet are at the
    /// bottom, and one scale in mm holds in both directions. On a sheared grid the picture is
    /// sheared as well.
    ///
    /// Work is shared out by slice; the same bytes on any number of threads. Cost: one pass over
    /// the label maps, then `O(pixels)`; memory is that of the encoded pictures.
    ///
    /// # Errors
    ///
    /// [`Error::Grid`] if a label map lies on another grid, [`Error::Encoding`] if an encoder
    /// fails.
    pub fn new(
        ct: &Ct,
        aerated: &LabelMap<Lung>,
        anatomical: &LabelMap<Lung>,
        options: &PictureOptions,
    ) -> Result<Self, Error> {
        ct.require_same(aerated.grid(), "the map of aerated lung")?;
        ct.require_same(anatomical.grid(), "the map of anatomical lung")?;
        if ct.grid().voxel_count() == 0 {
            return Ok(Self::none(options));
        }
        let scene = scene::Scene::new(ct, aerated, anatomical, options);
        let (stills, stack) = (stills::stills(&scene)?, stack::stack(&scene)?);
        let threshold = options.threshold_words();
        Ok(Self { stills, lobes: Vec::new(), patterns: Vec::new(), stack, threshold })
    }

    /// The same with pictures of the lobes: the slices of the first three stills, each lobe in a
    /// colour of its own and named by its letters, with a line where two lobes meet.
    ///
    /// Cost: one pass over the map of the lungs, then `O(pixels)`.
    ///
    /// # Errors
    ///
    /// As [`Pictures::new`].
    pub fn with_lobes(
        mut self,
        ct: &Ct,
        anatomical: &LabelMap<Lung>,
        lobes: &LabelMap<Lobe>,
        options: &PictureOptions,
    ) -> Result<Self, Error> {
        ct.require_same(anatomical.grid(), "the map of anatomical lung")?;
        ct.require_same(lobes.grid(), "the map of lobes")?;
        if ct.grid().voxel_count() > 0 {
            let scene = scene::Scene::new(ct, anatomical, anatomical, options);
            self.lobes = lobes::stills(&scene, lobes)?;
        }
        Ok(self)
    }

    /// The same with pictures of patterns: the coronal and sagittal slices with most disease, and the
    /// axial slice with most of each pattern, spread over the lungs.
    ///
    /// Cost: one pass over the maps, then `O(pixels)`.
    ///
    /// # Errors
    ///
    /// As [`Pictures::new`].
    pub fn with_patterns(
        mut self,
        ct: &Ct,
        anatomical: &LabelMap<Lung>,
        patterns: &LabelMap<Pattern>,
        options: &PictureOptions,
    ) -> Result<Self, Error> {
        ct.require_same(anatomical.grid(), "the map of anatomical lung")?;
        ct.require_same(patterns.grid(), "the map of patterns")?;
        if ct.grid().voxel_count() > 0 {
            let scene = scene::Scene::new(ct, anatomical, anatomical, options);
            self.patterns = patterns::stills(&scene, patterns)?;
        }
        Ok(self)
    }

    /// Pictures of a single axial slice: the outlines of the lungs on it, and the patterns.
    ///
    /// Cost: `O(pixels)`.
    ///
    /// # Errors
    ///
    /// As [`Pictures::new`].
    pub fn of_slice(
        ct: &Ct,
        aerated: &LabelMap<Lung>,
        anatomical: &LabelMap<Lung>,
        patterns: &LabelMap<Pattern>,
        options: &PictureOptions,
    ) -> Result<Self, Error> {
        ct.require_same(aerated.grid(), "the map of aerated lung")?;
        ct.require_same(anatomical.grid(), "the map of anatomical lung")?;
        ct.require_same(patterns.grid(), "the map of patterns")?;
        let mut pictures = Self::none(options);
        if ct.grid().voxel_count() > 0 {
            let scene = scene::Scene::new(ct, aerated, anatomical, options);
            pictures.stills = vec![stills::slice(&scene)?];
            pictures.patterns = vec![patterns::slice(&scene, patterns)?];
        }
        Ok(pictures)
    }

    /// No picture of an image without voxels.
    fn none(options: &PictureOptions) -> Self {
        let stack = Stack {
            width: 0,
            height: 0,
            pixel: 0.0,
            every: 1,
            slices: 0,
            window: options.window,
            frames: Vec::new(),
        };
        let (stills, lobes, patterns) = (Vec::new(), Vec::new(), Vec::new());
        Self { stills, lobes, patterns, stack, threshold: options.threshold_words() }
    }
}
