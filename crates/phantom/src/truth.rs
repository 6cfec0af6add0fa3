//! What is known of a phantom because it was put there.

use hilum_core::{LabelMap, Lobe, Lung, Mask, Volume};

/// Everything that is known of a rendered chest, on the grid of the image.
///
/// A voxel belongs to a structure if its centre does.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    /// The lungs as density measures them: everything within the pleura outside of the hilum,
    /// with the vessels, the segmental and smaller bronchi and the fissures in them. The airway
    /// label is the lumen of trachea and bronchi as far as they lie outside of the lungs.
    pub lungs: LabelMap<Lung>,
    /// The five lobes; together they are the two lungs.
    pub lobes: LabelMap<Lobe>,
    /// Lumen of every bronchus that was drawn, and of the trachea.
    pub airways: Mask,
    /// Vessels within the lungs.
    pub vessels: Mask,
    /// Emphysema lesions, without the vessels and bronchi that cross them.
    pub emphysema: Mask,
    /// The image in HU before noise and rounding: anatomy and point spread alone.
    pub noiseless: Volume<f32>,
    /// Numbers.
    pub figures: Figures,
}

/// Numbers that are known of a chest.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Volume of the right lung in mL, of the anatomy and not of voxels.
    pub right_ml: f64,
    /// Volume of the left lung in mL, of the anatomy and not of voxels.
    pub left_ml: f64,
    /// Volumes of the lobes in mL, in the order of [`hilum_core::Region::ALL`].
    pub lobes_ml: [f64; 5],
    /// Share of the volume of the lungs that is emphysema, 0 to 1, of the anatomy and not of voxels.
    pub emphysema_fraction: f64,
    /// Share of the voxels of the lungs below -950 HU in the noiseless image, in per cent.
    pub laa_950_noiseless: f64,
    /// Share of the voxels of the lungs below -950 HU in the image, in per cent.
    pub laa_950: f64,
}

impl Figures {
    /// Volume of both lungs in mL.
    pub fn lungs_ml(&self) -> f64 {
        self.right_ml + self.left_ml
    }
}
