//! Back on the voxels of the image: a sharp edge where air ends.

use hilum_core::{Ct, Hu, Lung, Mask, Region, Volume};
use hilum_kernel::{Components, Connectivity, par};

use crate::airway::Airway;
use crate::close::Outline;
use crate::coarse::{Between, Coarse};
use crate::drawn::Drawn;
use crate::lace::laced;
use crate::sides::is_lung;

/// Depth below the outline, in coarse steps, from which on dense voxels are vessel and not wall:
/// the outline of block means lies within half a step of the true surface.
const DEEP: f64 = 1.25;
/// The surface of dense lung, which no threshold finds, lies half-way between coarse voxels.
const SURFACE: f64 = 0.5;
/// Reach in coarse steps beyond the outline in which air still belongs to the lung.
const SHELL: f64 = 1.2;

/// What the voxels of the image are labelled from.
pub(crate) struct Drawing<'a> {
    /// The upright image, cut to a box around the lungs.
    pub(crate) hu: &'a Volume<Hu>,
    /// Tells what was measured from padding.
    pub(crate) ct: &'a Ct,
    /// First voxel of the box in the whole image.
    pub(crate) first: [usize; 3],
    /// The coarse copy of the box.
    pub(crate) coarse: &'a Coarse,
    /// Air of either lung on the coarse grid.
    pub(crate) air: &'a Volume<u8>,
    /// Coarse voxels that are airway or air beside a lung.
    pub(crate) barred: &'a Mask,
    pub(crate) outline: &'a Outline,
    /// The outline with dense lung, if that is wanted.
    pub(crate) anatomical: Option<&'a Outline>,
    pub(crate) airway: Option<&'a Airway>,
    /// Air ends here, half-way between lung and wall.
    pub(crate) threshold: Hu,
}

/// What is known of the voxels of a row.
struct Row<'a> {
    air: &'a [bool],
    enclosed: &'a [bool],
    /// Depth below the outline in mm.
    depths: &'a [f32],
}

