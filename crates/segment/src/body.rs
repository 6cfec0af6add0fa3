//! The body: what lies inside the patient's skin, without table, clothes and arms.

use hilum_core::{Hu, Mask};
use hilum_kernel::{Components, Connectivity, par};

use crate::coarse::Coarse;
use crate::pieces::pieces;
use crate::window::Window;

/// Tissue is denser. Lung, air, bedding are not.
const TISSUE: Hu = Hu(-500);
/// Air around the patient reads below this; lung does so only where it is destroyed.
const AIR: Hu = Hu(-950);
/// Bounds in HU of what a scanner may read in air, noise averaged out.
const LEVELS: [f64; 2] = [-1060.0, -985.0];
/// Volume in mL of air from which its level can be read.
const SAMPLE: f64 = 20.0;
/// A piece of air around the patient is at most so much denser than air. A pocket of destroyed lung at
/// the edge of the image is denser.
const OUTSIDE: f64 = 15.0;
/// Block means below this have padding in them: no scanner reads so low.
const PADDED: Hu = Hu(-1100);
/// Sheets thinner than twice this (mm) are table and clothes, not body.
const SHEET: f64 = 3.0;

/// Images that were resampled may have a frame of zeros of so many coarse voxels.
const FRAME: usize = 2;
/// Share of a room in a slice that is air around the patient if it is not a room of the body. A
/// pocket of destroyed lung at the edge of the image may be as empty.
const AIRED: f64 = 0.4;
/// Share of a room, through all slices, that has tissue on two opposite sides if it is a room of
/// the body.
const BETWEEN: f64 = 0.5;

/// The body on the coarse grid.
pub(crate) struct Body {
    /// What lies inside the skin: air, and the core of the tissue.
    pub(crate) inside: Mask,
    /// What the scanner did not measure.
    pub(crate) padded: Mask,
    /// What the scanner reads in air around the patient, in HU.
    pub(crate) air: f64,
}

/// Finds the body.
///
/// Its core is the largest piece of tissue after sheets are taken off. Inside are, slice by
/// slice, the core and every room of air that is not air around the patient; the rooms of
/// neighbouring slices together have the core on two opposite sides. Padding and the edge of the image are
/// walls too, so that a lung that the field of view cuts open stays inside.
pub(crate) fn body(coarse: &Coarse) -> Body {
    let padded = padding(coarse);
    let core = core(coarse);
    let (around, level) = air_around(coarse, &padded);
    let air = par::map(&coarse.hu, |hu| (PADDED..TISSUE).contains(hu));
    let free = par::zip(&air, &core, |air, core| *air && !core);
    let rooms = Components::by_slice(&free, Connectivity::Faces);
    let closed = shut(&rooms, &around);
    let rooms = Components::new(&closed, Connectivity::Faces);
    let flanked = flanked(&rooms, &core);
    let inside = par::zip(&flanked, &core, |flanked, core| *flanked || *core);
    Body { inside, padded, air: level }
}

/// Padding reaches the edge of the image; elsewhere such numbers are noise.
pub(crate) fn padding(coarse: &Coarse) -> Mask {
    let shape = coarse.grid().shape();
    let low = Components::new(&par::map(&coarse.hu, |hu| *hu < PADDED), Connectivity::Faces);
    low.mask(|number| is_at_edge(&low.boxes()[number as usize - 1], shape, 0))
}

/// Says whether a box comes within `margin` voxels of the sides of the image.
fn is_at_edge(window: &Window, shape: [usize; 3], margin: usize) -> bool {
    (1..3).any(|axis| window[axis].start <= margin || window[axis].end + margin >= shape[axis])
}

fn core(coarse: &Coarse) -> Mask {
    let tissue = par::map(&coarse.hu, |hu| *hu >= TISSUE);
    let pieces = Components::new(&hilum_kernel::open(&tissue, SHEET), Connectivity::Faces);
    pieces.mask(|number| Some(number) == pieces.largest())
}

