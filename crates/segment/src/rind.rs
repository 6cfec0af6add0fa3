//! Rind and core of a lung.

use hilum_core::{Grid, Lung, Mask, Region, Volume};

use crate::window::{Window, bounds, view, view_mut};

/// What lies deeper than `depth` mm below the surface of its lung.
///
/// Each lung is worked on for itself, in a box that is one voxel wider than the lung: the nearest
/// voxel outside is always in it.
pub(crate) fn core(lungs: &Volume<u8>, depth: f64) -> Mask {
    let mut core = Mask::filled(lungs.grid(), false);
    for lung in [Lung::Right, Lung::Left] {
        let label = lung.label();
        let Some(tight) = bounds(lungs, |number| *number == label) else { continue };
        let window = widened(&tight, lungs.grid().shape());
        let own = view(lungs, &window).mapv(|number| number == label);
        let grid = straight(lungs.grid()).window([0.0; 3], window.clone().map(|side| side.len()));
        let own = Mask::new(grid, own).expect("a box has its own shape");
        let deep = hilum_kernel::erode(&own, depth);
        let mut target = view_mut(&mut core, &window);
        target.zip_mut_with(&deep.voxels(), |core, deep| *core |= deep);
    }
    core
}

/// A box one voxel wider on each side, within the shape.
fn widened(window: &Window, shape: [usize; 3]) -> Window {
    std::array::from_fn(|n| window[n].start.saturating_sub(1)..(window[n].end + 1).min(shape[n]))
}

/// The grid with perpendicular axes: slices of a tilted scan are pushed above each other, as far
/// apart as they are.
fn straight(grid: &Grid) -> Grid {
    let [_, _, (slices, _)] = grid.nearest_axes();
    let mut steps = grid.spacing();
    let others: f64 = (0..3).filter(|axis| *axis != slices).map(|axis| steps[axis]).product();
    steps[slices] = grid.voxel_volume() / others;
    Grid::axial(grid.shape(), steps).expect("sound steps stay sound")
}
