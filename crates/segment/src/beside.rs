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
/// Shell in mm around a piece in which it is told what the piece lies against.
const SHELL: f64 = 6.0;
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
        let around = hilum_kernel::dilate(&pieces.mask(|number| number == n), SHELL);
        if along(&around, &pieces, n, lungs) >= ALONG {
            layers = par::zip(&layers, &around, |layer, around| *layer || *around);
        }
    }
    let both = par::zip(&layers, lungs, |layer, lung| *layer && *lung);
    let gas = par::map(hu, |hu| f32::from(*hu) < limit + PURE as f32);
    par::zip(&both, &gas, |layer, gas| *layer && *gas)
}

/// Share of the shell around piece `n` that is no lung.
fn along(around: &Mask, pieces: &Components, n: u32, lungs: &Mask) -> f64 {
    let labels = pieces.labels();
    let voxels = around.as_slice().iter().zip(labels.as_slice()).zip(lungs.as_slice());
    let (mut shell, mut outside) = (0_u64, 0_u64);
    for ((around, label), lung) in voxels {
        if *around && *label != n {
            shell += 1;
            outside += u64::from(!lung);
        }
    }
    outside as f64 / shell.max(1) as f64
}
