//! What a run hands over to be reported.

use hilum_core::{Acquisition, Lungs, Measurement, Quality};
use serde::Serialize;

use crate::{Analysis, Classification, Histogram, Parameter, Study};

/// Everything that a report says, except its pictures.
///
/// Made by [`Findings::new`], then filled: each field but `analysis` may stay empty, and the
/// report says so in its place.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Findings {
    /// Which analysis was made; it decides title, service codes and order of the tables.
    pub analysis: Analysis,
    /// When the report was made, ISO 8601, as the caller wants it said.
    pub created: Option<String>,
    /// Whose images these are.
    pub study: Study,
    /// The images and masks that were read.
    pub series: Vec<SeriesUsed>,
    /// What bears on the numbers.
    pub quality: Vec<Quality>,
    /// The numbers, in the order of the document.
    pub measurements: Vec<Measurement>,
    /// The choices that the numbers depend on.
    pub parameters: Vec<Parameter>,
    /// Distributions of CT numbers, for the plot.
    pub histograms: Vec<Histogram>,
    /// Size distributions of low-attenuation clusters, for the plot.
    pub clusters: Vec<Clusters>,
    /// Category and criteria, where the analysis names any.
    pub classification: Option<Classification>,
    /// Whether the CT was made for this analysis. Never guessed from dates: `None` until a human says.
    pub ct_relation: Option<CtRelation>,
    /// How long each step took.
    pub timing: Vec<Timing>,
}

impl Findings {
    /// Findings of an analysis that has found nothing yet.
    pub fn new(analysis: Analysis) -> Self {
        Self {
            analysis,
            created: None,
            study: Study::default(),
            series: Vec::new(),
            quality: Vec::new(),
            measurements: Vec::new(),
            parameters: Vec::new(),
            histograms: Vec::new(),
            clusters: Vec::new(),
            classification: None,
            ct_relation: None,
            timing: Vec::new(),
        }
    }
}

/// One image or mask that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeriesUsed {
    /// Series Instance UID, where the data have one.
    pub uid: Option<String>,
    /// What it was used for.
    pub role: SeriesRole,
    /// What kind of file it came from, e.g. `DICOM, 133 files` or `NRRD`. No path.
    pub source: Option<String>,
    /// Date and time of acquisition, as the file says it.
    pub acquired: Option<String>,
    /// How it was made.
    pub acquisition: Acquisition,
    /// Voxels along each array axis, `[k, j, i]`.
    pub shape: [usize; 3],
    /// Step along each array axis, `[k, j, i]`, in mm.
    pub spacing: [f64; 3],
}

/// What a series was used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SeriesRole {
    /// The chest CT that was measured.
    #[default]
    ChestCt,
    /// Lungs that the caller drew.
    LungMask,
    /// Lobes that the caller drew.
    LobeMask,
}

impl SeriesRole {
    /// The role as people say it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ChestCt => "chest CT, measured",
            Self::LungMask => "lungs, given",
            Self::LobeMask => "lobes, given",
        }
    }
}

/// Whether the CT was made for this analysis or for another purpose before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CtRelation {
    /// Obtained earlier; no CT of the chest belongs to this encounter.
    Earlier,
    /// Obtained in the same encounter as the analysis.
    SameEncounter,
}

/// Clusters of connected low-attenuation voxels, by size.
#[derive(Clone, Debug, PartialEq)]
pub struct Clusters {
    /// Where they were looked for.
    pub lungs: Lungs,
    /// What counts as one cluster: threshold and neighbourhood, in a phrase.
    pub definition: String,
    /// Unit of the sizes in UCUM: `ml` or `mm3` for volumes, `mm2` by slice.
    pub unit: &'static str,
    /// Size, and number of clusters at least that large; sizes rising.
    pub at_least: Vec<(f64, u64)>,
    /// Exponent D of the power law `N(≥ s) ~ s^-D`, where it could be fitted.
    pub exponent: Option<f64>,
}

/// How long a step took.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Timing {
    /// The step, in a word or two.
    pub step: String,
    /// Wall time in s.
    pub seconds: f64,
}

impl Timing {
    /// A step and its wall time in s.
    pub fn new(step: impl Into<String>, seconds: f64) -> Self {
        Self { step: step.into(), seconds }
    }
}
