//! Hazy lung beside aerated lung: ground glass, fibrosis, and cysts with their walls.

use hilum_core::{Hu, Mask, Volume};
use hilum_kernel::{Components, Connectivity, par};

use crate::average::average;
use crate::pieces::touched;

/// Hazy lung reads between aerated lung and fat, in HU. Block means of cysts and the walls between them lie on both sides, their
/// average between the two.
const HAZE: [Hu; 2] = [Hu(-700), Hu(-150)];
/// Standard deviation in mm of an average over a few cysts.
const CYSTS: f64 = 3.0;
/// Half the least thickness in mm of cystic lung: what edges are blurred by is thinner.
const THICK: f64 = 5.0;
/// Lung is dense as a whole above so many HU on average, in a window of so many mm in which the blurred edge of aerated lung weighs little.
const DENSE: f32 = -620.0;
/// See [`DENSE`].
const AROUND: f64 = 5.0;
/// Share of what holds air in it that hangs together with the lungs. A sheet of tissue without a gap shuts a bowel off.
const TOGETHER: f64 = 0.3;
/// Pure gas in HU. In one piece of so many mL it is that of a bowel.
const GAS: Hu = Hu(-940);
/// See [`GAS`].
const BOWEL: f64 = 0.3;

/// Haze thicker than the edge of a lung, and cystic lung.
pub(crate) fn haze(hu: &Volume<Hu>, sides: &Volume<u8>) -> Mask {
    let step = hu.grid().spacing().into_iter().fold(0.0, f64::max);
    let hazy = par::zip(hu, sides, |hu, side| *side == 0 && (HAZE[0]..HAZE[1]).contains(hu));
    let hazy = hilum_kernel::open(&hazy, 1.1 * step);
    let cystic = cystic(hu, sides);
    par::zip(&hazy, &cystic, |hazy, cystic| *hazy || *cystic)
}

/// Where air and walls on average are hazy, as far as the air in it hangs together with the lungs.
fn cystic(hu: &Volume<Hu>, sides: &Volume<u8>) -> Mask {
    let bowel = bowel(hu, sides);
    let free = par::zip(sides, &bowel, |side, bowel| *side == 0 && !bowel);
    let mean = average(hu, &free, CYSTS);
    let hazy = par::zip(&mean, &free, |mean, free| *free && *mean < f32::from(HAZE[1]));
    let hazy = hilum_kernel::open(&hazy, THICK);
    let airy = par::zip(hu, &bowel, |hu, bowel| *hu < HAZE[1] && !bowel);
    let lungs = par::map(sides, |side| *side > 0);
    let airy =
        Components::new(&par::zip(&airy, &lungs, |airy, lung| *airy || *lung), Connectivity::Faces);
    let joined = touched(&airy, &lungs);
    let pieces = Components::new(&hazy, Connectivity::Faces);
    let mut counts = vec![[0_u64; 2]; pieces.count() + 1];
    let (labels, airy) = (pieces.labels(), airy.labels());
    for (number, airy) in labels.as_slice().iter().zip(airy.as_slice()) {
        let [all, together] = &mut counts[*number as usize];
        *all += u64::from(*airy > 0);
        *together += u64::from(*airy > 0 && joined[*airy as usize]);
    }
    pieces.mask(|number| {
        let [all, together] = counts[number as usize];
        together as f64 >= TOGETHER * all as f64
    })
}

/// Lung so dense, its air taken with what is around it, that what is dense at its surface is not the wall of the chest.
pub(crate) fn dense_as_a_whole(hu: &Volume<Hu>, sides: &Volume<u8>) -> Mask {
    let lungs = par::map(sides, |side| *side > 0);
    let mean = average(hu, &lungs, AROUND);
    par::zip(&mean, &lungs, |mean, lung| *lung && *mean > DENSE)
}

/// Pure gas outside of the lungs in large pieces.
fn bowel(hu: &Volume<Hu>, sides: &Volume<u8>) -> Mask {
    let gas = par::zip(hu, sides, |hu, side| *side == 0 && *hu < GAS);
    let pieces = Components::new(&gas, Connectivity::Faces);
    let voxel = hu.grid().voxel_volume() / 1000.0;
    pieces.mask(|number| pieces.sizes()[number as usize - 1] as f64 * voxel >= BOWEL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hilum_core::{Grid, Lung, Region};

    /// Lung above, and below it, behind a floor of so many slices of tissue, rooms of air in walls of one block.
    fn rooms(floor: usize) -> (Volume<Hu>, Volume<u8>) {
        let grid = Grid::axial([40, 32, 32], [2.5; 3]).expect("sound steps");
        let hu = par::map_voxels(&grid, |[k, j, i]| {
            let inside = [j, i].iter().all(|n| (4..28).contains(n));
            let is_wall = [k, j, i].iter().any(|n| n % 3 == 0);
            Hu(match k {
                24.. if inside => -850,
                8..24 if inside && k < 24 - floor && is_wall => -250,
                8..24 if inside && k < 24 - floor => -800,
                _ => 40,
            })
        });
        let sides = par::map(&hu, |hu| if *hu == Hu(-850) { Lung::Right.label() } else { 0 });
        (hu, sides)
    }

    #[test]
    fn rooms_with_thin_walls_are_lung_and_those_behind_a_sheet_are_not() {
        // Without a floor the uppermost rooms lie open to the lung.
        let (hu, sides) = rooms(0);
        let found = cystic(&hu, &sides);
        let (inner, wall) = ([16, 16, 16], [15, 16, 16]);
        assert_eq!([hu.at(inner), hu.at(wall)], [Hu(-800), Hu(-250)]);
        assert!(
            found.at(inner) && found.at(wall),
            "rooms and walls that hang together with the lung"
        );
        let (hu, sides) = rooms(3);
        assert_eq!(cystic(&hu, &sides).count(), 0, "rooms shut off by three blocks of tissue");
    }

    #[test]
    fn gas_in_one_piece_is_a_bowel() {
        let (hu, sides) = rooms(0);
        let hu = par::map_voxels(hu.grid(), |voxel| match hu.at(voxel) {
            hu if (8..24).contains(&voxel[0]) && hu < Hu(0) => Hu(-1000),
            hu => hu,
        });
        assert_eq!(cystic(&hu, &sides).count(), 0);
    }

    #[test]
    fn lung_is_dense_as_a_whole_where_walls_and_air_are_on_average() {
        let (hu, _) = rooms(0);
        let lungs = par::map_voxels(hu.grid(), |[k, j, i]| {
            u8::from(k >= 8 && [j, i].iter().all(|n| (4..28).contains(n)))
        });
        let dense = dense_as_a_whole(&hu, &lungs);
        assert!(dense.at([14, 16, 16]) && !dense.at([34, 16, 16]) && !dense.at([34, 4, 16]));
    }
}
