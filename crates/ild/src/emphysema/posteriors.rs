//! How probable each class is at the sites of a lattice in the lungs.

use hilum_core::{EmphysemaSubtype, Grid, LabelMap, Mask, Region, Volume};
use hilum_kernel::par;

use crate::rounding::nearest;

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
        self.in_box([0; 3], lungs, Self::NOT_TOLD, emphysema)
    }

    /// What [`Posteriors::emphysema`] holds where nothing is known.
    pub const NOT_TOLD: u8 = u8::MAX;

    /// The most probable subtype at each voxel of `emphysema`, which lies on the grid of the CT;
    /// 0 elsewhere and where no site is near. Of two as probable, the first.
    ///
    /// Classes that do not bear the names of the shipped model have no place in the map.
    pub fn subtypes(&self, emphysema: &Mask) -> LabelMap<EmphysemaSubtype> {
        LabelMap::new(self.subtypes_in([0; 3], emphysema)).expect("labels are those of subtypes")
    }

    /// The same in a box of the CT, whose first voxel is `first`, as labels.
    pub(crate) fn subtypes_in(&self, first: [usize; 3], emphysema: &Mask) -> Volume<u8> {
        let labels: Vec<u8> = self.classes.iter().map(|name| label(name)).collect();
        self.in_box(first, emphysema, 0, |blend| {
            let mut best = (0.0, 0);
            for (share, label) in blend.iter().zip(&labels) {
                if *label > 0 && *share > best.0 {
                    best = (*share, *label);
                }
            }
            best.1
        })
    }

    /// What `told` makes of the probabilities at each voxel of a mask, `otherwise` elsewhere and where no
    /// site is near.
    fn in_box(
        &self,
        first: [usize; 3],
        mask: &Mask,
        otherwise: u8,
        told: impl Fn(&[f32; MOST_CLASSES]) -> u8 + Sync + Send,
    ) -> Volume<u8> {
        let [_, rows, columns] = mask.grid().shape();
        let around = self.around(first, mask.grid().shape());
        let mut volume = Volume::filled(mask.grid(), otherwise);
        par::for_each_slice(&mut volume, |k, values| {
            let blend = around.slice(k);
            let inside = &mask.as_slice()[k * rows * columns..];
            for (n, value) in values.iter_mut().enumerate().filter(|(n, _)| inside[*n]) {
                if let Some(shares) = blend.at(n / columns, n % columns) {
                    *value = told(&shares);
                }
            }
        });
        volume
    }
}

/// Per cent of probability that something is not of the first class.
pub(crate) fn emphysema(shares: &[f32; MOST_CLASSES]) -> u8 {
    let total: f32 = shares.iter().sum();
    nearest(100.0 * (1.0 - shares[0] / total))
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
