//! What the pieces of a mask look like: size, place and density.

use hilum_core::{Hu, Mask, Volume};
use hilum_kernel::{Components, Connectivity};

use crate::window::Window;

/// A connected piece of a coarse mask.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    /// Its number among the components.
    pub(crate) number: u32,
    /// Volume in mL.
    pub(crate) millilitres: f64,
    /// Smallest box around it.
    pub(crate) window: Window,
    /// Mean position `[k, j, i]` in voxels.
    pub(crate) centre: [f64; 3],
    /// Mean CT number; padding counts as -1100.
    pub(crate) mean: f64,
    /// Share of pure gas among the voxels that are not edge; 1 if there are none.
    pub(crate) gas: f64,
}

/// Voxels above this are edge and do not count when the share of gas is taken.
const EDGE: Hu = Hu(-800);

/// The pieces of `mask`, connected over faces, with the components they are. Below `gas` lies
/// nothing but gas.
pub(crate) fn pieces(mask: &Mask, hu: &Volume<Hu>, gas: Hu) -> (Components, Vec<Piece>) {
    let components = Components::new(mask, Connectivity::Faces);
    let sums = add_up(&components, hu, gas);
    let litre = mask.grid().voxel_volume() / 1000.0;
    let describe = |n: usize| {
        let (size, sum) = (components.sizes()[n] as f64, &sums[n]);
        Piece {
            number: n as u32 + 1,
            millilitres: size * litre,
            window: components.boxes()[n].clone(),
            centre: sum.place.map(|place| place as f64 / size),
            mean: sum.hu as f64 / size,
            gas: if sum.inner == 0 { 1.0 } else { sum.gas as f64 / sum.inner as f64 },
        }
    };
    let pieces = (0..components.count()).map(describe).collect();
    (components, pieces)
}

#[derive(Clone, Default)]
struct Sums {
    place: [u64; 3],
    hu: i64,
    gas: u64,
    inner: u64,
}

/// Whole-number sums over each component.
fn add_up(components: &Components, hu: &Volume<Hu>, gas: Hu) -> Vec<Sums> {
    let mut sums = vec![Sums::default(); components.count()];
    let labels = components.labels();
    let [_, rows, columns] = hu.grid().shape();
    for (n, (label, hu)) in labels.as_slice().iter().zip(hu.as_slice()).enumerate() {
        let Some(sum) = (*label as usize).checked_sub(1).map(|n| &mut sums[n]) else { continue };
        let place = [n / columns / rows, n / columns % rows, n % columns];
        (0..3).for_each(|axis| sum.place[axis] += place[axis] as u64);
        sum.hu += i64::from(hu.0.max(-1100));
        sum.gas += u64::from(*hu < gas);
        sum.inner += u64::from(*hu < EDGE);
    }
    sums
}

/// For each component, whether any of its voxels lies in `part`; that of number `n` stands at `n`.
pub(crate) fn touched(components: &Components, part: &Mask) -> Vec<bool> {
    let mut touched = vec![false; components.count() + 1];
    for (number, inside) in components.labels().as_slice().iter().zip(part.as_slice()) {
        touched[*number as usize] |= *inside;
    }
    touched
}
