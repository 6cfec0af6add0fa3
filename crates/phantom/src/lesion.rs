//! Disease with a place, with truth.

use hilum_core::{EmphysemaSubtype, Lobe, Lung, Pattern};
use nalgebra::{Point3, Vector3};

use crate::form::Form;

/// What a lesion is. The numbers are those of [`crate::Truth::disease`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Disease {
    /// Lung without air; bronchi that pass keep theirs. Part of the lung.
    Consolidation,
    /// Lung with less air, vessels still seen. Part of the lung.
    GroundGlass,
    /// A net of thickened septa. Part of the lung.
    Reticulation,
    /// Cysts of some millimetres that share walls. Part of the lung.
    Honeycombing,
    /// A large hole. Part of the lung.
    Bulla,
    /// Fluid between lung and wall. Not lung.
    Effusion,
    /// Air between lung and wall. Not lung.
    Pneumothorax,
    /// Emphysema in a row beneath the pleura. Part of the lung.
    Paraseptal,
    /// Emphysema that takes whole lobules. Part of the lung.
    Panlobular,
    /// Lung with small holes in the middle of its lobules; the holes alone are emphysema.
    MildCentrilobular,
    /// The same with more and larger holes.
    ModerateCentrilobular,
    /// The same with holes that run together.
    SevereCentrilobular,
}

impl Disease {
    /// Every disease, in the order of the labels.
    pub const ALL: [Self; 12] = [
        Self::Consolidation,
        Self::GroundGlass,
        Self::Reticulation,
        Self::Honeycombing,
        Self::Bulla,
        Self::Effusion,
        Self::Pneumothorax,
        Self::Paraseptal,
        Self::Panlobular,
        Self::MildCentrilobular,
        Self::ModerateCentrilobular,
        Self::SevereCentrilobular,
    ];

    /// The number in the map of disease; 0 is none.
    pub fn label(self) -> u8 {
        self as u8 + 1
    }

    /// The disease that a number in the map names.
    pub fn from_label(label: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|disease| disease.label() == label)
    }

    /// Says whether what is diseased is still lung, and not a space beside it.
    pub fn is_lung(self) -> bool {
        !matches!(self, Self::Effusion | Self::Pneumothorax)
    }

    /// The kind of emphysema that it is, of those that have a name.
    pub fn subtype(self) -> Option<EmphysemaSubtype> {
        match self {
            Self::Paraseptal => Some(EmphysemaSubtype::Paraseptal),
            Self::Panlobular => Some(EmphysemaSubtype::Panlobular),
            Self::MildCentrilobular => Some(EmphysemaSubtype::MildCentrilobular),
            Self::ModerateCentrilobular => Some(EmphysemaSubtype::ModerateCentrilobular),
            Self::SevereCentrilobular => Some(EmphysemaSubtype::SevereCentrilobular),
            _ => None,
        }
    }

    /// Says whether the disease is fibrosis, which pulls bronchi open.
    pub(crate) fn is_fibrosis(self) -> bool {
        matches!(self, Self::Reticulation | Self::Honeycombing)
    }

    /// The pattern that lung with this disease shows where it is no hole; none beside the lung, and in
    /// centrilobular emphysema, whose lung between the holes is normal.
    pub fn pattern(self) -> Option<Pattern> {
        match self {
            Self::Consolidation => Some(Pattern::Consolidation),
            Self::GroundGlass => Some(Pattern::GroundGlass),
            Self::Reticulation => Some(Pattern::Reticular),
            Self::Honeycombing => Some(Pattern::Honeycombing),
            Self::Bulla | Self::Paraseptal | Self::Panlobular => Some(Pattern::Emphysema),
            _ => None,
        }
    }

    /// Says whether the disease is painted over the tissue of the lung.
    pub(crate) fn is_painted(self) -> bool {
        self.is_lung() && self != Self::Bulla
    }
}

