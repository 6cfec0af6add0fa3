//! Which air is lung.

use hilum_core::{Hu, Mask, Volume};
use hilum_kernel::Components;

use crate::coarse::Coarse;
use crate::error::Error;
use crate::pieces::{Piece, pieces, touched};
use crate::sides::is_lung;
use crate::window::{Window, bounds};

/// What an image has to show.
pub(crate) const WANTED: &str =
    "air-filled lung of at least 30 mL inside the chest, in Hounsfield units";
/// Least volume of a lung in mL: less than a newborn's is not measured here.
const LEAST: f64 = 30.0;
/// Of two lungs the smaller one has at least this share of the larger.
const SMALLER: f64 = 0.05;
/// Most of a lung is not pure gas; of a gas-filled bowel or stomach most is…
const GAS: f64 = 0.5;
/// …and it holds less than so many mL in one piece.
const BOWEL: f64 = 1000.0;
/// Pure gas reads at most so many HU above air: lung, however destroyed, has its vessels and walls.
const PURE: f64 = 50.0;
/// Mean of a lung in HU lies below.
const MEAN: f64 = -550.0;
/// Pieces beside the lungs: a lobe cut off by consolidation, a bulla. At least so many mL…
const CRUMB: f64 = 0.5;
/// …this dark on average, whose edge makes up much of them…
const CRUMB_MEAN: f64 = -600.0;
/// …hardly any pure gas, since bowel and oesophagus hold little else…
const CRUMB_GAS: f64 = 0.3;
/// …and at most so many mm from a lung.
const CRUMB_REACH: f64 = 12.0;
/// Share of the lower of two pieces' heights that they have in common if both are lungs.
const SHARED_HEIGHT: f64 = 0.3;

/// The air on the coarse grid that is lung, both lungs together.
pub(crate) struct Air {
    /// The large pieces: one or two lungs, fused or not.
    pub(crate) lungs: Mask,
    /// Small pieces beside them.
    pub(crate) crumbs: Mask,
    /// Volume in mL of air inside the body that is neither lung nor airway.
    pub(crate) refused: f64,
}

/// Sorts the air inside of the body into lung and everything else that holds gas. `level` is what
/// the scanner reads in air.
///
/// # Errors
///
/// [`Error::NoLungs`] if no piece looks like a lung.
pub(crate) fn lungs(coarse: &Coarse, air: &Mask, level: f64) -> Result<Air, Error> {
    let (components, pieces) = pieces(air, &coarse.hu, Hu((level + PURE) as i16));
    let largest = pieces
        .iter()
        .filter(|piece| looks_like_lung(piece))
        .max_by(|a, b| a.millilitres.total_cmp(&b.millilitres))
        .ok_or_else(|| nothing(&pieces, &coarse.hu))?;
    let main = |piece: &Piece| {
        looks_like_lung(piece)
            && piece.millilitres >= SMALLER * largest.millilitres
            && shared_height(&piece.window, &largest.window) >= SHARED_HEIGHT
    };
    let lungs = select(&components, &pieces, main);
    let near = hilum_kernel::dilate(&lungs, CRUMB_REACH);
    let touched = touched(&components, &near);
    let crumb = |piece: &Piece| {
        !main(piece)
            && piece.millilitres >= CRUMB
            && piece.mean <= CRUMB_MEAN
            && piece.gas <= CRUMB_GAS
            && touched[piece.number as usize]
    };
    let crumbs = select(&components, &pieces, crumb);
    let refused = air.millilitres() - lungs.millilitres() - crumbs.millilitres();
    Ok(Air { lungs, crumbs, refused })
}

fn looks_like_lung(piece: &Piece) -> bool {
    let gas = piece.gas > GAS && piece.millilitres < BOWEL;
    piece.millilitres >= LEAST && piece.mean <= MEAN && !gas
}

fn select(components: &Components, pieces: &[Piece], keep: impl Fn(&Piece) -> bool) -> Mask {
    components.mask(|number| keep(&pieces[number as usize - 1]))
}

/// Share of the lower piece's height that both have in common.
fn shared_height(a: &Window, b: &Window) -> f64 {
    let shared = a[0].end.min(b[0].end).saturating_sub(a[0].start.max(b[0].start));
    shared as f64 / a[0].len().min(b[0].len()).max(1) as f64
}

/// The box of the largest piece of air: where the lungs are, before they are known.
pub(crate) fn region(air: &Mask) -> Option<Window> {
    let components = Components::new(air, hilum_kernel::Connectivity::Faces);
    components.largest().map(|number| components.boxes()[number as usize - 1].clone())
}

/// Says what an image without lungs shows.
fn nothing(pieces: &[Piece], hu: &Volume<Hu>) -> Error {
    let low = hu.as_slice().iter().min().map_or(0, |hu| hu.0);
    let high = hu.as_slice().iter().max().map_or(0, |hu| hu.0);
    let largest = pieces.iter().max_by(|a, b| a.millilitres.total_cmp(&b.millilitres));
    let found = match largest {
        None => format!("no air inside a body, values from {low} to {high}"),
        Some(piece) if piece.gas > GAS => format!(
            "no air inside the body but pure gas as in bowel or sinuses, {:.1} mL at most in one piece",
            piece.millilitres
        ),
        Some(piece) => format!(
            "{:.1} mL of air inside the body at most in one piece, mean {:.0} HU",
            piece.millilitres, piece.mean
        ),
    };
    Error::NoLungs { found, wanted: WANTED }
}

/// The box around both lungs.
pub(crate) fn extent(sides: &Volume<u8>) -> Option<Window> {
    bounds(sides, |side| is_lung(*side))
}