impl Drawing<'_> {
    /// Labels every voxel of the image.
    pub(crate) fn draw(&self) -> Drawn {
        let shell = self.shell();
        let air = self.lung_air(&shell);
        let enclosed = hilum_kernel::fill_holes_by_slice(&air);
        let lungs = self.label(&shell, &air, &enclosed);
        drop((air, enclosed));
        let anatomical = self.with_dense(&lungs, &shell);
        let threshold = self.threshold;
        let vessels = slices(&lungs, self.hu, move |label, hu| is_lung(label) && hu >= threshold);
        Drawn { lungs, anatomical, vessels, threshold }
    }

    /// The outline with a shell around it, each voxel with its side.
    fn shell(&self) -> Volume<u8> {
        let reach = SHELL * self.coarse.step();
        let sides = &self.outline.sides;
        let around = |lung: Lung| {
            hilum_kernel::dilate(&par::map(sides, |side| *side == lung.label()), reach)
        };
        let (right, left) = par::join(|| around(Lung::Right), || around(Lung::Left));
        let near = par::zip(&right, &left, |right, left| match (right, left) {
            (true, _) => Lung::Right.label(),
            (false, true) => Lung::Left.label(),
            _ => 0,
        });
        par::map_voxels(sides.grid(), |voxel| match sides.at(voxel) {
            0 if self.barred.at(voxel) => 0,
            0 => near.at(voxel),
            side => side,
        })
    }

    /// Air in the shell, as far as it hangs together with the lungs and not with a bowel that
    /// lies close by.
    fn lung_air(&self, shell: &Volume<u8>) -> Mask {
        let mut air = Mask::filled(self.hu.grid(), false);
        par::for_each_slice(&mut air, |k, slice| {
            self.each_row(k, slice, |row, [k, j], air| {
                let sides = self.coarse_row(shell, [k, j]);
                let blocks = air.chunks_mut(self.coarse.factors[2]);
                let numbers = row.chunks(self.coarse.factors[2]);
                for ((air, hu), side) in blocks.zip(numbers).zip(sides) {
                    if *side > 0 {
                        for (air, hu) in air.iter_mut().zip(hu) {
                            *air = *hu < self.threshold && self.ct.is_measured(*hu);
                        }
                    }
                }
                self.clear_airway([k, j], air);
            });
        });
        self.in_lungs(&air, shell)
    }

    /// The components that have most of their samples in lung, not in the shell around it.
    fn in_lungs(&self, air: &Mask, shell: &Volume<u8>) -> Mask {
        let components = Components::new(air, Connectivity::Faces);
        let mut balance = vec![0_i64; components.count() + 1];
        let [_, rows, columns] = shell.grid().shape();
        for (n, side) in shell.as_slice().iter().enumerate() {
            if *side > 0 {
                let voxel = [n / columns / rows, n / columns % rows, n % columns];
                let number = components.at(self.coarse.middle(voxel, self.hu.grid().shape()));
                balance[number as usize] += if self.air.as_slice()[n] > 0 { 1 } else { -1 };
            }
        }
        components.mask(|number| balance[number as usize] > 0)
    }

    fn label(&self, shell: &Volume<u8>, air: &Mask, enclosed: &Mask) -> Volume<u8> {
        let columns = self.hu.grid().shape()[2];
        let depth = Between::new(&self.outline.depth, self.coarse.factors, columns);
        let mut labels = Volume::filled(self.hu.grid(), 0);
        par::for_each_slice(&mut labels, |k, slice| {
            let (mut blend, mut depths) = (Vec::new(), vec![0.0; columns]);
            let first = k * slice.len();
            let (air, enclosed) = (&air.as_slice()[first..], &enclosed.as_slice()[first..]);
            self.each_row(k, slice, |row, [k, j], labels| {
                let sides = self.coarse_row(shell, [k, j]);
                if sides.iter().any(|side| *side > 0) {
                    depth.row([k, j], &mut blend, &mut depths);
                    let at = j * columns..(j + 1) * columns;
                    let voxels =
                        Row { air: &air[at.clone()], enclosed: &enclosed[at], depths: &depths };
                    self.label_row([k, j], sides, &voxels, row, labels);
                }
                self.clear_airway([k, j], labels);
            });
        });
        labels
    }

    /// Labels the voxels of a row: air in the shell, and what is dense but enclosed or deep enough.
    fn label_row(
        &self,
        place: [usize; 2],
        sides: &[u8],
        voxels: &Row,
        row: &[Hu],
        labels: &mut [u8],
    ) {
        let outline = self.coarse_row(&self.outline.sides, place);
        let firm = self.coarse_row(&self.outline.firm, place);
        let [surface, deep] = [SURFACE, DEEP].map(|steps| (steps * self.coarse.step()) as f32);
        for (i, label) in labels.iter_mut().enumerate() {
            let c = i / self.coarse.factors[2];
            let limit = if firm[c] { surface } else { deep };
            let enclosed = voxels.enclosed[i] && outline[c] > 0;
            let closed = voxels.depths[i] >= limit || enclosed;
            if voxels.air[i] || (closed && self.ct.is_measured(row[i])) {
                *label = sides[c];
            }
        }
    }

    /// Takes the wall and lumen of the airway out of a row.
    fn clear_airway<T: Default + PartialEq>(&self, [k, j]: [usize; 2], labels: &mut [T]) {
        let [first_k, first_j, first_i] = self.first;
        let [k, j] = [first_k + k, first_j + j];
        let Some(airway) = self.airway.filter(|airway| airway.is_in_row([k, j])) else { return };
        for (i, label) in labels.iter_mut().enumerate() {
            if *label != T::default() && airway.is_airway([k, j, first_i + i]) {
                *label = T::default();
            }
        }
    }

    /// The lungs with their dense parts, if these are wanted.
    fn with_dense(&self, lungs: &Volume<u8>, shell: &Volume<u8>) -> Volume<u8> {
        let Some(anatomical) = self.anatomical else { return par::copy(lungs) };
        let columns = self.hu.grid().shape()[2];
        let depth = Between::new(&anatomical.depth, self.coarse.factors, columns);
        let [surface, deep] = [SURFACE, DEEP].map(|steps| (steps * self.coarse.step()) as f32);
        let mut labels = par::copy(lungs);
        par::for_each_slice(&mut labels, |k, slice| {
            let (mut blend, mut depths) = (Vec::new(), vec![0.0; columns]);
            self.each_row(k, slice, |row, [k, j], labels| {
                let sides = self.coarse_row(&anatomical.sides, [k, j]);
                let outline = self.coarse_row(&self.outline.sides, [k, j]);
                let firm = self.coarse_row(&anatomical.firm, [k, j]);
                if sides == outline && !firm.contains(&true) {
                    return;
                }
                depth.row([k, j], &mut blend, &mut depths);
                for (i, label) in labels.iter_mut().enumerate() {
                    let c = i / self.coarse.factors[2];
                    let limit = if outline[c] == 0 || firm[c] { surface } else { deep };
                    let dense = sides[c] > 0 && depths[i] >= limit;
                    if *label == 0 && dense && self.ct.is_measured(row[i]) {
                        *label = sides[c];
                    }
                }
            });
        });
        laced(&labels, &self.may_be_lung(shell))
    }

    /// What is measured in the shell, and no airway.
    fn may_be_lung(&self, shell: &Volume<u8>) -> Mask {
        let mut may_be = Mask::filled(self.hu.grid(), false);
        par::for_each_slice(&mut may_be, |k, slice| {
            self.each_row(k, slice, |row, [k, j], may_be| {
                let sides = self.coarse_row(shell, [k, j]);
                for (i, (may_be, hu)) in may_be.iter_mut().zip(row).enumerate() {
                    *may_be = sides[i / self.coarse.factors[2]] > 0 && self.ct.is_measured(*hu);
                }
                self.clear_airway([k, j], may_be);
            });
        });
        may_be
    }

    /// The row of a coarse map in which row `[k, j]` of the image lies.
    fn coarse_row<'a, T>(&self, map: &'a Volume<T>, [k, j]: [usize; 2]) -> &'a [T] {
        let [_, rows, columns] = map.grid().shape();
        let [dk, dj, _] = self.coarse.factors;
        &map.as_slice()[(k / dk * rows + j / dj) * columns..][..columns]
    }

    /// Hands each row of a slice to `change`, with the CT numbers of that row.
    fn each_row<T>(
        &self,
        k: usize,
        slice: &mut [T],
        mut change: impl FnMut(&[Hu], [usize; 2], &mut [T]),
    ) {
        let [_, rows, columns] = self.hu.grid().shape();
        let numbers = &self.hu.as_slice()[k * rows * columns..][..rows * columns];
        let both = slice.chunks_exact_mut(columns).zip(numbers.chunks_exact(columns));
        both.enumerate().for_each(|(j, (out, row))| change(row, [k, j], out));
    }
}

/// A mask from labels and CT numbers, voxel by voxel.
fn slices(
    labels: &Volume<u8>,
    hu: &Volume<Hu>,
    inside: impl Fn(u8, Hu) -> bool + Sync + Send,
) -> Mask {
    par::zip(labels, hu, |label, hu| inside(*label, *hu))
}
