//! The steps from an image to lungs.

use hilum_core::{Ct, Grid, Hu, LabelMap, Lung, Mask, Quality, Volume};
use hilum_kernel::par;

use crate::airway::{Airway, airway};
use crate::beside::beside;
use crate::body::body;
use crate::checks::{Evidence, checks};
use crate::close::{Outline, outline};
use crate::coarse::Coarse;
use crate::dense::dense;
use crate::drawn::Drawn;
use crate::error::Error;
use crate::fine::Drawing;
use crate::lungs::{Air, lungs, region};
use crate::near::Near;
use crate::options::Options;
use crate::sides::is_lung;
use crate::split::{Parting, split};
use crate::trachea::trachea;
use crate::upright::Upright;
use crate::window::crop;

/// Lungs, airway and vessels of a chest CT, on the grid of the image.
#[derive(Clone, Debug, PartialEq)]
pub struct Thorax {
    /// Aerated lung with its vessels closed in, and the lumen of trachea and main bronchi: what
    /// density measures.
    pub lungs: LabelMap<Lung>,
    /// The same with dense lung taken in: what lobes and interstitial disease are measured in.
    pub anatomical: LabelMap<Lung>,
    /// What is denser than lung inside of `lungs`: vessels, nodules, bronchial walls.
    pub vessels: Mask,
    /// What a reader must know about these outlines.
    pub quality: Vec<Quality>,
}

/// Outlines the lungs of a chest CT.
///
/// Decisions are made on block means of about 2.5 mm; edges are then drawn on the voxels of the
/// image, where the density is half-way between lung and wall. The patient may lie in the array in
/// any order and direction of axes: right and left, up and down come from the grid. The result
/// has the same bits on any number of threads.
///
/// Cost: `O(n)` for `n` voxels; about five bytes a voxel are held beside the image at the peak,
/// two more where its slices are not stored from feet to head, rows from right to left and
/// columns from front to back.
///
/// # Errors
///
/// [`Error::NoLungs`] if nothing in the image looks like a lung.
pub fn thorax(ct: &Ct, options: &Options) -> Result<Thorax, Error> {
    let upright = Upright::of(ct.grid());
    let hu = upright.stand(ct.hu());
    let found = Found::of(&hu, upright.grid())?;
    let outlines = found.outlines(options);
    let drawn = found.draw(ct, &hu, upright.grid(), &outlines);
    let quality = found.checked(&outlines, &drawn);
    Ok(Thorax {
        lungs: LabelMap::new(upright.lay(drawn.lungs))?,
        anatomical: LabelMap::new(upright.lay(drawn.anatomical))?,
        vessels: upright.lay(drawn.vessels),
        quality,
    })
}

/// What is decided on the coarse copy; everything but the airway in a box around the lungs.
struct Found {
    near: Near,
    coarse: Coarse,
    padded: Mask,
    air: Air,
    /// Airway, and air between lung and wall.
    not_lung: Mask,
    /// Air between lung and wall in mL.
    beside: f64,
    airway: Option<Airway>,
}

/// Both lungs in outline on the coarse copy.
struct Outlines {
    /// Air of either lung.
    sides: Volume<u8>,
    parting: Parting,
    aerated: Outline,
    /// With dense lung, if that is wanted.
    anatomical: Option<Outline>,
}

