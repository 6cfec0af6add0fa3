//! Trachea and main bronchi, held back from leaking into the lung.

use hilum_core::{Grid, Hu, Mask, Volume};
use hilum_kernel::{Components, Connectivity, par};

use crate::coarse::{Coarse, block_means};
use crate::trachea::Section;
use crate::window::{Window, bounds, crop};

/// Coarsest step in mm of the copy on which the airway is followed.
const STEP: f64 = 1.5;
/// Blur in mm against noise; thin enough to leave a bronchial wall standing.
const BLUR: f64 = 0.7;
/// Lumen reads below this: half-way between air and aerated lung.
const LUMEN: f32 = -870.0;
/// Radii in mm of the ball that rolls down the airway. It follows main and intermediate bronchus
/// and stops where a lobe's own begin; after a leak a larger one is taken.
const BALLS: [f64; 3] = [2.5, 3.5, 4.5];
/// What lies below the chain of the trachea is carina and main bronchi: at most so many mL.
const BRONCHI: f64 = 45.0;
/// Room around the trachea in which bronchi are looked for, mm: up and down, to front and back, to
/// the sides.
const ROOM: [f64; 3] = [60.0, 40.0, 65.0];
/// Thickness in mm of the lumen's edge together with the wall around it. It belongs to no lung.
const WALL: f32 = 2.0;
/// What this near (mm) to the followed lumen reads as air is lumen too: its partly filled edge.
const EDGE: f32 = 1.2;

/// Lumen of trachea and main bronchi.
pub(crate) struct Airway {
    /// Voxels of the image that `distance` covers.
    window: Window,
    /// Distance in mm to the lumen that was followed.
    distance: Volume<f32>,
    factors: [usize; 3],
    /// Ball radius in mm, and whether smaller ones leaked.
    pub(crate) rolled: Rolled,
    /// Slice of the coarse grid in which the trachea ends.
    pub(crate) carina: usize,
}

/// How far the airway was followed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Rolled {
    /// Down to the lobar bronchi, without a leak.
    Freely,
    /// With a larger ball, of so many mm radius, after a leak.
    Wider(f64),
    /// Every ball leaked: the trachea alone.
    NotAtAll,
}

/// Follows the airway from the trachea into the main bronchi.
///
/// A ball that fits the main bronchi rolls through the lumen: holes in a wall that are narrower
/// than the ball, and bronchi that are, stop it.
pub(crate) fn airway(
    hu: &Volume<Hu>,
    grid: &Grid,
    coarse: &Coarse,
    trachea: &[Section],
) -> Option<Airway> {
    let window = room(grid, coarse, trachea);
    let factors = grid.spacing().map(|mm| ((STEP / mm).floor() as usize).max(1));
    let cut = crop(hu, &window);
    let upright = grid.window([0.0; 3], cut.grid().shape());
    let means = block_means(&cut, &upright, factors);
    let blurred = hilum_kernel::gaussian(&par::map(&means, |hu| f32::from(*hu)), BLUR);
    let lumen = par::map(&blurred, |hu| *hu < LUMEN);
    let sections: Vec<Window> =
        trachea.iter().map(|section| within(section, coarse, &window, factors)).collect();
    let (tree, rolled) = follow(&lumen, &sections);
    bounds(&tree, |inside| *inside)?;
    let distance = hilum_kernel::distance(&tree);
    let carina = trachea.last()?.window[0].start;
    Some(Airway { window, distance, factors, rolled, carina })
}

impl Airway {
    /// Distance of a voxel of the image to the followed lumen in mm; infinite far from it.
    fn distance(&self, voxel: [usize; 3]) -> f32 {
        let inside = (0..3).all(|n| self.window[n].contains(&voxel[n]));
        if !inside {
            return f32::INFINITY;
        }
        let place = |n: usize| (voxel[n] - self.window[n].start) / self.factors[n];
        self.distance.at([place(0), place(1), place(2)])
    }

