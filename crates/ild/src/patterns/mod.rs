//! Patterns of diseased lung at every voxel, from one chest CT.
//!
//! There are no images of ground glass, honeycombing or consolidation that may be learnt from here: these
//! patterns are told by what they are, in HU and mm, and were tried on phantoms alone. How, stands in
//! `docs/patterns.md`.

mod airless;
mod anatomy;
mod background;
mod calibration;
mod cells;
mod checks;
mod costal;
mod evidence;
mod fibrosis;
mod frame;
mod grain;
mod holes;
mod islands;
mod judge;
mod normal;
mod options;
mod paint;
mod relief;
mod scene;
mod sharpness;
mod sites;
mod stretches;

pub use options::PatternOptions;
pub use scene::Scene;

use hilum_core::{EmphysemaSubtype, LabelMap, Pattern, Region};
use hilum_kernel::{dilate, gaussian_within, par};

use crate::classified::Classified;
use crate::error::Error;

use anatomy::Anatomy;
use background::background;
use costal::Costal;
use evidence::Evidence;
use fibrosis::Fibrosis;
use frame::Frame;
use judge::Judge;
use normal::Normal;
use paint::Painter;
use relief::Relief;
use sites::Sites;

/// Blur in mm for what is dark: small holes stay, noise goes.
const DARK_BLUR: f64 = 1.0;
/// Width in mm around a lumen that its own darkness reaches.
const DARK_BAND: f64 = 1.5;

/// Tells the pattern of every voxel of the lungs.
///
/// Vessels and airways are left out where they can be told from the pattern. The same bits come out on any
/// number of threads.
///
/// Cost: `O(n)` for the `n` voxels of the box around the lungs, most of it for those in the lungs; about 20 bytes for each
/// voxel of the box are held at the peak, and two for each voxel of the image.
///
/// # Errors
///
/// [`Error::Domain`] if the maps of the scene lie on other grids than the image, [`Error::NoLung`] if
/// there is none, [`Error::Coarse`] if voxels are longer than a centimetre.
pub fn classify(scene: &Scene, options: &PatternOptions) -> Result<Classified, Error> {
    scene.check()?;
    let image = scene.ct.grid();
    let found = checks::longest(image);
    if found > checks::LONGEST {
        return Err(Error::Coarse { found, wanted: checks::LONGEST });
    }
    let frame = Frame::new(scene.ct, scene.lungs)?;
    let sites = Sites::new(&frame.lung);
    let anatomy = Anatomy::new(scene, &frame, &sites);
    let relief = Relief::new(&frame, &anatomy);
    let normal = Normal::new(&background(&frame, &sites, &anatomy, &relief), image);
    let texture = checks::shows_texture(&frame, relief.noise);
    let quality = checks::checks(scene, &frame, relief.noise, normal.middle);
    drop(relief);
    let airless = airless::airless(&frame, &anatomy);
    let model = options.emphysema.map(|told| told.around(frame.first, frame.grid.shape()));
    let evidence = Evidence::new(&frame, &sites, &anatomy, (&airless, &normal.hu));
    let smoother = gaussian_within(&frame.hu, DARK_BLUR, &frame.lung);
    let bronchi = dilate(&anatomy.lumen, DARK_BAND);
    let holes = holes::holes(&sites, &anatomy, [&smoother, &normal.hu], &bronchi);
    drop(smoother);
    let judge = Judge::new(frame.grid.spacing()[0], sharpness::blur(&frame), texture);
    let fibrosis = Fibrosis::new(&evidence, &judge);
    let painter = Painter {
        frame: &frame,
        sites: &sites,
        anatomy: &anatomy,
        evidence: &evidence,
        fibrosis: &fibrosis,
        normal: &normal.hu,
        airless: &airless,
        holes: &holes,
        model: model.as_ref(),
    };
    let (mut patterns, mut confidence) = painter.paint();
    let costal = Costal::new(&frame, image);
    islands::drown_islands(&mut patterns, &mut confidence, &costal);
    let given = scene.vessels.map(|vessels| frame.cut(vessels));
    paint::leave_out_vessels(&mut patterns, &mut confidence, given.as_ref(), &anatomy.thick);
    let subtypes = options.emphysema.map_or_else(
        || LabelMap::<EmphysemaSubtype>::empty(image),
        |told| {
            let emphysema = par::map(&patterns, |label| *label == Pattern::Emphysema.label());
            let subtypes = told.subtypes_in(frame.first, &emphysema);
            LabelMap::new(frame.lay(&subtypes, image, 0)).expect("labels are those of subtypes")
        },
    );
    let patterns = LabelMap::new(frame.lay(&patterns, image, 0))?;
    Ok(Classified { patterns, subtypes, confidence: frame.lay(&confidence, image, 0), quality })
}
