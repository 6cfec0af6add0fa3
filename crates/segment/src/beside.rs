//! Air between lung and wall, which looks like lung and is none.

use hilum_core::{Hu, Mask, Volume};
use hilum_kernel::{Components, Connectivity, par};

/// Standard deviation in mm of the average against noise.
const BLUR: f64 = 2.5;
/// Pure gas reads at most so many HU above air: in lung there are vessels and walls.
const PURE: f64 = 40.0;
/// Half the thickness in mm from which on gas is a layer and not the rim of something.
const THICK: f64 = 4.0;
/// Least volume in mL in one piece.
const LEAST: f64 = 20.0;
/// The blurred edge of gas is at most so many mm wide.
const EDGE: f64 = 6.0;
/// Half the width in mm of the edge that is left of gas along the wall.
const SKIN: f64 = 4.0;
/// Shell in mm beyond that in which it is told what a piece lies against.
const SHELL: f64 = 3.0;
/// Gas so near (mm) to a layer and to the wall is its tapering edge.
const TAPER: [f64; 2] = [20.0, 10.0];
/// Share of the shell that is no lung, from which on a piece is a layer along the wall. A bulla, a ball in
/// the lung, lies against the wall with far less of its surface.
const ALONG: f64 = 0.35;

/// The parts of the `lungs` that are a layer of pure gas along their wall; `level` is what the
/// scanner reads in air.
pub(crate) fn beside(hu: &Volume<Hu>, lungs: &Mask, level: f64) -> Mask {
    let limit = (level + PURE) as f32;
    let mean = hilum_kernel::gaussian(&par::map(hu, |hu| f32::from(*hu)), BLUR);
    let gas = par::zip(&mean, lungs, |mean, lung| *lung && *mean < limit);
    if gas.millilitres() < LEAST {
        return Mask::filled(lungs.grid(), false);
    }
    let thick = hilum_kernel::open(&gas, THICK);
    let pieces = Components::new(&thick, Connectivity::Faces);
    let litre = lungs.grid().voxel_volume() / 1000.0;
    let mut layers = Mask::filled(lungs.grid(), false);
    for (n, size) in (1..).zip(pieces.sizes()) {
        if *size as f64 * litre < LEAST {
            continue;
        }
        let piece = pieces.mask(|number| number == n);
        let whole = hilum_kernel::dilate(&piece, EDGE);
        if along(&whole, &hilum_kernel::dilate(&piece, EDGE + SHELL), lungs) >= ALONG {
            layers = par::zip(&layers, &whole, |layer, whole| *layer || *whole);
        }
    }
    let near = hilum_kernel::dilate(&layers, TAPER[0]);
    let rim = hilum_kernel::dilate(&par::map(lungs, |lung| !lung), TAPER[1]);
    let thin = par::zip(&near, &rim, |near, rim| *near && *rim);
    let thin = par::zip(&thin, &gas, |thin, gas| *thin && *gas);
    let edge = par::map(hu, |hu| f32::from(*hu) < limit + PURE as f32);
    let layers = par::zip(&layers, &edge, |layer, edge| *layer && *edge);
    let both = par::zip(&layers, &thin, |layer, thin| *layer || *thin);
    let gas = par::zip(&both, lungs, |both, lung| *both && *lung);
    let skin = skin(&gas, lungs);
    par::zip(&gas, &skin, |gas, skin| *gas || *skin)
}

/// What is left of the lungs between layers of gas and the wall: the blurred edge of the gas, too
/// thin for lung.
fn skin(gas: &Mask, lungs: &Mask) -> Mask {
    let rest = par::zip(lungs, gas, |lung, gas| *lung && !gas);
    if gas.count() == 0 || rest.count() == 0 {
        return Mask::filled(lungs.grid(), false);
    }
    let body = hilum_kernel::open(&rest, SKIN);
    let near = hilum_kernel::dilate(gas, EDGE);
    let skin = par::zip(&rest, &body, |rest, body| *rest && !body);
    par::zip(&skin, &near, |skin, near| *skin && *near)
}

/// Share of the shell around a piece that is no lung.
fn along(piece: &Mask, around: &Mask, lungs: &Mask) -> f64 {
    let shell = par::zip(piece, around, |piece, around| *around && !piece);
    let outside = par::zip(&shell, lungs, |shell, lung| *shell && !lung);
    outside.count() as f64 / shell.count().max(1) as f64
}