    /// Says whether a voxel of the image, if it reads as air, is lumen.
    pub(crate) fn is_lumen(&self, voxel: [usize; 3]) -> bool {
        self.distance(voxel) <= EDGE
    }

    /// Says whether a voxel of the image is lumen or wall, and so never lung.
    pub(crate) fn is_airway(&self, voxel: [usize; 3]) -> bool {
        self.distance(voxel) <= WALL
    }

    /// Says whether row `[k, j]` of the image can hold anything of the airway.
    pub(crate) fn is_in_row(&self, [k, j]: [usize; 2]) -> bool {
        self.window[0].contains(&k) && self.window[1].contains(&j)
    }
}

/// The voxels of the image among which trachea and main bronchi lie.
fn room(grid: &Grid, coarse: &Coarse, trachea: &[Section]) -> Window {
    let spacing = coarse.grid().spacing();
    std::array::from_fn(|n| {
        let more = (ROOM[n] / spacing[n]).ceil() as usize;
        let start = trachea.iter().map(|s| s.window[n].start).min().unwrap_or(0);
        let end = trachea.iter().map(|s| s.window[n].end).max().unwrap_or(0);
        let above = if n == 0 { 0 } else { more };
        let limit = coarse.grid().shape()[n];
        start.saturating_sub(more) * coarse.factors[n]
            ..((end + above).min(limit) * coarse.factors[n]).min(grid.shape()[n])
    })
}

/// The box of a section in voxels of the copy that begins at `room`.
fn within(section: &Section, coarse: &Coarse, room: &Window, factors: [usize; 3]) -> Window {
    std::array::from_fn(|n| {
        let start = section.window[n].start * coarse.factors[n] - room[n].start;
        let end = (section.window[n].end * coarse.factors[n]).min(room[n].end) - room[n].start;
        start / factors[n]..end.div_ceil(factors[n])
    })
}

/// Rolls ever larger balls until one does not leak.
fn follow(lumen: &Mask, sections: &[Window]) -> (Mask, Rolled) {
    let carina = sections.last().map_or(0, |section| section[0].start);
    for radius in BALLS {
        let tree = roll(lumen, sections, radius);
        if below(&tree, carina) <= BRONCHI {
            let free = radius == BALLS[0];
            return (tree, if free { Rolled::Freely } else { Rolled::Wider(radius) });
        }
    }
    let mut tree = Mask::filled(lumen.grid(), false);
    for section in sections {
        crate::window::view_mut(&mut tree, section).fill(true);
    }
    (par::zip(&tree, lumen, |tree, lumen| *tree && *lumen), Rolled::NotAtAll)
}

/// Where a ball gets that starts in the trachea and stays inside of the lumen.
fn roll(lumen: &Mask, sections: &[Window], radius: f64) -> Mask {
    let centres = hilum_kernel::erode(lumen, radius);
    let components = Components::new(&centres, Connectivity::Faces);
    let mut reached = vec![false; components.count() + 1];
    for section in sections {
        for voxel in voxels(section) {
            reached[components.at(voxel) as usize] = true;
        }
    }
    hilum_kernel::dilate(&components.mask(|number| reached[number as usize]), radius)
}

/// The voxels of a box in order.
fn voxels([k, j, i]: &Window) -> impl Iterator<Item = [usize; 3]> {
    let (k, j, i) = (k.clone(), j.clone(), i.clone());
    k.flat_map(move |k| {
        let i = i.clone();
        j.clone().flat_map(move |j| i.clone().map(move |i| [k, j, i]))
    })
}

/// Volume in mL below slice `carina`.
fn below(tree: &Mask, carina: usize) -> f64 {
    let [_, rows, columns] = tree.grid().shape();
    let voxels =
        tree.as_slice()[..carina * rows * columns].iter().filter(|inside| **inside).count();
    voxels as f64 * tree.grid().voxel_volume() / 1000.0
}