impl Found {
    /// Tells body, airway and lungs apart.
    fn of(hu: &Volume<Hu>, grid: &Grid) -> Result<Self, Error> {
        let coarse = Coarse::of(hu, grid);
        let body = body(&coarse);
        let gas = par::zip(&coarse.hu, &body.inside, |hu, inside| *inside && *hu < GAS);
        let trachea = region(&gas).and_then(|lungs| trachea(&coarse, &body, &lungs));
        let airway = trachea.as_ref().and_then(|trachea| airway(hu, grid, &coarse, trachea));
        let not_lung = airway_on_coarse(airway.as_ref(), &coarse, grid.shape());
        let free = par::zip(&gas, &not_lung, |gas, airway| *gas && !airway);
        let air = lungs(&coarse, &free, body.air)?;
        let near = Near::around(&air, &coarse, grid);
        let padded = crop(&body.padded, &near.coarse);
        let (mut air, not_lung) = (near.air(&air), crop(&not_lung, &near.coarse));
        let coarse = near.copy(&coarse);
        let beside = beside(&coarse.hu, &air.lungs, body.air);
        air.lungs = par::zip(&air.lungs, &beside, |lung, beside| *lung && !beside);
        let not_lung = par::zip(&not_lung, &beside, |airway, beside| *airway || *beside);
        let beside = beside.millilitres();
        Ok(Self { near, coarse, padded, air, not_lung, beside, airway })
    }

    fn outlines(&self, options: &Options) -> Outlines {
        let (sides, parting) = split(&self.air.lungs, &self.air.crumbs, &self.coarse.hu);
        let radius = options.closing_radius;
        let aerated = outline(&sides, &self.not_lung, radius);
        let dense = || dense(&self.coarse, &aerated, &self.not_lung, options);
        let anatomical = options.dense_lung.then(dense);
        Outlines { sides, parting, aerated, anatomical }
    }

    /// The outlines on the voxels of the whole upright image.
    fn draw(&self, ct: &Ct, hu: &Volume<Hu>, grid: &Grid, outlines: &Outlines) -> Drawn {
        let drawing = Drawing {
            hu: &crop(hu, &self.near.fine),
            ct,
            first: self.near.fine.clone().map(|side| side.start),
            coarse: &self.coarse,
            air: &outlines.sides,
            barred: &self.not_lung,
            outline: &outlines.aerated,
            anatomical: outlines.anatomical.as_ref(),
            airway: self.airway.as_ref(),
            threshold: threshold(&outlines.sides, &self.coarse.hu),
        };
        drawing.draw().on(grid, &self.near.fine, self.airway.as_ref(), hu)
    }

    fn checked(&self, outlines: &Outlines, drawn: &Drawn) -> Vec<Quality> {
        checks(&Evidence {
            padded: &self.padded,
            sides: &outlines.aerated.sides,
            lungs: &drawn.lungs,
            anatomical: &drawn.anatomical,
            parting: outlines.parting,
            airway: self.airway.as_ref(),
            refused: self.air.refused,
            beside: self.beside,
        })
    }
}

/// Block means below this are more air than tissue.
const GAS: Hu = Hu(-500);
/// What lungs lie against, in HU: muscle, blood and liver behind a film of fat.
const WALL: i16 = -30;
/// Bounds of the threshold in HU: vessels of a dense lung and walls of an empty one would be lost
/// beyond them.
const THRESHOLD: [i16; 2] = [-500, -400];

/// The density half-way between this patient's lung and its wall. There the edge of a blurred
/// surface lies where the surface does, so that volumes are right.
pub(crate) fn threshold(sides: &Volume<u8>, hu: &Volume<Hu>) -> Hu {
    let lung = sides.as_slice().iter().zip(hu.as_slice()).filter(|(side, _)| is_lung(**side));
    let mut numbers: Vec<i16> = lung.map(|(_, hu)| hu.0).collect();
    if numbers.is_empty() {
        return Hu(THRESHOLD[1]);
    }
    let middle = numbers.len() / 2;
    let (_, median, _) = numbers.select_nth_unstable(middle);
    Hu(median.midpoint(WALL).clamp(THRESHOLD[0], THRESHOLD[1]))
}

/// The coarse voxels that are airway, and so no lung.
fn airway_on_coarse(airway: Option<&Airway>, coarse: &Coarse, shape: [usize; 3]) -> Mask {
    match airway {
        None => Mask::filled(coarse.grid(), false),
        Some(airway) => {
            par::map_voxels(coarse.grid(), |voxel| airway.is_airway(coarse.middle(voxel, shape)))
        }
    }
}
