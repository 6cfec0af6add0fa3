//! What the patterns of the lungs fit, as a report states it.

use serde::Serialize;

/// The sentence that stands beside every category.
pub const ADJUNCT: &str = "An adjunct for the reader: categories and subtypes say what the patterns fit. The multidisciplinary discussion decides.";

/// Category, criteria, subtypes, and why some of it is withheld.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Classification {
    /// `categorised`, `undetermined` between several, or `withheld`.
    pub status: &'static str,
    /// The category, where it is settled and not withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Named>,
    /// Categories that remain possible; one if it is settled, none if withheld.
    pub possible: Vec<Named>,
    /// How firmly the numbers give the category that leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Version of the table of rules.
    pub rules: &'static str,
    /// The guideline behind it.
    pub source: &'static str,
    /// Every criterion, with its number.
    pub criteria: Vec<CriterionRow>,
    /// What the software does not look for and a reader must exclude.
    pub for_reader: Vec<&'static str>,
    /// Where disease lies, in a sentence or two.
    pub distribution: Vec<String>,
    /// Probability of subtypes; empty if withheld.
    pub subtypes: Vec<SubtypeRow>,
    /// What the probabilities of subtypes are.
    pub subtypes_meaning: &'static str,
    /// Why something is withheld, or to be read with caution.
    pub abstentions: Vec<AbstentionRow>,
    /// Limited or extensive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staging: Option<StagingRow>,
    /// Change from an earlier run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeReport>,
    /// What the reader should make of it.
    pub adjunct: &'static str,
}

/// A key and its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Stable short name.
    pub key: &'static str,
    /// The name as people say it.
    pub name: &'static str,
}

/// How firmly the numbers give a category.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Confidence {
    /// The category that leads.
    pub of: &'static str,
    /// Its band, e.g. `70-94 %`.
    pub band: &'static str,
    /// Its probability, 0 to 1.
    pub probability: f64,
    /// What this is a probability of.
    pub meaning: &'static str,
}

/// A criterion of the guideline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CriterionRow {
    /// Stable short name.
    pub key: &'static str,
    /// The criterion in words.
    pub name: &'static str,
    /// `met`, `unmet` or `unknown`.
    pub status: &'static str,
    /// Key of the number behind it.
    pub quantity: &'static str,
    /// The number, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Its interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<[f64; 2]>,
    /// Unit as people write it; empty for plain numbers.
    pub unit: &'static str,
    /// `at least` or `at most`.
    pub side: &'static str,
    /// The limit.
    pub limit: f64,
    /// Distance to the limit within which the status is unknown.
    pub margin: f64,
    /// Why there is no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Where criterion and limit come from.
    pub source: &'static str,
}

/// A subtype with its probability.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SubtypeRow {
    /// Stable short name.
    pub key: &'static str,
    /// The name as people say it.
    pub name: &'static str,
    /// 0 to 1.
    pub probability: f64,
    /// The band it lies in.
    pub band: &'static str,
}

/// Why something is withheld.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AbstentionRow {
    /// Stable short name.
    pub code: &'static str,
    /// `category`, `subtypes` or `nothing`.
    pub withholds: &'static str,
    /// What was found and what was wanted.
    pub message: String,
}

/// Limited or extensive disease.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StagingRow {
    /// `limited`, `extensive` or `indeterminate`.
    pub stage: &'static str,
    /// How it came about.
    pub rule: String,
    /// Where the rule comes from.
    pub source: &'static str,
}

/// Change from an earlier run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangeReport {
    /// When the earlier CT or report was made, where it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prior: Option<String>,
    /// Whether fibrosis of both lungs rose by enough to be flagged.
    pub progression: bool,
    /// The rule, with published figures beside it.
    pub rule: String,
    /// Extents in both runs.
    pub rows: Vec<ChangeRow>,
}

/// Change of one extent in one region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangeRow {
    /// Key of the measurement.
    pub key: &'static str,
    /// Key of the region.
    pub region: String,
    /// Earlier value in per cent.
    pub before: f64,
    /// Present value in per cent.
    pub now: f64,
    /// Present less earlier, in points.
    pub difference: f64,
    /// Differences up to this are noise, in points.
    pub noise: f64,
    /// `within_noise`, `more`, `less` or `progression`.
    pub verdict: &'static str,
}
