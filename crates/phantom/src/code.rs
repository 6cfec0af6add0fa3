//! What a voxel belongs to, in one number.

use hilum_core::{Lung, Region};

use crate::lesion::Disease;

/// The number: bits 0–1 label of the lungs, 2–4 label of the lobe, 5 airway, 6 vessel, 7 emphysema,
/// 8–11 label of the disease, 12 wall of a bronchus.
pub(crate) struct Code;

/// Flags of what tubes and lesions hold the centre of a voxel.
pub(crate) mod flag {
    /// Blood.
    pub(crate) const VESSEL: u8 = 1;
    /// Bronchus, wall or lumen.
    pub(crate) const BRONCHUS: u8 = 2;
    /// Lumen of a bronchus.
    pub(crate) const LUMEN: u8 = 4;
    /// Emphysema.
    pub(crate) const LESION: u8 = 8;
}

impl Code {
    /// A voxel of a lung.
    pub(crate) fn lung(right: bool, lobe: u8) -> u16 {
        let lung = if right { Lung::Right } else { Lung::Left };
        u16::from(lung.label() | lobe << 2)
    }

    /// The same voxel with what tubes and lesions make of it.
    pub(crate) fn with_tubes(code: u16, flags: u8) -> u16 {
        let has = |flag: u8| flags & flag != 0;
        let in_lung = code & 3 != 0;
        let lumen = has(flag::LUMEN);
        let vessel = has(flag::VESSEL) && !has(flag::BRONCHUS) && in_lung;
        let lesion = has(flag::LESION) && !has(flag::VESSEL) && !has(flag::BRONCHUS) && in_lung;
        let outside = if lumen && !in_lung { Lung::Airway.label() } else { 0 };
        let tubes = u8::from(lumen) << 5 | u8::from(vessel) << 6 | u8::from(lesion) << 7;
        let wall = has(flag::BRONCHUS) && !lumen && in_lung;
        let painted =
            if has(flag::VESSEL) || has(flag::BRONCHUS) { code & !(1 << 7) } else { code };
        painted | u16::from(outside | tubes) | u16::from(wall) << 12
    }

    /// The code of a diseased voxel; of a healthy one for `None`.
    ///
    /// A `hole` is emphysema.
    pub(crate) fn of_disease(disease: Option<Disease>, hole: bool) -> u16 {
        disease.map_or(0, |disease| u16::from(disease.label()) << 8 | u16::from(hole) << 7)
    }

    /// Label of the disease.
    pub(crate) fn disease(code: u16) -> u8 {
        (code >> 8 & 15) as u8
    }

    /// Label of the lungs.
    pub(crate) fn lungs(code: u16) -> u8 {
        (code & 3) as u8
    }

    /// Label of the lobe.
    pub(crate) fn lobe(code: u16) -> u8 {
        (code >> 2 & 7) as u8
    }

    /// Says whether the voxel is lumen of a bronchus.
    pub(crate) fn airway(code: u16) -> bool {
        code >> 5 & 1 == 1
    }

    /// Says whether the voxel is wall of a bronchus in the lungs.
    pub(crate) fn wall(code: u16) -> bool {
        code >> 12 & 1 == 1
    }

    /// Says whether the voxel is a vessel in the lungs.
    pub(crate) fn vessel(code: u16) -> bool {
        code >> 6 & 1 == 1
    }

    /// Says whether the voxel is emphysema.
    pub(crate) fn emphysema(code: u16) -> bool {
        code >> 7 & 1 == 1
    }

    /// Says whether the voxel is in the right or left lung.
    pub(crate) fn in_lungs(code: u16) -> bool {
        matches!(code & 3, 1 | 2)
    }
}
