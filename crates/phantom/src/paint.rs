//! What each shape is made of, and which shapes pass through which cell of the lattice.

use hilum_kernel::par;
use nalgebra::Point3;

use crate::chest::Chest;
use crate::fissure;
use crate::lattice::{COUNT, Extent};
use crate::lesion::Disease;
use crate::model::Model;
use crate::parts::Part;
use crate::shape::step;
use hilum_core::Region;

/// A coat of paint: all that is deeper than `inset` mm in a part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coat {
    pub(crate) part: Part,
    pub(crate) inset: f32,
    /// CT number.
    pub(crate) hu: f32,
    /// Standard deviation of the texture in HU.
    pub(crate) texture: f32,
}

/// CT number of air.
pub(crate) const AIR: f32 = -1000.0;

impl Coat {
    /// The disease that this is the paint of.
    pub(crate) fn disease(self) -> Option<Disease> {
        match self.part {
            Part::Effusion => Some(Disease::Effusion),
            Part::Pneumothorax => Some(Disease::Pneumothorax),
            _ => None,
        }
    }
}

const fn coat(part: Part, inset: f32, hu: f32, texture: f32) -> Coat {
    Coat { part, inset, hu, texture }
}

/// All coats, each over the ones before; the lungs are the last.
pub(crate) const COATS: [Coat; 22] = [
    coat(Part::Body, 0.0, 10.0, 0.0),
    coat(Part::Body, 1.8, -108.0, 9.0),
    coat(Part::Muscle, 0.0, 52.0, 8.0),
    coat(Part::Cavity, 0.0, -100.0, 10.0),
    coat(Part::Below, 0.0, 48.0, 0.0),
    coat(Part::Below, 3.0, -105.0, 10.0),
    coat(Part::Liver, 0.0, 58.0, 5.0),
    coat(Part::Spleen, 0.0, 50.0, 4.0),
    coat(Part::Stomach, 0.0, 42.0, 0.0),
    coat(Part::Stomach, 4.0, 14.0, 10.0),
    coat(Part::StomachGas, 0.0, -990.0, 0.0),
    coat(Part::Colon, 0.0, 40.0, 0.0),
    coat(Part::Colon, 2.5, 15.0, 18.0),
    coat(Part::ColonGas, 0.0, -985.0, 0.0),
    coat(Part::Heart, 0.0, 52.0, 4.0),
    coat(Part::Chambers, 0.0, 0.0, 0.0),
    coat(Part::Discs, 0.0, 80.0, 6.0),
    coat(Part::Bone, 0.0, 620.0, 60.0),
    coat(Part::Bone, 1.4, 170.0, 45.0),
    coat(Part::Canal, 0.0, 25.0, 3.0),
    coat(Part::Effusion, 0.0, 12.0, 2.0),
    coat(Part::Pneumothorax, 0.0, AIR, 0.0),
];

/// Number of the coat of the lungs, which has no CT number of its own.
pub(crate) const LUNGS: usize = COATS.len();

/// Bits of [`Cell::near`] beyond the coats.
pub(crate) const OBLIQUE: u32 = 1 << 30;
/// See [`OBLIQUE`].
pub(crate) const HORIZONTAL: u32 = 1 << 31;

/// Distance in mm from a surface within which a cell counts as near it.
const MARGIN: f32 = 1.6;

/// What is known of all points of a cell of the lattice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    /// The last coat that covers the whole cell, plus 1; 0 is air.
    pub(crate) base: u8,
    /// Lobe of the whole cell, 0 where fissures pass.
    pub(crate) lobe: u8,
    /// Coats over `base` whose surface passes, as bits, and the fissures.
    pub(crate) near: u32,
}

/// The cells of the lattice, `x` fastest.
pub(crate) struct Cells(Vec<Cell>);

impl Cells {
    /// Looks through all cells.
    pub(crate) fn new(model: &Model) -> Self {
        let slices = par::collect(COUNT[2] - 1, |z| cells_of_slice(model, z));
        Self(slices.concat())
    }

    pub(crate) fn at(&self, [x, y, z]: [usize; 3]) -> Cell {
        self.0[(z * (COUNT[1] - 1) + y) * (COUNT[0] - 1) + x]
    }
}

