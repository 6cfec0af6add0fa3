//! How probable each class is at the sites of a lattice in the lungs.

use hilum_core::{EmphysemaSubtype, Grid, LabelMap, Mask, Region, Volume};
use hilum_kernel::par;

/// Probabilities of the classes of a model at sites in the lungs.
///
/// Sites lie on a coarse grid whose axes run along those of the CT. A site that is not in the lungs
/// holds nothing. Probabilities are
/// kept as bytes, 0 for 0 and 255 for 1: classes of a site add up to 255.
#[derive(Clone, Debug, PartialEq)]
pub struct Posteriors {
    pub(crate) classes: Vec<String>,
    /// Steps of the sites, in voxels of the CT, and the first site.
    pub(crate) steps: [f64; 3],
    pub(crate) first: [f64; 3],
    pub(crate) sites: Grid,
    /// The bytes of one site stand together.
    pub(crate) bytes: Vec<u8>,
}

impl Posteriors {
    /// Names of the classes, in the order of the probabilities. With the model that hilum ships:
    /// `NT PS PL CL1 CL2 CL3`.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// Where the sites lie.
    pub fn sites(&self) -> &Grid {
        &self.sites
    }

    /// The probabilities at a site in 1/255, one for each class; `None` outside of the lungs.
    ///
    /// # Panics
    ///
    /// If the site is not on the lattice.
    pub fn at(&self, site: [usize; 3]) -> Option<&[u8]> {
        let [slices, rows, columns] = self.sites.shape();
        let [k, j, i] = site;
        assert!(k < slices && j < rows && i < columns, "site {site:?} is not on the lattice");
        let count = self.classes.len();
        let bytes = &self.bytes[((k * rows + j) * columns + i) * count..][..count];
        bytes.iter().any(|byte| *byte > 0).then_some(bytes)
    }

    /// Share of probability, in per cent, that a voxel of the lungs is not of the first class
    /// (normal tissue): 0 to 100 in the lungs, [`Posteriors::NOT_TOLD`] elsewhere and where no
    /// site is near.
    ///
    /// `lungs` lies on the grid of the CT. In a slice the value is interpolated between the sites
    /// around that hold something; between slices the nearest one is taken.
    ///
    /// # Panics
    ///
    /// If `lungs` has another shape than the CT that the sites were told from.
    pub fn emphysema(&self, lungs: &Mask) -> Volume<u8> {
        par::map_voxels(lungs.grid(), |voxel| {
            if !lungs.at(voxel) {
                return Self::NOT_TOLD;
            }
            let Some(blend) = self.blend(voxel) else { return Self::NOT_TOLD };
            let total: f32 = blend.iter().sum();
            (100.0 * (1.0 - blend[0] / total)).round() as u8
        })
    }

    /// What [`Posteriors::emphysema`] holds where nothing is known.
    pub const NOT_TOLD: u8 = u8::MAX;

    /// The most probable subtype at each voxel of `emphysema`, which lies on the grid of the CT;
    /// 0 elsewhere and where no site is near. Of two as probable, the first.
    ///
    /// Classes that do not bear the names of the shipped model have no place in the map.
    pub fn subtypes(&self, emphysema: &Mask) -> LabelMap<EmphysemaSubtype> {
        let labels: Vec<u8> = self.classes.iter().map(|name| label(name)).collect();
        let map = par::map_voxels(emphysema.grid(), |voxel| {
            let blend = if emphysema.at(voxel) { self.blend(voxel) } else { None };
            let Some(blend) = blend else { return 0 };
            let mut best = (0.0, 0);
            for (share, label) in blend.iter().zip(&labels) {
                if *label > 0 && *share > best.0 {
                    best = (*share, *label);
                }
            }
            best.1
        });
        LabelMap::new(map).expect("labels are those of subtypes")
    }

    /// Weighted sum of the probabilities of the sites around a voxel, if any of them is told.
    fn blend(&self, voxel: [usize; 3]) -> Option<[f32; MOST_CLASSES]> {
        let shape = self.sites.shape();
        let place = |axis: usize| {
            let steps = (voxel[axis] as f64 - self.first[axis]) / self.steps[axis];
            steps.clamp(0.0, (shape[axis] - 1) as f64) as f32
        };
        let k = place(0).round() as usize;
        let (row, column) = (place(1), place(2));
        let mut blend = [0.0; MOST_CLASSES];
        let mut any = false;
        for j in [row.floor() as usize, (row.floor() as usize + 1).min(shape[1] - 1)] {
            for i in [column.floor() as usize, (column.floor() as usize + 1).min(shape[2] - 1)] {
                let weight = (1.0 - (row - j as f32).abs()) * (1.0 - (column - i as f32).abs());
                // A site far off still speaks where no nearer one does.
                let weight = weight.max(1e-3);
                if let Some(bytes) = self.at([k, j, i]) {
                    any = true;
                    for (sum, byte) in blend.iter_mut().zip(bytes) {
                        *sum += weight * f32::from(*byte);
                    }
                }
            }
        }
        any.then_some(blend)
    }
}

/// Classes that a model may have.
pub(crate) const MOST_CLASSES: usize = 16;

/// The subtype that a class of the shipped model stands for; 0 for normal tissue and for classes
/// of other models.
fn label(class: &str) -> u8 {
    let subtype = match class {
        "PS" => EmphysemaSubtype::Paraseptal,
        "PL" => EmphysemaSubtype::Panlobular,
        "CL1" => EmphysemaSubtype::MildCentrilobular,
        "CL2" => EmphysemaSubtype::ModerateCentrilobular,
        "CL3" => EmphysemaSubtype::SevereCentrilobular,
        _ => return 0,
    };
    subtype.label()
}
