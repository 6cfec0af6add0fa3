//! Dense lung: what fills the space of a lung without being air.

use hilum_core::{Lung, Mask, Region, Volume};
use hilum_kernel::{Components, Connectivity, par};

use crate::close::{self, Outline};
use crate::coarse::Coarse;
use crate::haze::{dense_as_a_whole, haze};
use crate::options::Options;
use crate::pieces::touched;
use crate::solid::{Scene, solid};
use crate::split::spine;

/// Less dense lung than this in one piece, in mL, is edge.
const LEAST: f64 = 1.0;

/// The outline with dense lung taken in.
///
/// Two kinds are found: haze that hangs on a lung and is thicker than the blurred edge of one, and, if it is asked for,
/// [`solid`] tissue in the space of a lung.
pub(crate) fn dense(
    coarse: &Coarse,
    outline: &Outline,
    airway: &Mask,
    options: &Options,
) -> Outline {
    let place = Place::of(coarse, &outline.sides);
    let hazy = joined(&outline.sides, &haze(&coarse.hu, &outline.sides), airway, &place);
    let dense = if options.airless_lung {
        let Place { middle, halfway, ratio } = place;
        let solid = solid(&Scene { coarse, sides: &hazy, middle, halfway, ratio });
        let solid = hilum_kernel::open(&solid, 1.1 * coarse.step());
        joined(&hazy, &solid, airway, &place)
    } else {
        hazy
    };
    let mut outline = if dense == outline.sides {
        outline.clone()
    } else {
        close::outline(&dense, airway, options.closing_radius)
    };
    let whole = dense_as_a_whole(&coarse.hu, &outline.sides);
    outline.firm = par::zip(&outline.firm, &whole, |nodule, dense| *nodule || *dense);
    outline
}

/// The lungs with those pieces of `more` that hang on them.
fn joined(sides: &Volume<u8>, more: &Mask, airway: &Mask, place: &Place) -> Volume<u8> {
    if more.count() == 0 {
        return par::copy(sides);
    }
    let free = par::zip(more, airway, |more, airway| *more && !airway);
    let kept = hanging_on(&free, sides);
    par::map_voxels(sides.grid(), |voxel| match sides.at(voxel) {
        0 if kept.at(voxel) => place.side(voxel[2]),
        side => side,
    })
}

/// Where things stand on the coarse grid.
struct Place {
    /// Spine, along `i`.
    middle: f64,
    /// Half-way between front and back of the lungs, along `j`.
    halfway: usize,
    /// Right over left volume.
    ratio: f64,
}

impl Place {
    fn of(coarse: &Coarse, sides: &Volume<u8>) -> Self {
        let lungs = par::map(sides, |side| *side > 0);
        let middle = spine(&lungs, &coarse.hu);
        let window = crate::window::bounds(sides, |side| *side > 0);
        let halfway = window.map_or(0, |window| window[1].start.midpoint(window[1].end));
        let count = |lung: Lung| par::map(sides, |side| *side == lung.label()).count() as f64;
        let ratio = count(Lung::Right) / count(Lung::Left);
        Self { middle, halfway, ratio }
    }

    /// The lung on whose side of the spine a voxel lies, or the only one there is.
    fn side(&self, i: usize) -> u8 {
        let left = self.ratio == 0.0 || (self.ratio.is_finite() && i as f64 > self.middle);
        if left { Lung::Left.label() } else { Lung::Right.label() }
    }
}

/// Pieces that touch a lung and are large enough to be more than its edge.
fn hanging_on(dense: &Mask, sides: &Volume<u8>) -> Mask {
    let step = sides.grid().spacing().into_iter().fold(0.0, f64::max);
    let components = Components::new(dense, Connectivity::Faces);
    let lungs = par::map(sides, |side| *side > 0);
    let near = hilum_kernel::dilate(&lungs, 1.5 * step);
    let touches = touched(&components, &near);
    let voxel = dense.grid().voxel_volume() / 1000.0;
    components.mask(|number| {
        let millilitres = components.sizes()[number as usize - 1] as f64 * voxel;
        touches[number as usize] && millilitres >= LEAST
    })
}