/// A place of disease. Lengths are mm of the default adult, whose carina is the origin; a patient's
/// build bends them with everything else.
///
/// A lesion takes what is at once inside of an ellipsoid with an uneven edge, in its lung, in its
/// lobe if one is named, and no deeper than `depth` beneath the pleura.
///
/// [`Disease::Effusion`] and [`Disease::Pneumothorax`] lie between lung and wall instead and push
/// the lung away: `depth` is how far in the middle of the ellipsoid, whence it falls to 0 at its edge.
/// [`Disease::Bulla`] is a ball with the first of the radii, whole and in whatever lobe it lies.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesion {
    /// What it is.
    pub disease: Disease,
    /// The lung it lies in or beside.
    pub lung: Lung,
    /// The only lobe it lies in.
    pub lobe: Option<Lobe>,
    /// Centre of the ellipsoid (x left, y back, z up).
    pub centre: [f64; 3],
    /// Its radii; infinite ones leave the axis out.
    pub radii: [f64; 3],
    /// Depth beneath the pleura.
    pub depth: f64,
    /// CT number: of consolidation, fluid, walls of cysts and septa, or of ground glass.
    pub hu: f64,
    /// How its tissue is built.
    pub form: Form,
    /// Depth beneath the pleura that stays as it was.
    pub sparing: f64,
    /// Share of the lobules in it that are taken, each whole, with nearly straight sides; `None` for an
    /// uneven edge through them. Lobules are 14 mm across. Of cysts, the share that is taken of groups of 32 mm.
    pub lobules: Option<f64>,
}

impl Lesion {
    /// A whole lobe.
    pub fn lobe(disease: Disease, lung: Lung, lobe: Lobe, hu: f64) -> Self {
        let (centre, radii) = ([0.0; 3], [f64::INFINITY; 3]);
        let whole = Self::ellipsoid(disease, lung, [centre, radii], hu);
        Self { lobe: Some(lobe), ..whole }
    }

    /// An ellipsoid in a lung, whatever the lobe.
    pub fn ellipsoid(
        disease: Disease,
        lung: Lung,
        [centre, radii]: [[f64; 3]; 2],
        hu: f64,
    ) -> Self {
        Self {
            disease,
            lung,
            lobe: None,
            centre,
            radii,
            depth: f64::INFINITY,
            hu,
            form: Form::Plain,
            sparing: 0.0,
            lobules: None,
        }
    }

    /// The same no deeper than `depth` beneath the pleura.
    #[must_use]
    pub fn to_depth(self, depth: f64) -> Self {
        Self { depth, ..self }
    }

    /// The same with its tissue built otherwise; layers of cysts are all the depth that it has.
    #[must_use]
    pub fn formed(self, form: Form) -> Self {
        let depth = match form {
            Form::Cysts { cell, layers, .. } => cell * layers as f64,
            _ => self.depth,
        };
        Self { depth, form, ..self }
    }

    /// The same with healthy lung down to `sparing` mm beneath the pleura.
    #[must_use]
    pub fn spared(self, sparing: f64) -> Self {
        Self { sparing, ..self }
    }

    /// The same in a share of the lobules, each taken whole.
    #[must_use]
    pub fn in_lobules(self, share: f64) -> Self {
        Self { lobules: Some(share), ..self }
    }

    /// Distance from the middle, 1 at the edge of the ellipsoid, at a place in the default adult.
    pub(crate) fn scaled(&self, p: Point3<f64>) -> f64 {
        let from = p - Point3::from(self.centre);
        Vector3::from([0, 1, 2].map(|n| from[n] / self.radii[n])).norm()
    }

    /// How far the lung is pushed off the wall at a place in the default adult, in mm.
    pub(crate) fn thickness(&self, p: Point3<f64>) -> f64 {
        let scaled = self.scaled(p);
        self.depth * (1.0 - scaled * scaled).max(0.0)
    }
}