/// Air that reaches the edge of the image or the padding and is as empty as air is, and how
/// empty that is.
fn air_around(coarse: &Coarse, padded: &Mask) -> (Mask, f64) {
    let air = par::map(&coarse.hu, |hu| (PADDED..AIR).contains(hu));
    let (components, pieces) = pieces(&air, &coarse.hu, AIR);
    let mut outer = vec![false; components.count() + 1];
    let labels = components.labels();
    for_each_neighbour(padded, |n| outer[labels.as_slice()[n] as usize] = true);
    let shape = coarse.grid().shape();
    for piece in &pieces {
        outer[piece.number as usize] |= is_at_edge(&piece.window, shape, FRAME);
    }
    let level = pieces
        .iter()
        .filter(|piece| outer[piece.number as usize] && piece.millilitres >= SAMPLE)
        .map(|piece| piece.mean)
        .fold(f64::INFINITY, f64::min);
    let level = if level.is_finite() { level.clamp(LEVELS[0], LEVELS[1]) } else { -1000.0 };
    let around = components.mask(|number| {
        outer[number as usize] && pieces[number as usize - 1].mean < level + OUTSIDE
    });
    (around, level)
}

/// Tells the places of the four neighbours in the slice of every voxel inside.
fn for_each_neighbour(mask: &Mask, mut tell: impl FnMut(usize)) {
    let [_, rows, columns] = mask.grid().shape();
    for (n, _) in mask.as_slice().iter().enumerate().filter(|(_, inside)| **inside) {
        let (j, i) = (n / columns % rows, n % columns);
        let sides = [(j > 0, n.wrapping_sub(columns)), (j + 1 < rows, n + columns)];
        let ends = [(i > 0, n.wrapping_sub(1)), (i + 1 < columns, n + 1)];
        sides.into_iter().chain(ends).filter(|(there, _)| *there).for_each(|(_, n)| tell(n));
    }
}

/// The rooms of single slices that are not mostly air around the patient.
fn shut(rooms: &Components, around: &Mask) -> Mask {
    let shares = shares(rooms, around);
    rooms.mask(|number| shares[number as usize] <= AIRED)
}

/// The rooms that have the core on two opposite sides in most of their voxels.
fn flanked(rooms: &Components, core: &Mask) -> Mask {
    let shares = shares(rooms, &between(core));
    rooms.mask(|number| shares[number as usize] >= BETWEEN)
}

/// Share of each component that lies in `part`; that of number `n` stands at `n`.
fn shares(components: &Components, part: &Mask) -> Vec<f64> {
    let mut counts = vec![0_u64; components.count() + 1];
    for (number, inside) in components.labels().as_slice().iter().zip(part.as_slice()) {
        counts[*number as usize] += u64::from(*inside);
    }
    let sizes = [1].into_iter().chain(components.sizes().iter().copied());
    counts.iter().zip(sizes).map(|(count, size)| *count as f64 / size as f64).collect()
}

/// Voxels that have the core on both sides along a row or along a column of their slice.
fn between(core: &Mask) -> Mask {
    let [_, rows, columns] = core.grid().shape();
    let mut between = Mask::filled(core.grid(), false);
    par::for_each_slice(&mut between, |k, slice| {
        let core = &core.as_slice()[k * rows * columns..][..rows * columns];
        let mut span = vec![(usize::MAX, 0); columns];
        for (j, row) in core.chunks_exact(columns).enumerate() {
            for (span, _) in span.iter_mut().zip(row).filter(|(_, core)| **core) {
                *span = (span.0.min(j), j);
            }
        }
        for (j, (row, between)) in
            core.chunks_exact(columns).zip(slice.chunks_exact_mut(columns)).enumerate()
        {
            let first = row.iter().position(|core| *core).unwrap_or(columns);
            let last = row.iter().rposition(|core| *core).unwrap_or(0);
            for (i, between) in between.iter_mut().enumerate() {
                let (front, back) = span[i];
                *between = (first < i && i < last) || (front < j && j < back);
            }
        }
    });
    between
}
