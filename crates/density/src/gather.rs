//! The one pass over the image: a histogram for each part.

use hilum_core::{Ct, Partition, Volume};
use hilum_kernel::{par, part_histograms};

use crate::Histogram;

/// Histograms of the parts; element `n` is part `n`, what lies outside is empty.
pub(crate) fn histograms(ct: &Ct, partition: &Partition) -> Vec<Histogram> {
    match ct.exact() {
        None => {
            let counts = part_histograms(ct.hu(), partition.parts());
            counts.iter().map(|part| Histogram::of_whole(part, |hu| ct.is_measured(hu))).collect()
        }
        Some(exact) => exact_histograms(ct, exact, partition.parts()),
    }
}

/// Values are sorted, part by part: slower than counting, and nothing is lost.
fn exact_histograms(ct: &Ct, exact: &Volume<f32>, parts: &Volume<u8>) -> Vec<Histogram> {
    let [slices, rows, columns] = parts.grid().shape();
    let area = rows * columns;
    let in_slices = par::collect(slices, |k| {
        let range = k * area..(k + 1) * area;
        let mut values: Vec<Vec<f32>> = vec![Vec::new(); 256];
        let voxels = ct.hu().as_slice()[range.clone()].iter().zip(&exact.as_slice()[range.clone()]);
        for ((hu, value), part) in voxels.zip(&parts.as_slice()[range]) {
            if *part != 0 && ct.is_measured(*hu) && value.is_finite() {
                values[usize::from(*part)].push(*value);
            }
        }
        values
    });
    par::collect(256, |part| {
        Histogram::new(in_slices.iter().flat_map(|slice| slice[part].iter().copied()))
    })
}
