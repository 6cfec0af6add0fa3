//! Draws the patient slice by slice.

use hilum_core::{Grid, Lobe, Region, Volume};
use hilum_kernel::par;
use nalgebra::{Point3, Vector3};

use crate::chest::Chest;
use crate::code::Code;
use crate::couch;
use crate::fissure;
use crate::frame::{divided, in_model_frame};
use crate::lattice::{COUNT, LOW, STEP};
use crate::model::Model;
use crate::paint::{COATS, Cell, Cells, HORIZONTAL, LUNGS, OBLIQUE, Palette};
use crate::parts::Part;
use crate::stamp::{Shares, Stamps};

/// An image without blur and noise, and what each voxel belongs to.
pub(crate) struct Drawing {
    pub(crate) hu: Volume<f32>,
    pub(crate) codes: Volume<u16>,
}

/// Everything that drawing a slice needs.
struct Artist<'a> {
    model: &'a Model,
    palette: Palette<'a>,
    cells: Cells,
    stamps: Stamps<'a>,
    /// The grid that is drawn, in the model's frame: voxels of the image, or parts of them.
    grid: Grid,
    /// Width of the transition at surfaces: the mean step of the grid.
    width: f32,
}

/// Voxels wider than this are drawn in parts and averaged.
const WIDEST: f64 = 2.4;

/// Slices drawn before their voxels are put together.
const BATCH: usize = 32;

/// Draws the patient on a grid of patient space.
pub(crate) fn draw(chest: &Chest, model: &Model, grid: &Grid) -> Drawing {
    let factors = grid
        .spacing()
        .map(|step| 2 * ((step / chest.scale / WIDEST - 1.0).max(0.0) / 2.0).ceil() as usize + 1);
    let fine = in_model_frame(&divided(grid, factors), chest);
    let width = crate::exact::cube_root(fine.voxel_volume());
    let artist = Artist {
        model,
        palette: Palette { chest, model, width },
        cells: Cells::new(model),
        stamps: Stamps::new(model, &fine),
        width: width as f32,
        grid: fine,
    };
    let (mut hu, mut codes) = (Vec::new(), Vec::new());
    hu.reserve_exact(grid.voxel_count());
    codes.reserve_exact(grid.voxel_count());
    for start in (0..grid.shape()[0]).step_by(BATCH) {
        let count = BATCH.min(grid.shape()[0] - start);
        let slices = par::collect(count, |k| {
            let (mut hu, codes) = artist.averaged(start + k, factors);
            chest.scan.blur_slice(grid, &mut hu);
            (hu, codes)
        });
        for (slice, code) in slices {
            hu.extend_from_slice(&slice);
            codes.extend_from_slice(&code);
        }
    }
    let full = "every voxel was drawn";
    Drawing {
        hu: Volume::from_vec(grid.clone(), hu).expect(full),
        codes: Volume::from_vec(grid.clone(), codes).expect(full),
    }
}