fn cells_of_slice(model: &Model, z: usize) -> Vec<Cell> {
    let columns = COUNT[0] - 1;
    let mut cells = vec![Cell { base: 0, lobe: 0, near: 0 }; columns * (COUNT[1] - 1)];
    for number in 0..=LUNGS {
        let (part, inset) = COATS.get(number).map_or((Part::Lungs, 0.0), |c| (c.part, c.inset));
        let field = model.part(part);
        let Extent { first, shape } = field.extent;
        if z < first[2] || z + 1 >= first[2] + shape[2] {
            continue;
        }
        for y in first[1]..first[1] + shape[1] - 1 {
            for (x, range) in (first[0]..).zip(field.ranges([y, z])) {
                let [low, high] = range.map(|distance| distance + inset);
                let cell = &mut cells[y * columns + x];
                if high < -MARGIN {
                    *cell = Cell { base: number as u8 + 1, lobe: 0, near: 0 };
                } else if low < MARGIN {
                    cell.near |= 1 << number;
                }
            }
        }
    }
    for (n, cell) in cells.iter_mut().enumerate() {
        if usize::from(cell.base) == LUNGS + 1 || cell.near >> LUNGS & 1 == 1 {
            fissures(model, [n % columns, n / columns, z], cell);
        }
    }
    cells
}

fn fissures(model: &Model, index: [usize; 3], cell: &mut Cell) {
    let passes = |[low, high]: [f32; 2]| low < MARGIN && high > -MARGIN;
    let (oblique, horizontal) = (model.oblique.range(index), model.horizontal.range(index));
    let centre = Extent::ALL.place(index);
    let one_side = (model.inner(centre).x - 1.0).abs() > 4.0;
    if passes(oblique) {
        cell.near |= OBLIQUE;
    }
    let has_horizontal = model.right(centre) && oblique[1] > -MARGIN && passes(horizontal);
    if has_horizontal {
        cell.near |= HORIZONTAL;
    }
    if cell.near & (OBLIQUE | HORIZONTAL) == 0 && one_side {
        cell.lobe = fissure::lobe(model.right(centre), oblique[0], horizontal[0]).label();
    }
}

/// Paint that depends on the parameters of the chest.
pub(crate) struct Palette<'a> {
    pub(crate) chest: &'a Chest,
    pub(crate) model: &'a Model,
    /// Width of a voxel in mm.
    pub(crate) width: f64,
}

/// CT number of blood without contrast.
const BLOOD: f32 = 42.0;

impl Palette<'_> {
    /// CT number of blood.
    pub(crate) fn blood(&self) -> f32 {
        BLOOD + self.chest.contrast as f32
    }

    /// CT number within a coat other than the lungs (counted from 1; 0 is air) at a place.
    pub(crate) fn hu(&self, base: usize, p: Point3<f64>) -> f32 {
        match base {
            0 => AIR,
            n => {
                let coat = &COATS[n - 1];
                let hu = if coat.part == Part::Chambers { self.blood() } else { coat.hu };
                if coat.texture > 0.0 { hu + coat.texture * self.texture(p, 0.6) } else { hu }
            }
        }
    }

    /// CT number of healthy lung tissue without anything drawn in it.
    pub(crate) fn parenchyma(&self, p: Point3<f64>) -> f32 {
        let mean = (self.chest.parenchyma + self.chest.gravity * p.y + self.pooled(p)) as f32;
        mean + 13.0 * self.texture(p, 0.62) + 7.0 * self.texture(p, 0.11)
    }

    /// What blood that lies in the hindmost lung adds.
    fn pooled(&self, p: Point3<f64>) -> f64 {
        if self.chest.dependent == 0.0 {
            return 0.0;
        }
        let back = step(p.y + 5.0 * self.model.tile.around(p, 12.0), 35.0, 92.0);
        self.chest.dependent * back * back
    }

    pub(crate) fn texture(&self, p: Point3<f64>, samples_per_mm: f64) -> f32 {
        self.model.tile.at([p.x, p.y, p.z].map(|c| (c * samples_per_mm) as f32))
    }
}
