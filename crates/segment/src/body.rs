//! The body: what lies inside the patient's skin, without table, clothes and arms.

use hilum_core::{Hu, Mask};
use hilum_kernel::{Components, Connectivity, par};

use crate::coarse::Coarse;
use crate::pieces::pieces;

/// Tissue is denser. Lung, air, bedding are not.
const TISSUE: Hu = Hu(-500);
/// Air around the patient reads below this; lung does so only where it is destroyed.
const AIR: Hu = Hu(-950);
/// Mean of a piece of air around the patient. A pocket of destroyed lung at the edge of the image
/// reads higher.
const OUTSIDE_MEAN: f64 = -980.0;
/// Block means below this have padding in them: no scanner reads so low.
const PADDED: Hu = Hu(-1050);
/// Sheets thinner than twice this (mm) are table and clothes, not body.
const SHEET: f64 = 3.0;

/// The body on the coarse grid.
pub(crate) struct Body {
    /// All that lies inside the skin: tissue and air.
    pub(crate) inside: Mask,
    /// What the scanner did not measure.
    pub(crate) padded: Mask,
}

/// Finds the body.
///
/// Its core is the largest piece of tissue after sheets are taken off. Inside is then whatever,
/// slice by slice, the air around the patient cannot reach without crossing the core.
/// Padding and the edge of the image are walls too, so that a lung that the field of view cuts
/// open stays inside.
pub(crate) fn body(coarse: &Coarse) -> Body {
    let padded = par::map(&coarse.hu, |hu| *hu < PADDED);
    let core = core(coarse);
    let around = air_around(coarse, &padded);
    let free = par::zip(&core, &padded, |core, padded| !core && !padded);
    let rooms = Components::by_slice(&free, Connectivity::Faces);
    let mut reached = vec![false; rooms.count() + 1];
    let labels = rooms.labels();
    for (room, around) in labels.as_slice().iter().zip(around.as_slice()) {
        reached[*room as usize] |= *around;
    }
    reached[0] = false;
    let shut = par::map(&labels, |room| !reached[*room as usize]);
    let inside = par::zip(&shut, &padded, |shut, padded| *shut && !padded);
    Body { inside, padded }
}

fn core(coarse: &Coarse) -> Mask {
    let tissue = par::map(&coarse.hu, |hu| *hu >= TISSUE);
    let pieces = Components::new(&hilum_kernel::open(&tissue, SHEET), Connectivity::Faces);
    pieces.mask(|number| Some(number) == pieces.largest())
}

/// Air that reaches the edge of the image or the padding, and is as empty as air is.
fn air_around(coarse: &Coarse, padded: &Mask) -> Mask {
    let air = par::map(&coarse.hu, |hu| (PADDED..AIR).contains(hu));
    let (components, pieces) = pieces(&air, &coarse.hu);
    let mut at_padding = vec![false; components.count() + 1];
    let near = hilum_kernel::dilate(padded, coarse.step());
    for (label, near) in components.labels().as_slice().iter().zip(near.as_slice()) {
        at_padding[*label as usize] |= *near;
    }
    let shape = coarse.grid().shape();
    components.mask(|number| {
        let piece = &pieces[number as usize - 1];
        let at_edge = (1..3)
            .any(|axis| piece.window[axis].start == 0 || piece.window[axis].end == shape[axis]);
        (at_edge || at_padding[number as usize]) && piece.mean < OUTSIDE_MEAN
    })
}
