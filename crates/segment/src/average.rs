//! Averages over a part of the image.

use hilum_core::{Hu, Mask, Volume};
use hilum_kernel::{gaussian, par};

/// Share of a window below which nothing is said to lie in it.
const LEAST: f32 = 1e-3;

/// Average in a Gaussian window of `sigma` mm of what lies in a mask, in HU; 0, as in tissue, where hardly anything of it does.
pub(crate) fn average(hu: &Volume<Hu>, mask: &Mask, sigma: f64) -> Volume<f32> {
    let weight = par::map(mask, |inside| f32::from(u8::from(*inside)));
    let value = par::zip(hu, &weight, |hu, weight| f32::from(*hu) * weight);
    let (sum, share) = par::join(|| gaussian(&value, sigma), || gaussian(&weight, sigma));
    par::zip(&sum, &share, |sum, share| if *share > LEAST { sum / share } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hilum_core::Grid;

    #[test]
    fn what_lies_outside_of_the_mask_does_not_count() {
        let grid = Grid::axial([12, 12, 40], [2.5; 3]).expect("sound steps");
        let hu = par::map_voxels(&grid, |[_, _, i]| Hu(if i < 20 { -850 } else { 40 }));
        let mask = par::map(&hu, |hu| *hu > Hu(0));
        let mean = average(&hu, &mask, 3.0);
        assert!((mean.at([6, 6, 20]) - 40.0).abs() < 1e-3, "{}", mean.at([6, 6, 20]));
        assert!((mean.at([6, 6, 18]) - 40.0).abs() < 1e-3, "{}", mean.at([6, 6, 18]));
        assert_eq!(mean.at([6, 6, 2]), 0.0, "nothing of it near by");
    }
}
