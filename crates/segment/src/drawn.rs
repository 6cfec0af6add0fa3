//! Label maps of a box, brought onto the whole image.

use hilum_core::{Grid, Hu, Lung, Mask, Region, Volume};
use hilum_kernel::par;

use crate::airway::Airway;
use crate::window::Window;

/// The label maps on the voxels of the box, and in the end on those of the image.
pub(crate) struct Drawn {
    pub(crate) lungs: Volume<u8>,
    pub(crate) anatomical: Volume<u8>,
    pub(crate) vessels: Mask,
    /// Air ends here.
    pub(crate) threshold: Hu,
}

impl Drawn {
    /// The maps on the lattice of the whole upright image `hu`, with the lumen of the airway.
    pub(crate) fn on(
        self,
        grid: &Grid,
        window: &Window,
        airway: Option<&Airway>,
        hu: &Volume<Hu>,
    ) -> Self {
        let threshold = self.threshold;
        let whole = |labels: &Volume<u8>| {
            let mut labels = paste(labels, grid, window, 0);
            if let Some(airway) = airway {
                label(&mut labels, airway, hu, threshold);
            }
            labels
        };
        let (lungs, anatomical) = (whole(&self.lungs), whole(&self.anatomical));
        let vessels = paste(&self.vessels, grid, window, false);
        Self { lungs, anatomical, vessels, threshold }
    }
}

/// A volume of which the box holds `part`, and `outside` is everywhere else.
fn paste<T: Copy + Send + Sync>(
    part: &Volume<T>,
    grid: &Grid,
    window: &Window,
    outside: T,
) -> Volume<T> {
    let mut whole = Volume::filled(grid, outside);
    let [_, rows, columns] = part.grid().shape();
    let width = grid.shape()[2];
    par::for_each_slice(&mut whole, |k, slice| {
        if !window[0].contains(&k) {
            return;
        }
        let source = &part.as_slice()[(k - window[0].start) * rows * columns..][..rows * columns];
        let target = slice.chunks_exact_mut(width).skip(window[1].start);
        for (target, row) in target.zip(source.chunks_exact(columns)) {
            target[window[2].clone()].copy_from_slice(row);
        }
    });
    whole
}

/// Writes the lumen of the airway into a label map.
fn label(labels: &mut Volume<u8>, airway: &Airway, hu: &Volume<Hu>, threshold: Hu) {
    let [_, rows, columns] = labels.grid().shape();
    par::for_each_slice(labels, |k, slice| {
        for (j, labels) in slice.chunks_exact_mut(columns).enumerate() {
            if !airway.is_in_row([k, j]) {
                continue;
            }
            let row = &hu.as_slice()[(k * rows + j) * columns..][..columns];
            for (i, (label, hu)) in labels.iter_mut().zip(row).enumerate() {
                if *label == 0 && *hu < threshold && airway.is_lumen([k, j, i]) {
                    *label = Lung::Airway.label();
                }
            }
        }
    });
}
