//! Dense lung.

use hilum_core::{Hu, Mask};
use hilum_kernel::{Components, Connectivity, par};

use crate::close::{Outline, depth};
use crate::coarse::Coarse;
use crate::options::Options;

/// Hazy lung (ground glass, fibrosis) reads between aerated lung and fat.
const HAZE: [Hu; 2] = [Hu(-500), Hu(-150)];
const LEAST: f64 = 1.0;

pub(crate) fn dense(
    coarse: &Coarse,
    outline: &Outline,
    airway: &Mask,
    options: &Options,
) -> Outline {
    if !options.dense_lung {
        return Outline { sides: outline.sides.clone(), depth: outline.depth.clone() };
    }
    let hazy = par::map_voxels(coarse.grid(), |v| {
        !airway.at(v) && outline.sides.at(v) == 0 && (HAZE[0]..HAZE[1]).contains(&coarse.hu.at(v))
    });
    let thick = hilum_kernel::open(&hazy, 1.1 * coarse.step());
    let components = Components::new(&thick, Connectivity::Faces);
    let litre = coarse.grid().voxel_volume() / 1000.0;
    let keep = components.mask(|n| components.sizes()[n as usize - 1] as f64 * litre >= LEAST);
    let near = |side: u8| {
        hilum_kernel::dilate(&par::map(&outline.sides, |s| *s == side), 1.5 * coarse.step())
    };
    let (_right, left) = (near(1), near(2));
    let sides = par::map_voxels(coarse.grid(), |v| match outline.sides.at(v) {
        0 if keep.at(v) => {
            if left.at(v) {
                2
            } else {
                1
            }
        }
        side => side,
    });
    let depth = depth(&sides);
    Outline { sides, depth }
}
