//! What is known of a phantom because it was put there.

use hilum_core::{Ct, LabelMap, Lobe, Lung, Mask, Volume};
use hilum_kernel::par;
use nalgebra::{Point3, Vector3};

use crate::border::BorderPoint;
use crate::code::Code;
use crate::model::Model;

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
    /// Walls of bronchi within the lungs.
    pub walls: Mask,
    /// Vessels within the lungs.
    pub vessels: Mask,
    /// Emphysema lesions, without the vessels and bronchi that cross them.
    pub emphysema: Mask,
    /// Disease other than emphysema, as [`crate::Disease::label`] numbers it; 0 is none. Fluid and air
    /// beside the lungs are in it as well.
    pub disease: Volume<u8>,
    /// The image in HU before noise and rounding: anatomy and point spread alone.
    pub noiseless: Volume<f32>,
    /// Where the lobes meet, on upright lines 3 mm apart (times the scale of the chest), whatever
    /// the grid of the image.
    pub borders: Vec<BorderPoint>,
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

impl Truth {
    /// Takes the codes of the voxels apart; `stretch` is that of the chest along x, y and z.
    pub(crate) fn new(
        ct: &Ct,
        codes: &Volume<u16>,
        noiseless: Volume<f32>,
        model: &Model,
        stretch: [f64; 3],
    ) -> Self {
        let size = stretch.iter().product::<f64>() / 1000.0;
        let place = |p: Point3<f64>| Point3::from(p.coords.component_mul(&Vector3::from(stretch)));
        let stretched = |border: BorderPoint| BorderPoint { point: place(border.point), ..border };
        let borders = model.borders().into_iter().map(stretched).collect();
        let known = "the codes hold known labels";
        let lobes_ml = model.lobes.map(|volume| volume * size);
        let right_ml = lobes_ml[..3].iter().sum();
        let left_ml = lobes_ml[3..].iter().sum();
        let figures = Figures {
            right_ml,
            left_ml,
            lobes_ml,
            emphysema_fraction: model.lesions.volume / model.lobes.iter().sum::<f64>(),
            laa_950_noiseless: low_attenuation(codes, &noiseless, |hu| *hu < -950.0),
            laa_950: low_attenuation(codes, ct.hu(), |hu| hu.0 < -950),
        };
        Self {
            lungs: LabelMap::new(par::map(codes, |code| Code::lungs(*code))).expect(known),
            lobes: LabelMap::new(par::map(codes, |code| Code::lobe(*code))).expect(known),
            airways: par::map(codes, |code| Code::airway(*code)),
            walls: par::map(codes, |code| Code::wall(*code)),
            vessels: par::map(codes, |code| Code::vessel(*code)),
            emphysema: par::map(codes, |code| Code::emphysema(*code)),
            disease: par::map(codes, |code| Code::disease(*code)),
            noiseless,
            borders,
            figures,
        }
    }
}

/// Share of the voxels of the lungs that are low, in per cent; 0 where the grid holds no lung.
fn low_attenuation<T: Sync>(
    codes: &Volume<u16>,
    image: &Volume<T>,
    low: impl Fn(&T) -> bool + Sync + Send,
) -> f64 {
    let lungs = |code: &u16| f64::from(u8::from(Code::in_lungs(*code)));
    let total = par::sum_slices(codes, lungs);
    let counted = par::zip(codes, image, |code, value| Code::in_lungs(*code) && low(value));
    100.0 * counted.count() as f64 / total.max(1.0)
}
