//! What patterns are told from.

use hilum_core::{Ct, LabelMap, Lobe, Lung, Mask};

use crate::error::Error;

/// One chest CT and what is known of its anatomy, all on the grid of the image.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The image.
    pub ct: &'a Ct,
    /// The lungs with dense lung taken in. Patterns are told in their right and left lung; whatever
    /// else the map names is left out.
    pub lungs: &'a LabelMap<Lung>,
    /// What is denser than lung because it is vessel, where that is known. Fine nets and dense lung
    /// may be in it by mistake: only what is thick is believed.
    pub vessels: Option<&'a Mask>,
    /// Lumen of trachea and bronchi, where that is known. A band around it is taken for wall.
    pub airways: Option<&'a Mask>,
    /// The lobes, where they are known: a sheet between two of them is a fissure.
    pub lobes: Option<&'a LabelMap<Lobe>>,
}

impl<'a> Scene<'a> {
    /// An image and its lungs alone.
    pub fn new(ct: &'a Ct, lungs: &'a LabelMap<Lung>) -> Self {
        Self { ct, lungs, vessels: None, airways: None, lobes: None }
    }

    /// Checks that everything lies on the grid of the image.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.ct.require_same(self.lungs.grid(), "the map of the lungs")?;
        let masks = [(self.vessels, "the vessels"), (self.airways, "the airways")];
        for (mask, role) in masks {
            if let Some(mask) = mask {
                self.ct.require_same(mask.grid(), role)?;
            }
        }
        if let Some(lobes) = self.lobes {
            self.ct.require_same(lobes.grid(), "the lobes")?;
        }
        Ok(())
    }
}