impl Artist<'_> {
    /// Slice `k` of the image from the slices, rows and columns of its parts.
    fn averaged(&self, k: usize, [fk, fj, fi]: [usize; 3]) -> (Vec<f32>, Vec<u16>) {
        if [fk, fj, fi] == [1, 1, 1] {
            return self.slice(k);
        }
        let [_, rows, columns] = self.grid.shape();
        let (wide, area) = (columns / fi, rows / fj * (columns / fi));
        let (mut sum, mut codes) = (vec![0.0; area], vec![0; area]);
        for part in 0..fk {
            let (hu, code) = self.slice(k * fk + part);
            for (n, value) in hu.iter().enumerate() {
                sum[n / columns / fj * wide + n % columns / fi] += value;
            }
            if part == fk / 2 {
                for (n, own) in codes.iter_mut().enumerate() {
                    *own = code[(n / wide * fj + fj / 2) * columns + n % wide * fi + fi / 2];
                }
            }
        }
        let share = 1.0 / (fk * fj * fi) as f32;
        for sum in &mut sum {
            *sum *= share;
        }
        (sum, codes)
    }

    fn slice(&self, k: usize) -> (Vec<f32>, Vec<u16>) {
        let [_, rows, columns] = self.grid.shape();
        let mut hu = vec![0.0f32; rows * columns];
        let mut codes = vec![0u16; rows * columns];
        for j in 0..rows {
            let at = j * columns..(j + 1) * columns;
            self.row(k, j, &mut hu[at.clone()], &mut codes[at]);
        }
        for (n, shares) in self.stamps.slice(k).iter() {
            self.lay_over(&mut hu[n], &mut codes[n], shares);
        }
        (hu, codes)
    }

    /// Draws the shapes along one row.
    fn row(&self, k: usize, j: usize, hu: &mut [f32], codes: &mut [u16]) {
        let start = self.grid.point([k as f64, j as f64, 0.0]);
        let step: Vector3<f64> = self.grid.axes().column(2).into();
        for (i, (hu, code)) in hu.iter_mut().zip(codes).enumerate() {
            let p = start + step * i as f64;
            let at = [0, 1, 2].map(|n| (p[n] - LOW[n]) / STEP);
            let inside = (0..3).all(|n| at[n] >= 0.0 && at[n] < (COUNT[n] - 1) as f64);
            if !inside {
                *hu = couch::hu(p, self.width);
                continue;
            }
            let index = at.map(|at| at as usize);
            let cell = self.cells.at(index);
            if cell.near == 0 {
                (*hu, *code) = self.inside(usize::from(cell.base), p);
                if usize::from(cell.base) == LUNGS + 1 {
                    *code |= self.lung_code(p, cell, index, [0.0; 3]);
                }
                continue;
            }
            let t = [0, 1, 2].map(|n| (at[n] - index[n] as f64) as f32);
            (*hu, *code) = self.surface(p, cell, index, t);
        }
    }

    /// CT number inside of a coat (counted from 1; 0 is the air around), and the code of its disease.
    fn inside(&self, coat: usize, p: Point3<f64>) -> (f32, u16) {
        match coat {
            0 => (couch::hu(p, self.width), 0),
            n if n == LUNGS + 1 => self.palette.tissue(p),
            n => (self.palette.hu(n, p), Code::of_disease(COATS[n - 1].disease(), false)),
        }
    }

    /// CT number and code where surfaces pass.
    fn surface(&self, p: Point3<f64>, cell: Cell, index: [usize; 3], t: [f32; 3]) -> (f32, u16) {
        let base = usize::from(cell.base);
        let (mut hu, mut disease) = self.inside(base, p);
        let mut in_lung = base == LUNGS + 1;
        let mut coats = cell.near & !(OBLIQUE | HORIZONTAL);
        let mut lung_share = if in_lung { 1.0 } else { 0.0 };
        while coats != 0 {
            let number = coats.trailing_zeros() as usize;
            coats &= coats - 1;
            let (part, inset) = COATS.get(number).map_or((Part::Lungs, 0.0), |c| (c.part, c.inset));
            let distance = self.model.part(part).within(index, t) + inset;
            let share = (0.5 - distance / self.width).clamp(0.0, 1.0);
            if number == LUNGS {
                in_lung = distance < 0.0;
                lung_share = share;
            }
            if share > 0.0 {
                let (own, sick) = self.inside(number + 1, p);
                hu += (own - hu) * share;
                disease = if distance < 0.0 { sick } else { disease };
            }
        }
        if lung_share > 0.0 && cell.near & (OBLIQUE | HORIZONTAL) != 0 {
            hu += (FISSURE - hu) * (lung_share * self.fissure_share(p, cell, index, t));
        }
        let lung = if in_lung { self.lung_code(p, cell, index, t) } else { 0 };
        (hu, lung | disease)
    }

    /// Share of a voxel that is fissure.
    fn fissure_share(&self, p: Point3<f64>, cell: Cell, index: [usize; 3], t: [f32; 3]) -> f32 {
        let thick = (self.palette.chest.fissure_thickness / self.palette.chest.scale) as f32;
        let cover = |distance: f32| {
            let half = 0.5 * self.width;
            let overlap = (distance + half).min(0.5 * thick) - (distance - half).max(-0.5 * thick);
            (overlap / self.width).max(0.0)
        };
        let right = self.model.right(p);
        let present = |which: usize| {
            let margin = (self.model.presence(p) - self.model.absent[which]) as f32;
            (margin / 2.0 + 0.5).clamp(0.0, 1.0)
        };
        let oblique = self.model.oblique.within(index, t);
        let mut share = 0.0f32;
        if cell.near & OBLIQUE != 0 {
            let found = cover(oblique);
            if found > 0.0 {
                share = found * present(if right { 0 } else { 2 });
            }
        }
        if cell.near & HORIZONTAL != 0 && right && oblique > 0.0 {
            let found = cover(self.model.horizontal.within(index, t));
            if found > 0.0 {
                share = share.max(found * present(1));
            }
        }
        share
    }

    fn lung_code(&self, p: Point3<f64>, cell: Cell, index: [usize; 3], t: [f32; 3]) -> u16 {
        if let Some(lobe) = Lobe::from_label(cell.lobe) {
            return Code::lung(lobe <= Lobe::RightLower, cell.lobe);
        }
        let (oblique, horizontal) = (&self.model.oblique, &self.model.horizontal);
        let right = self.model.right(p);
        let lobe = fissure::lobe(right, oblique.within(index, t), horizontal.within(index, t));
        Code::lung(right, lobe.label())
    }

    /// Lays tubes and lesions over what is drawn already.
    fn lay_over(&self, hu: &mut f32, code: &mut u16, bars: &Shares) {
        let mut lay = |share: f32, own: f32| *hu += (own - *hu) * share;
        if bars.lesion > 0.0 {
            lay(bars.lesion, bars.lesion_hu);
        }
        lay(bars.soft, 42.0);
        lay(bars.cartilage, 95.0);
        lay(bars.bone, 620.0);
        lay(bars.marrow, 190.0);
        lay(bars.vessel, self.palette.blood());
        lay(bars.airway, 15.0);
        lay(bars.lumen, crate::paint::AIR);
        *code = Code::with_tubes(*code, bars.flags);
    }
}

/// CT number of the two layers of pleura that are a fissure.
const FISSURE: f32 = 0.0;
