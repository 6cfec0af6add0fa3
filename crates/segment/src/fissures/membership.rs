//! To which lobe vessels belong: arteries run beside bronchi, and vessels do not cross fissures.

use hilum_core::{Region, Volume};
use hilum_kernel::{nearest_seed, par};

use crate::lobes::Bronchus;

/// Cost of a mm outside of vessels, where one within costs 1: a vessel that is broken off goes on behind the gap.
const LUNG: f32 = 8.0;
/// Distance in mm from the axis of a bronchus within which vessels run beside it.
const BESIDE: f64 = 4.0;

/// The label of the lobe of each vessel on a lattice of even steps: that of the bronchus from which the shortest way
/// along vessels leads to it. 0 outside of vessels.
///
/// Cost: nearly `O(n)` for the `n` voxels of the lungs, on one thread; some 16 bytes each of the box around them while it works, and one of what comes out.
pub(crate) fn lobar_vessels(
    vessels: &Volume<u8>,
    lungs: &Volume<u8>,
    bronchi: &[Bronchus],
) -> Volume<u8> {
    let cost = par::zip(vessels, lungs, |vessel, lung| match (vessel, lung) {
        (0, 0) => f32::INFINITY,
        (0, _) => LUNG,
        _ => 1.0,
    });
    let seeds = seeds(vessels, bronchi);
    let lobes = nearest_seed(&cost, &seeds);
    par::zip(&lobes, vessels, |lobe, vessel| if *vessel > 0 { *lobe } else { 0 })
}

/// Balls around places on bronchi.
fn seeds(like: &Volume<u8>, bronchi: &[Bronchus]) -> Volume<u8> {
    let (shape, spacing) = (like.grid().shape(), like.grid().spacing());
    let mut seeds = Volume::filled(like.grid(), 0_u8);
    for bronchus in bronchi {
        let middle = like.grid().position(bronchus.point);
        let [slices, rows, columns] = [0, 1, 2].map(|n| {
            let reach = BESIDE / spacing[n];
            let low = (middle[n] - reach).ceil().max(0.0) as usize;
            low..((middle[n] + reach).floor() + 1.0).clamp(0.0, shape[n] as f64) as usize
        });
        let lines = slices.flat_map(|k| rows.clone().map(move |j| (k, j)));
        for voxel in lines.flat_map(|(k, j)| columns.clone().map(move |i| [k, j, i])) {
            if (like.grid().centre(voxel) - bronchus.point).norm() <= BESIDE {
                seeds.voxels_mut()[voxel] = bronchus.lobe.label();
            }
        }
    }
    seeds
}

#[cfg(test)]
mod tests {
    use hilum_core::{Grid, Lobe};
    use nalgebra::{Matrix3, Point3, Vector3};

    use super::*;

    #[test]
    fn a_vessel_belongs_to_the_bronchus_it_leads_to_not_to_the_nearer_one() {
        let axes = Matrix3::from_columns(&[Vector3::z(), Vector3::y(), Vector3::x()]);
        let grid = Grid::new([40, 40, 40], Point3::origin(), axes).unwrap();
        let lungs = Volume::filled(&grid, 2_u8);
        // One runs along x, then up to within 7 mm of the other's bronchus; one is broken off for 2 mm.
        let bent = |[k, j, i]: [usize; 3]| {
            j == 10 && ((k == 5 && i <= 30) || (i == 30 && (5..=28).contains(&k)))
        };
        let broken = |[k, j, i]: [usize; 3]| j == 10 && k == 36 && (i <= 15 || i >= 18);
        let vessels = Volume::from_fn(&grid, |voxel| u8::from(bent(voxel) || broken(voxel)));
        let place = |lobe: Lobe, z: f64| Bronchus { lobe, point: Point3::new(2.0, 10.0, z) };
        let bronchi = [place(Lobe::LeftLower, 6.0), place(Lobe::LeftUpper, 35.0)];
        let lobes = lobar_vessels(&vessels, &lungs, &bronchi);
        assert_eq!(lobes.at([28, 10, 30]), Lobe::LeftLower.label());
        assert_eq!(lobes.at([36, 10, 39]), Lobe::LeftUpper.label());
        assert_eq!(lobes.at([20, 20, 20]), 0);
    }
}
