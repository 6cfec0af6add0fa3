//! How a CT was made, as far as its numbers depend on it.

use crate::Sharpness;
use crate::sharpness::sharpness;

/// What a file says about the making of a CT. Nothing here identifies a patient; what the file
/// does not say is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Acquisition {
    /// `CT` for everything that is measured here.
    pub modality: Option<String>,
    /// Maker of the scanner.
    pub manufacturer: Option<String>,
    /// Model of the scanner.
    pub model: Option<String>,
    /// Body part examined, as the scanner says it.
    pub body_part: Option<String>,
    /// What the series calls itself.
    pub description: Option<String>,
    /// Reconstruction kernel, several joined with `\`.
    pub kernel: Option<String>,
    /// Tube voltage in kV.
    pub kvp: Option<f64>,
    /// Tube current in mA.
    pub tube_current_ma: Option<f64>,
    /// Exposure in mAs.
    pub exposure_mas: Option<f64>,
    /// Nominal thickness of a slice in mm; the step between slices is the grid's.
    pub slice_thickness_mm: Option<f64>,
    /// Diameter of the reconstructed field in mm.
    pub reconstruction_diameter_mm: Option<f64>,
    /// Contrast agent, where the file names one; an empty name counts as one that was not given.
    pub contrast: Option<String>,
    /// Gantry tilt in radians.
    pub gantry_tilt: Option<f64>,
    /// `HFS`, `FFP` and their kin.
    pub patient_position: Option<String>,
    /// Name of an iterative or learned reconstruction, where the file names one.
    pub iterative: Option<String>,
    /// Software of the scanner.
    pub software: Option<String>,
    /// Patient's age in years.
    pub age_years: Option<f64>,
    /// Patient's sex as the file says it: `M`, `F`, `O`.
    pub sex: Option<String>,
    /// Patient's height in m.
    pub height_m: Option<f64>,
    /// Patient's weight in kg.
    pub weight_kg: Option<f64>,
}

impl Acquisition {
    /// How sharp the reconstruction kernel is, by its maker and name; [`Sharpness::Unknown`] where
    /// it is not told.
    pub fn sharpness(&self) -> Sharpness {
        let maker = self.manufacturer.as_deref().unwrap_or_default();
        self.kernel.as_deref().map_or(Sharpness::Unknown, |kernel| sharpness(maker, kernel))
    }

    /// The contrast agent, unless the name given for it says that there was none.
    pub fn contrast_agent(&self) -> Option<&str> {
        let agent = self.contrast.as_deref()?.trim();
        let none = ["", "NO", "NONE", "N", "NO CONTRAST", "WITHOUT"];
        (!none.contains(&agent.to_uppercase().as_str())).then_some(agent)
    }
}
