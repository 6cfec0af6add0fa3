//! Kernels that are products of kernels along the axes.

use hilum_core::Volume;
use hilum_kernel::{convolve, par};

use super::turns::{Turn, turns};
use super::{Filter, Pooling};
use crate::Error;

/// Taps along each array axis `[k, j, i]`, odd in number; no taps leave an axis alone.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Separable(pub(super) [Vec<f64>; 3]);

impl Separable {
    /// From kernels along `i`, `j` and, unless slices are filtered one by one, `k`: the order of the
    /// standard's names. A kernel of even length gets a last tap of 0.
    pub(super) fn named(mut kernels: Vec<Vec<f64>>, by_slice: bool) -> Result<Self, Error> {
        let wanted = if by_slice { "2, since slices are filtered one by one" } else { "3" };
        if kernels.len() != if by_slice { 2 } else { 3 } {
            let found = format!("kernels for {} directions", kernels.len());
            return Err(Error::setting(found, wanted));
        }
        for taps in kernels.iter_mut().filter(|taps| taps.len().is_multiple_of(2)) {
            taps.push(0.0);
        }
        kernels.resize(3, Vec::new());
        kernels.reverse();
        Ok(Self(kernels.try_into().expect("three kernels")))
    }

    fn turned(&self, turn: Turn) -> Self {
        Self([0, 1, 2].map(|axis| {
            let mut taps = self.0[turn.order[axis]].clone();
            if turn.reversed[axis] {
                taps.reverse();
            }
            taps
        }))
    }

    pub(super) fn apply(&self, volume: &mut Volume<f32>, filter: &Filter) {
        for (axis, taps) in self.0.iter().enumerate().filter(|(_, taps)| !taps.is_empty()) {
            convolve(volume, axis, taps, filter.boundary);
        }
    }
}

/// The response to kernels that are applied one after the other, pooled over all rotations where that is
/// asked for. Rotations that change nothing are taken once.
pub(super) fn response(
    image: &Volume<f32>,
    cascade: &[Separable],
    filter: &Filter,
    rotations: Option<Pooling>,
) -> Volume<f32> {
    let mut turned: Vec<Vec<Separable>> = Vec::new();
    let all = turns(filter.by_slice);
    for turn in &all[..if rotations.is_some() { all.len() } else { 1 }] {
        let one: Vec<_> = cascade.iter().map(|kernel| kernel.turned(*turn)).collect();
        if !turned.contains(&one) {
            turned.push(one);
        }
    }
    let pooled = rotations.unwrap_or(Pooling::Average).of(turned.len(), |n| {
        let mut volume = par::copy(image);
        turned[n].iter().for_each(|kernel| kernel.apply(&mut volume, filter));
        Ok::<_, Error>(volume)
    });
    pooled.expect("nothing here can fail")
}
